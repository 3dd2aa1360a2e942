"""Codes on the command sheet: what a cashier with nothing but a scanner shows it (row 106).

They hold for the scanner at the till, whose page somebody signed in to; the customer's scanner and camera
know none of them.
"""

from enum import StrEnum

PREFIX = "CMT:"
"""The colon keeps a command apart from every reference, barcode and card."""


class Command(StrEnum):
    """What a code on the sheet asks for."""

    NEW_SALE = "NEW"
    ONE_LESS = "LESS"
    """Take one of the last line off."""
    APPLY_DISCOUNT = "DISCOUNT"
    USE_REWARD = "REWARD"
    """The dearest reward that can be had."""
    PAY_CASH = "CASH"
    """Exactly, in cash."""
    PAY_CARD = "CARD"
    SET_ASIDE = "HOLD"
    TAKE_UP = "RESUME"
    """The sale set aside first."""
    CANCEL = "CANCEL"

    @property
    def code(self) -> str:
        """The text of its code."""
        return f"{PREFIX}{self.value}"


def command_of(text: str) -> Command | None:
    """The command of a scanned text; upper and lower case are the same, as scanners with CapsLock send it."""
    bare = text.strip().upper()
    if not bare.startswith(PREFIX):
        return None
    try:
        return Command(bare.removeprefix(PREFIX))
    except ValueError:
        return None
