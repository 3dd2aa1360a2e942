"""What is fuzzed: each takes bytes and raises where a promise is broken."""

from collections.abc import Callable, Mapping

from codes.scanned import References, ScannedCard, Unreadable, classify
from device.gs1 import without_elements
from device.readings import MAX_CODE_CHARS, MisreadReason, is_printable
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.keys import Key
from device.scanners.layouts import LAYOUTS
from device.scanners.serial_decoder import SerialDecoder, SerialRules
from messaging.codec import decode, readable_id
from messaging.errors import MessagingError
from messaging.station.result import Result

_KEYS = list(Key)
_LAYOUTS = list(LAYOUTS.values())


def key_events(data: bytes) -> None:
    """Two bytes a key event: any stream gives printable text or a refusal."""
    if not data:
        return
    end = "silence" if data[0] & 1 else "key"
    decoder = KeyDecoder(KeyRules(_LAYOUTS[data[0] % len(_LAYOUTS)], end=end))  # type: ignore[arg-type]
    now_s = 0.0
    for place, value in zip(data[1::2], data[2::2], strict=False):
        now_s += (value >> 4) / 20
        code = int(_KEYS[place % len(_KEYS)]) if place < 200 else place
        _check(decoder.feed(code, value % 3, now_s))


def serial_bytes(data: bytes) -> None:
    """A port's bytes in two pieces."""
    decoder = SerialDecoder(SerialRules(prefix="\x02"))
    for piece in (data[: len(data) // 2], data[len(data) // 2 :]):
        for outcome in decoder.feed(piece, 0.0):
            _check(outcome)


def code_text(data: bytes) -> None:
    """A code's text is a card, references or unreadable; GS1 is taken apart once only."""
    try:
        text = data.decode("utf-8", errors="surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if not isinstance(classify(text), ScannedCard | References | Unreadable):
        raise AssertionError("neither card nor reference")
    left = without_elements(text)
    if without_elements(left) != left:
        raise AssertionError("elements in elements")


def message(data: bytes) -> None:
    """A payload is a message or one kind of error."""
    readable_id(data)
    try:
        decode(data, Result)
    except MessagingError:
        return


def _check(outcome: str | MisreadReason | None) -> None:
    if outcome is None or isinstance(outcome, MisreadReason):
        return
    if not (1 <= len(outcome) <= MAX_CODE_CHARS and is_printable(outcome)):
        raise AssertionError(f"no code: {outcome!r}")


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "key_events": key_events,
    "serial_bytes": serial_bytes,
    "code_text": code_text,
    "message": message,
}
SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "key_events": (b"\x00" + bytes(range(64)),),
    "serial_bytes": (b"\x02]d20103012345678902\r\n",),
    "code_text": (b"CM1ABC", b"https://example.com/c?ref=TEST-0001", b"]C1010301234567890210LOT\x1d17"),
    "message": (b'{"v":1,"event_id":"0192f3c0-0000-7000-8000-000000000001","outcome":"accepted"}',),
}
