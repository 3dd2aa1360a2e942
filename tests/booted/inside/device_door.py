"""device_door.py ROOT SOCKET: play a device process that is well, on the socket where the update agent asks.

It says that it runs what the launcher would start from ROOT at that moment.
"""

import json
import socketserver
import sys
from pathlib import Path

root, path = Path(sys.argv[1]), sys.argv[2]


class Answer(socketserver.StreamRequestHandler):
    """One question a connection."""

    def handle(self) -> None:
        if not self.rfile.readline(4096):
            return
        trial, tries = root / "trial", root / "tries"
        is_on_trial = trial.is_symlink() and tries.exists() and 1 <= tries.stat().st_size <= 3
        release = (trial if is_on_trial else root / "current").resolve().name
        self.wfile.write(json.dumps({"v": 1, "state": "ok", "release": release}).encode() + b"\n")


Path(path).unlink(missing_ok=True)
socketserver.ThreadingUnixStreamServer.daemon_threads = True
socketserver.ThreadingUnixStreamServer(path, Answer).serve_forever()
