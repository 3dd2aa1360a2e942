"""A release on trial: everything it promises must be well for a while, or it goes back.

A process that runs is no success, and a process of another release proves nothing about this one. The checks
ask for the work itself: a code is scanned and the station completes a sale of nothing (row 178).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from fleet.agent.parts import CheckResult, Counter
from fleet.documents.release import CheckName, Release
from runtime.clock import Clock

EVERY_S = 2.0
"""Between two rounds of checks."""

RESTART_AGAIN_S = 10.0
"""So long may a process of another release go on answering before its restart is asked for again."""


@dataclass(frozen=True)
class Verdict:
    """How a trial ended; ``reason`` is empty for a success."""

    reason: str = ""
    results: tuple[CheckResult, ...] = ()
    was_stopped: bool = False

    @property
    def is_good(self) -> bool:
        return not self.reason and not self.was_stopped


class StaleWatch:
    """Asks for a restart, again and again, for as long as processes of another release answer. One thread.

    Args:
        clock: Measures.
        restart: Starts the device's processes anew; such a wish may be lost.
        again_s: How long they may go on answering before it is asked for again.
    """

    def __init__(self, clock: Clock, restart: Callable[[], None], again_s: float = RESTART_AGAIN_S) -> None:
        self._clock = clock
        self._restart = restart
        self._again_s = again_s
        self._asked_s = clock.monotonic_s()
        """When it was last asked for, or last not needed."""

    def restart(self) -> None:
        """Now."""
        self._asked_s = self._clock.monotonic_s()
        self._restart()

    def saw(self, *, is_stale: bool) -> None:
        """A process of another release answered, or none did."""
        if not is_stale:
            self._asked_s = self._clock.monotonic_s()
        elif self._clock.monotonic_s() - self._asked_s >= self._again_s:
            self.restart()


def run_trial(
    release: Release,
    counter: Counter,
    clock: Clock,
    wait: Callable[[float], bool],
    *,
    restart: Callable[[], None],
    excused: Mapping[CheckName, str] = MappingProxyType({}),
) -> Verdict:
    """Start the processes anew and check until all was well for long enough, or for too long was not.

    Args:
        release: Which one is on trial, and what it asks for; what another one answers is a failure.
        counter: Runs the checks.
        clock: Measures.
        wait: Waits so many seconds; True when the process shall end, which ends the trial undecided.
        restart: Starts the device's processes anew; each takes the release that the launcher picks.
        excused: What was not well before the trial either, and how it failed: failing just so proves nothing.
    """
    began_s = clock.monotonic_s()
    health = release.health
    stale = StaleWatch(clock, restart)
    stale.restart()
    well_since_s: float | None = None
    while True:
        results = check_all(counter, health.checks, release.id)
        stale.saw(is_stale=any(is_of_another(each, release.id) for each in results))
        now_s = clock.monotonic_s()
        failing = [
            each for each in results if each.state == "failed" and excused.get(each.name) != each.detail
        ]
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


def check_all(counter: Counter, names: Sequence[CheckName], release: str | None) -> list[CheckResult]:
    """Each check once; the scan last, and not at all while something below it fails.

    Args:
        counter: Runs them.
        names: Which.
        release: The one that has to answer; None where any may.
    """
    results: list[CheckResult] = []
    for name in sorted(names, key=lambda each: each == "scan"):
        broken = next((each.name for each in results if each.state == "failed"), None)
        if name == "scan" and broken is not None:
            results.append(CheckResult(name, "failed", f"not tried: {broken} failed"))
        else:
            results.append(_of_release(counter.check(name), release))
    return results


def is_of_another(result: CheckResult, release: str) -> bool:
    """Whether a process answered that runs another release, or none."""
    return result.release is not None and result.release != release


def _of_release(result: CheckResult, release: str | None) -> CheckResult:
    if release is None or not is_of_another(result, release):
        return result
    process = "kiosk" if result.name == "screen" else "device"
    says = f"still runs {result.release}" if result.release else "was not started from a release"
    return replace(result, state="failed", detail=f"the {process} process {says}")


def _reason(failing: Sequence[CheckResult]) -> str:
    if not failing:
        return "health: never well for long enough"
    first = failing[0]
    return f"health: {first.name}: {first.detail}"[:200]
