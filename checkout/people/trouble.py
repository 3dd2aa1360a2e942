"""What is away right now, for the line at the top of the staff's pages (row 14)."""

from collections.abc import Sequence

from checkout.station import Station
from checkout.words import Words


def trouble_of(station: Station) -> tuple[str, ...]:
    """Codes of what is away: ``broker``, ``messages``, or the number of a lane whose kiosk is. In memory."""
    found = []
    if station.link is not None and not station.devices.is_broker_up:
        found.append("broker")
    if not station.courier.is_alive:
        found.append("messages")
    away = [
        lane
        for lane in station.lanes.all()
        if lane.device and not station.devices.view(lane.device).is_online
    ]
    return (*found, *(str(lane.number) for lane in away if "broker" not in found))


def trouble_texts(words: Words, codes: Sequence[str]) -> list[str]:
    """A sentence each."""
    return [_text(words, code) for code in codes]


def _text(words: Words, code: str) -> str:
    if code == "broker":
        return words.text("The message broker is away: kiosks keep what they hear, sales go on.")
    if code == "messages":
        return words.text("Messages to members do not leave right now; none is lost.")
    return words.text("The kiosk of lane {number} is away.", number=code)
