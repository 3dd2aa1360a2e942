"""Who did what that an owner may want to look into: append-only, no contact data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AuditAction(StrEnum):
    """What staff did. Parameters in brackets."""

    POINTS_ADJUSTED = "points_adjusted"
    """[points, reason]; the subject is the account."""
    POINTS_MOVED = "points_moved"
    """[points, reason, to]; the subject is the account that they were on."""
    OPENING_BALANCE = "opening_balance"
    """[points, origin]"""
    SALE_REFUNDED = "sale_refunded"
    """[kind, amount_minor, points, reason]; the subject is the sale."""
    MEMBER_ATTACHED_LATE = "member_attached_late"
    """[points, customer]; the subject is the sale."""
    PROGRAMME_PUBLISHED = "programme_published"
    """[version, changes]"""
    PROMOTION_ADDED = "promotion_added"
    """[name]"""
    PROMOTION_CANCELLED = "promotion_cancelled"
    """[name]"""
    CARD_LINKED = "card_linked"
    """[brand, last_four]; the subject is the customer."""
    CARD_UNLINKED = "card_unlinked"
    """[brand, last_four]; the subject is the customer."""
    PERSON_ERASED = "person_erased"
    """The subject is the customer."""
    SETTINGS_CHANGED = "settings_changed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed; ``params`` are JSON scalars."""

    id: UUID
    at: datetime
    staff_id: UUID
    action: AuditAction
    subject: str
    """``noun:id``, as the source of a ledger entry."""
    params: Mapping[str, int | str] = field(default_factory=dict)
