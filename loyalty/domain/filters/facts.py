"""All that filters may know of one customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.activity import NO_START, ActivitySummary, Purchase, StartFigures, summary_of
from loyalty.domain.customer import CustomerSource
from loyalty.domain.message import MessageKind


class EmailReach(StrEnum):
    """How marketing may reach a customer by e-mail (rows 70-72).

    None where it may not: no address, one that bounced, one whose owner unsubscribed or never agreed.
    """

    PUBLIC = "public"
    """Its owner agreed: by an address typed into the profile (row 21), or as attested for an import (X18)."""
    PRIVATE = "private"
    """Only while they buy (row 71)."""


@dataclass(frozen=True, slots=True)
class MessageSent:
    """An automatic message that went out to a customer."""

    kind: MessageKind
    at: datetime


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """One customer with purchases; ``groups`` are the manual ones, ``fields`` canonical values by field."""

    customer_id: UUID
    source: CustomerSource
    created_at: datetime
    is_listed: bool = True
    enrolled_at: datetime | None = None
    balance: int | None = None
    email: EmailReach | None = None
    is_reached_by_sms: bool = False
    birthday: tuple[int, int] | None = None
    """Month and day."""
    purchases: tuple[Purchase, ...] = ()
    start: StartFigures = NO_START
    """What was before the purchases."""
    messages: tuple[MessageSent, ...] = ()
    """Oldest first."""
    groups: frozenset[UUID] = frozenset()
    fields: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def summary(self) -> ActivitySummary:
        return summary_of(self.purchases, self.start)
