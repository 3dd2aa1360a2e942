"""Voiding a sale that should not have been, and what counts as a visit."""

from collections.abc import Iterable
from datetime import datetime

from loyalty.domain.calendar import local_date
from loyalty.domain.refunds.refund import Refund
from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.why import Refusal, Refused


def why_not_void(sale: Sale, past: Iterable[Refund], now: datetime, timezone: str) -> Refused | None:
    """Why a completed sale cannot be voided; None where it can.

    Only on the shop's day on which it was completed, and only whole: afterwards it is a refund. A void
    gives back everything, the tip and the rewards too.
    """
    if sale.state is not SaleState.COMPLETED or sale.closed_at is None:
        return Refused(Refusal.SALE_NOT_COMPLETED)
    if any(refund.sale_id == sale.id for refund in past):
        return Refused(Refusal.SALE_ALREADY_REFUNDED)
    if local_date(sale.closed_at, timezone) != local_date(now, timezone):
        return Refused(Refusal.VOID_TOO_LATE)
    return None


def is_visit(sale: Sale, refunds: Iterable[Refund]) -> bool:
    """Whether a sale counts as a visit of its member (X13).

    One completed sale with a customer attached. What was voided or wholly refunded is none, nor is
    training, nor the second half of an exchange.
    """
    if sale.state is not SaleState.COMPLETED or sale.member is None or sale.is_training:
        return False
    if sale.exchange_of is not None:
        return False
    return not any(each.sale_id == sale.id and each.quote.is_whole for each in refunds)
