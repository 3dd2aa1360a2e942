"""The agent's process is killed at each named point of an update, started again, and ends on the new release."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.clock import SystemClock
from tests.fakes.device_socket import FakeDevice
from tests.fakes.fleet import ReleaseDesk, served, source_wheel
from tests.integration.fleet.test_update_of_a_device import ALL, Machine

HOOK = """
import os, signal, sys
if os.environ.get("KILL_AT") and "agent" in sys.argv:
    from fleet.agent import disk
    wanted, part = os.environ["KILL_AT"].split()
    mark = os.environ["KILL_MARK"]
    real = getattr(disk.PosixDisk, wanted)
    def killed(self, *paths):
        if part in str(paths[-1] if wanted == "rename" else paths[0]) and not os.path.exists(mark):
            open(mark, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *paths)
    setattr(disk.PosixDisk, wanted, killed)
"""
POINTS = {
    "download": "append .part",
    "blob": "rename /blobs/",
    "install": "sync_all .tmp",
    "ready": "write READY",
    "installed": "rename /releases/1.0.1",
    "arm": "rename /trial",
    "commit": "rename /current",
    "report": "rename /reports.json",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> ReleaseDesk:
    desk = ReleaseDesk(tmp_path_factory.mktemp("desk"), SystemClock())
    for release in ("1.0.0", "1.0.1"):
        wheels = desk.folder / "wheels" / release
        source_wheel(wheels, release, extra=HOOK)
        desk.release(release, wheels=wheels, health=ALL)
    return desk


@pytest.fixture
def machine(tmp_path: Path, desk: ReleaseDesk) -> Iterator[Machine]:
    desk.roll_out(None, base="1.0.0")
    with served(desk.repository.folder) as server:
        machine = Machine(tmp_path, desk, server)
        machine.install_first()
        with FakeDevice(machine.socket, machine.picked):
            yield machine


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_agent_goes_on_where_it_was(
    machine: Machine, desk: ReleaseDesk, point: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "killed"
    monkeypatch.setitem(os.environ, "KILL_AT", POINTS[point])
    monkeypatch.setitem(os.environ, "KILL_MARK", str(mark))
    desk.roll_out("1.0.1")

    machine.run_until(lambda: machine.switch.current == "1.0.1" and machine.switch.trial is None)

    assert mark.exists()
    assert machine.failure("1.0.1") == ""
    assert machine.switch.previous == "1.0.0"
