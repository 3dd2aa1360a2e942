"""A rollout desk beside a test's station: real database, no signatures, devices that report."""

from uuid import UUID

from checkout.fleet_desk.running import FleetDesk
from checkout.fleet_desk.store import SqlDeskStore
from messaging.station.fleet import FleetReported, UpdateEnded
from tests.fakes.desk_store import RecordingPublisher
from tests.integration.checkout.counter import Counter


class DeskBeside:
    """Gives a station its desk, not started: a test takes the turns."""

    def __init__(self, counter: Counter, *releases: str) -> None:
        self.publisher = RecordingPublisher(*releases)
        path = counter.web.messages_folder.parent / "comptoir.db"
        store = SqlDeskStore.open(f"sqlite:///{path}")
        self.fleet = FleetDesk(store, self.publisher, counter.clock, turn_s=60)
        counter.station.fleet = self.fleet
        self._n = 0

    def report(self, device: str, **fields: object) -> None:
        """A device says how it is; the desk takes a turn."""
        self._n += 1
        whole: dict[str, object] = {
            "n": self._n, "boot": UUID(int=1), "running": "1.0.0", "channel": "stable", "stage": "idle", **fields,
        }  # fmt: skip
        self.fleet.desk.hear(device, FleetReported.model_validate(whole))
        self.fleet.turn()

    def went_back(self, device: str, release: str, reason: str) -> None:
        end = UpdateEnded(release=release, result="rolled_back", reason=reason, tries=3, log="line 1\nline 2")
        self.report(device, last=end)
