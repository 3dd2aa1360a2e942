"""The desk: stages, soak, failures and silence, pause and halt; every decision signed once."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.desk.desk import Desk
from fleet.desk.rules import Counts, Pace, is_too_bad, wilson_lower
from fleet.documents.rollout import bucket
from fleet.errors import RolloutError
from messaging.station.fleet import FleetReported, UpdateEnded
from tests.fakes.clock import FakeClock
from tests.fakes.desk_store import InMemoryDeskStore, RecordingPublisher

PACE = Pace((1, 25, 100), timedelta(hours=24))


class Office:
    """A desk, its clock, and devices that say things."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.publisher = RecordingPublisher("1.0.0", "1.0.1", "1.0.2")
        self.bells: list[int] = []
        self.store = InMemoryDeskStore()
        self.desk = Desk(self.store, self.publisher, self._ring, self.clock)
        self._n = 0

    def _ring(self, _channel: str, number: int, _at: datetime) -> None:
        self.bells.append(number)

    def say(
        self, device: int, *, running: str = "1.0.0", target: str | None = None, failed: str | None = None
    ) -> None:
        self._n += 1
        last = UpdateEnded(release=failed, result="rolled_back", reason="health: scan") if failed else None
        report = FleetReported(
            n=self._n, boot=UUID(int=1), running=running, channel="stable", last=last, target=target,
            stage="downloading" if target else "idle",
        )  # fmt: skip
        self.desk.hear(f"s0001.k{device:02}", report)

    def three_fail(self, release: str) -> None:
        """Devices 1 to 3 try it and go back."""
        for said in ("target", "failed"):
            for device in range(1, 4):
                self.say(device, **{said: release})
            self.desk.turn()

    @property
    def seen(self) -> tuple[str, float, str] | None:
        """What devices see: release, percent, state."""
        document = self.publisher.published("stable")
        return None if document is None else (document.release or "", document.percent, document.state)

    def pass_time(self, hours: float) -> None:
        self.clock.advance(hours * 3600)
        self.desk.turn()


@pytest.fixture
def office() -> Office:
    return Office()


def test_stages_follow_each_other_after_the_soak(office: Office) -> None:
    office.desk.start("1.0.1", PACE)
    office.desk.turn()
    assert office.seen == ("1.0.1", 1, "running")
    office.say(1, target="1.0.1")
    office.pass_time(1)
    office.say(1, running="1.0.1")
    office.pass_time(1)
    assert office.seen == ("1.0.1", 1, "running")

    office.pass_time(23)
    assert office.seen == ("1.0.1", 25, "running")
    office.pass_time(25)
    assert office.seen == ("1.0.1", 100, "running")
    office.pass_time(25)

    assert office.seen == ("1.0.1", 100, "done")
    assert office.bells == [1, 2, 3, 4]


def test_a_turn_without_news_signs_nothing(office: Office) -> None:
    office.desk.start("1.0.1", PACE)
    for _ in range(5):
        office.desk.turn()

    assert len(office.publisher.documents) == 1


def test_failures_halt_a_rollout(office: Office) -> None:
    office.desk.start("1.0.1", PACE)
    office.three_fail("1.0.1")

    assert office.seen == ("1.0.1", 1, "halted")
    record = office.store.newest("stable")
    assert record is not None
    assert record.reason == "3 failed and 0 silent of 3"
    assert [each.reason for each in office.store.fared(1, ("failed",))] == ["health: scan"] * 3


def test_a_release_that_was_stopped_is_tried_anew_without_those_that_gave_it_up_before(
    office: Office,
) -> None:
    office.desk.start("1.0.1", PACE)
    office.three_fail("1.0.1")
    assert office.seen == ("1.0.1", 1, "halted")

    again = office.desk.start("1.0.1", PACE)
    assert all(bucket(again.id, f"s0001.k{device:02}") >= 100 for device in range(1, 4))
    for device in range(1, 4):  # what they say at each look, for ever
        office.say(device, failed="1.0.1")
    office.desk.turn()
    assert office.seen == ("1.0.1", 1, "running")
    assert office.store.counts(again.number) == Counts()

    office.desk.advance(again.number)
    office.desk.advance(again.number)
    for device in range(1, 4):
        office.say(device, failed="1.0.1")
    office.desk.turn()
    assert office.seen == ("1.0.1", 100, "halted"), "whoever is chosen and refuses it is a failure"


def test_a_failure_is_counted_also_where_its_beginning_was_not_heard(office: Office) -> None:
    office.desk.start("1.0.1", Pace((100,), timedelta(hours=1)))
    office.say(1, failed="1.0.1")
    office.desk.turn()

    assert office.store.counts(1) == Counts(failed=1)


def test_silence_counts_as_failure(office: Office) -> None:
    office.desk.start("1.0.1", Pace((100,), timedelta(hours=1), deadline=timedelta(hours=6)))
    for device in range(1, 4):
        office.say(device, target="1.0.1")
    office.pass_time(1)
    assert office.seen == ("1.0.1", 100, "running")

    office.pass_time(6.1)

    assert office.seen == ("1.0.1", 100, "halted")
    assert office.store.counts(1) == Counts(silent=3)


def test_who_still_works_is_waited_for(office: Office) -> None:
    office.desk.start("1.0.1", Pace((50, 100), timedelta(hours=1), deadline=timedelta(days=2)))
    office.say(1, running="1.0.1")
    office.say(2, target="1.0.1")
    office.pass_time(5)
    assert office.seen == ("1.0.1", 50, "running")

    office.say(2, running="1.0.1")
    office.pass_time(1)

    assert office.seen == ("1.0.1", 100, "running")


def test_pause_resume_and_halt_are_told_once_and_twice_is_no_fault(office: Office) -> None:
    number = office.desk.start("1.0.1", PACE).number
    office.desk.turn()
    for status in ("paused", "paused", "running", "running", "halted", "halted"):
        office.desk.set_status(number, status)  # type: ignore[arg-type]
        office.desk.turn()

    assert [each.state for each in office.publisher.documents] == ["running", "paused", "running", "halted"]
    with pytest.raises(RolloutError, match="stays so"):
        office.desk.set_status(number, "running")


def test_a_paused_rollout_does_not_advance(office: Office) -> None:
    number = office.desk.start("1.0.1", PACE).number
    office.say(1, running="1.0.1")
    office.desk.set_status(number, "paused")
    office.pass_time(100)

    assert office.seen == ("1.0.1", 1, "paused")
    with pytest.raises(RolloutError, match="is paused"):
        office.desk.advance(number)


def test_staff_may_begin_the_next_stage_at_once(office: Office) -> None:
    number = office.desk.start("1.0.1", PACE).number
    office.desk.advance(number)
    office.desk.advance(number)
    office.desk.turn()

    assert office.seen == ("1.0.1", 100, "running")
    with pytest.raises(RolloutError, match="last stage"):
        office.desk.advance(number)


def test_the_next_rollout_begins_from_the_last_that_was_done(office: Office) -> None:
    number = office.desk.start("1.0.1", Pace((100,), timedelta())).number
    with pytest.raises(RolloutError, match="not over"):
        office.desk.start("1.0.2", PACE)
    office.say(1, running="1.0.1")
    office.pass_time(1)
    assert office.store.rollout(number).status == "done"  # type: ignore[union-attr]

    office.desk.start("1.0.2", PACE)
    office.desk.turn()

    document = office.publisher.published("stable")
    assert document is not None
    assert (document.release, document.base) == ("1.0.2", "1.0.1")


def test_a_halted_one_is_no_base(office: Office) -> None:
    office.desk.start("1.0.1", Pace((100,), timedelta()))
    office.say(1, running="1.0.1")
    office.pass_time(1)
    office.desk.set_status(office.desk.start("1.0.2", PACE).number, "halted")
    office.desk.start("1.0.2", PACE)
    office.desk.turn()

    assert office.publisher.documents[-1].base == "1.0.1"


def test_pins_and_holds_are_signed(office: Office) -> None:
    office.desk.start("1.0.1", PACE)
    office.say(1)
    office.say(2)
    office.desk.turn()
    office.desk.decide("s0001.k01", pin="1.0.0")
    office.desk.decide("s0001.k02", is_held=True)
    office.desk.turn()

    document = office.publisher.documents[-1]
    assert (document.pins, document.holds) == ({"s0001.k01": "1.0.0"}, ("s0001.k02",))
    with pytest.raises(RolloutError, match="not signed"):
        office.desk.decide("s0001.k01", pin="9.9.9")


def test_an_unsigned_release_is_not_rolled_out(office: Office) -> None:
    with pytest.raises(RolloutError, match="not signed"):
        office.desk.start("9.9.9", PACE)


def test_silent_devices_are_found(office: Office) -> None:
    office.say(1)
    office.desk.turn()
    office.clock.advance(25 * 3600)
    office.say(2)
    office.desk.turn()

    assert [each.device for each in office.desk.silent(timedelta(hours=24))] == ["s0001.k01"]


@pytest.mark.parametrize("stages", [(), (0,), (5, 5), (50, 10), (101,)])
def test_stages_must_rise(stages: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="rise"):
        Pace(stages, timedelta())


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_bound_lies_below_the_share_and_within_0_and_1(failures: int, more: int) -> None:
    results = failures + more
    assert 0 <= wilson_lower(failures, results) <= failures / results <= 1


@given(st.integers(0, 300), st.integers(0, 300))
def test_more_failures_are_never_better(committed: int, failed: int) -> None:
    if is_too_bad(Counts(committed=committed, failed=failed), PACE):
        assert is_too_bad(Counts(committed=committed, failed=failed + 1), PACE)


def test_one_failure_among_many_does_not_halt() -> None:
    assert not is_too_bad(Counts(committed=99, failed=1), PACE)
    assert is_too_bad(Counts(committed=90, failed=10), PACE)


def test_a_device_that_was_never_heard_is_refused_with_those_written_alike(office: Office) -> None:
    with pytest.raises(RolloutError, match=r"s0001\.k01 has never been heard; no device has reported yet"):
        office.desk.decide("s0001.k01", pin="1.0.1")
    for device in (1, 2, 12, 40, 41):
        office.say(device)
    office.desk.turn()

    with pytest.raises(
        RolloutError, match=r"s0001\.k13 .*; did you mean s0001\.k41 or s0001\.k12 or s0001\.k01\?"
    ):
        office.desk.decide("s0001.k13", pin="1.0.1")
    with pytest.raises(RolloutError, match=r"known are s0001\.k01, s0001\.k02, s0001\.k12 and 2 more"):
        office.desk.decide("kiosk", is_held=True)
    assert office.store.decided() == []
    assert office.store.device("s0001.k13") is None

    office.desk.decide("s0001.k12", pin="1.0.1")
    assert [each.device for each in office.store.decided()] == ["s0001.k12"]
