"""One-time codes, the history, another number: the same for everybody until a code was right."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.session import Session, Step
from kiosk.session.view import CodeEntry
from messaging.events.history_requested import HistoryRequested
from messaging.events.one_time_code_entered import OneTimeCodeEntered
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.local.from_kiosk import Said, SessionClosed
from messaging.local.to_kiosk import CodeNoticed, EventNotStored, LinkChanged
from messaging.model import Why
from messaging.station.show import CodeSent, History, MemberShown, NumberChanged, Recognised, Refusal, Show
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.unit.kiosk.session.test_time import let
from tools.scenes import CHALLENGE, ENTRIES, TIERS, Actor, member, sale

SENT = CodeSent(challenge_id=CHALLENGE, valid_s=300)
LOW = Refusal(why=Why(code="trust_too_low"))


def thanked(actor: Actor) -> None:
    actor.touch.enter_number()
    actor.type("0612345678")
    actor.touch.submit_number()
    actor.touch.submit_consent()
    actor.store()


def asked(actor: Actor) -> None:
    thanked(actor)
    actor.touch.see_points()


def answer(actor: Actor, show: Show) -> None:
    actor.answer(actor.last_said().event_id, show)


def typed(actor: Actor, digits: str = "482913") -> None:
    answer(actor, SENT)
    actor.type(digits)
    actor.touch.submit_code()


def at_account(actor: Actor) -> None:
    actor.scan(member())
    actor.touch.open_account()


def at_history(actor: Actor) -> None:
    at_account(actor)
    actor.touch.show_history()
    answer(actor, History(entries=ENTRIES))


def at_new_number(actor: Actor) -> None:
    at_account(actor)
    actor.touch.change_number()


def at_old_code(actor: Actor) -> None:
    at_new_number(actor)
    actor.type("0698765432")
    actor.touch.submit_number()


def at_countries(actor: Actor) -> None:
    actor.touch.enter_number()
    actor.touch.open_countries()


def at_privacy(actor: Actor) -> None:
    actor.touch.show_privacy()


def test_a_typed_number_sees_its_points_after_a_code(actor: Actor, session: Session) -> None:
    # row 169
    actor.tell(sale())
    asked(actor)
    body = actor.last_said().body
    assert isinstance(body, OneTimeCodeRequested)
    assert (session.view.step, body.purpose) == (Step.CODE, "redeem")
    typed(actor)
    entered = actor.last_said().body
    assert isinstance(entered, OneTimeCodeEntered)
    assert (entered.challenge_id, entered.digits) == (CHALLENGE, "482913")
    assert session.view.code.state == "checking"
    answer(actor, member())
    assert (session.view.step, session.view.member) == (Step.WELCOME, member())
    assert session.view.code == CodeEntry()


def test_without_a_sale_the_code_is_for_the_history(actor: Actor) -> None:
    asked(actor)
    body = actor.last_said().body
    assert isinstance(body, OneTimeCodeRequested)
    assert body.purpose == "history"


def test_the_screen_for_digits_comes_before_any_answer_and_is_the_same_whatever_it_is(
    actor: Actor, session: Session
) -> None:
    # row 170
    asked(actor)
    assert session.view.step is Step.CODE
    before = session.view
    answer(actor, SENT)
    assert session.view == replace(before, code=replace(before.code, challenge_id=CHALLENGE, state="open"))


def test_a_wrong_code_may_be_typed_again_while_tries_are_left(actor: Actor, session: Session) -> None:
    # row 207
    asked(actor)
    typed(actor)
    answer(actor, Refusal(why=Why(code="code_wrong", params={"tries_left": 4})))
    assert (session.view.code.state, session.view.code.digits) == ("open", "")
    actor.type("000000")
    actor.touch.submit_code()
    answer(actor, Refusal(why=Why(code="code_wrong", params={"tries_left": 0})))
    assert session.view.code.state == "void"
    actor.touch.submit_code()
    assert len([m for m in actor.said if isinstance(m, Said) and m.body.kind == "one_time_code_entered"]) == 2
    actor.touch.resend_code()
    assert actor.last_said().body.kind == "one_time_code_requested"
    assert session.view.code.state == "asking"


@pytest.mark.parametrize(
    "code", ["code_expired", "code_locked", "code_used", "too_many_codes", "no_open_sale"]
)
def test_a_code_that_takes_no_digits_any_more_says_so(actor: Actor, session: Session, code: str) -> None:
    asked(actor)
    answer(actor, Refusal(why=Why(code=code)))
    assert session.view.code.state == "void"
    assert session.view.code.problem == Why(code=code)


def test_another_code_may_be_asked_for_once_the_first_had_time_to_come(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    asked(actor)
    answer(actor, SENT)
    actor.touch.resend_code()
    assert actor.last_said().body.kind == "one_time_code_requested"
    assert session.view.code.challenge_id == CHALLENGE
    let(session, clock, 31)
    assert session.view.code.can_ask_again
    actor.touch.resend_code()
    assert session.view.code.challenge_id is None


def test_no_answer_is_told_and_can_be_asked_again(actor: Actor, session: Session, clock: FakeClock) -> None:
    asked(actor)
    let(session, clock, 7)
    assert session.view.code.state == "void"
    assert session.view.code.problem == Why(code="unanswered_code")
    answer(actor, SENT)  # too late
    assert session.view.code.state == "void"


def test_a_code_needs_the_station(actor: Actor, session: Session) -> None:
    # row 168
    actor.tell(LinkChanged(online=False, waiting_events=1))
    asked(actor)
    assert session.view.step is Step.THANKS
    actor.touch.finish()
    at_account(actor)
    actor.touch.show_history()
    actor.touch.change_number()
    assert session.view.step is Step.ACCOUNT


def test_an_event_that_was_not_kept_counts_as_unanswered(actor: Actor, session: Session) -> None:
    asked(actor)
    actor.tell(EventNotStored(event_id=actor.last_said().event_id, reason="outbox_full"))
    assert session.view.code.state == "void"


def test_back_from_the_code_leads_to_where_it_was_asked_for_and_its_answer_is_late(
    actor: Actor, session: Session
) -> None:
    asked(actor)
    said = actor.last_said().event_id
    actor.touch.back()
    assert session.view.step is Step.THANKS
    actor.answer(said, SENT)
    assert (session.view.step, session.view.code) == (Step.THANKS, CodeEntry())


def test_only_digits_are_typed_and_no_more_than_six(actor: Actor, session: Session) -> None:
    asked(actor)
    answer(actor, SENT)
    actor.type("48x2")
    actor.touch.digit("")
    actor.touch.erase_digit()
    actor.type("9137777")
    assert session.view.code.digits == "489137"


def test_the_history_is_shown_to_who_has_proved_enough(actor: Actor, session: Session) -> None:
    at_history(actor)
    assert session.view.step is Step.HISTORY
    assert session.view.history == ENTRIES
    assert session.view.history_pages == 2
    actor.touch.more_history()
    assert session.view.history_page == 1
    actor.touch.more_history()
    assert session.view.history_page == 0
    actor.touch.back()
    assert session.view.step is Step.ACCOUNT, "where it was asked for"
    actor.touch.back()
    assert session.view.step is Step.WELCOME


def test_a_printed_card_sees_the_history_after_a_code(actor: Actor, session: Session) -> None:
    # row 169
    at_account(actor)
    actor.touch.show_history()
    answer(actor, LOW)
    assert session.view.step is Step.CODE
    typed(actor)
    answer(actor, member())
    assert isinstance(actor.last_said().body, HistoryRequested)
    answer(actor, History(entries=ENTRIES))
    assert session.view.step is Step.HISTORY


@pytest.mark.parametrize("after_s", [2.5, 10, None])
def test_a_history_that_is_slow_is_said_to_be_on_its_way_and_then_not_waited_for(
    actor: Actor, session: Session, clock: FakeClock, after_s: float | None
) -> None:
    at_account(actor)
    actor.touch.show_history()
    actor.touch.show_history()
    assert session.view.history_pending
    asked_for = actor.last_said()
    assert [message for message in actor.said if isinstance(message, Said)] == [asked_for], "asked for once"
    let(session, clock, after_s or 20)
    if after_s is not None:
        actor.answer(asked_for.event_id, History(entries=ENTRIES))
    assert not session.view.history_pending
    if after_s == 2.5:
        assert session.view.step is Step.HISTORY
        return
    assert session.view.step is Step.ACCOUNT
    assert session.view.notice is not None
    assert session.view.notice.why == Why(code="unanswered_code")
    actor.touch.show_history()
    actor.answer(actor.last_said().event_id, History(entries=ENTRIES))
    assert session.view.step is Step.HISTORY


def test_a_history_that_is_refused_for_good_says_why(actor: Actor, session: Session) -> None:
    at_account(actor)
    actor.touch.show_history()
    answer(actor, Refusal(why=Why(code="no_member")))
    assert session.view.step is Step.ACCOUNT
    assert session.view.notice is not None
    actor.touch.back()
    assert session.view.step is Step.WELCOME


def test_a_reward_that_needs_more_proof_asks_for_a_code_and_is_then_used(
    actor: Actor, session: Session
) -> None:
    # row 169
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    answer(actor, LOW)
    assert session.view.step is Step.CODE
    typed(actor)
    answer(actor, member())
    body = actor.last_said().body
    assert isinstance(body, RewardChosen)
    assert (body.tier_id, session.view.step, session.view.pending_reward) == (
        TIERS[0],
        Step.WELCOME,
        TIERS[0],
    )


def test_a_number_is_changed_by_two_codes(actor: Actor, session: Session) -> None:
    # part of row 183
    at_old_code(actor)
    body = actor.last_said().body
    assert isinstance(body, PhoneChangeRequested)
    assert body.new_phone_number == "+33698765432"
    assert session.view.code.purpose == "old_number"
    typed(actor)
    second = new_id()
    answer(actor, CodeSent(challenge_id=second, valid_s=300))
    assert (session.view.code.purpose, session.view.code.challenge_id) == ("new_number", second)
    assert session.view.code.digits == ""
    actor.type("123456")
    actor.touch.submit_code()
    answer(actor, NumberChanged())
    assert session.view.step is Step.NUMBER_CHANGED
    assert session.view.phone.digits == ""
    actor.touch.back()
    assert session.view.step is Step.IDLE


def test_a_new_number_is_checked_before_anything_is_said(actor: Actor, session: Session) -> None:
    at_new_number(actor)
    actor.type("0612")
    actor.touch.submit_number()
    assert session.view.step is Step.NEW_NUMBER
    assert session.view.phone.problem is not None
    assert not any(isinstance(m, Said) for m in actor.said)


def test_other_countries_numbers_are_typed_as_there(actor: Actor, session: Session) -> None:
    # part of row 199
    at_countries(actor)
    assert session.view.step is Step.COUNTRY
    actor.touch.turn_countries(1)
    actor.touch.turn_countries(-2)
    assert session.view.country_page > 1
    actor.touch.choose_country("BE")
    assert (session.view.step, session.view.phone.region) == (Step.PHONE, "BE")
    actor.type("0470123456")
    actor.touch.submit_number()
    body = actor.last_said().body
    assert body.kind == "number_typed"
    assert body.phone_number == "+32470123456"
    actor.open()  # settings come again while the visitor types
    assert session.view.phone.region == "BE"
    actor.touch.finish()
    assert session.view.phone.region == "FR"


def test_a_country_that_is_none_is_not_chosen(actor: Actor, session: Session) -> None:
    at_countries(actor)
    actor.touch.choose_country("XX")
    assert session.view.step is Step.COUNTRY
    actor.touch.back()
    assert (session.view.step, session.view.phone.region) == (Step.PHONE, "FR")


@pytest.mark.parametrize("before", [Step.IDLE, Step.PHONE, Step.CONSENT, Step.SCAN, Step.ACCOUNT])
def test_what_becomes_of_ones_data_is_told_and_back_leads_back(
    actor: Actor, session: Session, before: Step
) -> None:
    # part of row 201
    ways: dict[Step, Callable[[], object]] = {
        Step.PHONE: actor.touch.enter_number,
        Step.CONSENT: lambda: (
            actor.touch.enter_number(),
            actor.type("0612345678"),
            actor.touch.submit_number(),
        ),
        Step.SCAN: actor.touch.show_card,
        Step.ACCOUNT: lambda: at_account(actor),
        Step.IDLE: lambda: None,
    }
    ways[before]()
    assert session.view.step is before
    actor.touch.show_privacy()
    assert session.view.step is Step.PRIVACY
    actor.touch.back()
    assert session.view.step is before


@pytest.mark.parametrize(
    "play", [asked, at_account, at_history, at_new_number, at_old_code, at_countries, at_privacy]
)
def test_every_one_of_these_screens_warns_counts_down_and_forgets(
    actor: Actor, session: Session, clock: FakeClock, play: Callable[[Actor], None]
) -> None:
    # row 170
    play(actor)
    let(session, clock, 44.75)
    assert session.view.warning_s is None
    let(session, clock, 1)
    assert session.view.warning_s is not None
    actor.touch.extend()
    assert session.view.warning_s is None
    let(session, clock, 61)
    assert session.view.step is Step.IDLE
    assert (session.view.member, session.view.history, session.view.code) == (None, (), CodeEntry())
    assert session.view.phone.digits == ""
    closed = actor.said[-1]
    assert isinstance(closed, SessionClosed)
    assert closed.reason == "idle"


def test_another_card_in_the_middle_of_a_code_begins_with_that_card(actor: Actor, session: Session) -> None:
    asked(actor)
    session_id = actor.last_said().session
    event = new_id()
    actor.tell(CodeNoticed(event_id=event, session=session_id, source="scanner", signature="good"))
    actor.answer(event, member())
    assert session.view.step is Step.WELCOME
    assert session.view.code == CodeEntry()


def test_a_member_shown_after_the_next_customer_began_is_nobodys(actor: Actor, session: Session) -> None:
    # row 171
    asked(actor)
    typed(actor)
    late = actor.last_said().event_id
    actor.touch.back()
    actor.touch.finish()
    actor.touch.enter_number()
    actor.answer(late, MemberShown.model_validate(member()))
    assert (session.view.step, session.view.member) == (Step.PHONE, None)
    actor.touch.finish()
    actor.scan(Recognised())
    assert session.view.step is Step.RECOGNISED
