"""A device is updated by the real parts: signed files, a web server, uv, the launcher, the agent's process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleet.agent.disk import PosixDisk
from fleet.agent.layout import Layout
from fleet.agent.switch import Switch
from fleet.documents.release import Health
from runtime.clock import SystemClock
from tests.fakes.device_socket import FakeDevice
from tests.fakes.fleet import ROOT, ReleaseDesk, served, source_wheel
from tests.patience import PATIENCE_S

LAUNCHER = ROOT / "systemd" / "launcher" / "comptoir-launcher"
ALL = Health(settle_s=0.2, timeout_s=6, checks=("process", "broker", "screen", "outbox", "scan"))


class Machine:
    """One device's disk, its launcher, and whoever starts the launcher again."""

    def __init__(self, folder: Path, desk: ReleaseDesk, server: str) -> None:
        self.layout = Layout(folder / "device")
        self.switch = Switch(PosixDisk(), self.layout)
        self.socket = folder / "agent.sock"
        self.configuration = folder / "comptoir.toml"
        self.log = folder / "agent.log"
        first_root = folder / "root.json"
        first_root.write_bytes(desk.first_root)
        uv = ROOT / ".venv" / "bin" / "uv"
        self.configuration.write_text(
            f'[fleet]\nname = "s0001.k01"\nserver = "{server}"\nfirst_root = "{first_root}"\n'
            f'root = "{self.layout.root}"\nuv = "{uv}"\ninterpreter = "{Path(sys.executable).resolve()}"\n'
            f'device_socket = "{self.socket}"\npoll_every_s = 0.2\nturn_s = 0.1\nrestart_command = []\n'
            f'logs_command = ["tail", "-n", "20", "{self.log}"]\n'
        )

    def install_first(self) -> None:
        command = [sys.executable, "-m", "comptoir", "fleet", "install-first", "--config"]
        subprocess.run([*command, str(self.configuration)], cwd=ROOT, check=True, timeout=60)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the launcher as the machine's service does."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                ["sh", str(LAUNCHER), str(self.layout.root), "agent", "--config", str(self.configuration)],
                cwd="/",
                env={**os.environ, "PYTHONPATH": ""},
                stdout=log,
                stderr=log,
            )

    def run_until(self, is_so: Callable[[], bool], timeout_s: float = 60) -> int:
        """Start the agent again whenever it ends, until something is so; how often it was started."""
        starts, process = 1, self.start()
        ends_at = time.monotonic() + timeout_s
        try:
            while not is_so():
                assert time.monotonic() < ends_at, self.log.read_text()[-3000:]
                if process.poll() is not None:
                    starts, process = starts + 1, self.start()
                time.sleep(0.02)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
        return starts

    def picked(self) -> str:
        """What the launcher starts for the device's process: here it is started anew all the time."""
        return (self.switch.trial if self.switch.tries else None) or self.switch.current or ""

    def failure(self, release: str) -> str:
        found = self.switch.failure(release)
        return found.reason if found is not None else ""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> ReleaseDesk:
    desk = ReleaseDesk(tmp_path_factory.mktemp("desk"), SystemClock())
    desk.release("1.0.0")
    desk.release("1.0.1", health=ALL)
    folder = desk.folder / "broken"
    source_wheel(folder, "1.0.2", extra="import os, sys\nif 'agent' in sys.argv: os._exit(3)\n")
    desk.release("1.0.2", wheels=folder, health=ALL)
    return desk


@pytest.fixture
def machine(tmp_path: Path, desk: ReleaseDesk) -> Iterator[Machine]:
    desk.roll_out(None, base="1.0.0")
    with served(desk.repository.folder) as server:
        machine = Machine(tmp_path, desk, server)
        machine.install_first()
        yield machine


@pytest.fixture
def device(machine: Machine) -> Iterator[FakeDevice]:
    with FakeDevice(machine.socket, machine.picked) as device:
        yield device


def test_a_release_is_installed_tried_and_kept(
    machine: Machine, desk: ReleaseDesk, device: FakeDevice
) -> None:
    assert machine.switch.current == "1.0.0"
    desk.roll_out("1.0.1")

    starts = machine.run_until(lambda: machine.switch.current == "1.0.1")

    assert starts == 2
    assert machine.switch.trial is None
    assert machine.switch.previous == "1.0.0"
    assert {"scan", "screen", "broker", "outbox", "process"} <= set(device.asked)
    reported = json.loads(machine.layout.reports.read_bytes())
    assert (reported["last"]["release"], reported["last"]["result"]) == ("1.0.1", "committed")


def test_a_release_whose_scan_fails_goes_back_with_its_reason(
    machine: Machine, desk: ReleaseDesk, device: FakeDevice
) -> None:
    desk.roll_out("1.0.1")

    def break_once_on_trial() -> bool:
        if machine.switch.tries:
            device.fail("scan", "the station did not answer")
        return bool(machine.failure("1.0.1"))

    machine.run_until(break_once_on_trial)

    assert machine.failure("1.0.1") == "health: scan: the station did not answer"
    assert machine.switch.current == "1.0.0"
    assert machine.switch.trial is None


def test_a_release_that_does_not_start_goes_back_after_three_tries(
    machine: Machine, desk: ReleaseDesk, device: FakeDevice
) -> None:
    desk.roll_out("1.0.2")

    starts = machine.run_until(lambda: bool(machine.failure("1.0.2")) and machine.switch.trial is None)

    assert starts == 5  # the old one arms, the new one dies three times, the old one takes it back
    assert machine.failure("1.0.2") == "start: it ended or hung at every try"
    assert machine.switch.current == "1.0.0"


def test_nothing_is_tried_where_the_counter_is_not_well_before(
    machine: Machine, desk: ReleaseDesk, device: FakeDevice
) -> None:
    device.fail("broker")
    desk.roll_out("1.0.1", urgent=False, window={"start": "00:00", "end": "00:00"}, jitter_s=0)

    machine.run_until(lambda: device.asked.count("broker") > 3)

    assert machine.switch.trial is None
    assert machine.switch.current == "1.0.0"


def test_a_clean_stop_in_a_trial_gives_the_try_back(
    machine: Machine, desk: ReleaseDesk, device: FakeDevice
) -> None:
    desk.roll_out("1.0.1")
    device.fail("quiet")
    process = machine.start()
    while "quiet" not in device.asked:
        time.sleep(0.02)
    device.states.clear()
    process.wait(PATIENCE_S)  # it armed
    device.fail("scan")
    trial = machine.start()
    while machine.switch.tries != 1:
        time.sleep(0.02)
    before = device.asked.count("scan")
    while device.asked.count("scan") == before:
        time.sleep(0.02)

    trial.send_signal(signal.SIGTERM)
    trial.wait(20)

    assert machine.switch.tries == 0
    assert machine.switch.trial == "1.0.1"
