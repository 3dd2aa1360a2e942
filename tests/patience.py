"""How long a test waits for what comes by itself.

Only a failure takes so long, so it is chosen for the slowest machine that runs the suite: one that starts a
station in half a minute, beside others that do the same.
"""

PATIENCE_S = 120.0
PATIENCE_MS = PATIENCE_S * 1000
