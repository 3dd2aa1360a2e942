"""Refunds, voids, exchanges and late attachments, with their points."""

from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.ledger import EntryKind
from loyalty.domain.payment_card import CardToken
from loyalty.domain.refunds import AmountBack, LinesBack, RefundKind, WholeSaleBack
from loyalty.domain.sale import Sale, TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.why import Refusal, Refused, Why, WhyCode
from loyalty.errors import ConflictError, PermissionDeniedError
from loyalty.services.basket import add_item
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.exchange import Exchanged, ExchangeOrder, exchange_goods, preview_exchange
from loyalty.services.identify import read_code
from loyalty.services.late_attachment import AttachedLate, attach_to_completed
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.move_points import MoveOrder, movable_gains, move_gains, move_visit
from loyalty.services.redeem import choose_reward
from loyalty.services.refund import (
    Refunded,
    RefundOrder,
    preview_refund,
    refund_sale,
    void_completed_sale,
)
from loyalty.services.staff_discounts import DiscountDraft, give_discount, take_discount_off
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, evidence

VISA = CardToken("Visa", "4242", "fp_7Jw0")


def scan(shop: Counter, sale: Sale, number: str) -> None:
    read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id), "QRCode")


def sold(shop: Counter, number: str, *names: str, reward: int | None = None, key: str = "pay-1") -> Sale:
    """A completed sale of a scanned member, with the reward of so many points where one is named."""
    sale = shop.sale(*names)
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(number).id), "QRCode")
    if reward is not None:
        programme = shop.uow.programme.current()
        assert programme is not None
        tier = next(tier for tier in programme.tiers if tier.points == reward)
        assert isinstance(choose_reward(shop.uow, header, tier.id), Sale)
    return shop.pay(sale, key).sale


def back(shop: Counter, sale: Sale, request: object = None, key: str = "back-1") -> Refunded:
    order = RefundOrder(key, sale.id, request or WholeSaleBack(), "abîmé")  # type: ignore[arg-type]
    done = refund_sale(shop.uow, shop.ctx, order, shop.staff)
    assert isinstance(done, Refunded), done
    return done


def reason(answer: object) -> Refusal:
    assert isinstance(answer, Refused), answer
    return answer.reason


def kinds(shop: Counter, number: str) -> list[tuple[EntryKind, int]]:
    return [(each.kind, each.points) for each in shop.uow.ledger.entries_of(account(shop, number))]


def account(shop: Counter, number: str) -> UUID:
    found = shop.member(number).account
    assert found is not None
    return found.id


def test_a_refund_of_everything_returns_to_the_start(shop: Counter) -> None:
    # rows 175, X12
    sale = sold(shop, CAMILLE, "Tasse en grès", "Croissant", reward=10)
    done = back(shop, sale)
    assert shop.balance(CAMILLE) == 34
    assert done.balance_after == 34
    assert sale.receipt is not None
    assert done.refund.quote.amount_minor == sale.receipt.quote.total_minor
    assert {kind for kind, _ in kinds(shop, CAMILLE)} == {
        EntryKind.OPENING,
        EntryKind.REDEEM,
        EntryKind.EARN,
        EntryKind.RETURN,
        EntryKind.REVERSE,
    }
    assert verify_ledger(shop.uow).faults == ()


def test_a_partial_refund_takes_back_what_the_rest_would_not_have_earned_and_keeps_the_reward(
    shop: Counter,
) -> None:
    # rows 175, X12
    sale = sold(shop, ZOE, "Tasse en grès", "Croissant", reward=10)
    assert sale.receipt is not None
    earned = sale.receipt.quote.points_to_earn
    croissant = next(line for line in sale.lines if line.name == "Croissant")
    preview = preview_refund(shop.uow, sale.id, LinesBack(((croissant.id, 1),)))
    done = back(shop, sale, LinesBack(((croissant.id, 1),)))
    assert done.refund.quote == preview
    assert done.refund.quote.returned_reward_ids == ()
    assert shop.balance(ZOE) == 71 - 10 + earned - done.refund.quote.base_points
    rest = back(shop, sale, key="back-2")
    assert rest.refund.quote.is_whole
    assert shop.balance(ZOE) == 71
    total = done.refund.quote.amount_minor + rest.refund.quote.amount_minor
    assert total == sale.receipt.quote.total_minor
    assert verify_ledger(shop.uow).faults == ()


def test_a_balance_goes_below_zero_by_a_refund_alone_and_the_next_points_pay_for_it(shop: Counter) -> None:
    # rows 175, X12
    first = sold(shop, IDRIS, "Bougie parfumée")  # 8 + 24
    sold(shop, IDRIS, "Croissant", reward=25, key="pay-2")  # 32 - 25 + 1
    assert shop.balance(IDRIS) == 8
    assert back(shop, first).balance_after == -16
    third = sold(shop, IDRIS, "Tasse en grès", "Croissant", key="pay-3")
    assert third.receipt is not None
    assert (third.receipt.balance_before, third.receipt.balance_after) == (-16, 1)
    paid = shop.uow.ledger.entries_of(account(shop, IDRIS))[-1]
    assert paid.why[-1] == Why(WhyCode.DEBT_PAID, {"points": 16})
    assert verify_ledger(shop.uow).faults == ()


def test_the_same_refund_twice_is_one(shop: Counter) -> None:
    sale = sold(shop, IDRIS, "Tasse en grès")
    first = back(shop, sale)
    again = back(shop, sale)
    assert again.is_repeated
    assert again.refund == first.refund
    assert shop.balance(IDRIS) == 8
    other = sold(shop, IDRIS, "Croissant", key="pay-2")
    with pytest.raises(ConflictError):
        back(shop, other)


def test_what_cannot_come_back_says_why_and_books_nothing(shop: Counter, clock: FakeClock) -> None:
    # row 175
    sale = sold(shop, IDRIS, "Tasse en grès")
    line = sale.lines[0].id

    def refused(request: object, why: str = "abîmé") -> Refusal:
        order = RefundOrder(str(new_id()), sale.id, request, why)  # type: ignore[arg-type]
        return reason(refund_sale(shop.uow, shop.ctx, order, shop.staff))

    assert refused(WholeSaleBack(), " \x00 ") is Refusal.REASON_MISSING
    assert refused(LinesBack(((new_id(), 1),))) is Refusal.LINE_UNKNOWN
    assert refused(LinesBack(((line, 2),))) is Refusal.REFUND_TOO_LARGE
    assert refused(AmountBack(0)) is Refusal.AMOUNT_OUT_OF_RANGE
    assert refused(AmountBack(10_000_000_000)) is Refusal.REFUND_TOO_LARGE
    open_one = shop.sale("Croissant")
    order = RefundOrder("k", open_one.id, WholeSaleBack(), "x")
    assert reason(refund_sale(shop.uow, shop.ctx, order, shop.staff)) is Refusal.SALE_NOT_COMPLETED
    unknown = RefundOrder("k", new_id(), WholeSaleBack(), "x")
    assert reason(refund_sale(shop.uow, shop.ctx, unknown, shop.staff)) is Refusal.SALE_UNKNOWN
    with pytest.raises(PermissionDeniedError):
        refund_sale(shop.uow, shop.ctx, RefundOrder("k", sale.id, WholeSaleBack(), "x"), shop.cashier)
    back(shop, sale)
    assert refused(AmountBack(1)) is Refusal.SALE_ALREADY_REFUNDED
    assert shop.balance(IDRIS) == 8


def test_refunds_are_listed_by_who_gave_them(shop: Counter, clock: FakeClock) -> None:
    # row 206
    sale = sold(shop, IDRIS, "Tasse en grès")
    start = clock.now()
    back(shop, sale)
    clock.advance(1)
    mine = shop.uow.refunds.between(start, clock.now(), shop.staff.id)
    assert [each.reason for each in mine] == ["abîmé"]
    assert list(shop.uow.refunds.between(start, clock.now(), shop.cashier.id)) == []
    deeds = shop.uow.audit.of_subject(f"sale:{sale.id}")
    assert [deed.action for deed in deeds] == [AuditAction.SALE_REFUNDED]


def test_a_void_gives_everything_back_on_its_own_day_only(shop: Counter, clock: FakeClock) -> None:
    # rows 175, X13
    sale = sold(shop, ZOE, "Tasse en grès", reward=10)
    late = sold(shop, ZOE, "Croissant", key="pay-2")
    done = void_completed_sale(shop.uow, shop.ctx, sale.id, shop.staff, key="v", reason="erreur")
    assert isinstance(done, Refunded)
    assert done.refund.kind is RefundKind.VOID
    now = clock.now()
    assert [visit.sale_id for visit in shop.uow.reports.visits(sale.opened_at, now)] == []
    clock.advance(24 * 3600)
    visits = shop.uow.reports.visits(sale.opened_at, clock.now())
    assert [visit.sale_id for visit in visits] == [late.id]
    again = void_completed_sale(shop.uow, shop.ctx, sale.id, shop.staff, key="v", reason="erreur")
    assert isinstance(again, Refunded)
    assert again.is_repeated
    refused = void_completed_sale(shop.uow, shop.ctx, late.id, shop.staff, key="w", reason="erreur")
    assert reason(refused) is Refusal.VOID_TOO_LATE


def test_money_goes_back_the_way_it_came_or_as_said(shop: Counter) -> None:
    # row 175
    sale = shop.sale("Tasse en grès")
    offers = (Offer(TenderKind.CARD, 1000, VISA), Offer(TenderKind.CASH, 600))
    done = complete_sale(shop.uow, shop.ctx, sale.id, Payment("k", offers=offers), shop.staff)
    assert isinstance(done, Completed), done
    some = back(shop, done.sale, AmountBack(500))
    assert [(each.kind, each.amount_minor) for each in some.refund.tenders] == [(TenderKind.CARD, 500)]
    wrong = RefundOrder("x", sale.id, AmountBack(500), "abîmé", (Offer(TenderKind.CASH, 400),))
    assert reason(refund_sale(shop.uow, shop.ctx, wrong, shop.staff)) is Refusal.REFUND_TENDERS_WRONG
    right = replace(wrong, offers=(Offer(TenderKind.CASH, 400), Offer(TenderKind.GIFT_CARD, 100)))
    assert isinstance(refund_sale(shop.uow, shop.ctx, right, shop.staff), Refunded)


def test_an_exchange_is_one_purchase_for_points_and_no_second_visit(shop: Counter, clock: FakeClock) -> None:
    # rows 175, X13
    first = sold(shop, IDRIS, "Tasse en grès")  # 16.00 gives 16
    fresh = shop.sale("Bougie parfumée")
    order = ExchangeOrder(fresh.id, first.id, WholeSaleBack(), "autre couleur", Payment("x", 800))
    preview = preview_exchange(shop.uow, fresh.id, first.id, WholeSaleBack())
    assert not isinstance(preview, Refused)
    done = exchange_goods(shop.uow, shop.ctx, order, shop.staff)
    assert isinstance(done, Exchanged), done
    assert done.paid_minor == preview.to_pay_minor == 800
    assert done.completed.sale.exchange_of == first.id
    assert [each.kind for each in done.completed.receipt.all_tenders] == [TenderKind.OTHER, TenderKind.CASH]
    assert shop.balance(IDRIS) == 8 + 24
    again = exchange_goods(shop.uow, shop.ctx, order, shop.staff)
    assert isinstance(again, Exchanged)
    assert again.completed.is_repeated
    clock.advance(1)
    assert list(shop.uow.reports.visits(first.opened_at, clock.now())) == []
    assert verify_ledger(shop.uow).faults == ()


def test_an_exchange_for_something_cheaper_gives_the_difference_back(shop: Counter) -> None:
    first = sold(shop, IDRIS, "Bougie parfumée")
    fresh = shop.sale("Croissant")
    order = ExchangeOrder(fresh.id, first.id, WholeSaleBack(), "changé d’avis", Payment("x", 0))
    done = exchange_goods(shop.uow, shop.ctx, order, shop.staff)
    assert isinstance(done, Exchanged), done
    assert [(each.kind, each.amount_minor) for each in done.refunded.refund.tenders] == [
        (TenderKind.OTHER, 140),
        (TenderKind.CASH, 2400 - 140),
    ]
    assert shop.balance(IDRIS) == 8 + 1


def test_nobody_exchanges_the_goods_of_another_member(shop: Counter) -> None:
    first = sold(shop, IDRIS, "Bougie parfumée")
    fresh = shop.sale("Croissant")
    scan(shop, fresh, ZOE)
    order = ExchangeOrder(fresh.id, first.id, WholeSaleBack(), "x", Payment("x", 5000))
    assert reason(exchange_goods(shop.uow, shop.ctx, order, shop.staff)) is Refusal.ANOTHER_MEMBER


def test_a_customer_who_comes_after_paying_gets_the_points_of_what_was_kept(shop: Counter) -> None:
    # rows 116, 158, 206
    sale = shop.pay(shop.sale("Tasse en grès", "Croissant")).sale
    croissant = next(line for line in sale.lines if line.name == "Croissant")
    back(shop, sale, LinesBack(((croissant.id, 1),)))
    customer_id = shop.member(IDRIS).customer.id
    done = attach_to_completed(shop.uow, shop.ctx, sale.id, customer_id, shop.staff)
    assert isinstance(done, AttachedLate), done
    assert (done.points, done.balance) == (16, 24)
    assert done.sale.receipt is not None
    assert sale.receipt is not None
    assert done.sale.receipt.quote.total_minor == sale.receipt.quote.total_minor
    deeds = shop.uow.audit.of_subject(f"sale:{sale.id}")
    assert deeds[-1].action is AuditAction.MEMBER_ATTACHED_LATE
    again = attach_to_completed(shop.uow, shop.ctx, sale.id, customer_id, shop.staff)
    assert reason(again) is Refusal.ANOTHER_MEMBER
    back(shop, done.sale, key="back-2")
    assert shop.balance(IDRIS) == 8
    with pytest.raises(PermissionDeniedError):
        attach_to_completed(shop.uow, shop.ctx, sale.id, customer_id, shop.cashier)


def test_nobody_earns_redeems_or_refunds_on_their_own_account(shop: Counter) -> None:
    # row 206
    shop.uow.staff.link_customer(shop.staff.id, shop.member(IDRIS).customer.id)
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    answer = complete_sale(shop.uow, shop.ctx, sale.id, Payment("k", 5000), shop.staff)
    assert reason(answer) is Refusal.OWN_ACCOUNT
    done = complete_sale(shop.uow, shop.ctx, sale.id, Payment("k", 5000), shop.cashier)
    assert isinstance(done, Completed)
    order = RefundOrder("b", sale.id, WholeSaleBack(), "x")
    assert reason(refund_sale(shop.uow, shop.ctx, order, shop.staff)) is Refusal.OWN_ACCOUNT
    late = shop.pay(shop.sale("Croissant"), "late").sale
    customer_id = shop.member(IDRIS).customer.id
    attached = attach_to_completed(shop.uow, shop.ctx, late.id, customer_id, shop.staff)
    assert reason(attached) is Refusal.OWN_ACCOUNT


def test_tips_and_tenders_earn_nothing_more_and_change_comes_from_cash(shop: Counter) -> None:
    # rows 114, 130, 163
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    offers = (
        Offer(TenderKind.CARD, 500, VISA),
        Offer(TenderKind.GIFT_CARD, 300),
        Offer(TenderKind.CHEQUE, 200),
        Offer(TenderKind.CASH, 1000),
    )
    payment = Payment("k", offers=offers, tip_minor=150, expected_total_minor=1600)
    done = complete_sale(shop.uow, shop.ctx, sale.id, payment, shop.staff)
    assert isinstance(done, Completed), done
    assert sum(each.amount_minor for each in done.receipt.all_tenders) == 1750
    assert done.receipt.all_tenders[-1].change_minor == 250
    assert done.receipt.tip_minor == 150
    assert shop.balance(IDRIS) == 24
    stored = shop.now(sale)
    assert stored.receipt == done.receipt


def test_cash_is_rounded_to_the_smallest_coin(shop: Counter) -> None:
    # row 198
    settings = shop.uow.shop.settings()
    assert settings is not None
    shop.uow.shop.save(replace(settings, smallest_coin_minor=5))
    item = next(item for item in shop.uow.catalogue.items() if item.name == "Croissant")
    shop.uow.catalogue.save_item(replace(item, price_minor=142))
    done = shop.pay(shop.sale("Croissant"), given_minor=200)
    assert (done.receipt.tender.amount_minor, done.receipt.cash_rounding_minor) == (140, -2)


def test_staff_give_discounts_by_permission_and_with_a_reason(shop: Counter) -> None:
    # row 173
    sale = shop.sale("Tasse en grès", "Croissant")
    line = next(line for line in sale.lines if line.name == "Tasse en grès")
    first = give_discount(shop.uow, sale.id, DiscountDraft("ébréchée", 500_000, None, line.id), shop.staff)
    second = give_discount(shop.uow, sale.id, DiscountDraft("geste", None, 40), shop.staff)
    assert isinstance(first, Sale)
    assert isinstance(second, Sale)
    assert shop.pay(second).receipt.quote.total_minor == 800 + 140 - 40
    assert len(shop.now(sale).discounts) == 2
    other = shop.sale("Croissant")
    for draft, refusal in (
        (DiscountDraft(" ", 100), Refusal.REASON_MISSING),
        (DiscountDraft("x"), Refusal.AMOUNT_OUT_OF_RANGE),
        (DiscountDraft("x", 0), Refusal.AMOUNT_OUT_OF_RANGE),
        (DiscountDraft("x", 1_000_001), Refusal.AMOUNT_OUT_OF_RANGE),
        (DiscountDraft("x", None, -1), Refusal.AMOUNT_OUT_OF_RANGE),
        (DiscountDraft("x", 1, None, new_id()), Refusal.LINE_UNKNOWN),
    ):
        assert reason(give_discount(shop.uow, other.id, draft, shop.staff)) is refusal
    with pytest.raises(PermissionDeniedError):
        give_discount(shop.uow, other.id, DiscountDraft("x", 1), shop.cashier)
    given = give_discount(shop.uow, other.id, DiscountDraft("x", 1000), shop.staff)
    assert isinstance(given, Sale)
    off = take_discount_off(shop.uow, other.id, given.discounts[0].id, shop.staff)
    assert isinstance(off, Sale)
    assert off.discounts == ()
    assert reason(take_discount_off(shop.uow, other.id, new_id(), shop.staff)) is Refusal.NOT_APPLIED


def test_a_refund_takes_points_back_from_where_they_moved_to(shop: Counter) -> None:
    # rows 175, 199
    sale = sold(shop, IDRIS, "Tasse en grès")
    moved = move_visit(
        shop.uow, shop.ctx, sale.id, shop.member(ZOE).customer.id, shop.staff, reason="mauvais numéro"
    )
    assert not isinstance(moved, Refused), moved
    assert (shop.balance(IDRIS), shop.balance(ZOE)) == (8, 71 + 16)
    back(shop, sale)
    assert (shop.balance(IDRIS), shop.balance(ZOE)) == (8, 71)
    assert verify_ledger(shop.uow).faults == ()


def test_a_refund_follows_points_that_moved_on_and_on(shop: Counter) -> None:
    # rows 175, 199
    sale = sold(shop, IDRIS, "Tasse en grès")
    source = f"sale:{sale.id}"
    for here, there in ((IDRIS, ZOE), (ZOE, CAMILLE), (CAMILLE, ZOE)):
        from_id, to_id = shop.member(here).customer.id, shop.member(there).customer.id
        order = MoveOrder(from_id, source, to_id, "mauvais numéro", new_id())
        for is_repeated in (False, True):
            moved = move_gains(shop.uow, shop.ctx, order, shop.staff)
            assert not isinstance(moved, Refused), moved
            assert (moved.points, moved.is_repeated) == (16, is_repeated)
        listed = movable_gains(shop.uow, to_id, shop.staff)
        source = next(each.source for each in listed if each.left == 16)
    before = shop.balance(CAMILLE)
    assert (shop.balance(IDRIS), shop.balance(ZOE)) == (8, 71 + 16)
    back(shop, sale)
    assert (shop.balance(IDRIS), shop.balance(ZOE), shop.balance(CAMILLE)) == (8, 71, before)
    assert verify_ledger(shop.uow).faults == ()


def test_the_last_item_can_be_added_after_a_discount(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    give_discount(shop.uow, sale.id, DiscountDraft("geste", 100_000), shop.staff)
    changed = add_item(shop.uow, sale.id, shop.item_id("Croissant"))
    assert isinstance(changed, Sale)
    assert len(changed.discounts) == 1
