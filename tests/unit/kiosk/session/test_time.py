"""Quiet, warnings, screens that go by themselves, and a device process that comes and goes."""

from collections.abc import Callable

import pytest

from kiosk.session import Session, Step
from kiosk.session.view import Consent
from messaging.local.from_kiosk import FromKiosk, Said, SessionClosed, SessionStarted
from messaging.local.to_kiosk import CodeRefused, EventStored
from messaging.model import Why
from messaging.station.show import Recognised
from tests.fakes.clock import FakeClock
from tools.scenes import Actor, member, sale


def let(session: Session, clock: FakeClock, seconds: float) -> None:
    """Let time pass as the window does: a tick four times a second."""
    for _ in range(round(seconds * 4)):
        clock.advance(0.25)
        session.tick()


def at_phone(actor: Actor) -> None:
    actor.touch.enter_number()
    actor.type("0612")


def at_consent(actor: Actor) -> None:
    actor.touch.enter_number()
    actor.type("0612345678")
    actor.touch.submit_number()


def at_name(actor: Actor) -> None:
    at_consent(actor)
    actor.touch.edit_name()
    actor.touch.letter("Z")


def at_welcome(actor: Actor) -> None:
    actor.scan(member())


def at_scan(actor: Actor) -> None:
    actor.touch.show_card()


@pytest.mark.parametrize("play", [at_phone, at_consent, at_name, at_welcome, at_scan])
def test_every_screen_warns_counts_down_and_forgets(
    actor: Actor, session: Session, clock: FakeClock, play: Callable[[Actor], None]
) -> None:
    # row 170
    # part of row 190
    play(actor)
    let(session, clock, 44.75)
    assert session.view.warning_s is None
    let(session, clock, 0.5)
    assert session.view.warning_s == 15
    let(session, clock, 10)
    assert session.view.warning_s == 5
    let(session, clock, 5)

    assert session.view.step is Step.IDLE
    assert session.view.phone.digits == ""
    assert session.view.consent == Consent()
    assert session.view.member is None
    closed = actor.said[-1]
    assert isinstance(closed, SessionClosed)
    assert closed.reason == "idle"


def test_the_customer_can_have_more_time_again_and_again(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # part of row 190
    at_phone(actor)
    for _ in range(3):
        let(session, clock, 50)
        assert session.view.warning_s is not None
        actor.touch.extend()
        assert session.view.warning_s is None

    assert session.view.step is Step.PHONE
    assert session.view.phone.digits == "0612"


def test_a_touch_anywhere_is_a_sign_of_life(actor: Actor, session: Session, clock: FakeClock) -> None:
    at_phone(actor)
    let(session, clock, 40)
    actor.touch.anywhere()
    let(session, clock, 40)

    assert session.view.warning_s is None


@pytest.mark.parametrize(
    ("step", "stays_s"), [(Step.THANKS, 10), (Step.RECOGNISED, 8), (Step.PAID, 10), (Step.NOT_RECOGNISED, 20)]
)
def test_telling_screens_go_by_themselves(
    actor: Actor, session: Session, clock: FakeClock, step: Step, stays_s: float
) -> None:
    # row 170
    if step is Step.THANKS:
        at_consent(actor)
        actor.touch.submit_consent()
        actor.store()
    elif step is Step.RECOGNISED:
        actor.scan(Recognised())
    elif step is Step.PAID:
        actor.tell(sale(5), sale(6, state="paid"))
    else:
        actor.tell(CodeRefused(reason="not_text", source="scanner"))
    assert session.view.step is step
    let(session, clock, stays_s - 0.25)
    assert session.view.step is step
    let(session, clock, 0.5)

    assert session.view.step is Step.IDLE


def test_a_language_chosen_by_nobody_who_stayed_goes_back(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # part of row 189
    actor.touch.choose_language("es")
    assert session.view.language == "es"
    let(session, clock, 45)

    assert session.view.language == "fr"


def test_the_language_can_be_changed_on_every_step(actor: Actor, session: Session) -> None:
    # part of row 189
    at_consent(actor)
    actor.touch.open_languages()
    assert session.view.choosing_language
    actor.touch.choose_language("en")

    assert (session.view.step, session.view.language) == (Step.CONSENT, "en")
    assert not session.view.choosing_language


def test_a_language_that_the_shop_does_not_offer_is_not_taken(actor: Actor, session: Session) -> None:
    actor.touch.choose_language("de")

    assert session.view.language == "fr"


def test_before_the_device_process_is_there_the_screen_is_not_in_service(
    clock: FakeClock, said: list[FromKiosk]
) -> None:
    session = Session(clock, said.append)
    assert (session.view.step, session.view.why) == (Step.OUT_OF_SERVICE, Why(code="starting"))
    let(session, clock, 5)
    assert session.view.why == Why(code="device_gone")
    session.linked(True)
    assert session.view.step is Step.IDLE


def test_a_device_process_that_stays_away_closes_the_screen_and_forgets(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    at_consent(actor)
    session.linked(False)
    let(session, clock, 5)

    assert session.view.step is Step.OUT_OF_SERVICE
    assert session.view.phone.digits == ""
    session.linked(True)
    assert session.view.step is Step.IDLE


def test_a_device_process_that_restarts_is_told_again_what_it_may_have_lost(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # row 167
    at_consent(actor)
    actor.tell(EventStored(event_id=actor.last_said().event_id))
    actor.touch.submit_consent()
    consent = actor.last_said()
    actor.said.clear()
    session.linked(False)
    let(session, clock, 1)
    session.linked(True)

    assert actor.said == [SessionStarted(session=consent.session), consent]
    assert [message.event_id for message in actor.said if isinstance(message, Said)] == [consent.event_id]


def test_whoever_asks_for_more_time_has_four_times_as_much(actor: Actor, clock: FakeClock) -> None:
    # part of row 190
    actor.open()
    actor.touch.enter_number()
    actor.touch.switch_time()
    for _ in range(4 * 45 - 1):
        clock.advance(1)
        actor.session.tick()
    assert actor.session.view.warning_s is None
    for _ in range(2):
        clock.advance(1)
        actor.session.tick()
    assert actor.session.view.warning_s == 14


def test_larger_text_and_more_time_go_with_the_customer(actor: Actor, clock: FakeClock) -> None:
    # part of rows 170, 190
    actor.open()
    actor.touch.switch_text()
    actor.touch.enter_number()
    actor.touch.switch_time()
    assert (actor.session.view.larger_text, actor.session.view.more_time) == (True, True)
    actor.touch.finish()

    assert (actor.session.view.larger_text, actor.session.view.more_time) == (False, False)


def test_larger_text_that_nobody_used_goes_after_the_quiet_time(actor: Actor, clock: FakeClock) -> None:
    actor.open()
    actor.touch.switch_text()
    clock.advance(46)
    actor.session.tick()

    assert not actor.session.view.larger_text
