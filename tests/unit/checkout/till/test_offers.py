"""What the till's payment form offers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.till.offers import OTHER_TENDERS, Offered, PaymentForm, read_offers
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer, Settlement, settle


def read(total_minor: int = 1238, coin: int = 1, **form: object) -> Offered:
    found = read_offers(PaymentForm(total_minor, **form), "CAD", coin)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_nothing_typed_is_the_exact_amount_in_coins_that_exist() -> None:
    assert read(coin=5).offers == (Offer(TenderKind.CASH, 1240),)


def test_one_tender_pays_everything_with_the_tip() -> None:
    assert read(all_by=TenderKind.CARD, tip="2,00") == Offered((Offer(TenderKind.CARD, 1438),), 200)


def test_cash_pays_what_the_others_leave() -> None:
    split = read(amounts={TenderKind.GIFT_CARD: "10", TenderKind.CARD: ""}, coin=5)
    assert split.offers == (Offer(TenderKind.GIFT_CARD, 1000), Offer(TenderKind.CASH, 240))
    typed = read(amounts={TenderKind.CARD: "10"}, given="5")
    assert typed.offers == (Offer(TenderKind.CARD, 1000), Offer(TenderKind.CASH, 500))
    whole = read(amounts={TenderKind.CARD: "12,38"})
    assert whole.offers == (Offer(TenderKind.CARD, 1238),)


@pytest.mark.parametrize("field", ["given", "tip"])
def test_an_amount_that_cannot_be_read_is_none(field: str) -> None:
    assert read_offers(PaymentForm(100, **{field: "deux"}), "EUR", 1) is None
    assert read_offers(PaymentForm(100, amounts={TenderKind.CARD: "-1"}), "EUR", 1) is None


@given(
    st.integers(0, 10**6),
    st.sampled_from([1, 5, 10]),
    st.lists(st.integers(0, 300_000), min_size=4, max_size=4),
    st.integers(0, 5_000),
)
def test_without_typed_cash_any_split_that_is_not_too_much_settles(
    total: int, coin: int, charged: list[int], tip: int
) -> None:
    amounts = {
        kind: f"{minor // 100},{minor % 100:02}" for kind, minor in zip(OTHER_TENDERS, charged, strict=True)
    }
    form = PaymentForm(total, tip=f"{tip // 100}.{tip % 100:02}", amounts=amounts)
    offered = read_offers(form, "EUR", coin)
    assert offered is not None
    settled = settle(total, offered.offers, tip_minor=offered.tip_minor, smallest_coin_minor=coin)
    if sum(charged) <= total + tip:
        assert isinstance(settled, Settlement)
        assert settled.change_minor == 0
