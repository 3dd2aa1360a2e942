"""What the device counts, for a Prometheus on its machine: parts, outbox, the kiosk beside it (row 191)."""

from collections.abc import Iterator

from device.counter import Counter
from device.health import HealthBoard, PartState
from device.outbox import Outbox
from device.shown import Shown
from runtime.figures import Figure
from runtime.release import installed


class DeviceFigures:
    """Called at each reading. Any thread."""

    def __init__(self, board: HealthBoard, outbox: Outbox, shown: Shown, counter: Counter) -> None:
        self._board = board
        self._outbox = outbox
        self._shown = shown
        self._counter = counter

    def __call__(self) -> Iterator[Figure]:
        yield Figure("broker_up", "Whether the broker is reached.", self._shown.is_online)
        yield Figure("outbox_events", "Events that wait for their result.", self._outbox.queued)
        yield Figure("outbox_quarantined_events", "Events that were given up.", self._outbox.quarantined)
        yield Figure("settings_version", "Settings that run.", self._shown.settings_version)
        yield Figure("session_open", "Whether a customer is there.", self._counter.session is not None)
        yield Figure("release_info", "What runs.", 1, (("release", installed()),))
        for part, health in self._board.snapshot().items():
            for state in PartState:
                labels = (("part", part), ("state", state.value))
                yield Figure("part_state", "How a part is: 1 for its state.", health.state is state, labels)
        for part, health in self._board.snapshot().items():
            for what, count in health.counters.items():
                labels = (("part", part), ("what", what))
                yield Figure("part_events", "What a part counted.", count, labels, counts=True)
        yield from self._kiosk()

    def _kiosk(self) -> Iterator[Figure]:
        """The kiosk has no network: it tells its figures every second, and they are read here."""
        alive = self._counter.kiosk_alive
        if alive is None:
            return
        yield Figure("kiosk_frames", "Frames that the kiosk drew.", alive.frames, counts=True)
        yield Figure("kiosk_memory_bytes", "What the kiosk holds in memory.", alive.memory_bytes)
        yield Figure("kiosk_cpu_seconds", "Processor time it used.", alive.cpu_ms / 1000, counts=True)
