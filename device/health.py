"""How each part of the device is, as one picture: for logs, the simulation door and presence.

A missing device or driver is a loud state here, never a silent other one.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

_log = logging.getLogger(__name__)


class PartState(StrEnum):
    """From good to bad; ``OFF`` is a part that the configuration does not ask for."""

    OK = "ok"
    STARTING = "starting"
    OFF = "off"
    DEGRADED = "degraded"
    ABSENT = "absent"
    FAILED = "failed"


_SILENT = frozenset({PartState.OK, PartState.STARTING, PartState.OFF})


@dataclass(frozen=True)
class PartHealth:
    """One part: its state, why, and what it counted since the process started."""

    state: PartState
    detail: str = ""
    counters: dict[str, int] = field(default_factory=dict)


class HealthBoard:
    """Collects the state of the parts. Any thread.

    Args:
        on_change: Called on the reporting thread after a part's state or detail changed; must not block.
    """

    def __init__(self, on_change: Callable[[str, PartHealth], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, tuple[PartState, str]] = {}
        self._counters: dict[str, Counter[str]] = {}
        self.on_change = on_change

    def report(self, part: str, state: PartState, detail: str = "") -> None:
        """The part is now so; logged when it is news."""
        with self._lock:
            if self._states.get(part) == (state, detail):
                return
            self._states[part] = (state, detail)
        level = logging.INFO if state in _SILENT else logging.WARNING
        _log.log(level, "part changed", extra={"part": part, "state": state.value, "detail": detail})
        if self.on_change is not None:
            self.on_change(part, self.of(part))

    def count(self, part: str, what: str) -> None:
        """One more of something worth counting."""
        with self._lock:
            self._counters.setdefault(part, Counter())[what] += 1

    def of(self, part: str) -> PartHealth:
        """A part's health; ``OFF`` where it never reported."""
        with self._lock:
            state, detail = self._states.get(part, (PartState.OFF, ""))
            return PartHealth(state, detail, dict(self._counters.get(part, {})))

    def snapshot(self) -> dict[str, PartHealth]:
        """All parts that reported or counted, by name."""
        with self._lock:
            names = sorted(self._states.keys() | self._counters.keys())
        return {name: self.of(name) for name in names}

    @property
    def is_well(self) -> bool:
        """Whether nobody has to be called."""
        with self._lock:
            return all(state in _SILENT for state, _ in self._states.values())
