"""What the update agent says to a Prometheus on its machine: what runs, how far an update is (row 191)."""

from collections.abc import Callable, Iterator
from typing import get_args

from messaging.station.fleet import FleetReported
from runtime.figures import Figure

_STAGES = get_args(FleetReported.model_fields["stage"].annotation)


class AgentFigures:
    """Called at each reading. Any thread.

    Args:
        newest: What the agent last reported; None before it did.
        is_connected: Whether the broker is reached.
    """

    def __init__(self, newest: Callable[[], FleetReported | None], is_connected: Callable[[], bool]) -> None:
        self._newest = newest
        self._is_connected = is_connected

    def __call__(self) -> Iterator[Figure]:
        yield Figure("broker_up", "Whether the broker is reached.", self._is_connected())
        report = self._newest()
        if report is None:
            return
        yield Figure("release_info", "What runs.", 1, (("release", report.running or "none"),))
        for stage in _STAGES:
            yield Figure("update_stage", "1 for the stage.", report.stage == stage, (("stage", stage),))
        yield Figure("update_rollout", "Number of the rollout last verified.", report.rollout)
        yield Figure("update_in_trouble", "Whether updates do not go on.", bool(report.trouble))
        yield Figure("update_clock_right", "Whether the clock may be believed.", report.time_ok)
        yield Figure("update_free_bytes", "Room on the disk.", report.free_mb * 1_000_000)
        if report.last is not None:
            for result in ("committed", "rolled_back", "rejected"):
                labels = (("release", report.last.release), ("result", result))
                yield Figure("update_last", "How the last one ended.", report.last.result == result, labels)
