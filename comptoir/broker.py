"""The broker's files from configuration: ``broker_config/`` with the store's addresses, lanes and names.

Pure functions from settings to text; ``comptoir broker render`` writes it. Names and paths are checked
before they enter a line, so that no setting can add a rule of its own.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template
from typing import Annotated

from pydantic import Field

from comptoir.certs import POS, STATION
from comptoir.errors import BrokerFilesError
from messaging.topics import (
    BRANCHES,
    PRINCIPAL,
    Branch,
    RegisterBranch,
    bell_topic,
    device_topic,
    identified_topic,
    register_topic,
)
from runtime.config import Section

_FROM_DEVICE: tuple[Branch, ...] = ("event", "presence", "reported", "looked")
_TO_DEVICE: tuple[Branch, ...] = ("result", "sale", "desired", "look")
_TO_REGISTER: tuple[RegisterBranch, ...] = ("answer", "lane", "setup")
_FROM_AGENT: tuple[Branch, ...] = ("presence", "reported", "looked")
_TO_AGENT: tuple[Branch, ...] = ("look",)
_FOLDERS = (
    Path(__file__).resolve().parents[1] / "broker_config",
    Path(sys.prefix) / "share" / "comptoir" / "broker_config",
)


class Listener(Section):
    """One address of this machine the broker listens on."""

    address: Annotated[str, Field(pattern=r"^[0-9A-Za-z.:%-]+$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 8883


class Lane(Section):
    """A counter position and the devices that stand there."""

    number: Annotated[int, Field(ge=1)]
    devices: tuple[str, ...] = ()


class Station(Section):
    """A station's certificate name and the lanes it owns."""

    name: str
    lanes: tuple[Lane, ...]

    @property
    def store(self) -> str:
        """As it stands in the lane topics: ``s0001``."""
        return self.name.partition(".")[0]


class Pos(Section):
    """Another till that may hear who is identified at these lanes of its store, and ask there (row 195)."""

    name: str
    lanes: tuple[int, ...]

    @property
    def store(self) -> str:
        return self.name.partition(".")[0]


class BrokerSettings(Section):
    """The section ``[broker]`` of the machine the broker runs on."""

    certificates: Path = Path("/etc/comptoir/certificates/broker")
    data_directory: Path = Path("/var/lib/mosquitto")
    listeners: tuple[Listener, ...] = (Listener(address="127.0.0.1"),)
    stations: tuple[Station, ...]
    pos: tuple[Pos, ...] = ()
    revoked: tuple[str, ...] = ()
    paired_file: Path = Path("/var/lib/comptoir-signer/paired.json")
    """Devices that were paired at the station, written by the signing process; none where it is missing."""


def render_conf(
    listeners: Sequence[Listener],
    certificates: Path,
    acl_file: Path,
    data_directory: Path,
    user: str | None = None,
) -> str:
    """The text of ``mosquitto.conf``.

    Args:
        listeners: At least one.
        certificates: Folder with ``ca.pem``, ``certificate.pem``, ``key.pem`` and ``crl.pem``.
        acl_file: Where the text of :func:`render_acl` will be.
        data_directory: Where the broker keeps sessions and retained messages; writable for it.
        user: Account Mosquitto changes to when root starts it; None leaves it Debian's ``mosquitto``.

    Raises:
        BrokerFilesError: A value cannot stand in the file, or there is no listener.
    """
    if not listeners:
        raise BrokerFilesError("the broker needs at least one address to listen on")
    head = {
        "acl_file": acl_file,
        "data_directory": data_directory,
        "user_line": f"user {user}" if user else "",
    }
    blocks = [
        _filled(
            "listener.conf",
            address=one.address,
            port=one.port,
            certificates=certificates,
        )
        for one in listeners
    ]
    return _filled("mosquitto.conf", **head) + "".join(blocks)


def render_acl(stations: Sequence[Station], pos: Sequence[Pos] = (), revoked: Sequence[str] = ()) -> str:
    """The text of the access list.

    A revoked device's update agent is revoked with it: both certificates lie on the same disk.

    Raises:
        BrokerFilesError: A name is none a certificate may bear, or a device or lane has two owners.
    """
    _check_names(stations, pos, revoked)
    refused = {*revoked, *(f"{name}-fleet" for name in revoked if _is_device(name))}
    lines = [_read("acl").rstrip("\n")]
    for station in stations:
        if station.name not in refused:
            lines += ["", f"user {station.name}", *_station_rules(station, pos)]
        for device in _devices(station):
            if f"{device}-fleet" not in refused:
                lines += ["", f"user {device}-fleet", *_agent_rules(f"{device}-fleet")]
    for till in pos:
        if till.name not in refused:
            lines += ["", f"user {till.name}", *_pos_rules(till)]
    for name in sorted(refused):
        lines += ["", f"user {name}", "topic deny #"]
    return "\n".join(lines) + "\n"


def _station_rules(station: Station, pos: Sequence[Pos]) -> Iterator[str]:
    for device in _devices(station):
        yield from (f"topic read {device_topic(device, branch)}" for branch in _FROM_DEVICE)
        yield from (f"topic write {device_topic(device, branch)}" for branch in _TO_DEVICE)
        yield from (f"topic read {device_topic(f'{device}-fleet', branch)}" for branch in _FROM_AGENT)
        yield from (f"topic write {device_topic(f'{device}-fleet', branch)}" for branch in _TO_AGENT)
    yield from (f"topic write {identified_topic(station.store, lane.number)}" for lane in station.lanes)
    numbers = {lane.number for lane in station.lanes}
    for till in pos:
        if till.store == station.store and numbers.intersection(till.lanes):
            yield f"topic read {register_topic(till.name, 'ask')}"
            yield from (f"topic write {register_topic(till.name, branch)}" for branch in _TO_REGISTER)
    yield f"topic write {bell_topic('+')}"


def _pos_rules(till: Pos) -> Iterator[str]:
    yield from (f"topic read {identified_topic(till.store, lane)}" for lane in till.lanes)
    yield f"topic write {register_topic(till.name, 'ask')}"
    yield from (f"topic read {register_topic(till.name, branch)}" for branch in _TO_REGISTER)


def _agent_rules(agent: str) -> Iterator[str]:
    # The patterns give an agent the branch of a device; it needs only a part of it.
    yield from (
        f"topic deny {device_topic(agent, branch)}"
        for branch in BRANCHES
        if branch not in (*_FROM_AGENT, *_TO_AGENT)
    )
    yield f"topic read {bell_topic('+')}"


def _devices(station: Station) -> list[str]:
    return [device for lane in station.lanes for device in lane.devices]


def _is_device(name: str) -> bool:
    return PRINCIPAL.fullmatch(name) is not None and not name.endswith("-fleet")


def _check_names(stations: Sequence[Station], pos: Sequence[Pos], revoked: Sequence[str]) -> None:
    for station in stations:
        _check(
            STATION.fullmatch(station.name), f"{station.name!r} is no station's name such as s0001.station"
        )
        for device in _devices(station):
            _check(_is_device(device), f"{device!r} is no device's name such as s0001.k01")
            _check(device[:5] == station.name[:5], f"{device} is not of the store of {station.name}")
    for till in pos:
        _check(POS.fullmatch(till.name), f"{till.name!r} is no POS's name such as s0001.pos-front")
    for name in revoked:
        known = (rule.fullmatch(name) for rule in (PRINCIPAL, STATION, POS))
        _check(any(known), f"{name!r} is a name no certificate bears")
    devices = [device for station in stations for device in _devices(station)]
    lanes = [f"{station.store} lane {lane.number}" for station in stations for lane in station.lanes]
    for what, names in (("device", devices), ("store", lanes), ("station", [one.name for one in stations])):
        twice = sorted({name for name in names if names.count(name) > 1})
        _check(not twice, f"{what} {', '.join(twice)} stands twice; it has one owner")


def _check(holds: object, message: str) -> None:
    if not holds:
        raise BrokerFilesError(message)


def _filled(name: str, **values: object) -> str:
    texts = {key: str(value) for key, value in values.items()}
    for key, text in texts.items():
        _check(text.isprintable(), f"{key} has a character that cannot stand in {name}")
    return Template(_read(name)).substitute(texts)


def _read(name: str) -> str:
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise BrokerFilesError(f"{name} of the broker is missing; the product is not installed completely")
