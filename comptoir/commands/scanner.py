"""``comptoir scanner``: which scanners there are, what they type, and how they are set."""

import argparse
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.config import DEFAULT_PATH

if TYPE_CHECKING:
    from comptoir.commands import Commands
    from device.scanners.input_devices import InputDevices, InputNode
    from device.scanners.key_watch import CaughtScan

_LAYOUTS = ("us", "fr", "de", "es", "uk")


def register(commands: "Commands") -> None:
    scanner = commands.add_parser("scanner", help="find, try and set up USB scanners")
    actions = scanner.add_subparsers(dest="action", required=True, metavar="action")
    listed = actions.add_parser("list", help="every input device, and which node would be read and why")
    listed.set_defaults(run=_list)
    tested = actions.add_parser("test", help="show what scans type, key by key, and what it means")
    tested.add_argument("--layout", choices=_LAYOUTS, default="us", help="read the keys as this keyboard")
    tested.add_argument("--scans", type=int, default=0, metavar="N", help="end after so many (else Ctrl-C)")
    tested.add_argument("--keys", action="store_true", help="show every key as it comes")
    tested.add_argument("--record", type=Path, metavar="FILE", help="keep the keys of the last scan")
    tested.set_defaults(run=_test)
    learned = actions.add_parser("learn", help="find a scanner's setting from a scan of the test code")
    learned.add_argument("--name", default="scanner", help="the reader's name in the configuration")
    learned.add_argument("--write", action="store_true", help="change the configuration's file")
    learned.set_defaults(run=_learn)
    sheet = actions.add_parser("sheet", help="write the test sheet as a PDF, to print or to show on a screen")
    sheet.add_argument("file", type=Path, metavar="FILE")
    sheet.add_argument("--language", choices=("fr", "en"), default="fr")
    sheet.add_argument("--paper", choices=("A4", "Letter"), default="A4")
    sheet.set_defaults(run=_sheet)
    for action in (tested, learned):
        action.add_argument(
            "--device", metavar="PATH", help="this event node only, best below /dev/input/by-id"
        )
        action.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS")
        action.add_argument(
            "--recorded", type=Path, metavar="FILE", help="keys kept by test --record, instead"
        )
        action.add_argument(
            "--simulated", choices=_LAYOUTS, metavar="LAYOUT", help="a made-up scanner scans the test code"
        )
    for action in (listed, learned):
        action.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    listed.add_argument("--simulated", action="store_true", help="a machine with one made-up scanner")


def _list(options: argparse.Namespace) -> int:
    from comptoir.scanner_report import configured_told, nodes_told
    from comptoir.scanner_settings import scanners_in
    from device.scanners.input_devices import EvdevInputDevices
    from device.scanners.simulated_input import SimulatedInputDevices
    from device.scanners.survey import SERIAL_BY_ID, stable_links, survey

    devices: InputDevices = SimulatedInputDevices() if options.simulated else EvdevInputDevices()
    nodes = survey(devices, stable_links())
    ports = () if options.simulated else sorted(stable_links(SERIAL_BY_ID))
    _print(nodes_told(nodes, ports))
    _print(configured_told(devices, scanners_in(options.config)))
    return 0 if ports or any(node.types for node in nodes) else 1


def _test(options: argparse.Namespace) -> int:
    from comptoir.scanner_report import key_name, scan_told
    from device.scanners.recorded_keys import write_keys

    def show(code: int, value: int) -> None:
        print(f"  {key_name(code)} {('up', 'down', 'repeat')[value] if 0 <= value <= 2 else value}")

    seen = 0
    for scan in _scans(options, show if options.keys else None):
        seen += 1
        _print(scan_told(scan, options.layout))
        if options.record is not None:
            write_keys(options.record, scan.events)
        if seen == options.scans:
            break
    return 0 if seen else 1


def _learn(options: argparse.Namespace) -> int:
    from comptoir.errors import CommandError
    from comptoir.scanner_report import profile_told
    from comptoir.scanner_settings import lines_of, scanners_in, write_scanner
    from device.scanners.scan_profile import learn_profile
    from device.scanners.survey import stable_links

    scan = next(_scans(options, None), None)
    if scan is None:
        return 1
    profile = learn_profile(scan.events)
    if profile is None:
        raise CommandError(
            "no known setting types the test code so; look at it by: comptoir scanner test --keys"
        )
    _print(profile_told(profile))
    known = next((one for one in scanners_in(options.config) if one.name == options.name), None)
    values = {"name": options.name}
    if known is None and options.simulated is not None:
        values |= {"kind": "simulated"}
    elif known is None and options.recorded is None:
        links = [link for link, path in stable_links().items() if path == scan.path]
        values |= {"by_id": (links or [scan.path])[0]}
    layout = known.layout if known is not None and known.layout in profile.layouts else profile.layouts[0]
    values |= {"layout": layout, "end": profile.end, "prefix": profile.prefix, "suffix": profile.suffix}
    if options.write:
        write_scanner(options.config, values)
        print(f"written to {options.config}; it counts once the device's service is started again")
    else:
        print(lines_of(values), end="")
    return 0


def _sheet(options: argparse.Namespace) -> int:
    from checkout.profiles.card_sheet import Paper
    from comptoir.scanner_sheet import write_sheet

    write_sheet(options.file, options.language, Paper(options.paper))
    return 0


def _scans(
    options: argparse.Namespace, on_key: "Callable[[int, int], None] | None"
) -> "Iterator[CaughtScan]":
    """Scans until none comes in time; of a recording or a made-up scanner just one."""
    from device.scanners.key_watch import CaughtScan, alone, catch_scan
    from device.scanners.recorded_keys import read_keys
    from runtime.clock import SystemClock

    if options.recorded is not None:
        yield CaughtScan(str(options.recorded), "recording", read_keys(options.recorded))
        return
    nodes = _nodes(options)
    with alone(nodes):
        if options.simulated is None:
            names = ", ".join(f"{node.name} ({node.path!s})" for node in nodes)
            print(f"Scan now. Listening to {names}.", flush=True)
        while True:
            scan = catch_scan(
                nodes,
                SystemClock(),
                timeout_s=options.timeout,
                silence_s=0.05 if options.simulated else 0.5,
                on_key=on_key,
            )
            if (
                len(nodes) > 1 and sys.stdin.isatty()
            ):  # what was scanned must not become a command of the shell
                termios.tcflush(sys.stdin, termios.TCIFLUSH)
            if scan is None:
                print(f"No key came in {options.timeout:g} seconds.")
                return
            yield scan
            if options.simulated is not None:
                return


def _nodes(options: argparse.Namespace) -> "Sequence[InputNode]":
    """The nodes to listen to, open: the one that was named, or all that type."""
    from device.errors import ScannerError
    from device.scanners.input_devices import EvdevInputDevices
    from device.scanners.layouts import LAYOUTS
    from device.scanners.node_search import open_keyboard
    from device.scanners.simulated_input import SimulatedInputDevices
    from device.scanners.survey import survey
    from device.scanners.typist import keystrokes
    from messaging.self_test import LAYOUT_TEST_TEXT

    if options.simulated is not None:
        machine = SimulatedInputDevices()
        machine.keyboard().press(keystrokes(LAYOUT_TEST_TEXT, LAYOUTS[options.simulated]))
        return [machine.open(path) for path in machine.paths()]
    devices = EvdevInputDevices()
    if options.device is not None:
        return [open_keyboard(devices, options.device)]
    nodes = survey(devices, {})
    typing = [devices.open(node.path) for node in nodes if node.types]
    if not typing:
        refused = "; ".join(node.refusal for node in nodes if node.refusal)
        raise ScannerError(
            refused or "no scanner that types is plugged in; comptoir scanner list shows what is"
        )
    return typing


def _print(lines: "Iterator[str]") -> None:
    for line in lines:
        print(line)
