"""``comptoir fleet rollout|device|versions|silent``: the rollout desk from the station's command line.

The commands write what shall hold into the station's database; the running station signs it within seconds.
"""

import argparse
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.errors import CommandError
from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands
    from fleet.desk.desk import Desk
    from fleet.desk.records import DeviceRecord, RolloutRecord
    from fleet.documents.rollout import Window

_UNITS = {"m": 60, "h": 3600, "d": 86_400}


def register(actions: "Commands") -> None:
    rollout = actions.add_parser("rollout", help="bring a release to devices, stage by stage")
    each = rollout.add_subparsers(dest="deed", required=True, metavar="deed")
    start = each.add_parser("start", help="begin with the first stage")
    start.add_argument("release", metavar="VERSION")
    start.add_argument("--channel", default="stable")
    start.add_argument("--stages", type=_stages, default=(1.0, 5.0, 25.0, 100.0), metavar="1,5,25,100")
    start.add_argument("--soak", type=_time, default=timedelta(hours=24), metavar="24h")
    start.add_argument("--deadline", type=_time, default=timedelta(hours=24), metavar="24h")
    start.add_argument("--window", type=_window, default="02:00-05:00", metavar="02:00-05:00")
    start.add_argument("--urgent", action="store_true", help="without waiting for the night")
    _config(start, _start)
    _config(each.add_parser("status", help="all rollouts, one JSON line each"), _status)
    for name, what in (
        ("pause", "choose nobody more for now"),
        ("resume", "go on"),
        ("halt", "end it; who runs the release keeps it"),
        ("advance", "begin the next stage now"),
    ):
        deed = each.add_parser(name, help=what)
        deed.add_argument("rollout", type=_number, metavar="roll-17")
        _config(deed, _change)
    _register_devices(actions)


def _register_devices(actions: "Commands") -> None:
    device = actions.add_parser("device", help="one device: what it runs, pin, hold")
    each = device.add_subparsers(dest="deed", required=True, metavar="deed")
    for name, what in (
        ("show", "what it last said"),
        ("pin", "one release, whatever is rolled out"),
        ("hold", "change nothing"),
        ("release", "neither pin nor hold any more"),
    ):
        deed = each.add_parser(name, help=what)
        deed.add_argument("device", metavar="s0001.k01")
        if name == "pin":
            deed.add_argument("version", metavar="VERSION")
        _config(deed, _device)
    _config(actions.add_parser("versions", help="how many devices run which release"), _versions)
    silent = actions.add_parser("silent", help="devices that say nothing")
    silent.add_argument("--over", type=_time, default=timedelta(hours=24), metavar="24h")
    _config(silent, _silent)


def _config(parser: argparse.ArgumentParser, run: object) -> None:
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    parser.set_defaults(run=run)


@contextmanager
def _desk(config: Path) -> "Iterator[Desk]":
    from checkout.configuration import CheckoutSettings
    from checkout.fleet_desk.store import SqlDeskStore
    from fleet.desk.desk import Desk
    from fleet.desk.publisher import SigningPublisher
    from fleet.signing.keys import KeyRing
    from fleet.signing.repository import Repository
    from runtime.clock import SystemClock

    settings = load_section(config, "checkout", CheckoutSettings)
    if settings.fleet is None:
        raise CommandError("this station runs no rollout desk: add the section [checkout.fleet]")
    clock = SystemClock()
    publisher = SigningPublisher(
        Repository(settings.fleet.repository, clock), KeyRing(settings.fleet.keys), clock
    )
    store = SqlDeskStore.open(settings.database_url)
    try:
        yield Desk(store, publisher, lambda _channel, _number, _at: None, clock)
    finally:
        store.close()


def _start(options: argparse.Namespace) -> int:
    from fleet.desk.rules import Pace

    pace = Pace(options.stages, options.soak, deadline=options.deadline)
    with _desk(options.config) as desk:
        record = desk.start(
            options.release,
            pace,
            channel=options.channel,
            window=options.window,
            urgent=options.urgent,
        )
        print(json.dumps(_rollout_line(desk, record)))
    return 0


def _status(options: argparse.Namespace) -> int:
    with _desk(options.config) as desk:
        for record in desk.store.rollouts():
            print(json.dumps(_rollout_line(desk, record)))
    return 0


def _change(options: argparse.Namespace) -> int:
    with _desk(options.config) as desk:
        if options.deed == "advance":
            record = desk.advance(options.rollout)
        elif options.deed == "resume":
            record = desk.set_status(options.rollout, "running")
        else:
            record = desk.set_status(
                options.rollout, "paused" if options.deed == "pause" else "halted", "by hand"
            )
        print(json.dumps(_rollout_line(desk, record)))
    return 0


def _device(options: argparse.Namespace) -> int:
    with _desk(options.config) as desk:
        if options.deed != "show":
            pin = options.version if options.deed == "pin" else None
            desk.decide(options.device, pin=pin, is_held=options.deed == "hold")
        print(json.dumps(_device_line(desk.known(options.device))))
    return 0


def _versions(options: argparse.Namespace) -> int:
    with _desk(options.config) as desk:
        print(json.dumps(desk.store.versions()))
    return 0


def _silent(options: argparse.Namespace) -> int:
    with _desk(options.config) as desk:
        found = desk.silent(options.over)
        for each in found:
            print(json.dumps(_device_line(each)))
    return 1 if found else 0


def _rollout_line(desk: "Desk", record: "RolloutRecord") -> dict[str, object]:
    counts = desk.store.counts(record.number)
    return {
        "rollout": record.id,
        "channel": record.channel,
        "release": record.release,
        "status": record.status,
        "percent": record.percent,
        "working": counts.working,
        "committed": counts.committed,
        "failed": counts.failed,
        "silent": counts.silent,
        "reason": record.reason,
    }


def _device_line(record: "DeviceRecord") -> dict[str, object]:
    report = record.report
    return {
        "device": record.device,
        "heard_at": record.heard_at.isoformat() if record.heard_at is not None else None,
        "pin": record.pin,
        "held": record.is_held,
        "report": report.model_dump(mode="json") if report is not None else None,
    }


def _stages(text: str) -> tuple[float, ...]:
    from fleet.desk.rules import Pace

    try:
        stages = tuple(float(each) for each in text.split(","))
        Pace(stages, timedelta())
    except ValueError as error:
        raise argparse.ArgumentTypeError("stages are percentages that rise, as in 1,5,25,100") from error
    return stages


def _time(text: str) -> timedelta:
    found = re.fullmatch(r"(\d+)([mhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError("a time is written as 30m, 24h or 7d")
    return timedelta(seconds=int(found.group(1)) * _UNITS[found.group(2)])


def _window(text: str) -> "Window":
    from pydantic import ValidationError

    from fleet.documents.rollout import Window

    opens, _, closes = text.partition("-")
    try:
        return Window(start=opens, end=closes)
    except ValidationError as error:
        raise argparse.ArgumentTypeError("a window is written as 02:00-05:00") from error


def _number(text: str) -> int:
    found = re.fullmatch(r"(?:roll-)?(\d{1,9})", text)
    if found is None:
        raise argparse.ArgumentTypeError("a rollout is written as roll-17")
    return int(found.group(1))
