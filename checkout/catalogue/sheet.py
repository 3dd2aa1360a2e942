"""Files of items: what their columns mean, reading them cell by cell, writing the catalogue as one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from checkout.catalogue.listing import ListedItem
from checkout.programme.typed import amount_text, uuid_of
from checkout.till.amounts import parse_amount
from checkout.words import Words
from loyalty.domain.catalogue import MAX_PRICE_MINOR
from loyalty.domain.catalogue_edit import MAX_POSITION
from loyalty.domain.catalogue_import import CatalogueRow, RowFault
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.sheets import Sheet

COLUMNS: Final[Mapping[str, str]] = {
    "name": "Name",
    "variation": "Variation",
    "price": "Price",
    "category": "Category",
    "taxes": "Taxes",
    "barcode": "Barcode",
    "position": "Place on its shelf",
    "gift_card": "Gift card",
    "id": "Number in Comptoir",
}
"""Columns of a file, by what they are called at the head of an exported one."""

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "item", "nom", "article", "libelle", "designation", "produit", "product"),
    "variation": ("variation", "variant", "variante", "declinaison"),
    "price": ("price", "prix", "prix ttc", "prix unitaire", "unit price"),
    "category": ("category", "categorie", "rayon", "famille", "shelf"),
    "taxes": ("taxes", "tax", "taxe", "tva", "vat"),
    "barcode": ("barcode", "code barres", "codebarres", "ean", "gtin", "upc", "ean13", "code"),
    "position": ("position", "place", "ordre", "place on its shelf", "place dans le rayon"),
    "gift_card": ("gift card", "giftcard", "carte cadeau", "carte cadeaux", "cheque cadeau"),
    "id": ("id", "identifiant", "number in comptoir", "numero dans comptoir"),
}
_KEYS: Final = {alias: key for key, aliases in _NAMES.items() for alias in aliases}
_YES: Final = frozenset(("yes", "y", "oui", "o", "x", "1", "true", "vrai"))
_NO: Final = frozenset(("no", "n", "non", "0", "false", "faux"))
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_MAX_CHARS = 400


@dataclass(frozen=True)
class ReadSheet:
    """What was read: rows, the cells that could not be, and columns that mean nothing here."""

    rows: tuple[CatalogueRow, ...]
    faults: tuple[RowFault, ...]
    unknown_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]
    """Names of columns without which nothing can be read."""


def read_sheet(sheet: Sheet, currency: str) -> ReadSheet:
    """The rows of an open sheet.

    Raises:
        SheetError: The file breaks off or holds too much.
    """
    places: dict[str, int] = {}
    unknown = []
    for place, title in enumerate(sheet.header):
        key = _KEYS.get(_plain(title))
        if key is not None and key not in places:
            places[key] = place
        elif title.strip():
            unknown.append(clean_line(title, 60) or "?")
    missing = tuple(COLUMNS[key] for key in ("name", "price") if key not in places)
    if missing:
        return ReadSheet((), (), tuple(unknown), missing)
    rows, faults = [], []
    for row in sheet.rows():
        cells = {key: row.cells[place] for key, place in places.items() if place < len(row.cells)}
        read = _read_row(row.line, cells, currency)
        if isinstance(read, CatalogueRow):
            rows.append(read)
        else:
            faults += read
    return ReadSheet(tuple(rows), tuple(faults), tuple(unknown), ())


def catalogue_rows(
    listed: Iterable[ListedItem], words: Words, currency: str
) -> Iterator[Sequence[str | int]]:
    """What is on sale as rows of a file that can be taken in again."""
    for each in listed:
        if not each.item.is_active:
            continue
        shelf = each.category.name if each.category is not None else ""
        taxes = " + ".join(rate.name for rate in each.item.tax_rates)
        rest = (each.item.position, words.text("Yes") if each.item.is_gift_card else "", str(each.item.id))
        price = amount_text(each.item.price_minor, currency, words)
        yield (each.item.name, "", price, shelf, taxes, each.item.barcode or "", *rest)
        for one in each.variations:
            price = amount_text(one.price_minor, currency, words)
            yield (each.item.name, one.name, price, shelf, taxes, one.barcode or "", *rest)


def _read_row(line: int, cells: Mapping[str, str], currency: str) -> CatalogueRow | list[RowFault]:
    faults: list[RowFault] = []

    def text(key: str) -> str | None:
        return clean_line(cells.get(key, ""), _MAX_CHARS)

    def refuse(column: str, refusal: Refusal, **params: int | str) -> None:
        faults.append(RowFault(line, column, Refused(refusal, params)))

    name = text("name")
    if name is None:
        refuse("name", Refusal.NAME_INVALID)
    price_minor = parse_amount(text("price") or "", currency)
    if price_minor is None or price_minor > MAX_PRICE_MINOR:
        refuse("price", Refusal.PRICE_UNREADABLE, read=text("price") or "")
    barcode = text("barcode")
    if barcode is not None and _ROUNDED.fullmatch(barcode):
        refuse("barcode", Refusal.BARCODE_ROUNDED, read=barcode)
    position = text("position")
    is_place = position is None or (position.isascii() and position.isdecimal() and len(position) <= 4)
    if not is_place:
        refuse("position", Refusal.AMOUNT_OUT_OF_RANGE, min=0, max=MAX_POSITION)
    gift_card = (text("gift_card") or "").casefold()
    if gift_card and gift_card not in _YES | _NO:
        refuse("gift_card", Refusal.NEITHER_YES_NOR_NO, read=text("gift_card") or "")
    key = text("id")
    item_id = uuid_of(key) if key is not None else None
    if key is not None and item_id is None:
        refuse("id", Refusal.ITEM_UNKNOWN)
    if faults or name is None or price_minor is None:
        return faults
    taxes = text("taxes")
    return CatalogueRow(
        line=line,
        name=name,
        price_minor=price_minor,
        variation=text("variation"),
        category=text("category"),
        tax_names=tuple(part.strip() for part in taxes.split("+")) if taxes is not None else None,
        barcode=barcode,
        position=int(position) if position is not None else None,
        item_id=item_id,
        is_gift_card=gift_card in _YES if gift_card else None,
    )


def _plain(title: str) -> str:
    """A column's title without accents, case and punctuation."""
    bare = unicodedata.normalize("NFKD", title.casefold())
    kept = "".join(char if char.isalnum() else " " for char in bare if not unicodedata.combining(char))
    return " ".join(kept.split())
