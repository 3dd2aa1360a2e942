"""Items, categories and taxes as somebody typed them, and what must hold of their names and barcodes."""

from dataclasses import dataclass, field
from uuid import UUID

from loyalty.domain.barcode import is_retail_number
from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused

MAX_NAME_CHARS = 80
"""Of items, variations, categories and taxes: two lines of a receipt."""
MAX_BARCODE_CHARS = 64
MAX_VARIATIONS = 20
MAX_POSITION = 9_999


@dataclass(frozen=True, slots=True)
class VariationDraft:
    """One form of an item; ``id`` is None for a new one."""

    name: str
    price_minor: int
    barcode: str | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item with the variations that it is to have, in the order of the till's buttons."""

    name: str
    price_minor: int
    category_id: UUID | None = None
    tax_ids: tuple[str, ...] = ()
    barcode: str | None = None
    position: int = 0
    variations: tuple[VariationDraft, ...] = field(default=())
    is_gift_card: bool = False


@dataclass(frozen=True, slots=True)
class TaxDraft:
    """One tax."""

    name: str
    rate_ppm: int
    inclusion: TaxInclusion


def checked_name(text: str) -> str | Refused:
    """One clean line of 1 to 80 characters; refused, not cut, where it is longer."""
    name = clean_line(text, len(text))
    if name is None:
        return Refused(Refusal.NAME_INVALID)
    if len(name) > MAX_NAME_CHARS:
        return Refused(Refusal.NAME_TOO_LONG, {"max": MAX_NAME_CHARS, "length": len(name)})
    return name


def typed_barcode(text: str | None) -> str | None:
    """A barcode as a scanner would read it: the gaps that are printed in retail numbers go."""
    line = clean_line(text or "", 10 * MAX_BARCODE_CHARS)
    if line is None:
        return None
    digits = line.replace(" ", "").replace("-", "")
    return digits if is_retail_number(digits) else line
