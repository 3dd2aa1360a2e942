import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.accrual import AmountRule
from loyalty.domain.payment_card import CardToken, LinkedCard
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer, Settlement, round_to_coin, settle
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import InvalidValueError
from tests.unit.loyalty.domain.build import AT, line, member, named, sale, terms

CASH, CARD, GIFT, CHEQUE = TenderKind.CASH, TenderKind.CARD, TenderKind.GIFT_CARD, TenderKind.CHEQUE


def paid(total: int, *offers: tuple[TenderKind, int], tip: int = 0, coin: int = 1) -> Settlement:
    settled = settle(total, [Offer(*offer) for offer in offers], tip_minor=tip, smallest_coin_minor=coin)
    assert isinstance(settled, Settlement)
    return settled


def refused(total: int, *offers: tuple[TenderKind, int], tip: int = 0, coin: int = 1) -> Refused:
    settled = settle(total, [Offer(*offer) for offer in offers], tip_minor=tip, smallest_coin_minor=coin)
    assert isinstance(settled, Refused)
    return settled


def test_cash_gives_change() -> None:
    settled = paid(1234, (CASH, 2000))
    assert (settled.tenders[0].amount_minor, settled.change_minor) == (1234, 766)


def test_several_tenders_pay_one_sale_and_cash_pays_the_rest() -> None:
    # row 163
    settled = paid(10_000, (GIFT, 2500), (CARD, 5000), (CASH, 3000))
    assert [(each.kind, each.amount_minor) for each in settled.tenders] == [
        (GIFT, 2500),
        (CARD, 5000),
        (CASH, 2500),
    ]
    assert settled.change_minor == 500


@pytest.mark.parametrize(
    ("total", "due"),
    [(1140, 1140), (1141, 1140), (1142, 1140), (1143, 1145), (1147, 1145), (1148, 1150), (2, 0), (3, 5)],
)
def test_what_is_paid_in_cash_is_rounded_to_five_cents(total: int, due: int) -> None:
    # row 198
    settled = paid(total, (CASH, due), coin=5)
    assert (settled.cash_rounding_minor, settled.change_minor) == (due - total, 0)


def test_only_what_is_paid_in_cash_is_rounded() -> None:
    assert paid(1142, (CARD, 1142), coin=5).cash_rounding_minor == 0
    mixed = paid(1142, (CARD, 1000), (CASH, 200), coin=5)
    assert [(each.amount_minor, each.change_minor) for each in mixed.tenders] == [(1000, 0), (140, 60)]
    assert mixed.cash_rounding_minor == -2


def test_a_tip_is_paid_with_the_sale_and_earns_nothing() -> None:
    # row 130: the tip is no part of what the quote knows
    settled = paid(1000, (CARD, 1150), tip=150)
    assert (settled.tip_minor, settled.tenders[0].amount_minor) == (150, 1150)


def test_the_way_of_paying_changes_no_point() -> None:
    # rows 114, 163: points come from the sale, before anybody knows how it will be paid
    quote = price_sale(sale(line("Café", 1200), who=member()), terms(rule=AmountRule(100)))
    ways = [paid(quote.total_minor, (kind, 1200)) for kind in (CASH, CARD, GIFT, CHEQUE, TenderKind.OTHER)]
    assert len(ways) == 5
    assert quote.points_to_earn == 12


def test_a_sale_that_costs_nothing_needs_no_tender() -> None:
    assert paid(0).tenders == ()
    assert paid(0, (CASH, 0)).change_minor == 0


@pytest.mark.parametrize(
    ("total", "offers", "tip", "reason"),
    [
        (1000, [(CASH, 999)], 0, Refusal.NOT_ENOUGH_TENDERED),
        (1000, [], 0, Refusal.NOT_ENOUGH_TENDERED),
        (1000, [(CARD, 999)], 0, Refusal.NOT_ENOUGH_TENDERED),
        (1000, [(CARD, 1000)], 1, Refusal.NOT_ENOUGH_TENDERED),
        (1000, [(CARD, 1001)], 0, Refusal.TENDERED_TOO_MUCH),
        (1000, [(GIFT, 600), (CARD, 600)], 0, Refusal.TENDERED_TOO_MUCH),
        (1000, [(CARD, 0), (CASH, 1000)], 0, Refusal.AMOUNT_OUT_OF_RANGE),
        (1000, [(CARD, -5), (CASH, 1005)], 0, Refusal.AMOUNT_OUT_OF_RANGE),
        (1000, [(CASH, -1)], 0, Refusal.AMOUNT_OUT_OF_RANGE),
        (1000, [(CASH, 10**12)], 0, Refusal.AMOUNT_OUT_OF_RANGE),
        (1000, [(CASH, 2000)], -1, Refusal.AMOUNT_OUT_OF_RANGE),
    ],
)
def test_what_does_not_pay_the_sale_is_refused_with_the_reason(
    total: int, offers: list[tuple[TenderKind, int]], tip: int, reason: Refusal
) -> None:
    assert refused(total, *offers, tip=tip).reason is reason


@given(
    st.integers(0, 100_000),
    st.integers(0, 5_000),
    st.lists(st.tuples(st.sampled_from([CARD, GIFT, CHEQUE]), st.integers(1, 60_000)), max_size=3),
    st.integers(0, 200_000),
    st.sampled_from([1, 5, 10]),
)
def test_tenders_always_add_up_to_what_is_due(
    total: int, tip: int, others: list[tuple[TenderKind, int]], cash: int, coin: int
) -> None:
    settled = settle(
        total,
        [*(Offer(*each) for each in others), Offer(CASH, cash)],
        tip_minor=tip,
        smallest_coin_minor=coin,
    )
    if isinstance(settled, Refused):
        return
    assert sum(each.amount_minor for each in settled.tenders) == total + tip + settled.cash_rounding_minor
    assert abs(settled.cash_rounding_minor) * 2 <= coin
    assert settled.change_minor >= 0
    cash_taken = sum(each.amount_minor for each in settled.tenders if each.kind is CASH)
    assert cash_taken % coin == 0
    assert cash - settled.change_minor == cash_taken


@given(st.integers(-10_000, 10_000), st.sampled_from([1, 5, 10, 100]))
def test_rounding_to_a_coin_is_the_nearest_one(amount: int, coin: int) -> None:
    rounded = round_to_coin(amount, coin)
    assert rounded % coin == 0
    assert abs(rounded - amount) * 2 <= coin
    assert round_to_coin(-amount, coin) == -rounded


def test_a_linked_card_is_known_by_its_token_until_it_is_unlinked() -> None:
    # row 145
    token = CardToken("Visa", "4242", "sq-1-ab12")
    linked = LinkedCard(named("link"), named("customer"), token, AT)
    assert linked.identifies(CardToken("Visa", "4242", "sq-1-ab12"))
    assert not linked.identifies(CardToken("Visa", "4242", "sq-1-other"))
    unlinked = LinkedCard(named("link"), named("customer"), token, AT, AT)
    assert not unlinked.identifies(token)


@pytest.mark.parametrize(
    ("last_four", "fingerprint"),
    [
        ("424", "token"), ("42424", "token"), ("42a2", "token"), ("٤٢٤٢", "token"), ("4242", ""), ("4242", "x" * 129),
        ("4242", "4242424242424242"), ("4242", "4242 4242 4242 4242"), ("4242", "4242-4242-4242-4242"),
    ],
)  # fmt: skip
def test_nothing_that_could_be_a_card_number_is_kept(last_four: str, fingerprint: str) -> None:
    # row 145
    with pytest.raises(InvalidValueError):
        CardToken("Visa", last_four, fingerprint)
