"""Makes the document of a receipt from what was booked; nothing is reckoned again."""

import re
from collections.abc import Iterable
from dataclasses import replace

from checkout.receipts.document import ReceiptDocument, Row
from checkout.words import Words
from checkout.words.reasons import reason_text
from checkout.words.tenders import TENDER_TEXTS
from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.pricing.quote import DiscountKind, Quote
from loyalty.domain.programme import PointsName
from loyalty.domain.receipt_settings import ReceiptSettings
from loyalty.domain.sale import Receipt, Sale, SaleChannel, TenderKind
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.text import clean_line
from loyalty.domain.trust import Trust
from loyalty.domain.why import Why
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.setup import shop_settings

_MAX_CHARS = 200
_NO_BREAK = re.compile("[\u00a0\u202f]")


def receipt_document(
    unit: UnitOfWork, sale: Sale, words: Words, *, member_link: str = ""
) -> ReceiptDocument | None:
    """The receipt of a completed sale; None for one that is not.

    Args:
        unit: For the shop's and the lane's settings.
        sale: Completed.
        words: The language of the receipt.
        member_link: Address of the member's page, where one was made to be printed.
    """
    if sale.receipt is None:
        return None
    programme = unit.programme.current()
    writer = _Writer(
        words=words,
        shop=shop_settings(unit),
        settings=_settings_for(sale, unit.receipts.settings()),
        names=programme.points_name if programme is not None else PointsName("point", "points"),
    )
    return writer.document(sale, sale.receipt, unit.lanes.get(sale.lane_id), member_link)


def _settings_for(sale: Sale, settings: ReceiptSettings) -> ReceiptSettings:
    """A slip for what another register sold is never an invoice, whatever the shop's own sales give."""
    is_statement = settings.is_statement or sale.channel is SaleChannel.REGISTER
    return replace(settings, is_statement=is_statement)


class _Writer:
    """Words one receipt."""

    def __init__(
        self, *, words: Words, shop: ShopSettings, settings: ReceiptSettings, names: PointsName
    ) -> None:
        self._words = words
        self._shop = shop
        self._settings = settings
        self._names = names

    def document(self, sale: Sale, receipt: Receipt, lane: Lane | None, member_link: str) -> ReceiptDocument:
        words, quote = self._words, receipt.quote
        is_statement = self._settings.is_statement
        number = words.text("Receipt no. {number}", number=receipt.number)
        title = words.text("Loyalty statement, not an invoice") if is_statement else number
        when = words.time(receipt.completed_at, self._shop.timezone)
        place = words.text("Lane {lane}", lane=lane.number) if lane is not None else ""
        facts = (f"{when} · {place}" if place else when, *((number,) if is_statement else ()))
        return ReceiptDocument(
            language=words.language,
            shop_name=_clean(self._shop.name),
            head=_cleaned((*self._settings.address_lines, *self._settings.tax_numbers)),
            title=title,
            facts=facts,
            training=words.text("TRAINING: nothing was sold") if receipt.is_training else "",
            lines=self._lines(quote),
            reductions=self._reductions(quote),
            totals=self._totals(receipt),
            taxes=() if is_statement else self._taxes(quote),
            payments=() if is_statement else self._payments(receipt),
            loyalty=self._loyalty(sale, receipt),
            closing=self._closing(),
            member_link=member_link,
            member_link_hint=words.text("Your points and rewards, on your phone") if member_link else "",
            was_paid_in_cash=not is_statement
            and any(each.kind is TenderKind.CASH for each in receipt.all_tenders),
            is_statement=is_statement,
        )

    def _lines(self, quote: Quote) -> tuple[Row, ...]:
        return tuple(
            Row(
                _clean(line.name),
                self._money(line.gross_minor),
                (f"{line.quantity} × {self._money(line.unit_price_minor)}",) if line.quantity > 1 else (),
            )
            for line in quote.lines
        )

    def _reductions(self, quote: Quote) -> tuple[Row, ...]:
        used = self._words.text("Reward used") + self._colon
        return tuple(
            Row(
                used + _clean(each.name) if each.kind is DiscountKind.REWARD else _clean(each.name),
                self._money(-each.amount_minor),
                self._why(each.why),
            )
            for each in quote.discounts
        )  # fmt: skip

    def _totals(self, receipt: Receipt) -> tuple[Row, ...]:
        words, quote = self._words, receipt.quote
        rows = []
        on_top = [tax for tax in quote.taxes if tax.inclusion is TaxInclusion.ON_TOP]
        if quote.discounts:
            rows.append(Row(words.text("Before discounts"), self._money(quote.subtotal_minor)))
        if on_top and not self._settings.is_statement:
            before = quote.total_minor - sum(tax.amount_minor for tax in on_top)
            rows.append(Row(words.text("Before tax"), self._money(before)))
            rows += [Row(_clean(tax.name), self._money(tax.amount_minor)) for tax in on_top]
        rows.append(Row(words.text("Total"), self._money(quote.total_minor), is_strong=True))
        if receipt.tip_minor:
            rows.append(Row(words.text("Tip"), self._money(receipt.tip_minor)))
        if receipt.cash_rounding_minor:
            rows.append(Row(words.text("Rounding"), self._money(receipt.cash_rounding_minor)))
        if receipt.tip_minor or receipt.cash_rounding_minor:
            paid = quote.total_minor + receipt.tip_minor + receipt.cash_rounding_minor
            rows.append(Row(words.text("To pay"), self._money(paid), is_strong=True))
        return tuple(rows)

    def _taxes(self, quote: Quote) -> tuple[Row, ...]:
        """Those inside the prices, each with the amount that it is reckoned on."""
        inside = [tax for tax in quote.taxes if tax.inclusion is TaxInclusion.INCLUDED]
        return tuple(
            Row(
                self._words.text("{tax} on {base}", tax=_clean(tax.name), base=self._money(tax.base_minor)),
                self._money(tax.amount_minor),
            )
            for tax in inside
        )

    def _payments(self, receipt: Receipt) -> tuple[Row, ...]:
        rows = []
        for tender in receipt.all_tenders:
            name = self._words.text(TENDER_TEXTS[tender.kind])
            if tender.card is not None:
                name = f"{name} {_clean(tender.card.brand)} ····{tender.card.last_four}"
            rows.append(Row(name, self._money(tender.given_minor)))
        change = sum(tender.change_minor for tender in receipt.all_tenders)
        if change:
            rows.append(Row(self._words.text("Change"), self._money(change)))
        return tuple(rows)

    def _loyalty(self, sale: Sale, receipt: Receipt) -> tuple[Row, ...]:
        quote = receipt.quote
        if sale.member is None or sale.member.account_id is None:
            return ()
        rows = [Row(self._words.text("Points earned"), self._points(quote.points_to_earn),
                    self._why(quote.points_why))]  # fmt: skip
        if quote.points_to_redeem:
            rows.append(Row(self._words.text("Points used"), self._points(-quote.points_to_redeem)))
        # Of a number that somebody only typed, paper must not tell what its holder has (row 170).
        if receipt.balance_after is not None and sale.member.trust >= Trust.SIGNED:
            rows.append(Row(self._words.text("Balance"), self._points(receipt.balance_after), is_strong=True))
        return tuple(rows)

    def _closing(self) -> tuple[str, ...]:
        lines = [self._settings.closing] if self._settings.closing else []
        if self._settings.is_statement:
            lines.append(self._words.text("The invoice is the one that the register printed."))
        return _cleaned(lines)

    def _why(self, reasons: Iterable[Why]) -> tuple[str, ...]:
        currency = self._shop.currency
        return _cleaned(reason_text(self._words, why.code.value, why.params, currency) for why in reasons)

    def _money(self, minor: int) -> str:
        return self._words.money(minor, self._shop.currency)

    def _points(self, count: int) -> str:
        unit = self._names.one if self._words.is_singular(count) else self._names.many
        return f"{self._words.number(count)} {_clean(unit)}".replace("-", "\u2212")

    @property
    def _colon(self) -> str:
        return "\u00a0: " if self._words.language == "fr" else ": "


def _clean(text: str) -> str:
    """One line without control characters; spaces that never break stay what they are."""
    parts = (clean_line(part, _MAX_CHARS) or "" for part in _NO_BREAK.split(text))
    return "\u00a0".join(parts).strip() or "?"


def _cleaned(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(_clean(line) for line in lines if line)
