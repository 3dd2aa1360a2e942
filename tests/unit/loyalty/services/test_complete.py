from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.accrual import AmountRule
from loyalty.domain.ledger import EntryKind
from loyalty.domain.message import MessageKind
from loyalty.domain.programme import RewardTier
from loyalty.domain.rewards import PercentageOffSale
from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused, WhyCode
from loyalty.errors import ConflictError
from loyalty.services.basket import hold_sale, set_quantity, void_sale
from loyalty.services.complete import Payment, complete_sale
from loyalty.services.identify import identify_by_number, read_code
from loyalty.services.ledger_check import rebuild_caches, verify_ledger
from loyalty.services.member_view import full_member_view
from loyalty.services.quote import quote_sale
from loyalty.services.redeem import choose_reward
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, evidence


def scan(shop: Counter, sale: Sale, number: str) -> None:
    read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id), "QRCode")


def refused(shop: Counter, sale: Sale, payment: Payment) -> Refusal:
    answer = complete_sale(shop.uow, shop.ctx, sale.id, payment, shop.staff)
    assert isinstance(answer, Refused), answer
    return answer.reason


def test_cash_completes_the_sale_and_earns_without_a_digital_receipt(shop: Counter) -> None:
    # rows 114, 115, 130
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    done = shop.pay(sale, given_minor=2000)
    assert done.sale.state is SaleState.COMPLETED
    assert done.receipt.tender.change_minor == 400
    assert (done.receipt.balance_before, done.receipt.balance_after) == (8, 24)
    assert shop.balance(IDRIS) == 24


def test_the_receipt_shows_points_balance_reward_and_why(shop: Counter) -> None:
    # rows 152, 173, 186
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(CAMILLE).id), "QRCode")
    programme = shop.uow.programme.current()
    assert programme is not None
    choose_reward(shop.uow, header, programme.tiers[0].id)
    receipt = shop.pay(sale).receipt
    assert receipt.quote.total_minor == 1600 - 160 - 200
    assert [discount.name for discount in receipt.quote.discounts] == ["Amis de la maison", "2 € offerts"]
    assert all(discount.why for discount in receipt.quote.discounts)
    assert receipt.quote.points_to_earn == 12
    assert receipt.quote.points_why[0].code is WhyCode.POINTS_BY_AMOUNT
    assert receipt.balance_after == 34 - 10 + 12
    entries = shop.uow.ledger.entries_of(_account(shop, CAMILLE))
    assert [entry.kind for entry in entries] == [EntryKind.OPENING, EntryKind.REDEEM, EntryKind.EARN]
    assert [use.points for use in entries[1].uses] == [10]


def _account(shop: Counter, number: str) -> UUID:
    account = shop.member(number).account
    assert account is not None
    return account.id


def test_what_was_previewed_is_what_is_booked(shop: Counter) -> None:
    # row 174
    sale = shop.sale("Tasse en grès", "Miel de lavande, 500 g", "Café crème")
    scan(shop, sale, CAMILLE)
    preview = quote_sale(shop.uow, shop.now(sale))
    assert shop.pay(sale).receipt.quote == preview
    assert quote_sale(shop.uow, shop.now(sale)) == preview


def test_twelve_points_a_ten_percent_tier_and_ten_dollars_leave_nine_to_pay_and_two_points(
    shop: Counter,
) -> None:
    # row 148
    programme = shop.uow.programme.current()
    assert programme is not None
    tier = RewardTier(new_id(), "10 % off", 10, PercentageOffSale(100_000))
    shop.uow.programme.add(replace(programme, version=2, accrual=AmountRule(100), tiers=(tier,)))
    first = shop.sale("Café filtre")
    set_quantity(shop.uow, first.id, first.lines[0].id, 2)
    scan(shop, first, IDRIS)
    shop.pay(first, key="first")  # 5.00 with 10 % VAT included: 4 points, 8 + 4 = 12
    assert shop.balance(IDRIS) == 12
    sale = shop.sale("Café filtre")
    set_quantity(shop.uow, sale.id, sale.lines[0].id, 4)
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(IDRIS).id), "QRCode")
    chosen = choose_reward(shop.uow, header, tier.id)
    assert isinstance(chosen, Sale)
    assert quote_sale(shop.uow, chosen).total_minor == 900
    view = full_member_view(shop.uow, shop.member(IDRIS), Trust.SIGNED, chosen)
    assert view is not None
    assert (view.balance, view.points) == (12, 2)
    entries_before = len(shop.uow.ledger.entries_of(_account(shop, IDRIS)))
    done = shop.pay(sale, key="second")
    booked = shop.uow.ledger.entries_of(_account(shop, IDRIS))[entries_before:]
    assert [entry.points for entry in booked] == [-10, 8]
    assert done.receipt.balance_after == 2 + 8


def test_a_typed_number_earns_too(shop: Counter) -> None:
    # rows 116, 163
    sale = shop.sale("Tasse en grès")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), IDRIS)
    assert shop.pay(sale).receipt.balance_after == 24


def test_a_sale_without_a_member_books_no_points(shop: Counter) -> None:
    done = shop.pay(shop.sale("Tasse en grès"))
    assert (done.receipt.balance_before, done.receipt.balance_after) == (None, None)
    assert verify_ledger(shop.uow).entries == 3


def test_points_earned_and_each_reward_reached_are_told_once(shop: Counter) -> None:
    # rows 118, 159, X7
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    for _ in range(3):
        shop.pay(sale)
    messages = sorted(shop.uow.messages.recent(9), key=lambda message: message.kind)
    assert [(message.kind, message.to) for message in messages] == [
        (MessageKind.POINTS_EARNED, IDRIS),
        (MessageKind.TIER_REACHED, IDRIS),
    ]
    assert "2 € offerts" in messages[1].body
    assert messages[0].body == "Maison Lumen : +16 points. Total : 24 points."


def test_the_same_key_completes_once(shop: Counter) -> None:
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    first = shop.pay(sale)
    again = [shop.pay(sale) for _ in range(50)]
    assert all(done.is_repeated and done.receipt == first.receipt for done in again)
    assert shop.balance(IDRIS) == 24


def test_a_key_is_good_for_one_sale(shop: Counter) -> None:
    shop.pay(shop.sale("Croissant"), key="same")
    with pytest.raises(ConflictError):
        shop.pay(shop.sale("Croissant"), key="same")


def test_refusals_book_nothing_and_say_why(shop: Counter) -> None:
    empty = shop.sale()
    assert refused(shop, empty, Payment("k", 1000)) is Refusal.SALE_EMPTY
    void_sale(shop.uow, shop.ctx, empty.id, shop.staff)
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    assert refused(shop, sale, Payment("k", 1599)) is Refusal.NOT_ENOUGH_TENDERED
    assert refused(shop, sale, Payment("k", 2000, expected_total_minor=1)) is Refusal.SALE_CHANGED
    assert isinstance(complete_sale(shop.uow, shop.ctx, new_id(), Payment("k", 1), shop.staff), Refused)
    hold_sale(shop.uow, sale.id, shop.staff)
    assert refused(shop, sale, Payment("k", 2000)) is Refusal.SALE_HELD
    assert shop.balance(IDRIS) == 8


def test_a_completed_sale_cannot_be_completed_again_with_another_key(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    shop.pay(sale, key="one")
    assert refused(shop, sale, Payment("two", 2000)) is Refusal.SALE_CLOSED


def test_payment_ends_the_customers_session(shop: Counter) -> None:
    # row 171
    sale = shop.sale("Croissant")
    header = evidence(sale)
    identify_by_number(shop.uow, shop.ctx, header, IDRIS)
    shop.pay(sale)
    assert shop.uow.sessions.is_ended(header.session_id)


def test_a_voided_sale_books_nothing_and_is_no_visit(shop: Counter) -> None:
    # X13
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    voided = void_sale(shop.uow, shop.ctx, sale.id, shop.staff)
    assert isinstance(voided, Sale)
    assert voided.state is SaleState.VOIDED
    assert refused(shop, sale, Payment("k", 5000)) is Refusal.SALE_CLOSED
    assert shop.balance(IDRIS) == 8
    again = void_sale(shop.uow, shop.ctx, sale.id, shop.staff)
    assert again == Refused(Refusal.SALE_CLOSED)


def test_training_books_nothing_and_tells_nobody(shop: Counter) -> None:
    shop.uow.lanes.save(replace(shop.shop.lane, is_training=True))
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, ZOE)
    done = shop.pay(sale)
    assert done.receipt.is_training
    assert done.receipt.balance_after == 71
    assert list(shop.uow.messages.recent(9)) == []
    assert verify_ledger(shop.uow).entries == 3


def test_points_that_are_gone_meanwhile_are_refused_at_payment(shop: Counter, clock: FakeClock) -> None:
    # row 168
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(CAMILLE).id), "QRCode")
    programme = shop.uow.programme.current()
    assert programme is not None
    choose_reward(shop.uow, header, programme.tiers[1].id)
    account_id = _account(shop, CAMILLE)
    shop.uow.ledger.rewrite_caches(account_id, 0, {lot.id: 0 for lot in shop.uow.ledger.lots_of(account_id)})
    assert refused(shop, sale, Payment("k", 5000)) is Refusal.NOT_ENOUGH_POINTS


def test_the_ledger_check_finds_and_mends_a_wrong_cache(shop: Counter) -> None:
    # row 174
    assert verify_ledger(shop.uow).faults == ()
    account_id = _account(shop, CAMILLE)
    lot = shop.uow.ledger.lots_of(account_id)[0]
    shop.uow.ledger.rewrite_caches(account_id, 99, {lot.id: 1})
    faults = verify_ledger(shop.uow).faults
    assert {(fault.what, fault.cached, fault.rebuilt) for fault in faults} == {
        ("balance", 99, 34),
        ("lot", 1, 34),
    }
    rebuild_caches(shop.uow, account_id)
    assert verify_ledger(shop.uow).faults == ()


def test_receipts_are_numbered_without_gaps(shop: Counter) -> None:
    numbers = [shop.pay(shop.sale("Croissant"), key=f"k{n}").receipt.number for n in range(3)]
    assert numbers == [1, 2, 3]
