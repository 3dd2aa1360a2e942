"""What staff typed into a refund's form, read into a request."""

import re
from dataclasses import dataclass
from uuid import UUID

from checkout.programme.typed import FieldReader, Problem
from loyalty.domain.refunds import AmountBack, LinesBack, RefundRequest, WholeSaleBack
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import MAX_AMOUNT_MINOR
from loyalty.domain.text import clean_line
from loyalty.services.refund import MAX_REASON_CHARS
from loyalty.services.sale_record import SaleRecord

PARTS = ("lines", "whole", "amount")
_UNITS = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class RefundDraft:
    """A refund that can be looked at; ``tender`` None: the way the sale was paid first."""

    request: RefundRequest
    reason: str
    tender: TenderKind | None


def read_refund(reader: FieldReader, record: SaleRecord, *, goods_only: bool = False) -> RefundDraft | None:
    """The draft, or None with the problems noted in the reader.

    ``goods_only`` leaves out amounts of money, as an exchange does.
    """
    part = reader.choice("part", PARTS[:2] if goods_only else PARTS, "lines")
    tender = reader.choice("tender", ("", *TenderKind), "")
    reason = clean_line(reader.text("reason"), MAX_REASON_CHARS)
    if reason is None:
        reader.refuse("reason", Problem("reason_missing"))
    request: RefundRequest
    if part == "whole":
        request = WholeSaleBack(with_tip=reader.typed.one("with_tip") == "1")
    elif part == "amount":
        request = AmountBack(reader.money("amount", 1, min(record.left_minor, MAX_AMOUNT_MINOR)))
    else:
        request = LinesBack(_units(reader, record))
    if reader.problems or reason is None:
        return None
    return RefundDraft(request, reason, TenderKind(tender) if tender else None)


def _units(reader: FieldReader, record: SaleRecord) -> tuple[tuple[UUID, int], ...]:
    found = []
    for line in record.left:
        name = f"units-{line.line.id}"
        typed = reader.text(name).strip()
        if not typed or typed == "0":
            continue
        if _UNITS.fullmatch(typed) and int(typed) <= line.units:
            found.append((line.line.id, int(typed)))
        else:
            reader.refuse(name, Problem("amount_out_of_range", {"min": 0, "max": line.units}))
    if not found and not reader.problems:
        reader.refuse("part", Problem("nothing_to_refund"))
    return tuple(found)
