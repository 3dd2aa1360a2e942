"""What a light says of a message that a screen would show."""

from enum import StrEnum

from messaging.local.to_kiosk import CodeNoticed, CodeRefused, EventNotStored, ResultArrived, ToKiosk


class Signal(StrEnum):
    """What somebody at the counter is to know."""

    NOTICED = "noticed"
    GOOD = "good"
    KEPT = "kept"
    """The station has not answered: the event waits here, and counts later."""
    BAD = "bad"
    FETCH_STAFF = "fetch_staff"


_BAD_SHOWN = frozenset({"not_recognised", "refusal"})


def signal_for(message: ToKiosk) -> Signal | None:
    """The signal of a message; None for those that say nothing to a customer."""
    if isinstance(message, CodeNoticed):
        return Signal.BAD if message.signature == "bad" else Signal.NOTICED
    if isinstance(message, CodeRefused):
        return Signal.BAD
    if isinstance(message, EventNotStored):
        return Signal.FETCH_STAFF
    if isinstance(message, ResultArrived):
        result = message.result
        is_bad = result.outcome == "refused" or result.show.kind in _BAD_SHOWN
        return Signal.BAD if is_bad else Signal.GOOD
    return None
