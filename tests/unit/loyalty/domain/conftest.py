"""How long the rules are searched for counterexamples: longer in continuous integration."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("rules", deadline=None, max_examples=100)
settings.register_profile(
    "rules-ci", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rules-ci" if os.environ.get("CI") else "rules")
