"""One module per sub-command, each with ``register(commands)``; imports of the processes happen on use.

Kivy reads its environment at import and the station pulls in the web stack, so that a command loads only
what it runs.
"""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
