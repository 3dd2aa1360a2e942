"""``comptoir signer``: the process that holds the authority's key and certifies devices that are paired."""

import argparse
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.certs import Authority
from comptoir.signer import Signer, SignerServer, SignerSettings
from runtime.config import DEFAULT_PATH, load_section
from runtime.lifecycle import stop_signals
from runtime.logs import set_up_logs
from runtime.notify import ServiceNotifier, watchdog_interval_s

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    signer = commands.add_parser("signer", help="certify devices that staff pair at the station")
    signer.add_argument(
        "--config", type=Path, default=DEFAULT_PATH, metavar="FILE", help=f"default {DEFAULT_PATH}"
    )
    signer.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    set_up_logs()
    settings = load_section(options.config, "signer", SignerSettings)
    with stop_signals() as asked:
        server = SignerServer(settings.socket, Signer(settings, Authority(settings.certificates)))
        threading.Thread(target=server.serve_forever, name="signer", daemon=True).start()
        notifier = ServiceNotifier()
        notifier.ready()
        while not asked.wait(watchdog_interval_s()):
            notifier.alive()
        notifier.stopping()
        server.shutdown()
        server.server_close()
        settings.socket.unlink(missing_ok=True)
    return 0
