"""Another register beside a lane: it sells and takes the payment, the lane records (row 195)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.accrual import AmountRule, TaxMode, VisitRule
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.sale import Sale

REGISTER_ITEM_ID = UUID("5e9157e2-0000-7000-8000-000000000001")
"""The archived item that stands for whatever a register sold and did not name."""
MAX_STATED_LINES = 200
MAX_STATED_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class StatedLine:
    """So many of something that the register sold, at its price.

    The price holds the taxes or not as :func:`stated_tax_mode` says. ``barcode`` finds the item of the
    catalogue where it is one, so that rules and rewards by item and by category see it.
    """

    name: str
    unit_price_minor: int
    quantity: int = 1
    barcode: str | None = None


def stated_tax_mode(programme: ProgrammeVersion | None) -> TaxMode:
    """Whether a register states amounts before or with tax: the way in which the programme counts them."""
    if programme is not None and isinstance(programme.accrual, AmountRule | VisitRule):
        return programme.accrual.tax_mode
    return TaxMode.AFTER_TAX


def completion_key_of(sale: Sale) -> str:
    """One key for one sale of the register, whether a person or the register itself says that it is paid."""
    return f"register:{sale.register_reference}" if sale.register_reference is not None else str(sale.id)
