"""What can be in trouble."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TroubleKind(StrEnum):
    """What it is that fails."""

    BROKER = "broker"
    SENDING = "sending"
    """The station's own thread for messages."""
    SMS = "sms"
    EMAIL = "email"
    DEVICE = "device"
    SCREEN = "screen"
    READER = "reader"
    CAMERA = "camera"
    DECODER = "decoder"
    OUTBOX = "outbox"
    SIGNALS = "signals"
    CERTIFICATE = "certificate"
    PRINTER = "printer"
    NO_PRINTER = "no_printer"
    RESTORED = "restored"
    """A back-up was restored and its balances are not confirmed."""
    NO_BACKUP = "no_backup"
    """None for two days."""


@dataclass(frozen=True)
class Trouble:
    """One thing that fails.

    ``since`` is None where the station never saw it work. ``lane`` is None where it concerns every lane.
    ``part`` is the name of a reader as its machine's configuration calls it.
    """

    kind: TroubleKind
    since: datetime | None = None
    lane: int | None = None
    part: str = ""


def concerning(troubles: Iterable[Trouble], lane: int) -> tuple[Trouble, ...]:
    """What the till of a lane has to know: its own, and what concerns every lane."""
    return tuple(each for each in troubles if each.lane in (None, lane))
