"""Catches the keys of one scan as they are, for whoever sets a scanner up."""

import contextlib
import errno
import selectors
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from device.errors import ScannerError
from device.scanners.input_devices import EV_KEY, EV_SYN, SYN_DROPPED, InputNode
from runtime.clock import Clock

KeyEvent = tuple[int, int]
"""A key's position and what became of it: ``KEY_UP``, ``KEY_DOWN`` or ``KEY_REPEAT``."""

MOST_EVENTS = 20_000
"""Somebody who leans on a keyboard ends the scan here."""


@dataclass(frozen=True)
class CaughtScan:
    """What one device typed between two silences."""

    path: str
    name: str
    events: tuple[KeyEvent, ...]


@contextmanager
def alone(nodes: Sequence[InputNode]) -> Iterator[None]:
    """Keep a single node's keys from everybody else meanwhile; of several, see that nobody holds one.

    Raises:
        ScannerError: Another process holds a node; its keys would not come.
    """
    held: list[InputNode] = []
    try:
        for node in nodes:
            _grab(node)
            held.append(node)
        if len(nodes) > 1:  # one of them may be the keyboard of whoever started this
            _release(held)
        yield
    finally:
        _release(held)
        for node in nodes:
            with contextlib.suppress(OSError):
                node.close()


def catch_scan(
    nodes: Sequence[InputNode],
    clock: Clock,
    *,
    timeout_s: float,
    silence_s: float = 0.5,
    on_key: Callable[[int, int], None] | None = None,
) -> CaughtScan | None:
    """The next scan of any of the nodes; None where none came in time.

    Raises:
        ScannerError: The scanner was unplugged, or the kernel dropped keys.
    """
    until_s = clock.monotonic_s() + timeout_s
    typing: InputNode | None = None
    events: list[KeyEvent] = []
    with selectors.DefaultSelector() as selector:
        for node in nodes:
            selector.register(node.fileno(), selectors.EVENT_READ, node)
        while len(events) < MOST_EVENTS:
            wait_s = silence_s if events else max(0.0, until_s - clock.monotonic_s())
            ready = [key.data for key, _ in selector.select(wait_s)]
            if not ready:
                break
            for node in ready:
                for code, value in _keys(node):
                    typing = typing or node
                    if node is typing:
                        events.append((code, value))
                        if on_key is not None:
                            on_key(code, value)
    return None if typing is None else CaughtScan(str(typing.path), typing.name, tuple(events))


def _keys(node: InputNode) -> Iterator[KeyEvent]:
    try:
        for event in list(node.read()):
            if event.type == EV_KEY:
                yield event.code, event.value
            elif event.type == EV_SYN and event.code == SYN_DROPPED:
                raise ScannerError("the kernel dropped keys in the midst of the scan; scan again")
    except BlockingIOError:
        return
    except OSError as error:
        raise ScannerError(f"{node.name} was unplugged: {error.strerror}") from error


def _grab(node: InputNode) -> None:
    try:
        node.grab()
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise ScannerError(
                f"{node.name} is held by another process; stop the device's service meanwhile"
            ) from error
        raise ScannerError(f"{node.name} cannot be grabbed: {error.strerror}") from error


def _release(held: list[InputNode]) -> None:
    while held:
        with contextlib.suppress(OSError):
            held.pop().ungrab()
