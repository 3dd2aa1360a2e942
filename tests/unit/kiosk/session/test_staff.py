"""The staff corner on the screen."""

from dataclasses import replace

from kiosk.session import Session, Step
from kiosk.session.view import StaffCorner
from messaging.local.from_kiosk import MirrorAllowed, RestartAsked, StaffCodeTyped, StaffLeft, StaffStays
from messaging.local.to_kiosk import ReadingShown, StaffAnswered
from messaging.model import Why
from messaging.station.show import NotRecognised
from tests.fakes.clock import FakeClock
from tests.unit.kiosk.session.test_time import let
from tools.scenes import SCAN_EVENT, STATUS, Actor, member, sale

ADMITTED = StaffAnswered(admitted=True, tries_left=5, wait_s=0, is_set=True)
REFUSED = StaffAnswered(admitted=False, tries_left=4, wait_s=0, is_set=True)


def enter(actor: Actor) -> None:
    actor.touch.open_staff()
    actor.type("482913")
    actor.touch.submit_staff_code()
    actor.tell(ADMITTED, STATUS)


def test_a_code_that_the_device_takes_opens_the_corner(actor: Actor, session: Session) -> None:
    actor.touch.open_staff()
    assert session.view.step is Step.STAFF_CODE
    actor.type("4829133")
    actor.touch.erase_digit()
    actor.touch.submit_staff_code()
    assert actor.said[-1] == StaffCodeTyped(digits="482913")
    assert session.view.staff.digits == ""
    actor.touch.submit_staff_code()
    assert [type(m) for m in actor.said].count(StaffCodeTyped) == 1
    actor.tell(ADMITTED, STATUS)
    assert session.view.step is Step.STAFF
    assert session.view.staff.status == STATUS


def test_a_wrong_code_stays_outside_and_says_how_many_tries_are_left(actor: Actor, session: Session) -> None:
    actor.touch.open_staff()
    actor.type("000000")
    actor.touch.submit_staff_code()
    actor.tell(REFUSED)
    assert (session.view.step, session.view.staff.answer) == (Step.STAFF_CODE, REFUSED)
    actor.type("1")
    assert session.view.staff.answer is None


def test_it_does_not_open_while_a_customer_is_there(actor: Actor, session: Session) -> None:
    # row 170
    actor.scan(member())
    actor.touch.open_staff()
    assert session.view.step is Step.WELCOME
    actor.touch.finish()
    actor.touch.enter_number()
    actor.touch.open_staff()
    assert session.view.step is Step.PHONE


def test_an_answer_that_nobody_waits_for_opens_nothing(actor: Actor, session: Session) -> None:
    actor.tell(ADMITTED, STATUS)
    assert session.view.step is Step.IDLE
    assert session.view.staff == StaffCorner()


def test_the_device_hears_that_it_is_open_and_it_closes_when_quiet(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    enter(actor)
    let(session, clock, 6)
    assert 2 <= [type(m) for m in actor.said].count(StaffStays) <= 4
    let(session, clock, 60)
    assert session.view.step is Step.IDLE
    assert isinstance(actor.said[-1], StaffLeft)
    assert session.view.staff == StaffCorner()


def test_what_is_read_meanwhile_is_shown(actor: Actor, session: Session) -> None:
    # part of row 179
    enter(actor)
    read = ReadingShown(reader="front", text="X", symbology="QRCode", verdict="other")
    actor.tell(read)
    assert session.view.staff.reading == read


def test_the_screen_is_tested_field_by_field(actor: Actor, session: Session) -> None:
    enter(actor)
    for field in range(6):
        actor.touch.test_screen()
        assert (session.view.step, session.view.staff.test_field) == (Step.SCREEN_TEST, field)
    actor.touch.test_screen()
    assert session.view.step is Step.STAFF
    actor.touch.test_screen()
    actor.touch.back()
    assert session.view.step is Step.STAFF
    actor.touch.back()
    assert session.view.step is Step.IDLE


def test_a_restart_is_told_to_the_device_and_ends_the_screen(actor: Actor, session: Session) -> None:
    actor.touch.restart()
    assert not session.wants_restart
    enter(actor)
    actor.touch.restart()
    actor.touch.restart()
    assert isinstance(actor.said[-1], RestartAsked)
    assert session.wants_restart


def test_one_touch_restarts_nothing_and_is_forgotten_with_the_next_other_one(
    actor: Actor, session: Session
) -> None:
    enter(actor)
    for other in (actor.touch.toggle_mirror, actor.touch.test_screen):
        actor.touch.restart()
        assert session.view.staff.is_restart_next
        other()
        assert not session.view.staff.is_restart_next
    assert session.view.step is Step.SCREEN_TEST
    actor.touch.back()
    actor.touch.restart()
    actor.touch.leave_staff()
    enter(actor)
    actor.touch.restart()
    assert not session.wants_restart
    assert RestartAsked not in map(type, actor.said)


def test_a_mirror_that_staff_allow_ends_after_a_quarter_of_an_hour(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # part of row 170
    actor.touch.toggle_mirror()
    assert session.view.mirror_s is None
    enter(actor)
    actor.touch.toggle_mirror()
    assert actor.said[-1] == MirrorAllowed(on=True)
    actor.touch.leave_staff()
    assert session.view.mirror_s is not None  # it goes on for the customers that it is to help
    let(session, clock, 14 * 60)
    assert 0 < session.view.mirror_s <= 60
    let(session, clock, 61)
    assert session.view.mirror_s is None
    assert MirrorAllowed(on=False) in actor.said


def test_staff_end_the_mirror_before(actor: Actor, session: Session) -> None:
    enter(actor)
    actor.touch.toggle_mirror()
    actor.touch.toggle_mirror()
    assert session.view.mirror_s is None
    assert actor.said[-1] == MirrorAllowed(on=False)


def test_a_sale_beside_it_changes_no_screen(actor: Actor, session: Session) -> None:
    enter(actor)
    before = session.view
    actor.tell(sale())
    assert session.view == replace(before, sale=session.view.sale)
    actor.touch.leave_staff()
    assert session.view.step is Step.SALE


def test_the_answer_to_a_scan_from_before_does_not_close_it(actor: Actor, session: Session) -> None:
    actor.scan(None, signature="none")
    enter(actor)
    before = session.view
    actor.answer(SCAN_EVENT, NotRecognised(why=Why(code="unknown_code")))
    assert session.view == before
