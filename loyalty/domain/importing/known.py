"""What the directory knows of a customer that a row may be about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from loyalty.domain.activity import StartFigures
from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.customer import Customer
from loyalty.domain.ledger import LoyaltyAccount


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer with all that a row may add to."""

    customer: Customer
    account: LoyaltyAccount | None = None
    birthday: Birthday | None = None
    addresses: tuple[PostalAddress, ...] = ()
    custom_values: Mapping[UUID, str] = field(default_factory=dict)
    consents: Mapping[ConsentPurpose, ConsentState] = field(default_factory=dict)
    """State in force."""
    start: StartFigures | None = None
    openings: frozenset[str] = frozenset()
    """Origins of opening balances that the account has."""
