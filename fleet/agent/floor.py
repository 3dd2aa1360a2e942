"""What was verified once is never gone back behind: release number, rollout number, time."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from fleet.agent.disk import Disk, write_durably
from fleet.agent.layout import Layout
from fleet.documents.release import Release
from fleet.documents.rollout import Rollout


@dataclass(frozen=True)
class Floor:
    """The highest that was seen.

    Attributes:
        seq: No release with a lower number is installed.
        rollout: Per channel, no rollout document with a lower number is obeyed.
        time_s: Unix time that has certainly passed, from signed documents alone: a clock that once ran ahead
            must not raise it. A clock that shows less is wrong (row 203).
    """

    seq: int = 0
    rollout: tuple[tuple[str, int], ...] = ()
    time_s: int = 0

    def raised_by_release(self, release: Release) -> "Floor":
        return replace(self, seq=max(self.seq, release.min_seq), time_s=max(self.time_s, release.built_at_s))

    def raised_by_rollout(self, rollout: Rollout) -> "Floor":
        known = dict(self.rollout)
        known[rollout.channel] = max(known.get(rollout.channel, 0), rollout.number)
        return replace(
            self, rollout=tuple(sorted(known.items())), time_s=max(self.time_s, rollout.signed_at_s)
        )

    def allows_rollout(self, rollout: Rollout) -> bool:
        return rollout.number >= dict(self.rollout).get(rollout.channel, 0)

    def is_time_right(self, now: datetime) -> bool:
        """Whether the clock may be believed: at 1970 every date check of the signatures passes."""
        return now >= datetime.fromtimestamp(self.time_s, UTC)


class FloorFile:
    """The floor on the disk."""

    def __init__(self, disk: Disk, layout: Layout) -> None:
        self._disk = disk
        self._path = layout.floor

    def read(self) -> Floor:
        """The stored floor; the lowest where there is none or it is not readable."""
        try:
            found = json.loads(self._disk.read(self._path))
            channels = tuple((str(name), int(number)) for name, number in found["rollout"])
            return Floor(int(found["seq"]), channels, int(found["time_s"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Floor()

    def raise_to(self, floor: Floor) -> None:
        """Store it where it is higher; durable before anything is done on account of it."""
        if floor != self.read():
            write_durably(self._disk, self._path, json.dumps(asdict(floor)).encode())
