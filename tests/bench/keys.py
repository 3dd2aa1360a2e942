"""Fingers on the simulated scanner, through one open connection: a scanner dials nobody for a key."""

import json
import socket
from pathlib import Path


class Keys:
    """The simulation socket of a device, kept open."""

    def __init__(self, path: Path) -> None:
        self._peer = socket.socket(socket.AF_UNIX)
        self._peer.settimeout(20)
        self._peer.connect(str(path))
        self._lines = self._peer.makefile("rb")

    def type(self, text: str, *, press_enter: bool) -> None:
        """Press keys.

        Raises:
            RuntimeError: The device refused.
        """
        request = {"do": "type", "text": text, "end": press_enter}
        self._peer.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(self._lines.readline() or b"{}")
        if not answer.get("ok"):
            raise RuntimeError(f"the device refused to type: {answer}")

    def close(self) -> None:
        self._lines.close()
        self._peer.close()
