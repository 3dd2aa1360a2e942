"""A long memory for a keyboard: a process that does nothing else carries its keys into a wide pipe.

The kernel holds 64 events for a reader that is away, some ten characters, and throws keys away after that: a
quick scanner types them in 15 ms. A thread here may be away for longer, while others hold the interpreter or
a page comes from the SD card. ``cat`` waits for nothing but the keyboard, and the pipe holds thousands of
characters.
"""

import contextlib
import errno
import fcntl
import os
import struct
import subprocess
import time
from typing import NamedTuple

_EVENT = struct.Struct("llHHi")
"""``struct input_event``: seconds, microseconds, type, code, value."""

_CARRY = """
exec 3<&0 4<&2 0</dev/null 2>/dev/null
cat <&3 &
exec 3<&- >&-
read -r _ <&4
kill $!
"""
"""Keyboard in, pipe out. The third descriptor is a lifeline: once its other end is closed, by whatever end of
this process, ``cat`` ends too; it would go on holding the keyboard."""
_PIPE_BYTES = 1024 * 1024
_READ_EVENTS = 4096
_EVIOCSCLOCKID = 0x400445A0
"""Sets the clock of the events' times (linux/input.h)."""


class RelayedEvent(NamedTuple):
    """One kernel event; ``at_s`` is when the key moved, on the monotonic clock, however late it is read."""

    type: int
    code: int
    value: int
    at_s: float | None = None


class KeyRelay:
    """Reads a descriptor of an event node from now on; nobody else may. One thread.

    Args:
        descriptor: Of the open node; it may be grabbed.

    Raises:
        OSError: The process cannot be started.
    """

    def __init__(self, descriptor: int) -> None:
        self._rest = b""
        self._tells_time = False
        lifeline, self._lifeline = os.pipe()
        self._read_end, write_end = os.pipe()
        try:
            with contextlib.suppress(OSError):  # a kernel that allows less gives 64 KB
                fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            with contextlib.suppress(OSError):
                fcntl.ioctl(descriptor, _EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
                self._tells_time = True
            os.set_blocking(self._read_end, False)
            os.set_blocking(descriptor, True)
            self._process = subprocess.Popen(  # noqa: S603 - a constant
                ["/bin/sh", "-c", _CARRY], stdin=descriptor, stdout=write_end, stderr=lifeline
            )
        except OSError:
            os.set_blocking(descriptor, False)
            os.close(self._read_end)
            os.close(self._lifeline)
            raise
        finally:
            os.close(write_end)
            os.close(lifeline)

    def fileno(self) -> int:
        """Readable when events wait, and once the node is gone."""
        return self._read_end

    def read(self) -> list[RelayedEvent]:
        """The events that wait.

        Raises:
            BlockingIOError: None does.
            OSError: The node is gone.
        """
        got = os.read(self._read_end, _READ_EVENTS * _EVENT.size)
        if not got:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        whole = self._rest + got
        end = len(whole) - len(whole) % _EVENT.size
        self._rest = whole[end:]
        return [
            RelayedEvent(kind, code, value, seconds + us / 1_000_000 if self._tells_time else None)
            for seconds, us, kind, code, value in _EVENT.iter_unpack(whole[:end])
        ]

    def close(self) -> None:
        """End the process; the descriptor that was given stays open."""
        os.close(self._lifeline)
        self._process.wait()
        os.close(self._read_end)
