"""What the desk keeps: rollouts with their stage, devices as they last said, how each device fared."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from fleet.desk.rules import Counts, Pace
from fleet.documents.rollout import Window
from messaging.station.fleet import FleetReported

RolloutStatus = Literal["running", "paused", "halted", "done"]
Outcome = Literal["working", "committed", "failed", "silent"]


@dataclass(frozen=True)
class RolloutRecord:
    """One rollout. ``number`` is given by the store; ``reason`` says why it was halted or paused."""

    number: int
    channel: str
    release: str
    base: str | None
    pace: Pace
    window: Window
    urgent: bool
    jitter_s: int
    status: RolloutStatus
    stage: int
    started_at: datetime
    stage_since: datetime
    reason: str = ""

    @property
    def id(self) -> str:
        return f"roll-{self.number}"

    @property
    def percent(self) -> float:
        """Of all devices: who is chosen now."""
        return self.pace.stages[self.stage]

    @property
    def is_over(self) -> bool:
        return self.status in ("halted", "done")


@dataclass(frozen=True)
class DeviceRecord:
    """One device as it last said, and what staff decided of it."""

    device: str
    report: FleetReported | None
    heard_at: datetime | None
    pin: str | None = None
    is_held: bool = False
    running_since: datetime | None = None
    """When it was first heard to run what it runs; None where that was before anybody noted it."""

    def is_silent(self, now: datetime, over: timedelta) -> bool:
        """Whether it has said nothing for so long."""
        return self.heard_at is None or now - self.heard_at > over


@dataclass(frozen=True)
class Fared:
    """How one device fared in one rollout."""

    device: str
    outcome: Outcome
    reason: str
    at: datetime
    log: str = ""


class DeskStore(Protocol):
    """Where it is kept; each call is a transaction of its own. Any thread."""

    def add_rollout(self, rollout: RolloutRecord) -> RolloutRecord:
        """Give it the next number and keep it."""

    def change_rollout(self, rollout: RolloutRecord) -> None: ...

    def rollout(self, number: int) -> RolloutRecord | None: ...

    def rollouts(self, limit: int = 50) -> list[RolloutRecord]:
        """Newest first."""

    def newest(self, channel: str) -> RolloutRecord | None: ...

    def heard(self, reports: dict[str, FleetReported], fared: dict[int, list[Fared]], at: datetime) -> None:
        """Keep what devices said; an older report (lower ``n``) never replaces a newer one."""

    def silence(self, number: int, before: datetime) -> int:
        """Devices that began this rollout and were last heard before then are silent now; how many."""

    def counts(self, number: int) -> Counts: ...

    def fared(self, number: int, outcomes: tuple[Outcome, ...], limit: int = 100) -> list[Fared]:
        """Newest first."""

    def took_part(self, number: int, device: str) -> bool:
        """Whether anything of this device was noted in this rollout."""

    def devices(self, limit: int = 1000) -> list[DeviceRecord]:
        """By name."""

    def device(self, device: str) -> DeviceRecord | None: ...

    def versions(self) -> dict[str, int]:
        """Release → devices that run it; ``""`` for those that run none."""

    def decide(self, device: str, *, pin: str | None, is_held: bool) -> None:
        """Pin to a release, or hold; neither lets it go."""

    def decided(self) -> list[DeviceRecord]:
        """Devices that are pinned or held."""
