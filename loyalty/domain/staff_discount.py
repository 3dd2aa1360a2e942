"""Discounts that staff give by hand: on one line (a dented tin) or on the whole sale (a kind gesture)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.money import PPM, share_of
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import InvalidValueError

MAX_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class StaffDiscount:
    """Either a rate or an amount, with the reason and who gave it.

    ``line_id`` None means the whole sale.
    """

    id: UUID
    given_by: UUID
    reason: str
    rate_ppm: int | None = None
    amount_minor: int | None = None
    line_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.rate_ppm is None) == (self.amount_minor is None):
            raise InvalidValueError("a discount is either a rate or an amount")
        if self.rate_ppm is not None and not 0 < self.rate_ppm <= PPM:
            raise InvalidValueError("a discount is more than 0 % and at most 100 %", rate_ppm=self.rate_ppm)
        if self.amount_minor is not None and self.amount_minor <= 0:
            raise InvalidValueError("a discount is more than zero", amount_minor=self.amount_minor)
        if not 1 <= len(self.reason) <= MAX_REASON_CHARS:
            raise InvalidValueError(f"a reason has 1 to {MAX_REASON_CHARS} characters")

    def quote(self, base_minor: int) -> int:
        """The discount before the base cuts it."""
        if self.rate_ppm is not None:
            return share_of(base_minor, self.rate_ppm)
        return self.amount_minor or 0


def checked_reason(text: str) -> str | Refused:
    """The reason as one clean line, as it will stand on the receipt; refused where it says nothing."""
    reason = clean_line(text, MAX_REASON_CHARS)
    return reason if reason is not None else Refused(Refusal.REASON_MISSING)
