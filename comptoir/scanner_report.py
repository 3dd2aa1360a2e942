"""What ``comptoir scanner`` tells of nodes, keys and settings, in sentences."""

from collections.abc import Iterable, Iterator, Sequence

from device.configuration import ScannerSettings
from device.errors import ScannerError
from device.scanners.aim import split_identifier
from device.scanners.input_devices import InputDevices
from device.scanners.key_watch import CaughtScan
from device.scanners.keys import KEY_DOWN, Key
from device.scanners.layouts import LAYOUTS
from device.scanners.node_search import UsbId, open_keyboard
from device.scanners.scan_profile import END_MARK, ScanProfile, Transcript, learn_profile, transcribe
from device.scanners.survey import SeenNode, devices_of

_SHIFTED_DIGITS = frozenset("!@#$%^&*()")
_GROUP_SEPARATOR = "\x1d"


def nodes_told(nodes: Sequence[SeenNode], ports: Sequence[str] = ()) -> Iterator[str]:
    """Every device, its nodes, the one that would be read and why; what may not be opened; serial ports."""
    for device in devices_of(nodes):
        typing = [node for node in device if node.types]
        yield f"{device[0].name or 'without a name'}  {device[0].usb}"
        for node in device:
            yield f"  {node.path}  {_why(node, typing)}"
            yield from (f"    by_id = {_quoted(link)}" for link in node.links)
    refused = [node for node in nodes if node.refusal]
    yield from (node.refusal for node in refused)
    if any("ermission" in node.refusal for node in refused):
        yield "Run this as root, or as a member of the group input."
    yield from (f'serial port\n    by_id = {_quoted(port)}  (kind = "serial")' for port in ports)
    if not nodes and not ports:
        yield "No input device at all: nothing is plugged in, or this machine does not show /dev/input."


def configured_told(devices: InputDevices, scanners: Iterable[ScannerSettings]) -> Iterator[str]:
    """Which node each configured scanner comes to now."""
    for scanner in scanners:
        if scanner.kind == "serial" and scanner.by_id is not None:
            there = "is there" if scanner.by_id.exists() else "is not there"
            yield f"configured {scanner.name}: serial port {scanner.by_id} {there}"
            continue
        if scanner.kind != "evdev":
            yield f"configured {scanner.name}: {scanner.kind}"
            continue
        wanted = UsbId.parse(scanner.usb) if scanner.usb is not None else str(scanner.by_id)
        try:
            node = open_keyboard(devices, wanted)
        except ScannerError as error:
            yield f"configured {scanner.name}: {error.message}"
            continue
        yield f"configured {scanner.name}: {wanted} is {node.path!s} ({node.name})"
        node.close()


def scan_told(scan: CaughtScan, layout: str) -> Iterator[str]:
    """What came, what it says by this layout and by the others, and what to set."""
    presses = sum(value == KEY_DOWN for _, value in scan.events)
    yield f"{presses} key presses from {scan.name} ({scan.path})"
    mine = transcribe(scan.events, LAYOUTS[layout])
    yield f"as {layout}: {shown(mine.text)}"
    others: dict[str, list[str]] = {}
    for name, other in LAYOUTS.items():
        others.setdefault(transcribe(scan.events, other).text, []).append(name)
    for text, names in others.items():
        if text != mine.text:
            yield f"as {' or '.join(names)}: {shown(text)}"
    profile = learn_profile(scan.events)
    if profile is not None:
        yield "This is a test code."
        yield from profile_told(profile)
        return
    identifier, symbology, _ = split_identifier(mine.text)
    if identifier:
        yield f"AIM identifier {identifier} ({symbology or 'a kind without a name here'}): removed by itself"
    yield from _hints(mine)


def profile_told(profile: ScanProfile) -> Iterator[str]:
    """How the scanner is set, and what of it should be changed at the scanner itself."""
    yield f"keyboard: {' or '.join(profile.layouts)}"
    if profile.by_number:
        yield "characters come by their number (Alt and keypad): any layout will do, but each costs many keys"
    elif len(profile.layouts) > 1:
        yield "this code cannot tell them apart; the code of the test sheet (comptoir scanner sheet) can"
    yield "end of a code: " + ("a key" if profile.end == "key" else "none; silence ends it")
    for what, text in (("prefix", profile.prefix), ("suffix", profile.suffix)):
        if text:
            yield f"{what}: {shown(text)}"
    if profile.identifier:
        yield f"AIM identifier {profile.identifier}: removed by itself"
    if profile.turned_case:
        yield "Capital and small letters come turned round: switch CapsLock handling off at the scanner."


def shown(text: str) -> str:
    """A text with what cannot be seen written out."""
    return "".join(
        "⏎" if char == END_MARK else char if char.isprintable() else f"<{ord(char):02X}>" for char in text
    )


def key_name(code: int) -> str:
    """The key's name as the kernel has it, or its number."""
    try:
        return Key(code).name
    except ValueError:
        return f"key {code}"


def _why(node: SeenNode, typing: Sequence[SeenNode]) -> str:
    if not node.types:
        return "not read: it lacks digits or ENTER"
    if node is typing[0]:
        return "would be read: it has digits and ENTER (a keyboard has them too)"
    return "not read: an earlier node of the device has digits and ENTER"


def _hints(mine: Transcript) -> Iterator[str]:
    printed = [char for char in mine.text if char != END_MARK]
    if printed and all(char in _SHIFTED_DIGITS for char in printed):
        yield "Digits come shifted: the scanner is probably set to French (layout fr)."
    if _GROUP_SEPARATOR in mine.text:
        yield "GS1 separators come as <1D>; of a code that names an item, its number is taken."
    if mine.unknown:
        names = ", ".join(sorted({key_name(code) for code in mine.unknown}))
        yield f"Keys without a character here: {names}. Some scanners send GS1 separators as such keys."
        yield "A code with such a key in it or after it is refused, for a character may be missing."
    yield "Scan the code of the test sheet (comptoir scanner sheet) to find the setting."


def _quoted(link: str) -> str:
    return f'"{link}"'
