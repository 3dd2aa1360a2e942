"""What the station knows of its lanes' devices right now: presence, what runs, what waits. In memory.

Both messages are retained, so that the broker tells them again after a restart.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from checkout.till.view import DeviceView
from messaging.station.presence import Presence
from messaging.station.settings import Reported

_TROUBLED = frozenset({"degraded", "down", "absent"})
"""A device reports only what it is configured to have: what is absent there is unplugged."""


@dataclass(frozen=True)
class DeviceState:
    """One device as it last said."""

    name: str
    is_online: bool = False
    release: str | None = None
    reported: Reported | None = None
    changed_at: datetime | None = None
    """When it was first heard to be online, or away, without a break since."""
    running_since: datetime | None = None
    """When it was first heard to run the settings it runs."""
    wanted: int | None = None
    """Version of the settings that it was told to run."""
    troubled_since: Mapping[str, datetime] = field(default_factory=dict)
    """Parts that fail, and when the station first heard so."""


class DeviceRegistry:
    """The states of all devices. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, DeviceState] = {}
        self._is_broker_up = False
        self._broker_down_since: datetime | None = None

    @property
    def is_broker_up(self) -> bool:
        return self._is_broker_up

    @property
    def broker_down_since(self) -> datetime | None:
        """None while it is up, and where the station never reached it."""
        return self._broker_down_since

    def broker_changed(self, *, is_up: bool, at: datetime | None = None) -> None:
        """Without the broker nothing is known of any device."""
        if is_up or self._is_broker_up:
            self._broker_down_since = None if is_up else at
        self._is_broker_up = is_up

    def present(self, name: str, presence: Presence, at: datetime) -> None:
        is_online = presence.state == "online"
        before = self.state(name)
        is_news = before.changed_at is None or before.is_online != is_online
        changed_at = at if is_news else before.changed_at
        self._change(name, is_online=is_online, release=presence.release, changed_at=changed_at)

    def reported(self, name: str, reported: Reported, at: datetime) -> None:
        before = self.state(name)
        troubled = {
            part.name: before.troubled_since.get(part.name, at)
            for part in reported.parts
            if part.health in _TROUBLED
        }
        is_same = before.reported is not None and before.reported.version == reported.version
        since = before.running_since if is_same else at
        self._change(
            name, reported=reported, release=reported.release, troubled_since=troubled, running_since=since
        )

    def told(self, name: str, version: int) -> None:
        """The station wants these settings to run on it."""
        self._change(name, wanted=version)

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
