"""Looks through the running station for what fails: known in memory, a page pays nothing for it."""

from checkout.station import Station
from checkout.trouble.kinds import Trouble, TroubleKind
from loyalty.domain.channel import Channel
from loyalty.domain.shop import Lane

_OWN_PARTS = {
    "camera": TroubleKind.CAMERA,
    "certificate": TroubleKind.CERTIFICATE,
    "decoder": TroubleKind.DECODER,
    "kiosk": TroubleKind.SCREEN,
    "outbox": TroubleKind.OUTBOX,
    "signals": TroubleKind.SIGNALS,
}
"""Parts of every device; any other is a scanner. Its link cannot be in trouble and tell."""
_UNTOLD = frozenset({"uplink"})
_BY_PRINT_CODE = {"no_printer": TroubleKind.NO_PRINTER}
_BY_CHANNEL = {Channel.SMS: TroubleKind.SMS, Channel.EMAIL: TroubleKind.EMAIL}


def troubles_of(station: Station) -> tuple[Trouble, ...]:
    """Everything that fails, what concerns most first. Any thread.

    While the broker is away nothing is known of devices, and nothing is said of them.
    """
    found: list[Trouble] = []
    devices = station.devices
    has_broker_trouble = station.link is not None and not devices.is_broker_up
    if has_broker_trouble:
        found.append(Trouble(TroubleKind.BROKER, devices.broker_down_since))
    if not station.courier.is_alive:
        found.append(Trouble(TroubleKind.SENDING))
    ways = station.courier.ways_away()
    found += [Trouble(kind, ways[channel]) for channel, kind in _BY_CHANNEL.items() if channel in ways]
    for lane in station.lanes.all():
        if not has_broker_trouble:
            found += _of_device(station, lane)
        if (silent := station.prints.trouble_of(lane.id)) is not None:
            kind = _BY_PRINT_CODE.get(silent.code, TroubleKind.PRINTER)
            found.append(Trouble(kind, silent.since, lane.number))
    return tuple(found)


def _of_device(station: Station, lane: Lane) -> list[Trouble]:
    if not lane.device:
        return []
    state = station.devices.state(lane.device)
    if not state.is_online:
        return [Trouble(TroubleKind.DEVICE, state.changed_at, lane.number)]
    return [
        Trouble(
            _OWN_PARTS.get(name, TroubleKind.READER),
            since,
            lane.number,
            "" if name in _OWN_PARTS else name,
        )
        for name, since in state.troubled_since.items()
        if name not in _UNTOLD
    ]
