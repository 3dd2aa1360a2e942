"""The rollout desk: hears devices, moves rollouts from stage to stage, signs what holds, rings the bell.

What holds is in the store; what devices see is in the signed repository. A turn compares the two and signs
where they differ, so that a command, a page and a restart all have the same effect, once.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from fleet.desk.records import DeskStore, DeviceRecord, Fared, RolloutRecord, RolloutStatus
from fleet.desk.rules import Pace, Step, next_step
from fleet.desk.unheard import never_heard
from fleet.documents.rollout import Rollout, Window, bucket, is_channel
from fleet.errors import RolloutError
from messaging.station.fleet import FleetReported
from runtime.clock import Clock

_log = logging.getLogger(__name__)

_LISTENED = timedelta(hours=1)
"""A desk that was away hears first what devices have to say; only then is their silence a failure."""

_ALL = 100_000
"""More devices than a desk has."""


class Publisher(Protocol):
    """Signs for the desk; ``fleet.desk.publisher.SigningPublisher``."""

    def published(self, channel: str) -> Rollout | None: ...

    def publish(self, rollout: Rollout) -> None: ...

    def keep_fresh(self) -> None:
        """Sign anew what would end soon."""

    def releases(self) -> list[str]:
        """What is signed, oldest first."""


class Desk:
    """Any thread; :meth:`turn` on one.

    Args:
        store: What holds.
        publisher: What devices see.
        ring: Tells a channel's devices to look; a number that grows, and the time.
        clock: The desk's.
    """

    def __init__(
        self,
        store: DeskStore,
        publisher: Publisher,
        ring: Callable[[str, int, datetime], None],
        clock: Clock,
    ) -> None:
        self.store = store
        self._publisher = publisher
        self._ring = ring
        self._clock = clock
        self._listens_since = clock.now()
        self._lock = threading.Lock()
        self._heard: dict[str, FleetReported] = {}

    def start(
        self,
        release: str,
        pace: Pace,
        *,
        channel: str = "stable",
        window: Window | None = None,
        urgent: bool = False,
        jitter_s: int = 7200,
    ) -> RolloutRecord:
        """Begin a rollout at its first stage.

        Raises:
            RolloutError: The release is not signed, another rollout of the channel is not over, or no channel
                is called so.
        """
        if not is_channel(channel):
            raise RolloutError(
                f"{channel!r} is no channel's name: a small letter, then letters, digits, hyphens"
            )
        if release not in self._publisher.releases():
            raise RolloutError(f"{release} is not signed: comptoir fleet release sign and publish come first")
        before = self.store.newest(channel)
        if before is not None and not before.is_over:
            raise RolloutError(f"{before.id} of the channel {channel} is not over; halt it first")
        now = self._clock.now()
        record = RolloutRecord(
            number=0,
            channel=channel,
            release=release,
            base=_base_after(before),
            pace=pace,
            window=window or Window(),
            urgent=urgent,
            jitter_s=jitter_s,
            status="running",
            stage=0,
            started_at=now,
            stage_since=now,
        )
        return self.store.add_rollout(record)

    def set_status(self, number: int, status: RolloutStatus, reason: str = "") -> RolloutRecord:
        """Pause, resume or halt; the same twice is no fault.

        Raises:
            RolloutError: There is no such rollout, or it is over.
        """
        rollout = self._known(number)
        if rollout.status == status:
            return rollout
        if rollout.is_over:
            raise RolloutError(f"{rollout.id} is {rollout.status} and stays so")
        now = self._clock.now()
        since = now if status == "running" else rollout.stage_since
        changed = replace(rollout, status=status, reason=reason, stage_since=since)
        self.store.change_rollout(changed)
        return changed

    def advance(self, number: int) -> RolloutRecord:
        """Begin the next stage without waiting.

        Raises:
            RolloutError: There is no such rollout, it does not run, or this is its last stage.
        """
        rollout = self._known(number)
        if rollout.status != "running":
            raise RolloutError(f"{rollout.id} is {rollout.status}")
        if rollout.stage + 1 >= len(rollout.pace.stages):
            raise RolloutError(f"{rollout.id} is at its last stage")
        return self._advanced(rollout)

    def releases(self) -> list[str]:
        """What may be rolled out, newest first."""
        return list(reversed(self._publisher.releases()))

    def decide(self, device: str, *, pin: str | None = None, is_held: bool = False) -> None:
        """Pin a device to a release, hold it as it is, or let it go.

        Raises:
            RolloutError: The device has never been heard, or the release is not signed.
        """
        self.known(device)
        if pin is not None and pin not in self._publisher.releases():
            raise RolloutError(f"{pin} is not signed")
        self.store.decide(device, pin=pin, is_held=is_held)

    def known(self, device: str) -> DeviceRecord:
        """The device as it last said.

        Raises:
            RolloutError: It has never been heard; the message names those that are written much like it.
        """
        found = self.store.device(device)
        if found is None:
            names = [each.device for each in self.store.devices(_ALL)]
            raise RolloutError(never_heard(device, names))
        return found

    def wanted(self, devices: Iterable[DeviceRecord]) -> dict[str, str]:
        """What each shall run by the document that its channel's devices see; without those free to stay."""
        documents: dict[str, Rollout | None] = {}
        found: dict[str, str] = {}
        for each in devices:
            if each.report is None:
                continue
            channel = each.report.channel
            if channel not in documents:
                documents[channel] = self._publisher.published(channel)
            document = documents[channel]
            wanted = document.wanted_by(each.device, each.report.running) if document is not None else None
            if wanted is not None:
                found[each.device] = wanted
        return found

    def silent(self, over: timedelta) -> list[DeviceRecord]:
        """Devices that have said nothing for so long."""
        now = self._clock.now()
        return [each for each in self.store.devices(_ALL) if each.is_silent(now, over)]

    def hear(self, device: str, report: FleetReported) -> None:
        """A device said how it is; kept at the next turn. On the link's thread."""
        with self._lock:
            known = self._heard.get(device)
            if known is None or known.n < report.n:
                self._heard[device] = report

    def turn(self) -> None:
        """Keep what was heard, move rollouts, sign what changed."""
        self._keep_heard()
        for channel in {each.channel for each in self.store.rollouts()}:
            newest = self.store.newest(channel)
            if newest is not None:
                self._publish(self._moved(newest))
        self._publisher.keep_fresh()

    def _keep_heard(self) -> None:
        with self._lock:
            heard = dict(self._heard)
        if not heard:
            return
        now = self._clock.now()
        fared: dict[int, list[Fared]] = {}
        for rollout in self.store.rollouts(5):
            fared[rollout.number] = [
                found
                for device, report in heard.items()
                if report.channel == rollout.channel
                and (found := _fared(device, report, rollout, now))
                and (found.outcome != "failed" or self._is_reached(device, rollout))
            ]
        self.store.heard(heard, fared, now)
        # Only now: the broker was told that these came, so a database that fails must not lose them.
        with self._lock:
            for device, report in heard.items():
                if self._heard.get(device) is report:
                    del self._heard[device]

    def _is_reached(self, device: str, rollout: RolloutRecord) -> bool:
        """Whether its failure counts here: a device tells its last one for ever, also of a rollout before."""
        if bucket(rollout.id, device) < rollout.percent * 100 or self.store.took_part(rollout.number, device):
            return True
        known = self.store.device(device)
        return known is not None and known.pin == rollout.release

    def _moved(self, rollout: RolloutRecord) -> RolloutRecord:
        if rollout.status == "done":
            return rollout
        now = self._clock.now()
        if now >= self._listens_since + min(_LISTENED, rollout.pace.deadline):
            self.store.silence(rollout.number, now - rollout.pace.deadline)
        if rollout.status != "running":
            return rollout
        counts = self.store.counts(rollout.number)
        step = next_step(counts, rollout.pace, rollout.stage, rollout.stage_since, now)
        if step is Step.HALT:
            reason = f"{counts.failed} failed and {counts.silent} silent of {counts.results}"
            _log.error("rollout halted", extra={"rollout": rollout.id, "why": reason})
            return self.set_status(rollout.number, "halted", reason)
        if step is Step.ADVANCE:
            return self._advanced(rollout)
        if step is Step.FINISH:
            return self.set_status(rollout.number, "done")
        return rollout

    def _advanced(self, rollout: RolloutRecord) -> RolloutRecord:
        changed = replace(rollout, stage=rollout.stage + 1, stage_since=self._clock.now())
        self.store.change_rollout(changed)
        return changed

    def _publish(self, rollout: RolloutRecord) -> None:
        decided = self.store.decided()
        before = self._publisher.published(rollout.channel)
        wanted = Rollout(
            channel=rollout.channel,
            number=before.number if before is not None else 1,
            id=rollout.id,
            signed_at_s=before.signed_at_s if before is not None else 0,
            release=rollout.release,
            base=rollout.base,
            salt=rollout.id,
            percent=rollout.percent,
            state=rollout.status,
            window=rollout.window,
            jitter_s=rollout.jitter_s,
            deadline_s=int(rollout.pace.deadline.total_seconds()),
            urgent=rollout.urgent,
            pins={each.device: each.pin for each in decided if each.pin is not None},
            holds=tuple(sorted(each.device for each in decided if each.is_held)),
        )
        if wanted == before:
            return
        now = self._clock.now()
        number = before.number + 1 if before is not None else 1
        self._publisher.publish(
            wanted.model_copy(update={"number": number, "signed_at_s": int(now.timestamp())})
        )
        self._ring(rollout.channel, number, now)

    def _known(self, number: int) -> RolloutRecord:
        found = self.store.rollout(number)
        if found is None:
            raise RolloutError(f"there is no rollout roll-{number}")
        return found


def _base_after(before: RolloutRecord | None) -> str | None:
    """What devices run that the new rollout does not choose: the last release that was rolled out whole."""
    if before is None:
        return None
    return before.release if before.status == "done" else before.base


def _fared(device: str, report: FleetReported, rollout: RolloutRecord, now: datetime) -> Fared | None:
    last = report.last
    if report.running == rollout.release and report.stage != "trial":
        return Fared(device, "committed", "", now)
    if last is not None and last.release == rollout.release and last.result != "committed":
        return Fared(device, "failed", last.reason, now, last.log)
    if report.target == rollout.release:
        return Fared(device, "working", report.stage, now)
    return None
