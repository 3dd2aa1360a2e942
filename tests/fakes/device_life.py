"""A device's life over a disk that may lose power: the launcher, and the real agent with everything else faked."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from uuid import UUID

from fleet.agent.agent import Agent, AgentParts, Turn
from fleet.agent.blobs import BlobStore, Reader
from fleet.agent.disk import Disk
from fleet.agent.layout import MAX_TRIES, Layout
from fleet.agent.machine import Machine
from fleet.agent.parts import CheckResult
from fleet.agent.reports import Reports
from fleet.agent.signed_source import SignedRelease
from fleet.agent.switch import Switch
from fleet.agent.updater import Updater, UpdaterParts
from fleet.documents.release import CheckName, Health, Needs, Release, Wheel
from fleet.documents.release import Machine as MachineWheels
from fleet.documents.rollout import Rollout
from messaging.station.fleet import FleetReported
from tests.fakes.clock import FakeClock
from tests.fakes.crash_disk import CrashDisk, PowerCut

OLD, NEW = "1.0.0", "1.0.1"
LAYOUT = Layout(Path("/data"))
_BLOBS = {
    f"{name}.{release}": f"wheel {name} of {release}".encode()
    for name in ("app", "lib")
    for release in (OLD, NEW)
}
TURNS, TURN_S = 4, 15.0
_FILES = ("venv/bin/python", "venv/lib/code.py")


@cache
def manifest(release_id: str) -> Release:
    """A release of two wheels."""
    wheels = tuple(
        Wheel(
            name=f"{name.partition('.')[0]}-{release_id}-py3-none-any.whl",
            sha256=hashlib.sha256(data).hexdigest(),
            length=len(data),
        )
        for name, data in _BLOBS.items()
        if name.endswith(release_id)
    )
    return Release(
        id=release_id,
        seq=int(release_id[-1]) + 1,
        built_at_s=0,
        wheels=wheels,
        machines=(MachineWheels(arch="x86_64", python="3.11", wheels=tuple(each.name for each in wheels)),),
        needs=Needs(free_mb=0),
        health=Health(settle_s=0, timeout_s=24, checks=("process", "scan")),
    )


@cache
def signed(release_id: str) -> SignedRelease:
    found = manifest(release_id)
    return SignedRelease(found, found.model_dump_json().encode())


URGENT = Rollout(
    channel="stable", number=3, id="roll-3", signed_at_s=0, release=NEW, base=OLD, salt="s", percent=100,
    state="running", urgent=True,
)  # fmt: skip


@dataclass
class _Source:
    plan: Rollout

    def look(self) -> "_Source":
        return self

    def rollout(self, channel: str) -> Rollout:
        return self.plan

    def release(self, release_id: str) -> SignedRelease:
        return signed(release_id)


class WheelReader:
    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        digest = path.rpartition("/")[2]
        data = next(each for each in _BLOBS.values() if hashlib.sha256(each).hexdigest() == digest)
        for index in range(start, len(data), 8):
            yield data[index : index + 8]


@dataclass
class _Environments:
    disk: Disk

    def build(self, folder: Path, wheels: Sequence[Wheel]) -> None:
        for name in _FILES:
            self.disk.make_folder((folder / name).parent)
            self.disk.write(folder / name, content(folder.name.removesuffix(".tmp"), name))


def content(release_id: str, name: str) -> bytes:
    return f"{name} of {release_id}".encode()


@dataclass
class _Services:
    life: "DeviceLife"

    def restart(self) -> None:
        self.life.restart_device()

    def log_tail(self) -> str:
        return "the last lines"


@dataclass
class _Counter:
    life: "DeviceLife"

    def is_quiet(self) -> bool:
        return not self.life.is_serving

    def check(self, name: CheckName) -> CheckResult:
        """What the device's process says, which runs a release of its own."""
        device = self.life.device
        self.life.is_serving |= self.life.comes_while_checked
        is_bad = name == "scan" and device == NEW and not self.life.is_new_good
        return CheckResult(name, "failed" if is_bad else "ok", "no answer" if is_bad else "", device)


@dataclass
class _Rot:
    life: "DeviceLife"

    def is_due(self) -> bool:
        return self.life.rots == self.life.running

    def is_sound(self, _updater: Updater) -> bool:
        self.life.rots = ""
        return False


@dataclass
class DeviceLife:
    """Boots until nothing changes any more; notes what must never be.

    Args:
        disk: The crash model's.
        is_new_good: Whether the new release works.
        kills_power: Whether its every start takes the power away.
        was_told: What the desk was told before, over all lives of this device.
        loses_restarts: Whether every second wish to start the device's process anew comes to nothing.
        plan: What the signed files say.
        is_serving: Whether somebody stands at the counter.
        poll_every_s: How often the agent looks without being rung for.
        local: The shop's time zone.
        reader: The web server.
    """

    disk: CrashDisk
    is_new_good: bool = True
    kills_power: bool = False
    was_told: list[FleetReported] = field(default_factory=list)
    loses_restarts: bool = False
    plan: Rollout = URGENT
    is_serving: bool = False
    poll_every_s: float = 1
    local: tzinfo | None = None
    comes_while_checked: bool = False
    """Whether a customer comes as soon as the counter is checked."""
    reader: Reader = field(default_factory=WheelReader)
    rots: str = ""
    """The release whose files are found changed at the next look."""
    running: str = ""
    device: str = ""
    """The release that the device's process runs: it is started anew at a boot, and when it is asked to."""
    violations: list[str] = field(default_factory=list)
    _wishes: int = 0

    def live(self, boots: int = 12) -> None:
        """Until the agent has nothing to do."""
        self.start_device()
        for _ in range(boots):
            if self._boot():
                return
        self.violations.append("it never comes to rest")

    def stay_on(self, clock: FakeClock, until: datetime) -> None:
        """With power from now until then; the agent takes its turns each minute."""
        self.start_device()
        agent: Agent | None = None
        while clock.now() < until:
            if agent is None:
                self.running = self._launch() or ""
                agent = self._agent(self.running, clock)
                turn = agent.begin()
            else:
                turn = agent.turn()
                clock.advance(60)
            if turn is Turn.RESTART:
                agent = None

    def _boot(self) -> bool:
        release = self._launch()
        if release is None:
            return True
        self.running = release
        clock = FakeClock()
        agent = self._agent(release, clock)
        if agent.begin() is Turn.RESTART:
            return False
        for _ in range(TURNS):
            if agent.turn() is Turn.RESTART:
                return False
            clock.advance(TURN_S)
        if self.device != self._picked():
            self.violations.append(f"the counter goes on with {self.device}")
        return True

    def start_device(self) -> None:
        """With the machine, before the agent has counted its try: as early as a boot can start it."""
        self.device = self._picked()

    def restart_device(self) -> None:
        """What a request for it comes to."""
        self._wishes += 1
        if not (self.loses_restarts and self._wishes % 2):
            self.device = self._picked()

    def _picked(self) -> str:
        """What the launcher starts for the device's process."""
        disk, switch = self.disk, Switch(self.disk, LAYOUT)
        trial = switch.trial
        if trial is not None and disk.exists(LAYOUT.trial / "READY") and 1 <= switch.tries <= MAX_TRIES:
            return trial
        return switch.current or ""

    def _launch(self) -> str | None:
        """The launcher's shell script, step by step; None where no release runs."""
        disk, switch = self.disk, Switch(self.disk, LAYOUT)
        trial = switch.trial
        if trial is not None and disk.exists(LAYOUT.trial / "READY") and switch.tries < MAX_TRIES:
            disk.append(LAYOUT.tries, b".")
            disk.sync_file(LAYOUT.tries)
            if any(each.last and each.last.result == "rolled_back" for each in self.was_told):
                self.violations.append("told as given up, and it is tried again")
            if self.kills_power:
                raise PowerCut
            if not self.is_whole(trial):
                return self._launch()  # it dies at once; the service starts the launcher again
            return trial
        current = switch.current
        if current is None or not disk.exists(LAYOUT.current / "READY") or not self.is_whole(current):
            self.violations.append(f"no running release: current is {current}")
            return None
        if any(each.last and each.last.result == "committed" for each in self.was_told) and current != NEW:
            self.violations.append("told as committed, and the old one runs again")
        return current

    def is_whole(self, release_id: str) -> bool:
        """Whether the files of a release are what was installed."""
        try:
            return all(
                self.disk.read(LAYOUT.release(release_id) / name) == content(release_id, name)
                for name in _FILES
            )
        except OSError:
            return False

    def _agent(self, running: str, clock: FakeClock) -> Agent:
        parts = UpdaterParts(
            disk=self.disk,
            layout=LAYOUT,
            source=_Source(self.plan),
            blobs=BlobStore(self.disk, LAYOUT, self.reader),
            environments=_Environments(self.disk),
            machine=Machine("x86_64", "3.11", Path("/usr/bin/python3")),
            clock=clock,
        )

        def publish(report: FleetReported) -> bool:
            if self.was_told and report.n <= self.was_told[-1].n:
                self.violations.append("a later report has a lower number")
            if report.last is not None and report.last.result == "committed" and self.device != NEW:
                self.violations.append(f"committed while the counter ran {self.device}")
            self.was_told.append(report)
            return True

        def wait(seconds: float) -> bool:
            clock.advance(seconds)
            return False

        agent_parts = AgentParts(
            updater=Updater("s0001.k01", "stable", running, parts),
            reports=Reports(self.disk, LAYOUT, UUID(int=1), publish),
            counter=_Counter(self),
            services=_Services(self),
            rot=_Rot(self),  # type: ignore[arg-type]
            clock=clock,
            local=self.local,
        )
        return Agent(agent_parts, wait, poll_every_s=self.poll_every_s)


def new_device() -> CrashDisk:
    """A disk with the old release, all of it durable."""
    disk = CrashDisk()
    disk.make_folder(LAYOUT.blobs)
    folder = LAYOUT.release(OLD)
    for name in _FILES:
        disk.make_folder((folder / name).parent)
        disk.write(folder / name, content(OLD, name))
    disk.write(folder / "manifest.json", manifest(OLD).model_dump_json().encode())
    disk.write(folder / "READY", OLD.encode())
    disk.write(LAYOUT.tries, b"...")  # what an earlier trial left
    Switch(disk, LAYOUT).first(OLD)
    disk.settle()
    disk.operations = 0
    return disk
