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
    DRAFT_DISCARDED = "draft_discarded"
    """[changes]; the subject is the version that the draft was begun from."""
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
    DAY_CLOSED = "day_closed"
    """[number, difference_minor]; the subject is the lane."""
    CUSTOMERS_IMPORTED = "customers_imported"
    """[rows, file]; the subject is the import."""
    CUSTOMERS_EXPORTED = "customers_exported"
    """[rows, format]; the subject is what was exported."""
    SETTINGS_CHANGED = "settings_changed"
    SIGNED_IN = "signed_in"
    """[by]: ``password`` or ``pin``. The subject is the staff member, here and below."""
    SIGN_IN_FAILED = "sign_in_failed"
    """Nobody did it where the login is unknown; what was typed is not kept."""
    SIGNED_OUT = "signed_out"
    STAFF_ADDED = "staff_added"
    """[name, role]"""
    STAFF_ROLE_CHANGED = "staff_role_changed"
    """[name, role, before]"""
    STAFF_DEACTIVATED = "staff_deactivated"
    """[name]"""
    STAFF_ACTIVATED = "staff_activated"
    """[name]"""
    STAFF_PASSWORD_SET = "staff_password_set"  # noqa: S105 - a deed, not a password
    """[name]"""
    STAFF_LINKED = "staff_linked"
    """[name, customer]: this staff member is that customer (row 206)."""
    STAFF_UNLINKED = "staff_unlinked"
    """[name]"""
    STAFF_SESSIONS_ENDED = "staff_sessions_ended"
    """[name]"""
    ROLE_SAVED = "role_saved"
    """[name, added, removed]: permissions joined by ``, ``; the subject is the role."""
    ROLE_DELETED = "role_deleted"
    """[name]"""
    ITEM_ADDED = "item_added"
    """[name, price_minor]"""
    ITEM_CHANGED = "item_changed"
    """[name, price_minor, before_minor]"""
    ITEM_ARCHIVED = "item_archived"
    """[name]"""
    ITEM_RESTORED = "item_restored"
    """[name]"""
    CATEGORY_CHANGED = "category_changed"
    """[name] and ``before`` where it was called otherwise."""
    CATEGORY_REMOVED = "category_removed"
    """[name]"""
    TAX_CHANGED = "tax_changed"
    """[name, rate_ppm, inclusion] and ``before_ppm`` where there was one; the subject is the tax."""
    TAX_REMOVED = "tax_removed"
    """[name, rate_ppm]"""
    CUSTOMER_CREATED = "customer_created"
    """The subject is the customer."""
    CUSTOMER_CHANGED = "customer_changed"
    """[fields]: their names, joined by ``, ``; the subject is the customer."""
    CUSTOMER_SEEN = "customer_seen"
    """The profile was opened with its contact details, for the first time on a day of the shop."""
    PHONE_CHANGED = "phone_changed"
    """The loyalty account moved to another number; the subject is the customer."""
    RECEIPT_SENT = "receipt_sent"
    """By e-mail; the subject is the sale."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed; ``params`` are JSON scalars."""

    id: UUID
    at: datetime
    staff_id: UUID | None
    """None for what the shop's clock or a stranger did."""
    action: AuditAction
    subject: str
    """``noun:id``, as the source of a ledger entry."""
    params: Mapping[str, int | str] = field(default_factory=dict)
