"""How long a shop keeps people, what it tells them, and what went wrong with their data (rows 176, 201)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from loyalty.errors import InvalidValueError

MIN_RETENTION_MONTHS = 6
MAX_RETENTION_MONTHS = 120
MIN_NOTICE_DAYS = 7
MAX_NOTICE_DAYS = 120
MIN_AGE, MAX_AGE = 0, 21
MAX_TEXT_CHARS = 160
"""Of what customers read: two lines of a kiosk's screen."""
MAX_CONTACT_CHARS = 80
MAX_ADDRESS_CHARS = 300


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """Good as it is: a shop changes what it wants to. Addresses are ``https://…`` or empty."""

    purges_inactive: bool = True
    retention_months: int = 36
    """So long after their last visit members are forgotten."""
    notice_days: int = 30
    """So long before that they are told."""
    keeps_who_has_points: bool = False
    """Whether members with points are kept however long they stay away."""
    minimum_age: int = 16
    """Who is younger does not enrol; the kiosk says so. Zero says nothing."""
    privacy_contact: str = ""
    """Whom members ask about their data; empty sends them to the counter."""
    camera_notice: str = ""
    """What the kiosk says beside its camera; empty says it in the kiosk's own words."""
    privacy_policy: str = ""
    security_policy: str = ""
    status_page: str = ""
    """Where the shop, or whoever looks after its station, tells of trouble (row 14)."""
    revision: int = 0
    """Grows with every change, so that devices know the newest."""

    def __post_init__(self) -> None:
        if not MIN_RETENTION_MONTHS <= self.retention_months <= MAX_RETENTION_MONTHS:
            raise InvalidValueError("people are kept for half a year to ten years")
        if not MIN_NOTICE_DAYS <= self.notice_days <= MAX_NOTICE_DAYS:
            raise InvalidValueError("people are told a week to four months before")
        if not MIN_AGE <= self.minimum_age <= MAX_AGE:
            raise InvalidValueError("a minimum age is 0 to 21")


DEFAULT_PRIVACY_SETTINGS = PrivacySettings()


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong with personal data, and who was told of it."""

    id: UUID
    happened_on: date
    what: str
    told: str
    """Whom the shop told and when: the authority, the people concerned; empty for nobody yet."""
    noted_by: UUID
    noted_at: datetime
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """That somebody was erased: all that is kept of it, so that an old copy can be erased again (row 205)."""

    customer_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class PastSale:
    """A closed sale of one person, as a copy of their data tells it."""

    id: UUID
    closed_at: datetime
    currency: str
    total_minor: int
    points_earned: int
    points_redeemed: int
    items: tuple[tuple[str, int], ...]
    """Names with quantities."""
