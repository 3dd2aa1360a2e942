"""An item as form fields, and form fields as an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from checkout.programme.typed import FieldReader, Problem, Typed, amount_text, uuid_of
from checkout.words import Words
from loyalty.domain.catalogue import MAX_PRICE_MINOR, Item, ItemVariation
from loyalty.domain.catalogue_edit import MAX_POSITION, MAX_VARIATIONS, ItemDraft, VariationDraft
from loyalty.services.keep_items import ItemFaults

NO_CATEGORY = ""
_SPARE_ROWS = 3
_PARTS = ("name", "price", "barcode")


@dataclass(frozen=True)
class ReadItem:
    """What a form says; ``rows`` are the form's rows of the draft's variations, in the same order."""

    draft: ItemDraft
    rows: tuple[int, ...]

    def note(self, reader: FieldReader, faults: ItemFaults) -> None:
        """Put the faults of the draft beside the fields that they are about."""
        for name, refused in faults.by_field.items():
            reader.refuse(self._field(name), Problem.of(refused))

    def _field(self, name: str) -> str:
        if not name.startswith("variation_"):
            return name
        _, place, part = name.split("_")
        return f"variation_{self.rows[int(place)]}_{part}"


def new_item_typed(tax_ids: Sequence[str], barcode: str = "", category: str = NO_CATEGORY) -> Typed:
    """An empty form with the taxes that new items bear here."""
    pairs = [("barcode", barcode), ("position", "0"), ("category", category)]
    return Typed.of([*pairs, *(("tax", tax_id) for tax_id in tax_ids)])


def item_typed(item: Item, variations: Sequence[ItemVariation], words: Words, currency: str) -> Typed:
    """The fields that show this item."""
    pairs = [
        ("name", item.name),
        ("price", amount_text(item.price_minor, currency, words)),
        ("category", str(item.category_id) if item.category_id is not None else NO_CATEGORY),
        ("barcode", item.barcode or ""),
        ("position", str(item.position)),
        ("version", str(item.version)),
    ]
    pairs += [("tax", rate.id) for rate in item.tax_rates]
    pairs += [("gift_card", "on")] if item.is_gift_card else []
    for row, each in enumerate(variations):
        pairs += [
            (f"variation_{row}_id", str(each.id)),
            (f"variation_{row}_name", each.name),
            (f"variation_{row}_price", amount_text(each.price_minor, currency, words)),
            (f"variation_{row}_barcode", each.barcode or ""),
        ]
    return Typed.of(pairs)


def form_rows(typed: Typed) -> range:
    """The rows of variations to show: those with something in them, and some to write in."""
    filled = [row for row in range(MAX_VARIATIONS) if _is_filled(typed, row) or typed.one(_id_name(row))]
    return range(min(MAX_VARIATIONS, max(filled, default=-1) + 1 + _SPARE_ROWS))


def read_item(reader: FieldReader) -> ReadItem:
    """The item that the fields say; what cannot be read is among the reader's problems."""
    typed = reader.typed
    rows = tuple(row for row in range(MAX_VARIATIONS) if _is_filled(typed, row))
    category = typed.one("category")
    draft = ItemDraft(
        name=reader.text("name"),
        price_minor=reader.money("price", 0, MAX_PRICE_MINOR),
        category_id=_category(reader, category),
        tax_ids=tuple(dict.fromkeys(typed.many("tax"))),
        barcode=reader.text("barcode"),
        position=reader.whole("position", 0, MAX_POSITION),
        variations=tuple(_variation(reader, row) for row in rows),
        is_gift_card=typed.one("gift_card") == "on",
    )
    return ReadItem(draft, rows)


def _category(reader: FieldReader, value: str) -> UUID | None:
    found = uuid_of(value)
    if found is None and value != NO_CATEGORY:
        reader.refuse("category", Problem("choose_one"))
    return found


def _variation(reader: FieldReader, row: int) -> VariationDraft:
    return VariationDraft(
        name=reader.text(f"variation_{row}_name"),
        price_minor=reader.money(f"variation_{row}_price", 0, MAX_PRICE_MINOR),
        barcode=reader.text(f"variation_{row}_barcode"),
        id=uuid_of(reader.text(_id_name(row))),
    )


def _is_filled(typed: Typed, row: int) -> bool:
    return any(typed.one(f"variation_{row}_{part}").strip() for part in _PARTS)


def _id_name(row: int) -> str:
    return f"variation_{row}_id"
