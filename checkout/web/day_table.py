"""A day's takings as a table to keep."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import get_currency_precision

from checkout.programme.spreadsheet import Cell
from checkout.words import Words
from loyalty.domain.reports.takings import Takings
from loyalty.domain.sale import TenderKind
from loyalty.domain.shop import Lane


def tender_name(kind: TenderKind, words: Words) -> str:
    """What a way of paying is called."""
    match kind:
        case TenderKind.CASH:
            return words.text("Cash")
        case TenderKind.CARD:
            return words.text("Card")
        case TenderKind.GIFT_CARD:
            return words.text("Gift card")
        case TenderKind.CHEQUE:
            return words.text("Cheque")
        case TenderKind.OTHER:
            return words.text("Other")


def day_table(
    lanes: Sequence[tuple[Lane, Takings]], words: Words, currency: str
) -> tuple[list[str], list[list[Cell]]]:
    """Head and rows, one row a lane and figure, so that any spreadsheet can turn it as it likes."""
    places = get_currency_precision(currency)
    rows: list[list[Cell]] = []
    for lane, takings in lanes:
        figures: list[tuple[str, int]] = [
            (words.text("Before discounts"), takings.gross_minor),
            (words.text("Discounts"), -takings.discount_minor),
            (words.text("Sales"), takings.total_minor),
            (words.text("Tips"), takings.tip_minor),
            (words.text("Cash rounding"), takings.cash_rounding_minor),
            (words.text("Given back"), -takings.refunded_minor),
            *((tax.name, tax.amount_minor) for tax in takings.taxes),
            *((tender_name(each.kind, words), each.net_minor) for each in takings.tenders),
        ]
        rows += [[lane.number, name, str(Decimal(minor).scaleb(-places))] for name, minor in figures]
    return [words.text("Lane"), words.text("Figure"), words.text("Amount")], rows
