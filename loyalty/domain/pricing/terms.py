"""Everything besides the sale that its price and points depend on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from loyalty.domain.group import Group
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.promotions import Promotion
from loyalty.domain.trust import DEFAULT_TRUST_POLICY, TrustPolicy


@dataclass(frozen=True, slots=True)
class PricingTerms:
    """Facts, no clock: promotions are judged by the time at which the sale was opened.

    So what the till shows is what is booked, also where an hour ends between the two.
    """

    groups: tuple[Group, ...] = ()
    """The groups of the member attached."""
    programme: ProgrammeVersion | None = None
    trust: TrustPolicy = DEFAULT_TRUST_POLICY
    promotions: tuple[Promotion, ...] = ()
    """All that may be running; those that are over or to come do no harm here."""
    promotion_history: Mapping[UUID, Sequence[datetime]] = field(default_factory=dict)
    """By promotion: when the member attached had it, for its trigger limit."""
    timezone: str = "UTC"
    """Of the shop: decides the hours and days of promotions."""
