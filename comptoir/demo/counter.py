"""Starts the whole counter, keeps it up, and leaves nothing running."""

import os
import shutil
import socket
import ssl
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from comptoir.demo.doors import Counter
from comptoir.demo.supervisor import DemoError, Supervisor
from comptoir.demo.workplace import DEVICE, Workplace, free_port
from runtime.lifecycle import stop_signals

_START_S = 60.0


@dataclass(frozen=True)
class RunningDemo:
    """What acts on the demo once everything is up."""

    workplace: Workplace
    supervisor: Supervisor
    counter: Counter
    broker: str
    """Name and version, as in ``mosquitto 2.0.11``."""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.workplace.port_file.read_text(encoding='ascii').strip()}"

    @property
    def address(self) -> str:
        """Of the page, with the token of this run."""
        return f"{self.origin}/demo?token={self.workplace.token}"

    def tls_version(self) -> str:
        """What the broker speaks to a process with the device's certificate, as in ``TLSv1.3``."""
        folder = self.workplace.root / "certificates" / DEVICE
        context = ssl.create_default_context(cafile=folder / "ca.pem")
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        address = ("127.0.0.1", self.workplace.broker_port)
        with (
            socket.create_connection(address, timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=address[0]) as secure,
        ):
            return secure.version() or ""


def run_demo(*, data: Path | None, port: int, size: str, act: Callable[[RunningDemo], int] | None) -> int:
    """Run the demo until it is asked to stop, or, with ``act``, until that has returned.

    Raises:
        DemoError: A part did not start; everything else was stopped again.
    """
    with ExitStack() as ending:
        root = data or Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="comptoir-demo-")))
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        workplace = Workplace(
            root=root.resolve(),
            broker_port=free_port(),
            page_port=port or free_port(),
            size=size,
            video=_video(),
        )
        supervisor = Supervisor(workplace.logs)
        ending.callback(supervisor.stop)
        asked = ending.enter_context(stop_signals())
        demo = _start(workplace, supervisor)
        if act is not None:
            return act(demo)
        print(f"The counter is open: {demo.address}", flush=True)
        print("DEMO on loopback with made-up data. Ctrl-C ends it.", flush=True)
        while not asked.wait(0.5):
            ended = supervisor.ended()
            if ended is not None:
                raise DemoError(f"{ended} ended by itself:\n{supervisor.log_tail(ended)}")
        print("Closing the counter.", flush=True)
    return 0


def _start(workplace: Workplace, supervisor: Supervisor) -> RunningDemo:
    workplace.prepare()
    mosquitto = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if mosquitto is None:
        raise DemoError("mosquitto is not installed; make setup-run installs it")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    conf = str(workplace.root / "broker" / "mosquitto.conf")
    supervisor.start("broker", [mosquitto, "-c", conf])
    supervisor.wait_until("broker", lambda: listens(workplace.broker_port), _START_S)
    workplace.port_file.unlink(missing_ok=True)
    for name, command in (("checkout", ["checkout"]), ("device", ["device", "run"]), ("kiosk", ["kiosk"])):
        whole = [sys.executable, "-m", "comptoir", *command, "--config", str(workplace.configuration)]
        supervisor.start(name, whole, environment)
    counter = Counter(workplace.simulation_socket)
    supervisor.wait_until("checkout", workplace.port_file.exists, _START_S)
    supervisor.wait_until("device", workplace.simulation_socket.exists, _START_S)
    supervisor.wait_until("kiosk", lambda: _is_up(counter), _START_S)
    return RunningDemo(workplace, supervisor, counter, _broker_version(supervisor))


def _is_up(counter: Counter) -> bool:
    """Whether the kiosk draws and the device has its link and the shop's settings."""
    status = counter.ask(do="status")
    kiosk = status["parts"].get("kiosk", {}).get("state")
    return kiosk == "ok" and bool(status["online"]) and status["settings_version"] > 0


def listens(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _video() -> str:
    """A window where there is a display; off-screen otherwise, which the kiosk takes only when told so."""
    if os.environ.get("DISPLAY"):
        return "x11"
    return "offscreen"


def _broker_version(supervisor: Supervisor) -> str:
    words = supervisor.log_tail("broker", 100).split("mosquitto version ")
    return f"mosquitto {words[1].split()[0]}" if len(words) > 1 else "mosquitto"
