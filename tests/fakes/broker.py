"""A real Mosquitto with the committed configuration, on a free loopback port, for tests to use and to break."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from comptoir.broker import Lane, Listener, Pos, Station, render_acl, render_conf
from comptoir.certs import Authority
from messaging.mqtt import BrokerAddress
from tests.patience import PATIENCE_S

_WAIT_S = PATIENCE_S

STATIONS = (
    Station(
        name="s0001.station",
        lanes=(Lane(number=1, devices=("s0001.k01",)), Lane(number=2, devices=("s0001.k02", "s0001.h01"))),
    ),
    Station(name="s0002.station", lanes=(Lane(number=1, devices=("s0002.k01",)),)),
)
"""Two stores on one broker, which a test needs to see that they never share a device."""

POS = (Pos(name="s0001.pos-one", lanes=(1,)),)


class MosquittoBroker:
    """One broker with its own authority; every name of ``stations`` and ``pos`` has a certificate.

    Args:
        directory: Empty; keeps certificates, configuration, and the broker's data over restarts.
        stations: Who owns which devices.
        pos: Which other tills hear which lanes.
        edit_conf: Changes the rendered configuration, for tests that compare a setting with its absence.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        directory: Path,
        stations: Sequence[Station] = STATIONS,
        pos: Sequence[Pos] = POS,
        edit_conf: Callable[[str], str] = str,
    ) -> None:
        self.directory = directory
        self.port = _free_port()
        self.version = ""
        self._stations = tuple(stations)
        self._pos = tuple(pos)
        self._process: subprocess.Popen[str] | None = None
        self._log: list[str] = []
        self._logged = threading.Condition()
        self.authority = Authority(directory / "certificates")
        self._make_certificates()
        (directory / "data").mkdir()
        self._acl = directory / "acl"
        self._write_acl(())
        self._conf = directory / "mosquitto.conf"
        conf = render_conf(
            [Listener(address=self.host, port=self.port)],
            certificates=self.authority.directory / "broker",
            acl_file=self._acl,
            data_directory=directory / "data",
            # Mosquitto started by root leaves root for an account that may not read a test's files.
            user="root" if os.geteuid() == 0 else None,
        )
        self._conf.write_text(edit_conf(conf), encoding="utf-8")

    def address(self, name: str, session_expiry_s: int = 3600) -> BrokerAddress:
        """How a process with this certificate connects."""
        folder = self.folder(name)
        return BrokerAddress(
            host=self.host,
            port=self.port,
            ca_file=folder / "ca.pem",
            certificate_file=folder / "certificate.pem",
            key_file=folder / "key.pem",
            client_id=name,
            session_expiry_s=session_expiry_s,
        )

    def folder(self, name: str) -> Path:
        """Where the certificate and keys of a name are: ``seal.key``, ``cards.pub`` and so on."""
        return self.authority.directory / name

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        return "\n".join(self._log)

    def start(self) -> None:
        """Start and wait until it listens."""
        if self.is_running:
            return
        self._process = subprocess.Popen(
            ["mosquitto", "-c", str(self._conf)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin"},
        )
        seen = len(self._log)
        threading.Thread(target=self._follow, args=(self._process,), daemon=True).start()
        line = self._wait_for(" running", seen)
        self.version = line.split(" running")[0].split("mosquitto version ")[-1]

    def stop(self) -> None:
        """End it as systemd does: it saves sessions first."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash does."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def revoke(self, *names: str) -> None:
        """Revoke by the access list and reload; no name lifts it again.

        The product starts the broker anew. A reload leaves sessions open, so what is seen is due to the list alone.
        """
        self._write_acl(names)
        self.reload()

    def reload(self) -> None:
        """Make it read access list and revocation list again, and wait until it did."""
        assert self._process is not None
        seen = len(self._log)
        self._process.send_signal(signal.SIGHUP)
        self._wait_for("Reloading config", seen)

    def _make_certificates(self) -> None:
        self.authority.create("Test shop")
        self.authority.issue_broker([self.host, "localhost"])
        for station in self._stations:
            self.authority.issue_station(station.name)
            for lane in station.lanes:
                for device in lane.devices:
                    self.authority.issue_device(device)
                    self.authority.issue_device(f"{device}-fleet")
        for till in self._pos:
            self.authority.issue_pos(till.name)

    def _write_acl(self, revoked: Sequence[str]) -> None:
        self._acl.write_text(render_acl(self._stations, self._pos, revoked), encoding="utf-8")
        self._acl.chmod(0o600)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            # Mosquitto forgets a signal that comes between its "running" and the first turn of its loop.
            self._process.send_signal(number)
            self._process.wait(_WAIT_S)
        self._process = None

    def _follow(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                with self._logged:
                    self._log.append(line.rstrip())
                    self._logged.notify_all()
        with self._logged:
            self._logged.notify_all()

    def _wait_for(self, text: str, since: int) -> str:
        def found() -> str | None:
            return next((line for line in self._log[since:] if text in line), None)

        with self._logged:
            self._logged.wait_for(lambda: found() is not None or not self.is_running, _WAIT_S)
        line = found()
        assert line is not None, f"mosquitto did not log {text!r}:\n{self.log}"
        return line


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
