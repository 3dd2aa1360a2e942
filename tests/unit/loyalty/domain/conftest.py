"""How long the rules are searched for counterexamples: longer in continuous integration.

The stateful tests of the ledger ask for their own number, see ``test_ledger_machine``.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("rules", deadline=None, max_examples=100)
settings.register_profile(
    "rules-ci", deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rules-ci" if os.environ.get("CI") else "rules")
