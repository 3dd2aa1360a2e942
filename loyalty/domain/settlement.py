"""Paying: several tenders, tips, change, and rounding to the smallest coin."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.domain.money import divide_half_up
from loyalty.domain.payment_card import CardToken
from loyalty.domain.sale import Tender, TenderKind
from loyalty.domain.why import Refusal, Refused

MAX_AMOUNT_MINOR = 99_999_999_99


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody pays with: cash as handed over, everything else as charged."""

    kind: TenderKind
    amount_minor: int
    card: CardToken | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A sale paid to the cent.

    The tenders' amounts add up to total + tip + ``cash_rounding_minor``. How a sale is paid changes
    nothing of its points (rows 114, 163).
    """

    tenders: tuple[Tender, ...]
    tip_minor: int
    cash_rounding_minor: int
    change_minor: int


def round_to_coin(amount_minor: int, smallest_coin_minor: int) -> int:
    """The amount in coins that exist: to the nearest, half away from zero."""
    return divide_half_up(amount_minor, smallest_coin_minor) * smallest_coin_minor


def settle(
    total_minor: int, offers: Sequence[Offer], *, tip_minor: int = 0, smallest_coin_minor: int = 1
) -> Settlement | Refused:
    """Take the offers for the total and the tip.

    Cash pays what the other tenders leave, rounded to the smallest coin; only cash gives change, and only
    what is paid in cash is rounded. Refusals: ``amount_out_of_range``, ``tendered_too_much``,
    ``not_enough_tendered``.
    """
    if not all(_is_sane(offer) for offer in offers) or not 0 <= tip_minor <= MAX_AMOUNT_MINOR:
        return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 1, "max": MAX_AMOUNT_MINOR})
    others = [offer for offer in offers if offer.kind is not TenderKind.CASH]
    left_minor = total_minor + tip_minor - sum(offer.amount_minor for offer in others)
    if left_minor < 0:
        return Refused(Refusal.TENDERED_TOO_MUCH, {"excess_minor": -left_minor})
    tenders = [_paid(offer) for offer in others]
    if len(others) == len(offers):
        if left_minor > 0:
            return Refused(Refusal.NOT_ENOUGH_TENDERED, {"missing_minor": left_minor})
        return Settlement(tuple(tenders), tip_minor, cash_rounding_minor=0, change_minor=0)
    given_minor = sum(offer.amount_minor for offer in offers if offer.kind is TenderKind.CASH)
    due_minor = round_to_coin(left_minor, smallest_coin_minor)
    if given_minor < due_minor:
        return Refused(Refusal.NOT_ENOUGH_TENDERED, {"missing_minor": due_minor - given_minor})
    cash = Tender(TenderKind.CASH, due_minor, given_minor)
    if due_minor > 0 or not tenders:
        tenders.append(cash)
    return Settlement(tuple(tenders), tip_minor, due_minor - left_minor, cash.change_minor)


def _is_sane(offer: Offer) -> bool:
    least = 0 if offer.kind is TenderKind.CASH else 1
    return least <= offer.amount_minor <= MAX_AMOUNT_MINOR


def _paid(offer: Offer) -> Tender:
    """A receipt tells brand and digits of a card; whose it was stands on a profile, where it is forgotten."""
    card = offer.card.bare if offer.card is not None else None
    return Tender(offer.kind, offer.amount_minor, offer.amount_minor, card)
