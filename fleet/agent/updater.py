"""The steps of an update, in order. Each may be cut off and begun again; the disk alone remembers."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fleet.agent.blobs import BlobStore
from fleet.agent.disk import Disk, write_durably
from fleet.agent.floor import FloorFile
from fleet.agent.installed import InstalledReleases
from fleet.agent.layout import Layout
from fleet.agent.machine import Machine
from fleet.agent.parts import Environments, Source
from fleet.agent.plan import Plan, Rejected, judge
from fleet.agent.signed_source import SignedRelease
from fleet.agent.switch import Failure, Switch
from fleet.documents.release import ALL_CHECKS, CheckName
from fleet.documents.rollout import Rollout
from fleet.errors import FetchError, UntrustedError
from runtime.clock import Clock

_log = logging.getLogger(__name__)


class Stage(StrEnum):
    """How far an update has come; read off the disk, so that it cannot disagree with it."""

    IDLE = "idle"
    DOWNLOADING = "downloading"
    INSTALLING = "installing"
    STAGED = "staged"
    ARMED = "armed"
    TRIAL = "trial"


class Start(StrEnum):
    """What an agent finds when it starts."""

    NORMAL = "normal"
    ON_TRIAL = "on_trial"
    WENT_BACK = "went_back"


@dataclass(frozen=True)
class UpdaterParts:
    """What the steps work with."""

    disk: Disk
    layout: Layout
    source: Source
    blobs: BlobStore
    environments: Environments
    machine: Machine
    clock: Clock


class Updater:
    """The update of one device. One thread.

    Args:
        device: Its name, as in ``s0001.k01``.
        channel: Whose rollout it follows.
        running: The release this process was started from; None where it runs from no release.
        parts: What the steps work with.
    """

    def __init__(self, device: str, channel: str, running: str | None, parts: UpdaterParts) -> None:
        self.device = device
        self.channel = channel
        self.running = running
        self._parts = parts
        self.switch = Switch(parts.disk, parts.layout)
        self.installed = InstalledReleases(parts.disk, parts.layout)
        self.floor = FloorFile(parts.disk, parts.layout)
        self._wanted: str | None = None
        self.rollout_number = 0
        """Of the rollout document that was last verified."""

    @property
    def is_time_right(self) -> bool:
        """Whether the clock shows a time that has not certainly passed."""
        return self.floor.read().is_time_right(self._parts.clock.now())

    @property
    def free_mb(self) -> int:
        return self._parts.disk.free_bytes(self._parts.layout.root) // 1_048_576

    def bytes_left(self, plan: Plan) -> int:
        """How much of a release has to come."""
        return self._parts.blobs.bytes_left(plan.wheels)

    def excuse(self, failing: Mapping[CheckName, str]) -> None:
        """Keep for the trial's own process what was not well before it, and how each check failed."""
        data = json.dumps(dict(failing), sort_keys=True).encode()
        write_durably(self._parts.disk, self._parts.layout.excused, data)

    def excused(self) -> dict[CheckName, str]:
        """The checks that were excused before this trial, and how each failed."""
        try:
            found = json.loads(self._parts.disk.read(self._parts.layout.excused))
            return {name: str(found[name]) for name in ALL_CHECKS if name in found}
        except (OSError, ValueError, TypeError):
            return {}

    def settle(self, log_tail: Callable[[], str] = lambda: "") -> Start:
        """At the start: see whether this is a trial, and end one that cannot go on."""
        trial = self.switch.trial
        if trial is None:
            self.installed.clean()
            return Start.NORMAL
        if trial == self.running and self.installed.is_ready(trial):
            known = self.switch.failure(trial)
            if known is None:
                return Start.ON_TRIAL
            self.switch.roll_back(known)  # cut off between the record and the link
            return Start.WENT_BACK
        self.give_up(self._why_not_on_trial(trial), log_tail())
        return Start.WENT_BACK

    def _why_not_on_trial(self, trial: str) -> str:
        if not self.installed.is_ready(trial):
            return "install: the release is not complete"
        if self.switch.is_exhausted:
            return "start: it ended or hung at every try"
        return "start: the launcher could not begin the trial; the disk takes no writes"

    def look(self) -> Plan | Rejected | None:
        """Ask the trusted keys what should run here. None: nothing to do.

        Raises:
            FetchError: The server could not be read.
            UntrustedError: What it served must not be believed, or the clock must not.
        """
        floor = self.floor.read()
        if not floor.is_time_right(self._parts.clock.now()):
            raise UntrustedError("the clock shows a time that has passed; nothing new until it is set")
        state = self._parts.source.look()
        rollout = state.rollout(self.channel)
        if rollout is None:
            return None
        if not floor.allows_rollout(rollout):
            raise UntrustedError(f"the rollout {rollout.number} is older than one that was seen")
        self.rollout_number = rollout.number
        floor = floor.raised_by_rollout(rollout)
        self.floor.raise_to(floor)
        self._wanted = wanted = rollout.wanted_by(self.device, self.switch.current)
        is_news = wanted is not None and wanted != self.switch.current
        signed = state.release(wanted) if wanted is not None and is_news else None
        self._collect(signed)
        if wanted is None or not is_news:
            return None
        if signed is None:
            return Rejected(wanted, f"signature: {wanted} is not signed, or no longer")
        if self.switch.failure(wanted) is not None:
            return None
        return self._judged(signed, rollout)

    def _judged(self, signed: SignedRelease, rollout: Rollout) -> Plan | Rejected:
        current = self.switch.current
        floor = self.floor.read().raised_by_release(signed.release)
        machine = self._parts.machine
        is_ready = self.installed.is_ready(signed.release.id)
        wheels = signed.release.wheels_for(machine.arch, machine.python)
        verdict = judge(
            signed,
            rollout,
            floor=floor,
            machine=machine,
            running=self.installed.manifest(current) if current is not None else None,
            free_bytes=2**62 if is_ready else self._parts.disk.free_bytes(self._parts.layout.root),
            bytes_to_fetch=self._parts.blobs.bytes_left(wheels),
        )
        if isinstance(verdict, Plan):
            self.floor.raise_to(floor)
        return verdict

    def fetch(self, plan: Plan, on_bytes: Callable[[int], None] = lambda _count: None) -> None:
        """Bring what is missing.

        Raises:
            FetchError: A wheel could not be fetched; what came stays for the next time.
        """
        for wheel in self._parts.blobs.missing(plan.wheels):
            self._parts.blobs.fetch(wheel, on_bytes)

    def install(self, plan: Plan) -> None:
        """Make the release complete on the disk; nothing happens where it is.

        Raises:
            InstallError: It cannot be built here.
            FetchError: A stored wheel was damaged; it is fetched again next time.
        """
        if self.installed.is_ready(plan.release.id):
            return
        if self._parts.blobs.drop_damaged(plan.wheels):
            raise FetchError("a stored wheel was damaged")

        def build(folder: Path) -> None:
            self._parts.environments.build(folder, plan.wheels)

        self.installed.install(plan.release, plan.signed.data, build)

    def arm(self, release_id: str) -> None:
        """Let the next start of the agent be a trial; the caller ends the process."""
        self.switch.arm(release_id)

    def commit(self) -> None:
        """The trial was a success. Durable when it returns; only then is it told."""
        self.switch.commit()

    def give_up(self, reason: str, log_tail: str = "") -> Failure:
        """End the trial; the release that ran before goes on. Returns what is told of it."""
        trial = self.switch.trial
        failure = Failure(trial or "", reason, self.switch.tries, log_tail)
        _log.error("release given up", extra={"release": failure.release, "reason": reason})
        self.switch.roll_back(failure)
        return failure

    def _collect(self, coming: SignedRelease | None) -> None:
        """Free everything but the current, the previous, the trial and the wanted release.

        Before its room is asked for, so that what an abandoned one left is in nobody's way.

        Args:
            coming: The wanted one where it is not here yet: what has come of it is fetched only once.
        """
        keep = {
            name
            for name in (self.switch.current, self.switch.previous, self.switch.trial, self._wanted)
            if name is not None
        }
        machine = self._parts.machine
        manifests = [found for name in keep if (found := self.installed.manifest(name)) is not None]
        if coming is not None:
            manifests.append(coming.release)
        blobs = {
            wheel.sha256
            for release in manifests
            for wheel in release.wheels_for(machine.arch, machine.python)
        }
        self.installed.collect(keep, blobs)

    def stage(self) -> Stage:
        """How far the update has come."""
        if self.switch.trial is not None:
            return Stage.TRIAL if self.switch.tries else Stage.ARMED
        if self.installed.unfinished():
            return Stage.INSTALLING
        if any(name.endswith(".part") for name in self._parts.disk.names(self._parts.layout.blobs)):
            return Stage.DOWNLOADING
        wanted = self._wanted
        is_other = wanted is not None and wanted != self.switch.current
        if wanted is not None and is_other and self.installed.is_ready(wanted):
            return Stage.STAGED if self.switch.failure(wanted) is None else Stage.IDLE
        return Stage.IDLE
