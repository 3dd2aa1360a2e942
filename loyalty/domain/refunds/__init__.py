"""Refunds, voids and exchanges: what goes back in money, points and rewards (row 175, X12, X13)."""

from loyalty.domain.refunds.exchange import ExchangeQuote, quote_exchange
from loyalty.domain.refunds.memory import SaleEarning, SaleMemory
from loyalty.domain.refunds.quote import quote_refund
from loyalty.domain.refunds.refund import (
    AmountBack,
    LinesBack,
    Refund,
    RefundedLine,
    RefundKind,
    RefundQuote,
    RefundRequest,
    WholeSaleBack,
)
from loyalty.domain.refunds.void import is_visit, why_not_void

__all__ = [
    "AmountBack",
    "ExchangeQuote",
    "LinesBack",
    "Refund",
    "RefundKind",
    "RefundQuote",
    "RefundRequest",
    "RefundedLine",
    "SaleEarning",
    "SaleMemory",
    "WholeSaleBack",
    "is_visit",
    "quote_exchange",
    "quote_refund",
    "why_not_void",
]
