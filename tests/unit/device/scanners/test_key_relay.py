"""Keys through the relay: none lost while nobody reads, the end of the keyboard noticed, nothing left behind."""

import errno
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from device.scanners.key_relay import KeyRelay, RelayedEvent

_EVENT = struct.Struct("llHHi")


class Keyboard:
    """A pipe in place of an event node."""

    def __init__(self) -> None:
        self.node, self._keys = os.pipe()

    def press(self, codes: range) -> None:
        for code in codes:
            os.write(self._keys, _EVENT.pack(1, 2, 1, code, 1))

    def press_for(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self.press(range(1))
            time.sleep(0.02)

    def let_go(self) -> None:
        os.close(self.node)
        self.node = -1

    def unplug(self) -> None:
        os.close(self._keys)


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    made = Keyboard()
    yield made
    if made.node >= 0:
        made.let_go()


def _not_to_be_had(*_command: object, **_settings: object) -> None:
    raise OSError(errno.EAGAIN, "no processes")


def read(relay: KeyRelay, count: int) -> list[RelayedEvent]:
    events: list[RelayedEvent] = []
    while len(events) < count:
        assert select.select([relay], [], [], 20)[0], f"{len(events)} of {count}"
        events += relay.read()
    return events


def test_what_was_typed_while_nobody_read_is_there_whole_and_in_order(keyboard: Keyboard) -> None:
    # part of row 76: the kernel itself holds 64 events
    relay = KeyRelay(keyboard.node)

    keyboard.press(range(10_000))

    assert read(relay, 10_000) == [RelayedEvent(1, code, 1) for code in range(10_000)]
    with pytest.raises(BlockingIOError):
        relay.read()
    keyboard.unplug()
    relay.close()


def test_a_keyboard_that_is_gone_is_told_after_its_last_key(keyboard: Keyboard) -> None:
    relay = KeyRelay(keyboard.node)
    keyboard.press(range(3))
    keyboard.unplug()

    assert len(read(relay, 3)) == 3
    assert select.select([relay], [], [], 20)[0]
    with pytest.raises(OSError, match="No such device"):
        relay.read()
    relay.close()


def test_a_process_that_is_killed_leaves_nobody_who_holds_the_keyboard(keyboard: Keyboard) -> None:
    script = (
        "import sys, time; from device.scanners.key_relay import KeyRelay;"
        f"relay = KeyRelay({keyboard.node}); print('reads', flush=True); time.sleep(600)"
    )
    keyboard.press(range(1))
    reader = subprocess.Popen(
        [sys.executable, "-c", script], pass_fds=[keyboard.node], stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reads\n"

    reader.kill()

    reader.wait(20)
    reader.stdout.close()
    keyboard.let_go()
    with pytest.raises(BrokenPipeError):
        keyboard.press_for(30)
    keyboard.unplug()


def test_without_the_process_the_descriptor_is_as_it_was(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.set_blocking(keyboard.node, False)
    monkeypatch.setattr("subprocess.Popen", _not_to_be_had)

    with pytest.raises(OSError, match="no processes"):
        KeyRelay(keyboard.node)

    assert not os.get_blocking(keyboard.node)
    keyboard.unplug()
