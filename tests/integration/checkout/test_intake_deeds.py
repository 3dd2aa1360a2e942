"""What an event does: enrol, redeem, put an item into the sale, come late."""

from datetime import UTC, datetime, timedelta

from messaging.codec import encode
from messaging.events.history_requested import HistoryRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.events.session_ended import SessionEnded
from messaging.station.show import (
    History,
    ItemAdded,
    MemberShown,
    Noted,
    Refusal,
    RewardUsed,
)
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.intake_events import NOBODY, card, done, typed

# --- enrolling --------------------------------------------------------------------------------------


def test_enrolling_creates_customer_account_and_one_welcome_with_the_link(counter: Counter) -> None:
    # rows 22, 116, 117, 162
    envelope = counter.envelope(done("+33611223344", name="Inès"))
    for _ in range(3):
        counter.send_raw(encode(envelope))
    with counter.database.reading() as unit:
        member = unit.customers.member_by_phone("+33611223344")
        messages = unit.messages.recent(10)
        assert member is not None
        consents = unit.consents.of_customer(member.customer.id)
    assert member.customer.given_name == "Inès"
    assert member.account is not None
    assert [message.to for message in messages] == ["+33611223344"]
    assert "http://127.0.0.1:8080/s/" in messages[0].body
    (consent,) = consents
    assert consent.wording_text.startswith("Je rejoins le programme de fidélité de Maison Lumen.")


def test_an_unticked_box_creates_nothing_and_says_nothing(counter: Counter) -> None:
    # X16
    result = counter.send(counter.envelope(done(NOBODY, programme=False)))
    assert (result.outcome, result.show) == ("accepted", Noted())
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone(NOBODY) is None
        assert unit.messages.recent(10) == []


def test_an_invalid_number_is_refused_with_its_reason(counter: Counter) -> None:
    result = counter.send(counter.envelope(typed("+33123")))
    assert result.outcome == "refused"
    assert isinstance(result.show, Refusal)
    assert result.show.why.code == "phone_number_invalid"


# --- rewards ----------------------------------------------------------------------------------------


def test_the_member_uses_a_reward_at_the_kiosk_and_takes_it_back(counter: Counter) -> None:
    # rows 137, 142
    sale, session = counter.sell("Bougie parfumée"), new_id()
    seen = counter.send(counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale))
    assert isinstance(seen.show, MemberShown)
    tier = next(reward for reward in seen.show.rewards if reward.available)
    choose = RewardChosen(tier_id=tier.tier_id, use=True)
    used = counter.send(counter.envelope(choose, session=session, sale=sale))
    assert isinstance(used.show, RewardUsed)
    assert used.show.applied
    assert counter.till().sale.discounts[-1].kind == "reward"  # type: ignore[union-attr]
    twice = counter.send(counter.envelope(choose, session=session, sale=sale))
    assert isinstance(twice.show, Refusal)
    assert twice.show.why.code == "already_used"
    back = RewardChosen(tier_id=tier.tier_id, use=False)
    taken = counter.send(counter.envelope(back, session=session, sale=sale))
    assert isinstance(taken.show, RewardUsed)
    assert not taken.show.applied
    assert counter.balance("Camille") == 34, "points are booked with the sale, not before"


def test_a_reward_without_enough_points_says_how_many_are_missing(counter: Counter) -> None:
    sale, session = counter.sell("Bougie parfumée"), new_id()
    seen = counter.send(counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale))
    assert isinstance(seen.show, MemberShown)
    tier = seen.show.rewards[-1]
    assert tier.why_not is not None
    refused = counter.send(counter.envelope(RewardChosen(tier_id=tier.tier_id), session=session, sale=sale))
    assert isinstance(refused.show, Refusal)
    assert refused.show.why.code == "not_enough_points"
    assert refused.show.why.params["missing"] == 120 - 34


# --- late and out of order --------------------------------------------------------------------------


def test_a_card_for_a_sale_that_is_paid_attaches_to_nothing(counter: Counter) -> None:
    # row 171
    # X14
    first = counter.sell("Croissant")
    late = counter.envelope(card(counter.card_of("Camille")), sale=first)
    counter.pay()
    second = counter.sell("Tasse en grès")
    assert counter.send(late).outcome == "accepted"
    assert counter.till().sale.id == second  # type: ignore[union-attr]
    assert counter.till().sale.member is None, "not the next customer's sale"  # type: ignore[union-attr]
    assert counter.balance("Camille") == 34


def test_a_late_redemption_is_refused_and_a_late_enrolment_counts(counter: Counter) -> None:
    # row 171
    # X14
    sale, session = counter.sell("Bougie parfumée"), new_id()
    seen = counter.send(counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale))
    assert isinstance(seen.show, MemberShown)
    choose = counter.envelope(RewardChosen(tier_id=seen.show.rewards[0].tier_id), session=session, sale=sale)
    enrol = counter.envelope(done("+33611223344"), session=session, sale=sale)
    counter.pay()
    refused = counter.send(choose)
    assert isinstance(refused.show, Refusal)
    assert refused.show.why.code == "late"
    counter.send(enrol)
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone("+33611223344") is not None


def test_after_the_session_s_end_nobody_is_welcomed_any_more(counter: Counter) -> None:
    # row 171
    sale, session = counter.sell("Croissant"), new_id()
    late = counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale)
    counter.send(counter.envelope(SessionEnded(reason="idle"), session=session, sale=sale))
    assert counter.send(late).show == Noted()
    assert counter.till().sale.member is None  # type: ignore[union-attr]


def test_a_wall_clock_at_1970_changes_nothing(counter: Counter) -> None:
    # row 203
    # X14
    sale = counter.sell("Tasse en grès")
    old = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=40)
    result = counter.send(counter.envelope(card(counter.card_of("Camille")), sale=sale, wall=old))
    assert isinstance(result.show, MemberShown)
    assert result.at == counter.clock.now(), "the device takes the station's time"
    counter.pay()
    assert counter.balance("Camille") > 34


# --- what comes later -------------------------------------------------------------------------------


def test_history_is_for_proof_alone(counter: Counter) -> None:
    for rotating, kind in ((False, Refusal), (True, History)):
        session = new_id()
        code = counter.card_of("Camille", rotating=rotating)
        counter.send(counter.envelope(card(code), session=session))
        shown = counter.send(counter.envelope(HistoryRequested(), session=session)).show
        assert isinstance(shown, kind)
    counter.settle()


def test_an_event_that_this_station_does_not_offer_is_refused_and_not_wanted_again(counter: Counter) -> None:
    result = counter.send(counter.envelope(PhoneChangeRequested(new_phone_number="+33698765432")))
    assert result.outcome == "refused"
    assert counter.dead_reasons() == [], "it was understood; there is nothing to look at"


def test_an_item_s_code_goes_into_the_sale(counter: Counter) -> None:
    sale = counter.sell("Croissant")
    result = counter.send(counter.envelope(card("3700123400024", "EAN13"), sale=sale))
    assert result.show == ItemAdded(name="Miel de lavande, 500 g")
    assert len(counter.till().sale.lines) == 2  # type: ignore[union-attr]
