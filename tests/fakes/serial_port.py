"""A serial port that a program plugs in and pulls out: a pseudo-terminal behind a link of its own."""

import contextlib
import os
from pathlib import Path


class PtyPort:
    """``link`` leads to the port while it is plugged in; it starts so."""

    def __init__(self, link: Path):
        self.link = link
        self._scanner_end = -1
        self.plug()

    def send(self, data: bytes):
        os.write(self._scanner_end, data)

    def plug(self):
        self._scanner_end, port = os.openpty()
        self.link.symlink_to(os.ttyname(port))
        os.close(port)

    def unplug(self):
        self.link.unlink()
        self.close()

    def close(self):
        with contextlib.suppress(OSError):
            os.close(self._scanner_end)
        self._scanner_end = -1
