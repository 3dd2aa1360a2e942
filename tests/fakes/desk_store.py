"""The rollout desk's state in memory, and a publisher that signs nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from fleet.desk.records import DeviceRecord, Fared, Outcome, RolloutRecord
from fleet.desk.rules import Counts
from fleet.documents.rollout import Rollout
from messaging.station.fleet import FleetReported


class InMemoryDeskStore:
    """Satisfies ``fleet.desk.records.DeskStore``; one thread."""

    def __init__(self) -> None:
        self._rollouts: dict[int, RolloutRecord] = {}
        self._devices: dict[str, DeviceRecord] = {}
        self._fared: dict[tuple[int, str], Fared] = {}

    def add_rollout(self, rollout: RolloutRecord) -> RolloutRecord:
        numbered = replace(rollout, number=max(self._rollouts, default=0) + 1)
        self._rollouts[numbered.number] = numbered
        return numbered

    def change_rollout(self, rollout: RolloutRecord) -> None:
        self._rollouts[rollout.number] = rollout

    def rollout(self, number: int) -> RolloutRecord | None:
        return self._rollouts.get(number)

    def rollouts(self, limit: int = 50) -> list[RolloutRecord]:
        return [self._rollouts[number] for number in sorted(self._rollouts, reverse=True)][:limit]

    def newest(self, channel: str) -> RolloutRecord | None:
        return next((each for each in self.rollouts(1000) if each.channel == channel), None)

    def heard(
        self, reports: Mapping[str, FleetReported], fared: Mapping[int, Sequence[Fared]], at: datetime
    ) -> None:
        for device, report in reports.items():
            known = self._devices.get(device, DeviceRecord(device, None, None))
            if known.report is None or known.report.n < report.n:
                is_same = known.report is not None and known.report.running == report.running
                since = known.running_since if is_same else at
                self._devices[device] = replace(known, report=report, heard_at=at, running_since=since)
        for number, found in fared.items():
            for each in found:
                before = self._fared.get((number, each.device))
                if before is None or before.outcome != "failed":
                    self._fared[(number, each.device)] = each

    def silence(self, number: int, before: datetime) -> int:
        count = 0
        for key, each in list(self._fared.items()):
            heard_at = self._devices[each.device].heard_at
            is_late = each.at < before and (heard_at is None or heard_at < before)
            if key[0] == number and each.outcome == "working" and is_late:
                self._fared[key] = replace(each, outcome="silent")
                count += 1
        return count

    def counts(self, number: int) -> Counts:
        found = [each.outcome for (rollout, _), each in self._fared.items() if rollout == number]
        return Counts(**{outcome: found.count(outcome) for outcome in set(found)})

    def fared(self, number: int, outcomes: tuple[Outcome, ...], limit: int = 100) -> list[Fared]:
        found = [
            each
            for (rollout, _), each in self._fared.items()
            if rollout == number and each.outcome in outcomes
        ]
        return sorted(found, key=lambda each: (-each.at.timestamp(), each.device))[:limit]

    def took_part(self, number: int, device: str) -> bool:
        return (number, device) in self._fared

    def devices(self, limit: int = 1000) -> list[DeviceRecord]:
        return [self._devices[name] for name in sorted(self._devices)][:limit]

    def device(self, device: str) -> DeviceRecord | None:
        return self._devices.get(device)

    def versions(self) -> dict[str, int]:
        running = [
            (each.report.running or "") if each.report is not None else ""
            for each in self._devices.values()
            if each.heard_at is not None
        ]
        return {release: running.count(release) for release in set(running)}

    def decide(self, device: str, *, pin: str | None, is_held: bool) -> None:
        known = self._devices.get(device, DeviceRecord(device, None, None))
        self._devices[device] = replace(known, pin=pin, is_held=is_held)

    def decided(self) -> list[DeviceRecord]:
        return [each for each in self.devices() if each.pin is not None or each.is_held]


class RecordingPublisher:
    """Satisfies ``fleet.desk.desk.Publisher``."""

    def __init__(self, *releases: str) -> None:
        self._releases = list(releases)
        self.documents: list[Rollout] = []

    def published(self, channel: str) -> Rollout | None:
        return next((each for each in reversed(self.documents) if each.channel == channel), None)

    def publish(self, rollout: Rollout) -> None:
        self.documents.append(rollout)

    def keep_fresh(self) -> None:
        return

    def releases(self) -> list[str]:
        return list(self._releases)
