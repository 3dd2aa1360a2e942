"""How long the rules are searched for counterexamples: longer in continuous integration.

The stateful tests of the ledger ask for their own number, see ``test_ledger_machine``.
"""

import os

from hypothesis import HealthCheck, settings

for name, examples in (("rules", 100), ("rules-ci", 300)):
    settings.register_profile(
        name, deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("rules-ci" if os.environ.get("CI") else "rules")
