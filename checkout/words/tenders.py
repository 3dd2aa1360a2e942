"""Ways to pay, as receipts call them."""

from collections.abc import Mapping

from loyalty.domain.sale import TenderKind

TENDER_TEXTS: Mapping[TenderKind, str] = {
    TenderKind.CASH: "Cash",
    TenderKind.CARD: "Payment card",
    TenderKind.GIFT_CARD: "Gift card",
    TenderKind.CHEQUE: "Cheque",
    TenderKind.OTHER: "Other means of payment",
}
