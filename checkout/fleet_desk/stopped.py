"""Releases whose last rollout was stopped: they are not proposed again without saying so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fleet.desk.records import DeskStore, RolloutRecord
from fleet.desk.rules import Counts

_ROLLOUTS_READ = 50


@dataclass(frozen=True)
class Stopped:
    """How a release's last rollout ended before its time; ``why`` is a device's own reason, or empty."""

    rollout: RolloutRecord
    counts: Counts
    why: str

    @property
    def is_by_hand(self) -> bool:
        return self.rollout.reason == "by hand"


def stopped_releases(store: DeskStore, releases: Sequence[str]) -> dict[str, Stopped]:
    """Of these releases those that were stopped and not rolled out whole since, in the same order."""
    last: dict[str, RolloutRecord] = {}
    for each in store.rollouts(_ROLLOUTS_READ):
        last.setdefault(each.release, each)
    return {
        release: _stopped(store, last[release])
        for release in releases
        if release in last and last[release].status == "halted"
    }


def proposed(releases: Sequence[str], stopped: Mapping[str, Stopped]) -> str | None:
    """The first one that was not stopped; None where staff have to choose with open eyes."""
    return next((each for each in releases if each not in stopped), None)


def _stopped(store: DeskStore, rollout: RolloutRecord) -> Stopped:
    bad = store.fared(rollout.number, ("failed",), 1)
    return Stopped(rollout, store.counts(rollout.number), bad[0].reason if bad else "")
