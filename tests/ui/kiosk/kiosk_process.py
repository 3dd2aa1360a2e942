"""The kiosk's own process with the test as its device process."""

import os
import queue
import subprocess
import sys
from pathlib import Path
from typing import Any

from messaging.local.from_kiosk import FROM_KIOSK
from messaging.local_socket import Connection, LocalServer
from tests.patience import PATIENCE_S
from tools.scenes import shop_settings

RUN = """
import sys
from pathlib import Path
from kiosk.bootstrap import run
from kiosk.configuration import KioskConfiguration
from runtime.logs import set_up_logs
set_up_logs()
socket, video, mirror, size, turn = sys.argv[1:]
sys.exit(run(KioskConfiguration(socket=Path(socket), size=size, turn=int(turn), video=video, mirror=mirror == "on")))
"""


class Device:
    """The other end of the socket."""

    def __init__(self, path: Path) -> None:
        self._told: queue.Queue[Any] = queue.Queue()
        self.server = LocalServer(path, self._frame, self._connected, lambda: None)
        self.server.start()

    def _frame(self, frame: bytes) -> None:
        self._told.put(FROM_KIOSK.validate_json(frame))

    def _connected(self, connection: Connection) -> None:
        connection.send(shop_settings())

    def next(self, kind: type[Any], within_s: float = PATIENCE_S) -> Any:
        while True:
            message = self._told.get(timeout=within_s)
            if isinstance(message, kind):
                return message


def kiosk_command(
    socket: Path, video: str, mirror: str = "on", size: str = "800x480", turn: int = 0
) -> list[str]:
    """Starts a kiosk that looks for its device process at this socket."""
    return [sys.executable, "-c", RUN, str(socket), video, mirror, size, str(turn)]


def start(tmp_path: Path, video: str = "offscreen", mirror: str = "on") -> subprocess.Popen[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "SDL_VIDEODRIVER")
    }
    return subprocess.Popen(
        kiosk_command(tmp_path / "kiosk.sock", video, mirror),
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
