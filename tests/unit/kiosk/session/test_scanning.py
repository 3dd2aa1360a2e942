"""A card at the reader, and what follows."""

from uuid import uuid4

import pytest

from kiosk.session import Session, Step
from messaging.events.reward_chosen import RewardChosen
from messaging.local.from_kiosk import Said, SessionClosed
from messaging.local.to_kiosk import (
    CodeNoticed,
    CodeRefused,
    EventNotStored,
    LinkChanged,
    ResultArrived,
)
from messaging.model import Why
from messaging.station.result import Result
from messaging.station.show import ItemAdded, NotRecognised, Recognised, Refusal, RewardUsed
from tests.fakes.clock import FakeClock
from tests.unit.kiosk.session.test_time import let
from tools.scenes import NOW, SCAN_EVENT, SCAN_SESSION, TIERS, Actor, member, sale, used


def test_a_signed_card_is_answered_at_once_and_then_welcomed(actor: Actor, session: Session) -> None:
    # rows 107, 169
    actor.scan(None)
    assert session.view.step is Step.READING

    actor.answer(SCAN_EVENT, member())

    assert session.view.step is Step.WELCOME
    assert session.view.member == member()


def test_a_result_that_overtakes_its_notice_is_not_lost(actor: Actor, session: Session) -> None:
    actor.answer(SCAN_EVENT, member())
    assert session.view.step is Step.IDLE
    assert session.view.member is None
    actor.scan(None)

    assert session.view.step is Step.WELCOME


def test_an_early_result_is_forgotten_after_a_moment(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # row 171
    actor.answer(SCAN_EVENT, member())
    clock.advance(1)
    session.tick()
    actor.scan(None)

    assert session.view.step is Step.READING


def test_an_items_code_leaves_the_customers_screen_alone(actor: Actor, session: Session) -> None:
    actor.tell(sale())
    before = session.view
    actor.scan(ItemAdded(name="Café filtre"), signature="none")

    assert session.view == before
    assert not [message for message in actor.said if isinstance(message, SessionClosed)]


def test_a_bare_card_is_thanked_and_shows_nothing_of_anyone(actor: Actor, session: Session) -> None:
    # rows 91, 169
    actor.scan(Recognised(), signature="none")

    assert session.view.step is Step.RECOGNISED
    assert session.view.member is None


def test_an_unknown_card_says_why_and_what_to_do(actor: Actor, session: Session) -> None:
    actor.scan(NotRecognised(why=Why(code="card_revoked")))

    assert session.view.step is Step.NOT_RECOGNISED
    assert session.view.why == Why(code="card_revoked")
    actor.touch.show_card()
    assert session.view.step is Step.SCAN


@pytest.mark.parametrize("reason", ["too_long", "not_text", "cut_off", "bad_signature", "other_shop"])
def test_what_can_be_no_card_is_told(actor: Actor, session: Session, reason: str) -> None:
    actor.tell(CodeRefused.model_validate({"reason": reason, "source": "scanner"}))

    assert session.view.step is Step.NOT_RECOGNISED
    assert session.view.why == Why(code=reason)


def test_noise_at_the_reader_keeps_what_is_being_typed(actor: Actor, session: Session) -> None:
    actor.touch.enter_number()
    actor.type("0612")
    actor.tell(CodeRefused(reason="cut_off", source="scanner"))

    assert session.view.step is Step.PHONE
    assert session.view.phone.digits == "0612"
    assert session.view.notice is not None


def test_back_from_an_unknown_card_leads_where_the_customer_was(actor: Actor, session: Session) -> None:
    actor.touch.enter_number()
    actor.type("0612")
    started = session.view
    session_id = next(message for message in actor.said if hasattr(message, "session")).session
    actor.tell(
        CodeNoticed(event_id=SCAN_EVENT, session=session_id, source="camera", signature="bad"),
        ResultArrived(
            result=Result(
                event_id=SCAN_EVENT,
                outcome="refused",
                at=NOW,
                show=NotRecognised(why=Why(code="bad_signature")),
            )
        ),
    )
    assert session.view.step is Step.NOT_RECOGNISED
    actor.touch.back()

    assert session.view.step is Step.PHONE
    assert session.view.phone == started.phone


def test_a_card_offline_is_thanked_and_promised(actor: Actor, session: Session, clock: FakeClock) -> None:
    # row 167
    actor.tell(LinkChanged(online=False, waiting_events=0))
    actor.scan(None)
    session.tick()

    assert session.view.step is Step.RECOGNISED
    assert session.view.unanswered


def test_a_station_that_is_slow_is_not_waited_for(actor: Actor, session: Session, clock: FakeClock) -> None:
    actor.scan(None)
    clock.advance(3)
    session.tick()

    assert session.view.step is Step.RECOGNISED
    actor.answer(SCAN_EVENT, member())
    assert session.view.step is Step.WELCOME


def test_the_members_language_is_taken_unless_one_was_chosen(actor: Actor, session: Session) -> None:
    # part of row 189
    shown = member().model_copy(update={"language": "es"})
    actor.scan(shown)
    assert session.view.language == "es"

    actor.touch.finish()
    actor.touch.show_card()
    actor.touch.choose_language("en")
    started = actor.said[-1].session  # type: ignore[union-attr]
    event = uuid4()
    actor.tell(CodeNoticed(event_id=event, session=started, source="camera", signature="good"))
    actor.answer(event, shown)
    assert session.view.language == "en"


def test_a_reward_is_chosen_waits_and_is_confirmed(actor: Actor, session: Session) -> None:
    # rows 137, 142
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    assert session.view.pending_reward == TIERS[0]
    body = actor.last_said().body
    assert isinstance(body, RewardChosen)
    assert (body.tier_id, body.use) == (TIERS[0], True)

    actor.answer(actor.last_said().event_id, used(member()))

    assert session.view.pending_reward is None
    assert session.view.member is not None
    assert session.view.member.rewards[0].applied
    assert session.view.notice is not None
    assert session.view.notice.good


def test_a_reward_on_the_sale_can_be_taken_off(actor: Actor, session: Session) -> None:
    # row 142
    actor.tell(sale())
    actor.scan(used(member()).member)
    actor.touch.use_reward(TIERS[0], use=False)
    actor.answer(
        actor.last_said().event_id, RewardUsed(name="Un café offert", applied=False, member=member())
    )

    assert session.view.member == member()
    assert session.view.notice is not None
    assert session.view.notice.why.code == "reward_taken_off"


def test_a_refused_reward_says_why(actor: Actor, session: Session) -> None:
    # row 173
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    actor.answer(actor.last_said().event_id, Refusal(why=Why(code="nothing_to_discount")))

    assert session.view.notice is not None
    assert session.view.notice.why == Why(code="nothing_to_discount")
    assert session.view.member == member()


def test_a_reward_nobody_answers_is_not_left_spinning(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    clock.advance(5)
    session.tick()

    assert session.view.pending_reward is None
    assert session.view.notice is not None


@pytest.mark.parametrize("is_first_lost", [False, True])
def test_a_reward_touched_again_while_the_station_is_slow_is_used_once_and_told_as_used(
    actor: Actor, session: Session, clock: FakeClock, *, is_first_lost: bool
) -> None:
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    first = actor.last_said().event_id
    clock.advance(7)
    session.tick()
    actor.touch.use_reward(TIERS[0])
    second = actor.last_said().event_id
    clock.advance(3)
    session.tick()
    if not is_first_lost:
        actor.answer(first, used(member()))
    actor.answer(second, Refusal(why=Why(code="already_applied")))

    assert session.view.notice is not None
    assert session.view.notice.good
    assert session.view.notice.why.code == "reward_used"
    assert session.view.member is not None
    assert [reward.applied for reward in session.view.member.rewards] == [True, False, False]


@pytest.mark.parametrize(
    ("after_s", "then"), [(2.5, Step.WELCOME), (10, Step.WELCOME), (None, Step.RECOGNISED)]
)
def test_a_card_before_a_slow_station_is_thanked_and_welcomed_when_it_answers(
    actor: Actor, session: Session, clock: FakeClock, after_s: float | None, then: Step
) -> None:
    actor.tell(sale())
    actor.scan(None)
    for _ in range(int((after_s or 10) * 4)):
        clock.advance(0.25)
        session.tick()
    if after_s is not None:
        actor.answer(SCAN_EVENT, member())
    assert session.view.step is then
    for _ in range(4 * 61):
        clock.advance(0.25)
        session.tick()
    assert session.view.step is Step.SALE
    assert session.view.member is None


def test_a_reward_that_could_not_be_kept_keeps_the_member_on_the_screen(
    actor: Actor, session: Session
) -> None:
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    actor.tell(EventNotStored(event_id=actor.last_said().event_id, reason="disk"))

    assert session.view.step is Step.WELCOME
    assert session.view.pending_reward is None


def test_rewards_cannot_be_used_offline_or_without_a_sale(actor: Actor, session: Session) -> None:
    # row 168
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    actor.tell(sale(), LinkChanged(online=False, waiting_events=0))
    actor.touch.use_reward(TIERS[0])

    assert not [message for message in actor.said if isinstance(message, Said)]


def test_a_reward_out_of_reach_cannot_be_used(actor: Actor) -> None:
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[2])

    assert not [message for message in actor.said if isinstance(message, Said)]


def test_a_card_shown_before_the_first_item_can_still_use_its_reward(actor: Actor, session: Session) -> None:
    early = member()
    first = early.rewards[0].model_copy(update={"available": False, "why_not": Why(code="no_open_sale")})
    actor.scan(early.model_copy(update={"rewards": (first, *early.rewards[1:])}))
    actor.tell(sale())
    actor.touch.use_reward(TIERS[0])

    assert session.view.pending_reward == TIERS[0]


def test_many_rewards_come_in_pages(actor: Actor, session: Session) -> None:
    actor.scan(member(count=5, points=5000))
    assert (session.view.rewards_a_page, session.view.rewards_pages) == (2, 3)
    for expected in (1, 2, 0):
        actor.touch.more_rewards()
        assert session.view.rewards_page == expected


def test_the_scan_session_is_closed_with_its_own_id(actor: Actor) -> None:
    actor.scan(member())
    actor.touch.finish()

    closed = actor.said[-1]
    assert isinstance(closed, SessionClosed)
    assert closed.session == SCAN_SESSION
    assert closed.reason == "done"


@pytest.mark.parametrize("show", [Recognised(), NotRecognised(why=Why(code="unknown_code"))])
def test_an_answer_that_comes_when_the_customer_has_left_shows_nothing(
    actor: Actor, session: Session, clock: FakeClock, show: Recognised | NotRecognised
) -> None:
    # row 171
    actor.scan(None, signature="none")
    clock.advance(14)
    actor.answer(SCAN_EVENT, show)
    assert session.view.step in (Step.RECOGNISED, Step.NOT_RECOGNISED)
    actor.touch.back()
    let(session, clock, 30)

    before = session.view
    late = CodeNoticed(event_id=uuid4(), session=uuid4(), source="scanner", signature="none")
    actor.tell(late)
    clock.advance(15)
    actor.answer(late.event_id, show)
    assert session.view == before
