"""The live sale beside and after a session, and the guard between two customers."""

from uuid import UUID

from kiosk.session import Session, Step
from messaging.local.from_kiosk import SessionClosed
from messaging.local.to_kiosk import LinkChanged
from messaging.station.show import MemberShown
from tests.fakes.clock import FakeClock
from tools.scenes import DISCOUNT, SCAN_EVENT, TIERS, Actor, member, sale

OTHER_SALE = UUID("0192f3c0-0000-7000-8000-0000000000aa")


def test_an_open_sale_with_items_shows_itself(actor: Actor, session: Session) -> None:
    actor.tell(sale())

    assert session.view.step is Step.SALE
    assert session.view.sale is not None
    assert session.view.sale.total_minor == 1330


def test_the_invitation_stands_before_the_first_item_and_beside_the_basket(
    actor: Actor, session: Session
) -> None:
    # rows 143, 153, 154, 156, 157
    actor.tell(sale(1, lines=(), total_minor=0))
    assert session.view.step is Step.IDLE
    assert session.view.invited

    actor.tell(sale(2))
    assert session.view.step is Step.SALE
    assert session.view.invited
    actor.touch.enter_number()
    assert session.view.step is Step.PHONE


def test_no_invitation_while_the_programme_is_paused(actor: Actor, session: Session) -> None:
    # row 155
    actor.open(programme_active=False)
    actor.tell(sale())

    assert not session.view.invited


def test_a_late_picture_of_the_sale_is_dropped(actor: Actor, session: Session) -> None:
    # row 171
    actor.tell(sale(5, total_minor=1000), sale(4, total_minor=1), sale(5, total_minor=2))

    assert session.view.sale is not None
    assert session.view.sale.total_minor == 1000


def test_after_a_break_the_count_may_begin_anew(actor: Actor, session: Session) -> None:
    actor.tell(
        sale(50),
        LinkChanged(online=False, waiting_events=0),
        LinkChanged(online=True, waiting_events=0),
        sale(1, total_minor=77),
    )

    assert session.view.sale is not None
    assert session.view.sale.total_minor == 77


def test_payment_thanks_with_the_points_and_ends_the_session(actor: Actor, session: Session) -> None:
    # row 171
    actor.tell(sale())
    actor.scan(member())
    actor.tell(sale(6, state="paid", points_earned=13, points_balance=253))

    assert session.view.step is Step.PAID
    assert session.view.paid is not None
    assert session.view.paid.points_earned == 13
    assert session.view.member is None
    closed = actor.said[-1]
    assert isinstance(closed, SessionClosed)
    assert closed.reason == "paid"


def test_a_result_after_payment_reaches_nobody(actor: Actor, session: Session) -> None:
    # row 171
    actor.tell(sale())
    actor.scan(None)
    actor.tell(sale(6, state="paid"))
    actor.answer(SCAN_EVENT, member())
    assert session.view.step is Step.PAID
    assert session.view.member is None

    actor.touch.enter_number()
    actor.answer(SCAN_EVENT, member())
    assert session.view.step is Step.PHONE
    assert session.view.member is None


def test_a_result_of_an_earlier_session_is_ignored_in_the_next(actor: Actor, session: Session) -> None:
    # row 171
    actor.tell(sale())
    actor.scan(member())
    actor.touch.use_reward(TIERS[0])
    late = actor.last_said().event_id
    actor.touch.finish()
    actor.touch.enter_number()
    before = session.view
    actor.answer(late, member())

    assert session.view == before


def test_another_basket_ends_the_session_of_the_customer_before(actor: Actor, session: Session) -> None:
    # row 171
    actor.tell(sale(5))
    actor.scan(member())
    actor.tell(sale(9, sale=OTHER_SALE))

    assert session.view.step is Step.SALE
    assert session.view.member is None
    assert isinstance(actor.said[-1], SessionClosed)


def test_a_session_from_before_the_basket_goes_on_with_it(actor: Actor, session: Session) -> None:
    actor.scan(member())
    actor.tell(sale())

    assert session.view.step is Step.WELCOME
    assert isinstance(session.view.member, MemberShown)


def test_a_voided_sale_leads_home(actor: Actor, session: Session) -> None:
    actor.tell(sale(5), sale(6, state="voided"))

    assert session.view.step is Step.IDLE
    assert session.view.sale is None


def test_a_paid_sale_that_was_never_seen_open_is_no_news(actor: Actor, session: Session) -> None:
    actor.tell(sale(6, state="paid", points_earned=3))

    assert session.view.step is Step.IDLE


def test_the_thanks_make_way_for_the_next_basket(actor: Actor, session: Session) -> None:
    actor.tell(sale(5), sale(6, state="paid"), sale(7, sale=OTHER_SALE, lines=(), total_minor=0))
    assert session.view.step is Step.PAID
    actor.tell(sale(8, sale=OTHER_SALE))
    assert session.view.step is Step.SALE


def test_the_member_can_look_at_the_sale_and_come_back(actor: Actor, session: Session) -> None:
    # row 173
    actor.tell(sale(discounts=(DISCOUNT,)))
    actor.scan(member())
    actor.touch.show_sale()
    assert session.view.step is Step.SALE
    assert session.view.sale is not None
    assert session.view.sale.discounts == (DISCOUNT,)
    actor.touch.show_member()
    assert session.view.step is Step.WELCOME


def test_the_chosen_language_stays_with_the_open_basket(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # part of row 189
    actor.tell(sale())
    actor.touch.enter_number()
    actor.touch.choose_language("en")
    actor.type("0612345678")
    actor.touch.submit_number()
    actor.touch.submit_consent()
    actor.store()
    actor.touch.finish()
    assert session.view.step is Step.SALE
    assert session.view.language == "en"

    actor.tell(sale(6, state="paid"))
    assert session.view.language == "en"
    clock.advance(10)
    session.tick()
    assert session.view.language == "fr"


def test_at_payment_everybody_is_asked_once_whatever_the_sale_earns(actor: Actor, session: Session) -> None:
    # rows 153, 154
    actor.open(sign_in="payment")
    actor.tell(sale(1, invitation=False, points_to_earn=0))
    assert session.view.step is Step.SALE
    assert not session.view.takes_numbers
    actor.touch.enter_number()
    assert session.view.step is Step.SALE

    actor.tell(sale(2, points_to_earn=0))
    assert session.view.step is Step.SIGN_IN
    actor.touch.back()
    assert session.view.step is Step.SALE
    actor.tell(sale(3, points_to_earn=0))
    assert session.view.step is Step.SALE
    actor.touch.enter_number()
    assert session.view.step is Step.PHONE


def test_the_question_at_payment_goes_with_the_payment(actor: Actor, session: Session) -> None:
    # part of row 154
    actor.open(sign_in="payment")
    actor.tell(sale(1, invitation=False), sale(2))
    actor.tell(sale(3, invitation=False))
    assert session.view.step is Step.SALE
    actor.tell(sale(4, sale=OTHER_SALE))
    assert session.view.step is Step.SIGN_IN
    actor.tell(sale(5, sale=OTHER_SALE, state="paid", invitation=False))
    assert session.view.step is Step.PAID


def test_a_shop_that_never_asks_takes_no_numbers(actor: Actor, session: Session) -> None:
    # part of row 157
    actor.open(sign_in="never")
    actor.tell(sale(invitation=False))
    actor.touch.enter_number()
    assert session.view.step is Step.SALE


def test_a_screen_that_does_not_enrol_thanks_everybody_alike(actor: Actor, session: Session) -> None:
    # part of row 156
    actor.open(enrolment=False)
    actor.touch.enter_number()
    for digit in "0612345678":
        actor.touch.digit(digit)
    actor.touch.submit_number()
    assert session.view.step is Step.THANKS


def test_where_cards_are_not_read_the_screen_offers_none(actor: Actor, session: Session) -> None:
    # part of row 85
    actor.open(reads_cards=False)
    assert session.view.shop.readers == ()
