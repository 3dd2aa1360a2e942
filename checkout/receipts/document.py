"""A receipt as data: every text worded and cleaned, every amount written out, ready for any paper."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A text at the left, an amount at the right, and small print below."""

    text: str
    amount: str = ""
    notes: tuple[str, ...] = ()
    is_strong: bool = False


@dataclass(frozen=True)
class ReceiptDocument:
    """What stands on one receipt, from top to bottom. Texts hold no control characters (row 209)."""

    language: str
    shop_name: str
    head: tuple[str, ...]
    """Address lines, then tax numbers."""
    title: str
    """``Receipt no. 12``, or of a statement what it is and what it is not (row 195)."""
    facts: tuple[str, ...]
    """When and where."""
    training: str
    """A mark that nothing was sold; empty for a real sale (row 202)."""
    lines: tuple[Row, ...]
    reductions: tuple[Row, ...]
    """Group discounts, staff discounts and rewards, each with its why (row 152)."""
    totals: tuple[Row, ...]
    taxes: tuple[Row, ...]
    payments: tuple[Row, ...]
    loyalty: tuple[Row, ...]
    """Points earned and used, the balance (row 186)."""
    closing: tuple[str, ...] = field(default=())
    member_link: str = ""
    """Address of the member's page; drawn as a QR code."""
    member_link_hint: str = ""
    was_paid_in_cash: bool = False
    is_statement: bool = False
