"""How the device is, in the words of the update agent's checks."""

from collections.abc import Callable

from device.counter import Counter
from device.health import HealthBoard, PartState
from device.kiosk_watch import KIOSK
from device.scribe import OUTBOX
from device.shown import Shown
from device.trial import TrialScan
from messaging.local.for_agent import DeviceAnswered


class AgentAnswers:
    """Any thread.

    Args:
        board: Where the parts report.
        shown: The link and the open sale.
        counter: Whose turn it is, and which release the kiosk runs.
        trial: Scans for a trial.
        has_screen: Whether this device has a kiosk.
        name: The device's.
        release: What this process was started from; empty where from none.
    """

    def __init__(
        self,
        board: HealthBoard,
        shown: Shown,
        counter: Counter,
        trial: TrialScan,
        *,
        has_screen: bool,
        name: str,
        release: str = "",
    ) -> None:
        self._release = release
        self._asked: dict[str, Callable[[], DeviceAnswered]] = {
            "name": lambda: DeviceAnswered(state="ok", detail=name),
            "process": lambda: DeviceAnswered(state="ok"),
            "broker": lambda: _is(shown.is_online, "the broker is not reached"),
            "screen": lambda: (
                _screen(board, counter.kiosk_release)
                if has_screen
                else DeviceAnswered(state="absent", detail="no screen", release=release)
            ),
            "outbox": lambda: _part(board, OUTBOX),
            "scan": trial.run,
            "quiet": lambda: _is(
                counter.session is None and shown.open_sale is None, "a session or a sale is open"
            ),
        }

    def answer(self, ask: str) -> DeviceAnswered:
        """See :class:`messaging.local.for_agent.DeviceAsked`."""
        answered = self._asked[ask]()
        return answered if ask == "screen" else answered.model_copy(update={"release": self._release})


def _is(holds: bool, otherwise: str) -> DeviceAnswered:
    return DeviceAnswered(state="ok") if holds else DeviceAnswered(state="failed", detail=otherwise)


def _screen(board: HealthBoard, release: str) -> DeviceAnswered:
    return _part(board, KIOSK).model_copy(update={"release": release})


def _part(board: HealthBoard, name: str) -> DeviceAnswered:
    health = board.of(name)
    if health.state is PartState.OK:
        return DeviceAnswered(state="ok", detail=health.detail)
    return DeviceAnswered(state="failed", detail=f"{health.state.value}: {health.detail}"[:300])
