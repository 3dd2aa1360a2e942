"""Publishing versions of the programme, promotions, and points by hand."""

from dataclasses import replace
from datetime import date

import pytest

from loyalty.domain.accrual import AmountRule, Grant, ItemRule, VisitRule
from loyalty.domain.audit import AuditAction
from loyalty.domain.expiry import DaysAfter, MonthsToEnd
from loyalty.domain.ledger import EntryKind
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.programme_changes import ChangeKind
from loyalty.domain.programme_edit import TierDraft
from loyalty.domain.promotions import (
    PointsAddition,
    PointsMultiplier,
    Promotion,
    PromotionState,
    Schedule,
    TriggerLimit,
    TriggerPeriod,
)
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale
from loyalty.domain.sale import Sale
from loyalty.domain.why import Refusal, Refused, WhyCode
from loyalty.errors import PermissionDeniedError
from loyalty.services.adjust_points import Adjusted, adjust_points, give_opening_balance
from loyalty.services.basket import void_sale
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.decide_settings import change_settings
from loyalty.services.identify import identify_by_number, read_code
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.move_points import move_visit
from loyalty.services.plan_promotion import (
    PromotionDraft,
    add_promotion,
    cancel_promotion,
    list_promotions,
)
from loyalty.services.publish_programme import (
    Change,
    Published,
    publish_change,
    start_programme,
    switched,
    with_changed_tier,
    with_expiry,
    with_new_tier,
    with_points_name,
    with_reward_limit,
    with_rule,
    without_tier,
)
from loyalty.services.quote import quote_sale
from loyalty.services.redeem import choose_reward, redeem_by_staff
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, evidence

ALWAYS = Schedule(date(2026, 1, 1))


def publish(shop: Counter, change: Change) -> Published:
    done = publish_change(shop.uow, shop.ctx, shop.staff, change)
    assert isinstance(done, Published), done
    return done


def why_not(shop: Counter, change: Change) -> Refusal:
    answer = publish_change(shop.uow, shop.ctx, shop.staff, change)
    assert isinstance(answer, Refused), answer
    return answer.reason


def reason(answer: object) -> Refusal:
    assert isinstance(answer, Refused), answer
    return answer.reason


def draft(name: str = "Un café", points: int = 5) -> TierDraft:
    return TierDraft(name, points, AmountOffSale(250))


def scan(shop: Counter, sale: Sale, number: str) -> None:
    read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id), "QRCode")


def test_changing_the_rule_keeps_what_was_earned_and_tier_ids_stay(shop: Counter) -> None:
    # rows 119, 121, 128
    before = shop.uow.programme.current()
    assert before is not None
    done = publish(shop, with_rule(shop.ctx, VisitRule(points=3, minimum_minor=500)))
    assert done.version.version == before.version + 1
    assert [change.kind for change in done.changes] == [ChangeKind.RULE]
    assert [tier.id for tier in done.version.tiers] == [tier.id for tier in before.tiers]
    assert shop.balance(IDRIS) == 8
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    assert shop.pay(sale).receipt.quote.points_to_earn == 3
    assert shop.uow.programme.version(before.version) == before
    assert [each.version for each in shop.uow.programme.all()] == [2, 1]
    assert shop.uow.audit.of_subject("programme:2")[0].action is AuditAction.PROGRAMME_PUBLISHED


def test_an_issued_reward_keeps_its_terms_when_its_tier_changes_or_goes(shop: Counter) -> None:
    # row 119
    programme = shop.uow.programme.current()
    assert programme is not None
    tier = programme.tiers[0]
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(CAMILLE).id), "QRCode")
    chosen = choose_reward(shop.uow, header, tier.id)
    assert isinstance(chosen, Sale)
    before = quote_sale(shop.uow, chosen)
    publish(shop, with_changed_tier(shop.ctx, tier.id, TierDraft("Autre", 30, PercentageOffSale(10_000))))
    publish(shop, without_tier(shop.ctx, tier.id))
    assert quote_sale(shop.uow, shop.now(sale)).discounts == before.discounts
    assert shop.pay(sale).receipt.balance_after == 34 - 10 + 12
    gone = shop.sale("Tasse en grès")
    header = evidence(gone)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(CAMILLE).id), "QRCode")
    assert reason(choose_reward(shop.uow, header, tier.id)) is Refusal.TIER_UNKNOWN


def test_the_sixteenth_reward_and_the_hundred_and_first_character_are_refused(shop: Counter) -> None:
    # rows 136, 139, 140, 141
    for number in range(11):
        publish(shop, with_new_tier(shop.ctx, draft(f"Cadeau {number}", 5 + number)))
    assert why_not(shop, with_new_tier(shop.ctx, draft())) is Refusal.TOO_MANY_TIERS
    current = shop.uow.programme.current()
    assert current is not None
    assert len(current.tiers) == 15
    publish(shop, without_tier(shop.ctx, current.tiers[0].id))
    assert why_not(shop, with_new_tier(shop.ctx, draft("x" * 101))) is Refusal.TIER_NAME_TOO_LONG
    assert why_not(shop, with_new_tier(shop.ctx, draft(" \u202e "))) is Refusal.TIER_NAME_MISSING
    assert why_not(shop, with_new_tier(shop.ctx, draft("x", 0))) is Refusal.AMOUNT_OUT_OF_RANGE
    publish(shop, with_new_tier(shop.ctx, draft("é" * 100)))


def test_nothing_is_published_where_nothing_changes_or_somebody_was_faster(shop: Counter) -> None:
    publish(shop, with_points_name(shop.ctx, "grain", "grains"))
    assert publish(shop, with_points_name(shop.ctx, "grain", "grains")).changes == ()
    assert why_not(shop, with_points_name(shop.ctx, "", "x")) is Refusal.NAME_INVALID
    late = publish_change(shop.uow, shop.ctx, shop.staff, with_reward_limit(shop.ctx, 1), expected=1)
    assert late == Refused(Refusal.PROGRAMME_CHANGED_MEANWHILE, {"version": 2})
    with pytest.raises(PermissionDeniedError):
        publish_change(shop.uow, shop.ctx, shop.cashier, with_reward_limit(shop.ctx, 1))


def test_a_limit_of_rewards_is_off_until_the_shop_sets_one(shop: Counter) -> None:
    # rows 149, 150, X11
    programme = shop.uow.programme.current()
    assert programme is not None
    tier = programme.tiers[0]
    sale = shop.sale("Bougie parfumée")
    scan(shop, sale, ZOE)
    for _ in range(3):
        assert isinstance(redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, shop.staff), Sale)
    publish(shop, with_reward_limit(shop.ctx, 3))
    fourth = redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, shop.staff)
    assert reason(fourth) is Refusal.REWARD_LIMIT_REACHED
    assert why_not(shop, with_reward_limit(shop.ctx, 0)) is Refusal.AMOUNT_OUT_OF_RANGE


def test_a_programme_switched_off_earns_nothing_and_keeps_the_points(shop: Counter) -> None:
    # row 142
    publish(shop, switched(shop.ctx, is_active=False))
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    receipt = shop.pay(sale).receipt
    assert receipt.quote.points_why[0].code is WhyCode.NO_POINTS_WITHOUT_PROGRAMME
    assert shop.balance(IDRIS) == 8
    assert [each.kind for each in publish(shop, switched(shop.ctx, is_active=True)).changes] == [
        ChangeKind.RESUMED
    ]


def test_points_expire_by_the_policy_that_they_were_earned_under(shop: Counter, clock: FakeClock) -> None:
    # row 164
    publish(shop, with_expiry(shop.ctx, DaysAfter(10)))
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    shop.pay(sale)
    publish(shop, with_expiry(shop.ctx, MonthsToEnd(12)))
    later = shop.sale("Croissant")
    scan(shop, later, IDRIS)
    shop.pay(later, "pay-2")
    account = shop.member(IDRIS).account
    assert account is not None
    ends = [lot.expires_at for lot in shop.uow.ledger.open_lots_of(account.id)]
    assert [each.date().isoformat() if each else None for each in ends] == [None, "2026-03-12", "2027-03-31"]


def test_the_first_programme_comes_from_the_answers_of_the_set_up(shop: Counter) -> None:
    # row 138
    problems = start_programme(shop.uow, shop.ctx, shop.staff, {"earn_by": "amount"})
    assert isinstance(problems, tuple)
    assert {problem.question for problem in problems} == {"reward_name"}
    answers = {"earn_by": "amount", "amount_tranche": 500, "reward_name": "5 $ offerts", "reward_points": 10}
    done = start_programme(shop.uow, shop.ctx, shop.staff, answers)
    assert isinstance(done, Published)
    assert isinstance(done.version.accrual, AmountRule)
    assert done.version.accrual.tranche_minor == 500
    sale = shop.sale("Tasse en grès")  # 16.00 with 20 % tax included: 13.33 before tax
    scan(shop, sale, IDRIS)
    assert shop.pay(sale).receipt.quote.points_to_earn == 2


def test_a_drip_coffee_gives_one_point_a_latte_two_and_a_sandwich_three(shop: Counter) -> None:
    # rows 120, 131
    grants = (
        Grant(shop.item_id("Café filtre"), 1),
        Grant(shop.item_id("Café crème"), 2),
        Grant(shop.item_id("Croissant"), 3),
    )
    publish(shop, with_rule(shop.ctx, ItemRule(grants)))
    sale = shop.sale("Café filtre", "Café crème", "Croissant", "Tasse en grès")
    scan(shop, sale, IDRIS)
    assert shop.pay(sale).receipt.balance_after == 8 + 6


def promote(shop: Counter, **fields: object) -> Promotion:
    given = {"name": "Double", "incentive": PointsMultiplier(2000), "schedule": ALWAYS, **fields}
    made = add_promotion(shop.uow, shop.ctx, shop.staff, PromotionDraft(**given))  # type: ignore[arg-type]
    assert isinstance(made, Promotion), made
    return made


def test_a_promotion_comes_on_top_as_an_entry_of_its_own(shop: Counter) -> None:
    # rows 134, 173, 174
    promote(shop)
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    preview = quote_sale(shop.uow, shop.now(sale))
    assert shop.pay(sale).receipt.quote == preview
    account = shop.member(IDRIS).account
    assert account is not None
    booked = shop.uow.ledger.entries_of(account.id)[1:]
    assert [(entry.kind, entry.points) for entry in booked] == [
        (EntryKind.EARN, 16),
        (EntryKind.PROMOTION, 16),
    ]
    assert booked[1].why[0].code is WhyCode.PROMOTION_MULTIPLIED


def test_a_trigger_limit_counts_completed_sales_alone_and_lets_another_promotion_in(
    shop: Counter, clock: FakeClock
) -> None:
    # row 134
    promote(shop, name="Petit", incentive=PointsAddition(1))
    clock.advance(1)
    promote(
        shop, name="Grand", incentive=PointsAddition(50), trigger_limit=TriggerLimit(1, TriggerPeriod.DAY)
    )
    given_up = shop.sale("Tasse en grès")
    scan(shop, given_up, IDRIS)
    assert quote_sale(shop.uow, shop.now(given_up)).promotion_points == 50
    void_sale(shop.uow, shop.ctx, given_up.id, shop.staff)
    points = []
    for key in ("one", "two"):
        sale = shop.sale("Tasse en grès")
        scan(shop, sale, IDRIS)
        points.append(shop.pay(sale, key).receipt.quote.promotion_points)
    assert points == [50, 1]
    other = shop.sale("Tasse en grès")
    scan(shop, other, ZOE)
    assert shop.pay(other, "three").receipt.quote.promotion_points == 50
    clock.advance(24 * 3600)
    tomorrow = shop.sale("Tasse en grès")
    scan(shop, tomorrow, IDRIS)
    assert shop.pay(tomorrow, "four").receipt.quote.promotion_points == 50


def test_ten_promotions_are_enough_and_a_cancelled_one_makes_room(shop: Counter) -> None:
    # row 134
    made = [promote(shop, name=f"P{number}") for number in range(10)]
    extra = PromotionDraft("P10", PointsAddition(1), ALWAYS)
    assert reason(add_promotion(shop.uow, shop.ctx, shop.staff, extra)) is Refusal.TOO_MANY_PROMOTIONS
    ended = cancel_promotion(shop.uow, shop.ctx, shop.staff, made[0].id)
    assert isinstance(ended, Promotion)
    again = cancel_promotion(shop.uow, shop.ctx, shop.staff, made[0].id)
    assert reason(again) is Refusal.PROMOTION_OVER
    unknown = cancel_promotion(shop.uow, shop.ctx, shop.staff, new_id())
    assert reason(unknown) is Refusal.PROMOTION_UNKNOWN
    assert isinstance(add_promotion(shop.uow, shop.ctx, shop.staff, extra), Promotion)
    states = [each.state for each in list_promotions(shop.uow, shop.ctx)]
    assert states.count(PromotionState.CANCELLED) == 1
    too_long = replace(extra, name="x" * 71)
    assert reason(add_promotion(shop.uow, shop.ctx, shop.staff, too_long)) is Refusal.PROMOTION_NAME_TOO_LONG
    over = replace(extra, schedule=Schedule(date(2020, 1, 1), date(2020, 2, 1)))
    assert reason(add_promotion(shop.uow, shop.ctx, shop.staff, over)) is Refusal.PROMOTION_OVER
    with pytest.raises(PermissionDeniedError):
        add_promotion(shop.uow, shop.ctx, shop.cashier, extra)


def test_points_by_hand_need_a_reason_and_the_permission_and_are_in_the_audit_log(shop: Counter) -> None:
    # rows 181, 206
    customer_id = shop.member(IDRIS).customer.id

    def by_hand(points: int, why: str = "geste", key: str = "a") -> Adjusted | Refused:
        return adjust_points(shop.uow, shop.ctx, customer_id, points, shop.staff, reason=why, key=key)

    done = by_hand(5)
    assert isinstance(done, Adjusted)
    assert (done.balance, done.entry.staff_id) == (13, shop.staff.id)
    again = by_hand(5)
    assert isinstance(again, Adjusted)
    assert again.is_repeated
    assert shop.balance(IDRIS) == 13
    assert reason(by_hand(-14, key="b")) is Refusal.NOT_ENOUGH_POINTS
    assert reason(by_hand(0, key="c")) is Refusal.AMOUNT_OUT_OF_RANGE
    assert reason(by_hand(1, " \t", key="d")) is Refusal.REASON_MISSING
    assert isinstance(by_hand(-13, key="e"), Adjusted)
    account = shop.member(IDRIS).account
    assert account is not None
    deeds = shop.uow.audit.of_subject(f"account:{account.id}")
    assert [deed.params for deed in deeds] == [
        {"points": 5, "reason": "geste"},
        {"points": -13, "reason": "geste"},
    ]
    with pytest.raises(PermissionDeniedError):
        adjust_points(shop.uow, shop.ctx, customer_id, 1, shop.cashier, reason="x", key="f")
    shop.uow.staff.link_customer(shop.staff.id, customer_id)
    assert reason(by_hand(1, key="g")) is Refusal.OWN_ACCOUNT


def test_the_points_of_a_visit_move_to_whom_they_belong(shop: Counter) -> None:
    # row 199
    sale = shop.sale("Tasse en grès")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), IDRIS)
    shop.pay(sale)
    zoe = shop.member(ZOE).customer.id
    moved = move_visit(shop.uow, shop.ctx, sale.id, zoe, shop.staff, reason="mauvais numéro")
    assert not isinstance(moved, Refused)
    assert moved.points == 16
    assert (shop.balance(IDRIS), shop.balance(ZOE)) == (8, 87)
    taken = shop.uow.ledger.entries_of(moved.from_account)[-1]
    given = shop.uow.ledger.entries_of(moved.to_account)[-1]
    assert taken.corrects == given.corrects
    assert taken.source == given.source
    again = move_visit(shop.uow, shop.ctx, sale.id, zoe, shop.staff, reason="encore")
    assert reason(again) is Refusal.NOT_ENOUGH_POINTS
    own = move_visit(shop.uow, shop.ctx, sale.id, shop.member(IDRIS).customer.id, shop.staff, reason="x")
    assert reason(own) is Refusal.SAME_ACCOUNT
    assert verify_ledger(shop.uow).faults == ()


def test_opening_balances_come_once_for_each_origin(shop: Counter) -> None:
    # row 184
    customer_id = shop.member(IDRIS).customer.id
    for _ in range(2):
        done = give_opening_balance(shop.uow, shop.ctx, customer_id, 40, shop.staff, origin="Ancien carnet")
        assert isinstance(done, Adjusted)
    assert shop.balance(IDRIS) == 48
    none = give_opening_balance(shop.uow, shop.ctx, customer_id, 0, shop.staff, origin="Ancien carnet 2")
    assert reason(none) is Refusal.AMOUNT_OUT_OF_RANGE


def test_redemptions_that_staff_confirm_are_capped_for_a_day(shop: Counter, clock: FakeClock) -> None:
    # row 206
    change_settings(
        shop.uow, shop.ctx, shop.staff, LoyaltySettings(confirmed_redemptions_a_day=2), expected=0
    )
    assert shop.uow.programme.settings().confirmed_redemptions_a_day == 2
    programme = shop.uow.programme.current()
    assert programme is not None
    tier = programme.tiers[0]
    sale = shop.sale("Bougie parfumée")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), ZOE)
    for _ in range(2):
        assert isinstance(redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, shop.cashier), Sale)
    third = redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, shop.cashier)
    assert reason(third) is Refusal.CONFIRMATION_LIMIT_REACHED
    done = complete_sale(shop.uow, shop.ctx, sale.id, Payment("k", 5000), shop.staff)
    assert isinstance(done, Completed)
    bodies = [message.body for message in shop.uow.messages.recent(9)]
    assert sum("2 € offerts" in body for body in bodies) == 2
    clock.advance(24 * 3600)
    tomorrow = shop.sale("Bougie parfumée")
    identify_by_number(shop.uow, shop.ctx, evidence(tomorrow), ZOE)
    assert isinstance(redeem_by_staff(shop.uow, shop.ctx, tomorrow.id, tier.id, shop.cashier), Sale)
