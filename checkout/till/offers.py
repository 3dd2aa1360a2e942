"""What the till's payment form offers, read into tenders."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checkout.till.amounts import parse_amount
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer, round_to_coin

OTHER_TENDERS = (TenderKind.CARD, TenderKind.GIFT_CARD, TenderKind.CHEQUE, TenderKind.OTHER)


@dataclass(frozen=True)
class PaymentForm:
    """The form as it came. Amounts are texts as typed, empty for none.

    ``all_by`` pays everything by one tender; ``given_minor`` is a quick amount of cash. Without either,
    ``amounts`` are charged and cash pays the rest: what was ``given``, or exactly the rest.
    """

    total_minor: int
    all_by: TenderKind | None = None
    given_minor: int | None = None
    given: str = ""
    tip: str = ""
    amounts: Mapping[TenderKind, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Offered:
    """What is paid with."""

    offers: tuple[Offer, ...]
    tip_minor: int


def read_offers(form: PaymentForm, currency: str, smallest_coin_minor: int) -> Offered | None:
    """None where an amount cannot be read."""
    tip_minor = _minor(form.tip, currency)
    charged = {kind: _minor(text, currency) for kind, text in form.amounts.items()}
    given_minor = form.given_minor if form.given_minor is not None else _minor(form.given, currency)
    if tip_minor is None or given_minor is None or None in charged.values():
        return None
    due_minor = form.total_minor + tip_minor
    if form.all_by is not None:
        whole = Offer(form.all_by, _in_coins(form.all_by, due_minor, smallest_coin_minor))
        return Offered((whole,), tip_minor)
    offers = [Offer(kind, minor) for kind, minor in charged.items() if minor]
    rest_minor = due_minor - sum(offer.amount_minor for offer in offers)
    is_cash_typed = form.given_minor is not None or bool(form.given.strip())
    if is_cash_typed:
        offers.append(Offer(TenderKind.CASH, given_minor))
    elif rest_minor > 0 or not offers:
        offers.append(Offer(TenderKind.CASH, round_to_coin(max(0, rest_minor), smallest_coin_minor)))
    return Offered(tuple(offers), tip_minor)


def unreadable_amounts(form: PaymentForm, currency: str) -> tuple[str, ...]:
    """Names of the fields in which no amount stands."""
    typed = {"given": form.given, "tip": form.tip} | {k.value: text for k, text in form.amounts.items()}
    return tuple(name for name, text in typed.items() if _minor(text, currency) is None)


def _minor(text: str, currency: str) -> int | None:
    return parse_amount(text, currency) if text.strip() else 0


def _in_coins(kind: TenderKind, minor: int, smallest_coin_minor: int) -> int:
    return round_to_coin(minor, smallest_coin_minor) if kind is TenderKind.CASH else minor
