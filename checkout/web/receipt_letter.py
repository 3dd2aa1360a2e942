"""Draws a receipt for an e-mail, as text and as HTML of the same rows."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from checkout.till.build import receipt_view
from checkout.till.view import SaleView, WhyView
from checkout.web.rendering import render
from checkout.words import Words, words_for
from checkout.words.reasons import reason_text
from checkout.words.tenders import TENDER_TEXTS
from loyalty.domain.sale import Receipt
from loyalty.domain.text import clean_line
from loyalty.services.send_receipt import DrawnReceipt, ReceiptToDraw

_WIDTH = 44
_MAX_CHARS = 300


@dataclass(frozen=True)
class Row:
    """One line of the receipt; ``details`` stand below it."""

    label: str
    amount: str
    details: tuple[str, ...] = ()
    is_total: bool = False


@dataclass(frozen=True)
class ReceiptRows:
    """All that stands on it, in words."""

    heading: str
    goods: tuple[Row, ...]
    sums: tuple[Row, ...]
    points: tuple[str, ...] = field(default=())


def draw_receipt(asked: ReceiptToDraw) -> DrawnReceipt:
    """The receipt with its rewards and taxes, each with its why, and with points where they may be seen."""
    words = words_for(asked.language[:2].lower(), asked.shop.country)
    rows = _Reader(asked, words).rows()
    html = render(
        "letter_receipt.html",
        words,
        rows=rows,
        shop_name=_clean(asked.shop.name),
        opening=_clean(asked.opening),
        closing=_clean(asked.closing.partition(asked.opt_out_link)[0]),
        opt_out_link=asked.opt_out_link,
    )
    return DrawnReceipt(text="\n".join(_lines(asked, rows)), html=html)


class _Reader:
    """Puts a receipt into words."""

    def __init__(self, asked: ReceiptToDraw, words: Words) -> None:
        self._asked, self._words = asked, words
        self._receipt: Receipt = asked.receipt
        self._sale: SaleView = receipt_view(asked.sale, asked.receipt, asked.shop)

    def rows(self) -> ReceiptRows:
        number = self._words.text("Receipt no. {number}", number=self._receipt.number)
        when = self._words.time(self._receipt.completed_at, self._asked.shop.timezone)
        return ReceiptRows(
            heading=f"{number} · {when}",
            goods=tuple(self._goods()),
            sums=tuple(self._sums()),
            points=tuple(self._points()) if self._asked.shows_account else (),
        )

    def _goods(self) -> Iterator[Row]:
        for line in self._sale.lines:
            several = (
                (f"{self._money(line.unit_price_minor)} × {line.quantity}",) if line.quantity > 1 else ()
            )
            yield Row(_clean(line.name), self._money(line.amount_minor), several)
        for discount in self._sale.discounts:
            yield Row(_clean(discount.name), self._money(-discount.amount_minor), self._why(discount.why))

    def _sums(self) -> Iterator[Row]:
        words = self._words
        for tax in self._sale.taxes:
            if not tax.is_included:
                yield Row(_clean(tax.name), self._money(tax.amount_minor))
        yield Row(words.text("Total"), self._money(self._sale.total_minor), is_total=True)
        for tax in self._sale.taxes:
            if tax.is_included:
                yield Row(_clean(words.text("{tax} included", tax=tax.name)), self._money(tax.amount_minor))
        if self._receipt.tip_minor:
            yield Row(words.text("Tip"), self._money(self._receipt.tip_minor))
        if self._receipt.cash_rounding_minor:
            yield Row(words.text("Rounding"), self._money(self._receipt.cash_rounding_minor))
        for tender in self._receipt.all_tenders:
            yield Row(words.text(TENDER_TEXTS[tender.kind]), self._money(tender.given_minor))
        change_minor = sum(tender.change_minor for tender in self._receipt.all_tenders)
        if change_minor:
            yield Row(words.text("Change"), self._money(change_minor))

    def _points(self) -> Iterator[str]:
        words, booked = self._words, self._sale.receipt
        if booked is None:
            return
        yield words.text("{points} earned", points=self._count(booked.points_earned))
        yield from self._why(self._sale.points_why)
        if booked.points_used:
            yield words.text("{points} used", points=self._count(booked.points_used))
        if booked.balance is not None:
            yield words.text("New balance: {points}", points=self._count(booked.balance))

    def _why(self, reasons: tuple[WhyView, ...]) -> tuple[str, ...]:
        currency = self._asked.shop.currency
        return tuple(_clean(reason_text(self._words, each.code, each.params, currency)) for each in reasons)

    def _money(self, minor: int) -> str:
        return self._words.money(minor, self._asked.sale.currency)

    def _count(self, count: int) -> str:
        names = self._asked.points_name
        unit = names.one if self._words.is_singular(count) else names.many
        return _clean(f"{self._words.number(count)}\u00a0{unit}")


def _lines(asked: ReceiptToDraw, rows: ReceiptRows) -> Iterator[str]:
    yield asked.opening
    yield ""
    yield rows.heading
    yield ""
    for row in rows.goods:
        yield from _row_lines(row)
    yield "-" * _WIDTH
    for row in rows.sums:
        yield from _row_lines(row)
    if rows.points:
        yield ""
        yield from rows.points
    yield ""
    yield asked.closing


def _row_lines(row: Row) -> Iterator[str]:
    """The label with the amount at the right edge; a long label takes lines of its own."""
    *above, last = textwrap.wrap(row.label, _WIDTH - len(row.amount) - 2) or [""]
    yield from above
    yield f"{last}{row.amount:>{_WIDTH - len(last)}}"
    for detail in row.details:
        yield from textwrap.wrap(detail, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _clean(text: str) -> str:
    """Without control and bidirectional characters, whoever named the goods (row 209)."""
    return clean_line(text, _MAX_CHARS) or ""
