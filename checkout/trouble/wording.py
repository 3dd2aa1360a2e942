"""What is in trouble, since when and what to do about it, for who stands at the counter (row 14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from checkout.trouble.kinds import Trouble, TroubleKind
from checkout.words import Words

TROUBLE_TEXTS: Mapping[TroubleKind, str] = {
    TroubleKind.BROKER: "The message broker is away: kiosks keep what they hear, sales go on.",
    TroubleKind.SENDING: "Messages to members do not leave right now; none is lost.",
    TroubleKind.SMS: "SMS do not leave: the provider takes none. None is lost.",
    TroubleKind.EMAIL: "E-mails do not leave: the mail server takes none. None is lost.",
    TroubleKind.DEVICE: "The kiosk of lane {number} is away.",
    TroubleKind.SCREEN: "The screen of lane {number} does not answer; its scanners go on.",
    TroubleKind.READER: "The reader “{part}” of lane {number} is away.",
    TroubleKind.CAMERA: "The camera of lane {number} is away.",
    TroubleKind.DECODER: "The camera of lane {number} reads no codes.",
    TroubleKind.OUTBOX: "The kiosk of lane {number} has trouble keeping what it hears.",
    TroubleKind.SIGNALS: "The lamp and buzzer of lane {number} do not work; cards are read all the same.",
    TroubleKind.CERTIFICATE: "The kiosk of lane {number} could not renew its pass to the station.",
    TroubleKind.PRINTER: "The receipt printer of lane {number} is away; sales go on.",
    TroubleKind.NO_PRINTER: "Lane {number} has no receipt printer, and a receipt was to be printed.",
    TroubleKind.RESTORED: "A back-up was restored: no rewards until somebody confirms the balances.",
    TroubleKind.NO_BACKUP: "There was no back-up for two days.",
}
REMEDY_TEXTS: Mapping[TroubleKind, str] = {
    TroubleKind.BROKER: (
        "Look whether the store machine’s network cable is in, then restart the store machine. "
        "Sell at the till meanwhile."
    ),
    TroubleKind.SENDING: "Restart the store machine. If it comes back, call whoever looks after it.",
    TroubleKind.SMS: (
        "Look whether the internet works and whether the provider’s credit is used up. What waits "
        "leaves by itself afterwards."
    ),
    TroubleKind.EMAIL: (
        "Look whether the internet works and whether the password of the mail account changed. "
        "What waits leaves by itself afterwards."
    ),
    TroubleKind.DEVICE: (
        "Look whether it has power and network. Meanwhile look customers up at the till, by name or number."
    ),
    TroubleKind.SCREEN: "Turn the kiosk off and on again. Cards can be shown to its scanner meanwhile.",
    TroubleKind.READER: "Pull its plug and put it back. Meanwhile type the number at the till.",
    TroubleKind.CAMERA: (
        "Turn the kiosk off, look at the camera’s cable and turn it on again. "
        "A scanner by cable works meanwhile."
    ),
    TroubleKind.DECODER: "Turn the kiosk off and on again. A scanner by cable works meanwhile.",
    TroubleKind.OUTBOX: (
        "Leave it switched on and call whoever looks after it: it may hold entries that the "
        "station does not have yet."
    ),
    TroubleKind.SIGNALS: "Look at their cable. If it comes back, call whoever looks after it.",
    TroubleKind.CERTIFICATE: (
        "Call whoever looks after it: without a new one the kiosk falls silent once the pass ends."
    ),
    TroubleKind.PRINTER: (
        "Look whether it is on, has paper and its cable. Then print the receipt again at the till."
    ),
    TroubleKind.NO_PRINTER: "Choose the lane’s printer in the settings, or send the receipt by e-mail.",
    TroubleKind.RESTORED: (
        "Open Shop › Back-up, look at what is missing since, and confirm the balances there."
    ),
    TroubleKind.NO_BACKUP: (
        "Look whether the disk for back-ups is plugged in and has room. Then make one: comptoir backup."
    ),
}
_GRAVE = frozenset({TroubleKind.RESTORED, TroubleKind.NO_BACKUP})


@dataclass(frozen=True)
class TroubleLine:
    """One trouble in words. ``since`` is empty where nobody knows."""

    text: str
    since: str
    remedy: str
    is_grave: bool = False
    """Shown in red."""


def trouble_lines(
    words: Words, troubles: Sequence[Trouble], now: datetime, timezone: str
) -> tuple[TroubleLine, ...]:
    """A line each."""
    return tuple(
        TroubleLine(
            text=words.text(TROUBLE_TEXTS[each.kind], number=each.lane or "", part=each.part),
            since=_since(words, each.since, now, timezone),
            remedy=words.text(REMEDY_TEXTS[each.kind]),
            is_grave=each.kind in _GRAVE,
        )
        for each in troubles
    )


def _since(words: Words, since: datetime | None, now: datetime, timezone: str) -> str:
    """The hour alone where it is today's."""
    if since is None:
        return ""
    zone = ZoneInfo(timezone)
    if since.astimezone(zone).date() == now.astimezone(zone).date():
        return words.text("since {time}", time=words.hour(since, timezone))
    return words.text("since {time}", time=words.time(since, timezone))
