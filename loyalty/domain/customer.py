"""Customers of the directory and their membership cards."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.phone import PhoneNumber


class CustomerSource(StrEnum):
    """What created the profile."""

    DIRECTORY = "directory"
    LOYALTY = "loyalty"
    IMPORT = "import"
    API = "api"
    PAYMENT = "payment"
    """Made by itself when a payment card was seen for the first time (row 2)."""
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Customer:
    """One person in the directory.

    ``reference_id`` is text, kept as given with its leading zeros, and is found by exact match, upper
    and lower case being different (X10). ``version`` starts at 1 and grows with every change.
    """

    id: UUID
    source: CustomerSource
    created_at: datetime
    given_name: str | None = None
    family_name: str | None = None
    email_address: str | None = None
    phone_number: PhoneNumber | None = None
    reference_id: str | None = None
    company_name: str | None = None
    note: str | None = None
    language: str | None = None
    """BCP 47 tag of the language for messages; None means the shop's."""
    version: int = 1
    nickname: str | None = None
    preferences: str | None = None
    """What this customer likes, for whoever serves them: a line or several."""
    is_email_private: bool = False
    """The address is not to be shown, and is written to only while they buy (row 71)."""
    email_bounced_at: datetime | None = None
    """When a message to the address came back for good; None while it is thought to work (rows 70, 72)."""
    merged_into: UUID | None = None
    """The profile that took this one's place (row 182); whoever asks for this one gets that one."""
    erased_at: datetime | None = None
    """When the person was forgotten (row 176); nothing but the id and the totals is left."""

    @property
    def is_listed(self) -> bool:
        """Whether the directory shows the profile: merged and erased ones are kept, not shown."""
        return self.merged_into is None and self.erased_at is None

    @property
    def display_name(self) -> str | None:
        """Given and family name, else the company's; None where no name is known."""
        name = " ".join(part for part in (self.given_name, self.family_name) if part)
        return name or self.company_name


@dataclass(frozen=True, slots=True)
class MembershipCard:
    """What a signed code names: one printed card or one rotating code, of one customer.

    A lost card is revoked and another one issued; the customer and the points stay (row 200).
    """

    id: UUID
    customer_id: UUID
    issued_at: datetime
    revoked_at: datetime | None = None
