"""When a rollout goes on, waits, is finished or is halted: pure rules over counts.

The threshold finds a release that is bad for many; what bounds the damage of one that kills devices at once
is the size of the stage, because everything in flight until the deadline is exposed.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ENOUGH = 50
"""Results after which a share may be judged, in a large fleet."""

CERTAIN_FAILURES = 3
"""So many failures are judged at once, however few results there are."""

_Z = 1.96


@dataclass(frozen=True)
class Counts:
    """The devices that a rollout has reached so far.

    Attributes:
        working: Began, and not at an end.
        committed: Run the release.
        failed: Went back, or refused it.
        silent: Began, and said nothing for the deadline: no news is bad news.
    """

    working: int = 0
    committed: int = 0
    failed: int = 0
    silent: int = 0

    @property
    def results(self) -> int:
        return self.committed + self.bad

    @property
    def bad(self) -> int:
        return self.failed + self.silent

    @property
    def reached(self) -> int:
        return self.results + self.working


@dataclass(frozen=True)
class Pace:
    """How a rollout goes from stage to stage.

    Attributes:
        stages: Percentages, rising.
        soak: How long a stage is watched before the next.
        threshold: Share of failures that is too much, 0 to 1.
        deadline: After so much silence a device that began counts as failed.
    """

    stages: tuple[float, ...]
    soak: timedelta
    threshold: float = 0.02
    deadline: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in zip(self.stages, self.stages[1:], strict=False))
        if not self.stages or not rising or not 0 < self.stages[0] <= self.stages[-1] <= 100:
            raise ValueError("stages are percentages that rise, above 0 and up to 100")


class Step(StrEnum):
    """What to do now."""

    WAIT = "wait"
    ADVANCE = "advance"
    FINISH = "finish"
    HALT = "halt"


def wilson_lower(failures: int, results: int) -> float:
    """The lower end of the 95 % interval (Wilson) of the share of failures; 0 where there is no result."""
    if results == 0:
        return 0.0
    share = failures / results
    spread = _Z * math.sqrt(share * (1 - share) / results + _Z**2 / (4 * results**2))
    lower = (share + _Z**2 / (2 * results) - spread) / (1 + _Z**2 / results)
    return min(share, max(0.0, lower))  # rounding may put it a hair above, at a share of 0


def is_too_bad(counts: Counts, pace: Pace) -> bool:
    """Whether failures and silences are certainly more than the threshold.

    A small fleet is judged once all that began have ended, or after three failures.
    """
    enough = min(ENOUGH, max(1, counts.reached))
    may_judge = counts.results >= enough or counts.bad >= CERTAIN_FAILURES
    return may_judge and wilson_lower(counts.bad, counts.results) > pace.threshold


def next_step(counts: Counts, pace: Pace, stage: int, stage_since: datetime, now: datetime) -> Step:
    """What a running rollout does now.

    Args:
        counts: Over the whole rollout.
        pace: Its stages.
        stage: Index of the present one.
        stage_since: When it began.
        now: By the desk's clock.
    """
    if is_too_bad(counts, pace):
        return Step.HALT
    if now < stage_since + pace.soak:
        return Step.WAIT
    # Who began and did not end is waited for, until the deadline makes it a silence.
    if counts.working > max(0, counts.reached // 10) or (counts.committed == 0 and counts.reached > 0):
        return Step.WAIT
    if stage < len(pace.stages) - 1:
        return Step.ADVANCE
    return Step.FINISH if counts.reached else Step.WAIT
