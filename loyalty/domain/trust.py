"""How sure the station is who stands at the counter, and what each certainty allows.

Only the station sets trust, from the evidence (architecture §4); a device cannot claim it.
"""

from dataclasses import dataclass
from enum import IntEnum

from loyalty.errors import InvalidValueError


class Trust(IntEnum):
    """From a number that anybody can type to proof that the member is here."""

    TYPED = 0
    """A phone number typed at the kiosk or told to staff."""
    REFERENCE = 1
    """A bare reference number, or a URL that contains one: copied easily."""
    SIGNED = 2
    """A signed printed card, or a rotating code that is stale or was used before."""
    PROVEN = 3
    """A fresh rotating code, a one-time code by SMS, or staff who checked."""


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """The least trust for each right. A shop may ask for more; the starred floors cannot be lowered."""

    earn: Trust = Trust.TYPED
    group_discount: Trust = Trust.REFERENCE
    """At this trust the discount applies by itself; below it waits for one tap of staff (X15)."""
    show_points: Trust = Trust.SIGNED
    redeem: Trust = Trust.SIGNED
    """Below it a redemption needs staff (or a one-time code, which raises the trust)."""
    history: Trust = Trust.PROVEN

    def __post_init__(self) -> None:
        floors = {"group_discount": Trust.REFERENCE, "show_points": Trust.SIGNED, "redeem": Trust.SIGNED,
                  "history": Trust.PROVEN}  # fmt: skip
        for right, floor in floors.items():
            if getattr(self, right) < floor:
                raise InvalidValueError(f"{right} needs trust {floor} or more", right=right, floor=int(floor))


DEFAULT_TRUST_POLICY = TrustPolicy()
