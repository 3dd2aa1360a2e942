"""What the station knows of its lanes' devices right now: presence, what runs, what waits. In memory.

Both messages are retained, so that the broker tells them again after a restart.
"""

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from checkout.till.view import DeviceView
from messaging.station.presence import Presence
from messaging.station.settings import Reported

_TROUBLED = frozenset({"degraded", "down"})


@dataclass(frozen=True)
class DeviceState:
    """One device as it last said."""

    name: str
    is_online: bool = False
    release: str | None = None
    reported: Reported | None = None
    changed_at: datetime | None = None


class DeviceRegistry:
    """The states of all devices. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, DeviceState] = {}
        self._is_broker_up = False

    @property
    def is_broker_up(self) -> bool:
        return self._is_broker_up

    def broker_changed(self, *, is_up: bool) -> None:
        """Without the broker nothing is known of any device."""
        self._is_broker_up = is_up

    def present(self, name: str, presence: Presence, at: datetime) -> None:
        is_online = presence.state == "online"
        self._change(name, is_online=is_online, release=presence.release, changed_at=at)

    def reported(self, name: str, reported: Reported, at: datetime) -> None:
        self._change(name, reported=reported, release=reported.release, changed_at=at)

    def state(self, name: str) -> DeviceState:
        with self._lock:
            return self._states.get(name, DeviceState(name))

    def view(self, name: str | None) -> DeviceView:
        """The state line of a till page."""
        state = self.state(name) if name is not None else None
        reported = state.reported if state is not None else None
        troubled = reported.parts if reported is not None else ()
        return DeviceView(
            name=name,
            is_online=state is not None and state.is_online and self._is_broker_up,
            is_broker_up=self._is_broker_up,
            waiting_events=reported.outbox_events if reported is not None else 0,
            quarantined_events=reported.quarantined_events if reported is not None else 0,
            troubled_parts=tuple(part.name for part in troubled if part.health in _TROUBLED),
        )

    def _change(self, name: str, **fields: object) -> None:
        with self._lock:
            state = self._states.get(name, DeviceState(name))
            self._states[name] = replace(state, **fields)  # type: ignore[arg-type]
