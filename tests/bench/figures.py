"""Percentiles, and waiting for something that another process does."""

import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import text

from loyalty.adapters.sql.connection import Transaction


def percentile_ms(samples_s: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of durations in seconds, in milliseconds."""
    ordered = sorted(samples_s)
    rank = max(0, math.ceil(percent / 100 * len(ordered)) - 1)
    return round(ordered[rank] * 1000, 3)


class ServerWork:
    """Processor time that PostgreSQL's process of one connection worked; nothing on SQLite, which has none.

    A clock tells little on a machine that others use too.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._stat: Path | None = None
        if not transaction.is_sqlite:
            row = transaction.execute(text("SELECT pg_backend_pid() AS pid")).one()
            stat = Path(f"/proc/{row.pid}/schedstat")
            self._stat = stat if stat.exists() else None  # the server is on another machine

    def seconds(self) -> float:
        if self._stat is None:
            return 0.0
        return int(self._stat.read_text(encoding="ascii").split()[0]) / 1e9


def worked_s(stat: Path) -> float:
    """Processor time that stands in ``/proc/…/stat``: what was worked, however many wanted the processor."""
    fields = stat.read_text(encoding="ascii", errors="replace").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until(is_true: Callable[[], bool], what: str, timeout_s: float = 60.0) -> None:
    """Wait, looking 50 times a second."""
    deadline = time.monotonic() + timeout_s
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {timeout_s:.0f} s")
        time.sleep(0.02)
