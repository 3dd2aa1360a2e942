"""The device's health in the words of the messages, and for a person at the machine."""

import contextlib
import socket
from collections.abc import Mapping
from importlib import metadata
from typing import Any, Literal

from device.configuration import DeviceSettings
from device.health import HealthBoard, PartState
from device.outbox import Outbox
from device.shown import Shown
from device.station_time import StationTime
from messaging.local.to_kiosk import DeviceStatus
from messaging.station.settings import PartHealth, Reported
from runtime.release import installed

_WORDS: Mapping[PartState, Literal["ok", "degraded", "down", "absent"]] = {
    PartState.OK: "ok",
    PartState.STARTING: "ok",
    PartState.OFF: "absent",
    PartState.DEGRADED: "degraded",
    PartState.ABSENT: "absent",
    PartState.FAILED: "down",
}
_MOST_PARTS = 30
_ANY_OUTSIDE = "192.0.2.1"
"""An address of documentation (RFC 5737): nothing is sent to it, only the way there is asked for."""


def reported(board: HealthBoard, outbox: Outbox, shown: Shown) -> Reported:
    """What the device tells the station of itself."""
    parts = tuple(
        PartHealth(name=name, health=_WORDS[part.state], detail=part.detail[:200])
        for name, part in board.snapshot().items()
        if part.state is not PartState.OFF
    )
    return Reported(
        version=shown.settings_version,
        release=installed(),
        parts=parts[:_MOST_PARTS],
        outbox_events=outbox.queued,
        quarantined_events=outbox.quarantined,
    )


def device_status(
    settings: DeviceSettings,
    board: HealthBoard,
    outbox: Outbox,
    shown: Shown,
    station_time: StationTime,
) -> DeviceStatus:
    """What the staff corner of the screen shows."""
    now = reported(board, outbox, shown)
    desired = shown.desired
    return DeviceStatus(
        device=settings.name,
        release=now.release,
        online=shown.is_served,
        broker=f"{settings.broker.host}:{settings.broker.port}",
        addresses=own_addresses(settings.broker.host, settings.broker.port),
        waiting_events=now.outbox_events,
        quarantined_events=now.quarantined_events,
        lane=None if desired is None else desired.lane,
        settings_version=now.version,
        clock_certain=station_time.now()[1],
        parts=now.parts,
    )


def own_addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses by which this machine reaches the broker; none without a network. Sends nothing."""
    try:
        ways = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        ways = [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", (_ANY_OUTSIDE, port))]
    found = []
    for family, kind, _, _, address in ways:
        with socket.socket(family, kind) as probe, contextlib.suppress(OSError):
            probe.connect(address)
            found.append(str(probe.getsockname()[0]))
    return tuple(dict.fromkeys(found))


def status(name: str, board: HealthBoard, outbox: Outbox, shown: Shown) -> dict[str, Any]:
    """The whole state, with counters, as JSON-serialisable data."""
    return {
        "device": name,
        "release": installed(),
        "well": board.is_well,
        "online": shown.is_online,
        "outbox": {"queued": outbox.queued, "quarantined": outbox.quarantined},
        "open_sale": None if shown.open_sale is None else str(shown.open_sale),
        "settings_version": shown.settings_version,
        "decoder": decoder_name(),
        "parts": {
            part: {"state": health.state.value, "detail": health.detail, "counters": health.counters}
            for part, health in board.snapshot().items()
        },
    }


def decoder_name() -> str:
    """The libraries that decode."""
    names = []
    for package in ("zxing-cpp", "pyzbar"):
        try:
            names.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            names.append(package)
    return " + ".join(names)
