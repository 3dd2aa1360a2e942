"""Settings of the Python interpreter for processes that somebody at a counter waits for (ADR 0008)."""

import gc
import sys

_SWITCH_S = 0.0001
"""So long a thread that became runnable waits for one that computes. With Python's own 5 ms the thread that
takes a result waited for the one that drew the till (2 ms of the median from scan to result), and the writer,
who gives the interpreter away at each SQL statement, applied a quarter fewer events of a backlog."""
_YOUNG_OBJECTS = 20_000
"""Between two collections; Python's 700 meant some twenty of them within one scan."""


def answer_fast() -> None:
    """Call once all is imported and built: what is there by then lives on and is not searched again."""
    sys.setswitchinterval(_SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
