"""Records of who was said to be at the counter, and on what evidence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.trust import Trust


class IdentificationMethod(StrEnum):
    """How somebody was identified."""

    TYPED_NUMBER = "typed_number"
    REFERENCE = "reference"
    SIGNED_CARD = "signed_card"
    ROTATING_CODE = "rotating_code"
    STAFF = "staff"
    PAYMENT_CARD = "payment_card"
    """Paid with the card that is linked to the profile (row 145)."""
    ONE_TIME_CODE = "one_time_code"
    """The digits of an SMS: proof, for what they were asked for alone (row 207)."""
    CONTACT_DETAILS = "contact_details"
    """Of an invoice or an online order (rows 123, 151)."""


class Attachment(StrEnum):
    """What an identification did to the sale (X14)."""

    ATTACHED = "attached"
    RAISED = "raised"
    """The same member was there already and is now surer."""
    UNCHANGED = "unchanged"
    """The same member was there already, as sure or surer."""
    REPLACED = "replaced"
    """Another member, no surer than this one, was there and left."""
    OTHER_MEMBER = "other_member"
    """A surer member is there and stays."""
    NO_SALE = "no_sale"
    """The device showed no sale."""
    SALE_CLOSED = "sale_closed"
    """The sale that the device showed is over, held or of another lane."""
    SESSION_ENDED = "session_ended"
    """The customer's session was over when this arrived."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an event's header says about its circumstances; nothing in it sets trust.

    ``device`` is the certificate name the broker vouches for. ``device_time`` is kept and decides nothing.
    """

    event_id: UUID
    device: str
    session_id: UUID
    sale_id: UUID | None
    device_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identification:
    """One record, kept whether or not it attached to a sale."""

    id: UUID
    customer_id: UUID
    account_id: UUID | None
    method: IdentificationMethod
    trust: Trust
    lane_id: UUID
    session_id: UUID | None
    at: datetime
    device_time: datetime | None
    sale_id: UUID | None
    """The sale it attached to; None where it attached to none."""
    attachment: Attachment
