"""A release on trial: everything it promises must be well for a while, or it goes back.

A process that runs is no success. The checks ask for the work itself: a code is scanned and the station
completes a sale of nothing (row 178).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fleet.agent.parts import CheckResult, Counter
from fleet.documents.release import CheckName, Health
from runtime.clock import Clock

EVERY_S = 2.0
"""Between two rounds of checks."""


@dataclass(frozen=True)
class Verdict:
    """How a trial ended; ``reason`` is empty for a success."""

    reason: str = ""
    results: tuple[CheckResult, ...] = ()
    was_stopped: bool = False

    @property
    def is_good(self) -> bool:
        return not self.reason and not self.was_stopped


def run_trial(
    health: Health,
    counter: Counter,
    clock: Clock,
    wait: Callable[[float], bool],
    excused: frozenset[CheckName] = frozenset(),
) -> Verdict:
    """Check until all was well for ``settle_s``, or until ``timeout_s`` have gone.

    Args:
        health: What the release itself asks for.
        counter: Runs the checks.
        clock: Measures.
        wait: Waits so many seconds; True when the process shall end, which ends the trial undecided.
        excused: What was not well before the trial either, and so proves nothing.
    """
    began_s = clock.monotonic_s()
    well_since_s: float | None = None
    wanted: Sequence[CheckName] = [name for name in health.checks if name not in excused]
    while True:
        results = check_all(counter, wanted)
        now_s = clock.monotonic_s()
        failing = [each for each in results if each.state == "failed"]
        if failing:
            well_since_s = None
        elif well_since_s is None:
            well_since_s = now_s
        if well_since_s is not None and now_s - well_since_s >= health.settle_s:
            return Verdict(results=tuple(results))
        if now_s - began_s >= health.timeout_s:
            return Verdict(_reason(failing), tuple(results))
        if wait(EVERY_S):
            return Verdict(results=tuple(results), was_stopped=True)


def check_all(counter: Counter, names: Sequence[CheckName]) -> list[CheckResult]:
    """Each check once; the scan last, and not at all while something below it fails."""
    results: list[CheckResult] = []
    for name in sorted(names, key=lambda each: each == "scan"):
        broken = next((each.name for each in results if each.state == "failed"), None)
        if name == "scan" and broken is not None:
            results.append(CheckResult(name, "failed", f"not tried: {broken} failed"))
        else:
            results.append(counter.check(name))
    return results


def _reason(failing: Sequence[CheckResult]) -> str:
    if not failing:
        return "health: never well for long enough"
    first = failing[0]
    return f"health: {first.name}: {first.detail}"[:200]
