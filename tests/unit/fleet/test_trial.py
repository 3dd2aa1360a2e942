"""A trial believes only the release that is on trial, and asks again for a restart that was lost."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fleet.agent.parts import CheckResult
from fleet.agent.trial import RESTART_AGAIN_S, Verdict, run_trial
from fleet.documents.release import CheckName, Health
from tests.fakes.clock import FakeClock
from tests.fakes.device_life import OLD, manifest

NEW = "1.0.2"
HEALTH = Health(settle_s=4, timeout_s=40, checks=("process", "broker", "screen", "scan"))


@dataclass
class Counter:
    """A device process and a kiosk, each of a release; restarted when asked, unless that is lost."""

    device: str | None = OLD
    kiosk: str | None = OLD
    lost: int = 0
    restarts: int = 0
    failing: dict[str, str] = field(default_factory=dict)

    def is_quiet(self) -> bool:
        return True

    def check(self, name: CheckName) -> CheckResult:
        release = self.kiosk if name == "screen" else self.device
        if release is None:
            return CheckResult(name, "failed", "no answer")
        is_bad = name in self.failing
        return CheckResult(name, "failed" if is_bad else "ok", self.failing.get(name, ""), release)

    def restart(self) -> None:
        self.restarts += 1
        if self.restarts > self.lost:
            self.device = self.kiosk = NEW


def tried(counter: Counter, excused: dict[CheckName, str] | None = None) -> Verdict:
    clock = FakeClock()

    def wait(seconds: float) -> bool:
        clock.advance(seconds)
        return False

    restart: Callable[[], None] = counter.restart
    release = manifest(OLD).model_copy(update={"id": NEW, "health": HEALTH})
    return run_trial(release, counter, clock, wait, restart=restart, excused=excused or {})


def test_the_processes_are_started_anew_and_have_to_be_well() -> None:
    counter = Counter()

    assert tried(counter).is_good
    assert counter.restarts == 1


def test_a_process_of_the_old_release_proves_nothing_however_well_it_is() -> None:
    # part of row 178
    counter = Counter(lost=1000)

    verdict = tried(counter)

    assert verdict.reason == f"health: process: the device process still runs {OLD}"
    assert counter.restarts == 1 + HEALTH.timeout_s // RESTART_AGAIN_S


def test_a_lost_restart_is_asked_for_again() -> None:
    counter = Counter(lost=2)

    assert tried(counter).is_good
    assert counter.restarts == 3


def test_a_kiosk_that_was_not_started_anew_is_noticed_too() -> None:
    counter = Counter()

    def only_the_device() -> None:
        counter.device = NEW

    counter.restart = only_the_device  # type: ignore[method-assign]

    assert tried(counter).reason == f"health: screen: the kiosk process still runs {OLD}"


def test_a_process_that_was_started_from_no_release_is_told_apart() -> None:
    assert "was not started from a release" in tried(Counter(device="", lost=1000)).reason


def test_nobody_who_answers_is_not_asked_to_start_anew() -> None:
    counter = Counter(device=None, kiosk=None, lost=1000)

    assert tried(counter).reason == "health: process: no answer"
    assert counter.restarts == 1


def test_what_failed_before_is_excused_only_while_it_fails_the_same_way() -> None:
    counter = Counter(failing={"scan": "the station did not answer"})

    assert tried(counter, {"scan": "the station did not answer"}).is_good
    assert not tried(counter, {"scan": "the decoder did not read a code drawn for it"}).is_good
