"""A gift on the birthday (row 184): once a year, whatever the clock does."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from loyalty.domain.booking.sale import debt_paid
from loyalty.domain.booking.state import AccountState, NewId
from loyalty.domain.calendar import local_date
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.why import Why, WhyCode
from loyalty.errors import InvalidValueError
from runtime.ids import new_id as fresh_id

MAX_GIFT_DAYS_AFTER = 60
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Birthday:
    """Day and month; the year is nobody's business and may be missing."""

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        try:
            date(self.year or _LEAP_YEAR, self.month, self.day)
        except ValueError as error:
            raise InvalidValueError("there is no such day", month=self.month, day=self.day) from error

    def in_year(self, year: int) -> date:
        """The day on which it is kept: 29 February on 28 February in years that have none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, 2, 28)


@dataclass(frozen=True, slots=True)
class BirthdayGift:
    """``points``, given from the birthday on for ``days_after`` days, to who is a member long enough.

    ``member_for_days`` keeps people from enrolling for the gift alone.
    """

    points: int
    days_after: int = 0
    member_for_days: int = 0

    def __post_init__(self) -> None:
        if self.points <= 0 or not 0 <= self.days_after <= MAX_GIFT_DAYS_AFTER or self.member_for_days < 0:
            raise InvalidValueError("a gift has points, and is given for 0 to 60 days")

    def year_due(self, birthday: Birthday, enrolled_at: datetime, now: datetime, timezone: str) -> int | None:
        """The year whose birthday is being kept at this moment of the shop; None where none is.

        A birthday at the end of December is still due in January, for its own year.
        """
        today = local_date(now, timezone)
        for year in (today.year, today.year - 1):
            kept_on = birthday.in_year(year)
            if not kept_on <= today <= kept_on + timedelta(days=self.days_after):
                continue
            member_since = local_date(enrolled_at, timezone)
            if member_since + timedelta(days=self.member_for_days) <= kept_on:
                return year
        return None


def birthday_key(year: int) -> str:
    """The idempotency key of the gift of a year."""
    return f"birthday:{year}"


def birthday_entry(
    state: AccountState,
    gift: BirthdayGift,
    year: int,
    *,
    at: datetime,
    expires_at: datetime | None,
    new_id: NewId = fresh_id,
) -> LedgerEntry:
    """The gift of a year; its key is the year, so that it is given once however often this runs."""
    gained = state.gain(
        EntryKind.BONUS,
        gift.points,
        entry_id=new_id(),
        booked_at=at,
        source=birthday_key(year),
        key=birthday_key(year),
        expires_at=expires_at,
    )
    return replace(gained, why=(Why(WhyCode.BIRTHDAY, {"year": year}), *debt_paid(gained)))
