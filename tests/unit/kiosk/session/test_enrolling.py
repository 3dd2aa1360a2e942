"""From the first touch to the thanks."""

import pytest

from kiosk.session import Session, Step
from kiosk.session.phone_entry import NumberProblem
from messaging.events.consent_given import ConsentGiven
from messaging.events.number_typed import NumberTyped
from messaging.local.from_kiosk import Said, SessionClosed, SessionStarted
from messaging.local.to_kiosk import EventNotStored, EventStored, LinkChanged, ResultArrived
from messaging.model import Why
from messaging.station.result import Result
from messaging.station.show import MemberShown, Noted, Refusal, Show
from tests.fakes.clock import FakeClock
from tools.scenes import NOW, Actor, member


def to_consent(actor: Actor, digits: str = "0612345678") -> None:
    actor.touch.enter_number()
    actor.type(digits)
    actor.touch.submit_number()


def test_a_touch_opens_the_keypad_and_begins_a_session(actor: Actor, session: Session) -> None:
    # row 116
    actor.touch.enter_number()

    assert session.view.step is Step.PHONE
    assert isinstance(actor.said[0], SessionStarted)


def test_continue_says_the_number_and_asks_for_consent_at_once(actor: Actor, session: Session) -> None:
    # rows 116, 135
    to_consent(actor)

    assert session.view.step is Step.CONSENT
    body = actor.last_said().body
    assert isinstance(body, NumberTyped)
    assert (body.phone_number, body.language) == ("+33612345678", "fr")


def test_both_boxes_begin_unticked(actor: Actor, session: Session) -> None:
    # X16
    to_consent(actor)

    assert not session.view.consent.programme
    assert not session.view.consent.marketing_sms
    assert session.view.consent.given_name == ""


def test_done_sends_the_boxes_as_they_are_with_the_number_and_the_wording(actor: Actor) -> None:
    # X16
    to_consent(actor)
    actor.touch.toggle_programme()
    actor.touch.edit_name()
    for letter in "ZOÉ":
        actor.touch.letter(letter)
    actor.touch.keep_name()
    actor.touch.submit_consent()

    body = actor.last_said().body
    assert isinstance(body, ConsentGiven)
    assert body.phone_number == "+33612345678"
    assert (body.programme, body.marketing_sms, body.given_name) == (True, False, "Zoé")
    assert body.wording == "kiosk-2026-11"


def test_done_works_with_nothing_ticked_and_no_name(actor: Actor) -> None:
    # X16
    to_consent(actor)
    actor.touch.submit_consent()

    body = actor.last_said().body
    assert isinstance(body, ConsentGiven)
    assert (body.programme, body.marketing_sms, body.given_name) == (False, False, None)


def test_thanks_come_when_the_device_has_kept_it_not_before(actor: Actor, session: Session) -> None:
    # row 167
    to_consent(actor)
    actor.touch.submit_consent()
    assert session.view.step is Step.STORING

    actor.tell(EventStored(event_id=actor.last_said().event_id))

    assert session.view.step is Step.THANKS


def test_enrolling_is_the_same_offline(actor: Actor, session: Session) -> None:
    # row 167
    actor.tell(LinkChanged(online=False, waiting_events=3))
    to_consent(actor)
    actor.touch.submit_consent()
    actor.store()

    assert session.view.step is Step.THANKS
    assert not session.view.online


def test_nothing_of_the_number_or_name_is_left_at_the_thanks(actor: Actor, session: Session) -> None:
    # row 170
    to_consent(actor)
    actor.touch.submit_consent()
    actor.store()

    assert session.view.phone.digits == ""
    assert session.view.consent.given_name == ""


def test_an_event_that_cannot_be_kept_sends_the_customer_to_the_staff(actor: Actor, session: Session) -> None:
    # row 167
    to_consent(actor)
    actor.touch.submit_consent()
    actor.tell(EventNotStored(event_id=actor.last_said().event_id, reason="outbox_full"))

    assert session.view.step is Step.PROBLEM
    assert session.view.why == Why(code="not_stored")
    assert session.view.phone.digits == ""


def test_a_device_that_does_not_answer_is_no_thanks(actor: Actor, session: Session, clock: FakeClock) -> None:
    to_consent(actor)
    actor.touch.submit_consent()
    clock.advance(5)
    session.tick()

    assert session.view.step is Step.PROBLEM


@pytest.mark.parametrize(
    ("digits", "problem"),
    [
        ("", NumberProblem.TOO_SHORT),
        ("06123", NumberProblem.TOO_SHORT),
        ("061234567890", NumberProblem.TOO_LONG),
        ("0123456789", NumberProblem.NOT_MOBILE),
        ("0012345678", NumberProblem.NOT_A_NUMBER),
    ],
)
def test_a_wrong_number_is_told_on_continue_and_not_before(
    actor: Actor, session: Session, digits: str, problem: NumberProblem
) -> None:
    actor.touch.enter_number()
    actor.type(digits)
    assert session.view.phone.problem is None

    actor.touch.submit_number()

    assert session.view.step is Step.PHONE
    assert session.view.phone.problem is problem
    assert not [message for message in actor.said if isinstance(message, Said)]


def test_numbers_cannot_be_tried_out_and_a_new_session_is_no_new_count(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # row 170
    for number in range(15):
        to_consent(actor, f"06123456{number:02d}")
        assert session.view.step is Step.CONSENT, number
        actor.touch.submit_consent()
        actor.store()
    actor.said.clear()

    to_consent(actor, "0612345699")

    assert session.view.step is Step.PHONE
    assert session.view.phone.problem is NumberProblem.TOO_MANY_NUMBERS
    assert not any(isinstance(message, Said) for message in actor.said)

    clock.advance(300)
    actor.touch.submit_number()

    assert session.view.step is Step.CONSENT


def test_a_number_said_again_in_one_session_counts_once(actor: Actor, session: Session) -> None:
    to_consent(actor)
    for _ in range(20):
        actor.touch.back()
        actor.touch.submit_number()

    assert session.view.step is Step.CONSENT


def test_the_next_digit_takes_the_complaint_away(actor: Actor, session: Session) -> None:
    actor.touch.enter_number()
    actor.type("06")
    actor.touch.submit_number()
    actor.type("1")

    assert session.view.phone.problem is None


def test_the_number_is_masked_after_continue(actor: Actor, session: Session) -> None:
    # row 170
    to_consent(actor)

    assert session.view.phone.masked == "06 •• •• •• 78"


def test_back_and_the_same_number_again_says_it_once(actor: Actor, session: Session) -> None:
    to_consent(actor)
    actor.touch.back()
    assert session.view.step is Step.PHONE
    actor.touch.submit_number()

    assert len([message for message in actor.said if isinstance(message, Said)]) == 1


@pytest.mark.parametrize(
    "show",
    [Noted(), member(), Refusal(why=Why(code="phone_number_invalid"))],
    ids=["noted", "member", "refusal"],
)
def test_whatever_a_result_says_of_a_typed_number_nothing_is_drawn(
    actor: Actor, session: Session, show: Show
) -> None:
    # row 170
    to_consent(actor)
    before = session.view
    actor.tell(
        ResultArrived(
            result=Result(event_id=actor.last_said().event_id, outcome="accepted", at=NOW, show=show)
        )
    )

    assert session.view == before
    assert not isinstance(session.view.member, MemberShown)


def test_back_from_the_keypad_leaves_and_ends_the_session(actor: Actor, session: Session) -> None:
    actor.touch.enter_number()
    actor.type("0612")
    actor.touch.back()

    assert session.view.step is Step.IDLE
    assert session.view.phone.digits == ""
    closed = actor.said[-1]
    assert isinstance(closed, SessionClosed)
    assert closed.reason == "left"


def test_the_keyboard_writes_names_as_people_do(actor: Actor, session: Session) -> None:
    to_consent(actor)
    actor.touch.edit_name()
    for letter in " JEAN--LUC  D’ARC":
        actor.touch.letter(letter)

    assert session.view.consent.draft == "Jean-Luc D’Arc"


def test_back_from_the_keyboard_keeps_the_name_that_was_there(actor: Actor, session: Session) -> None:
    to_consent(actor)
    actor.touch.edit_name()
    actor.touch.letter("Z")
    actor.touch.back()

    assert session.view.step is Step.CONSENT
    assert session.view.consent.given_name == ""


def test_a_paused_programme_offers_no_keypad(actor: Actor, session: Session) -> None:
    # row 155
    actor.open(programme_active=False)
    actor.touch.enter_number()

    assert session.view.step is Step.IDLE
