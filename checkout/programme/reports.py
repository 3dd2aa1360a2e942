"""The programme's figures by month, for charts, tables and CSV (rows 166, 185)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from checkout.programme.charts import BarChart, Series, bar_chart
from checkout.programme.spreadsheet import Cell
from checkout.words import Words
from loyalty.domain.calendar import first_of_month_after, local_date, start_of_day
from loyalty.domain.channel import Channel
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.phone import masked_phone_number
from loyalty.domain.reports.points import PointFigures, figures_of_kinds
from loyalty.domain.reports.visits import qualifying_visits_by_month, unusual_days
from loyalty.domain.shop import Lane
from loyalty.domain.staff import StaffMember
from loyalty.ports.reports import LaneFigures, Outstanding
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.contact_sight import sees_contact

MONTHS = 12
EXPIRING_MONTHS = 6
_UNUSUAL_DAYS = 30
_SOON = timedelta(days=30)


@dataclass(frozen=True)
class MonthFigures:
    """One month of the shop."""

    first_day: date
    visits: int
    """Visits that count for pricing: the member earned points or used a reward."""
    points: PointFigures


@dataclass(frozen=True)
class ExpiringMonth:
    """Points whose time ends in a month."""

    first_day: date
    points: int


@dataclass(frozen=True)
class UnusualVisits:
    """A member who earned strikingly often on one day; the number as far as the viewer may see it."""

    account: LoyaltyAccount
    name: str | None
    phone_number: str
    day: date
    visits: int


@dataclass(frozen=True)
class Figures:
    """Everything on the page of reports."""

    months: tuple[MonthFigures, ...]
    """Oldest first; the last one is running."""
    expiring: tuple[ExpiringMonth, ...]
    expiring_soon: int
    outstanding: Outstanding
    lanes: tuple[tuple[Lane | None, LaneFigures], ...]
    unusual: tuple[UnusualVisits, ...]
    threshold: int

    @property
    def is_empty(self) -> bool:
        return not self.outstanding.accounts and all(
            month.points == PointFigures() and not month.visits for month in self.months
        )

    @property
    def redemption_rate_ppm(self) -> int | None:
        """Of all these months together."""
        issued = sum(month.points.issued for month in self.months)
        redeemed = sum(month.points.redeemed for month in self.months)
        return PointFigures(issued, redeemed).redemption_rate_ppm


def read_figures(unit: UnitOfWork, now: datetime, timezone: str, viewer: StaffMember) -> Figures:
    """The figures as they are now and as the viewer may see them; blocks on the database."""
    today = local_date(now, timezone)
    firsts = _months_until(today)
    start = start_of_day(firsts[0], timezone)
    visits = unit.reports.visits(start, now + timedelta(days=1))
    by_month = qualifying_visits_by_month(visits, timezone)
    months = []
    for first in firsts:
        begin, end = _bounds(first, timezone)
        points = figures_of_kinds(unit.reports.sums_by_kind(begin, end))
        months.append(MonthFigures(first, by_month.get(first, 0), points))
    lanes = {lane.id: lane for lane in unit.lanes.all()}
    month_begin, month_end = _bounds(firsts[-1], timezone)
    threshold = unit.programme.settings().unusual_visits_a_day
    since = start_of_day(today - timedelta(days=_UNUSUAL_DAYS), timezone)
    flagged = unusual_days([visit for visit in visits if visit.at >= since], timezone, threshold)
    return Figures(
        months=tuple(months),
        expiring=_expiring(unit, today, now, timezone),
        expiring_soon=unit.reports.expiring(now, now + _SOON),
        outstanding=unit.reports.outstanding(),
        lanes=tuple(
            (lanes.get(figures.lane_id), figures) for figures in unit.reports.by_lane(month_begin, month_end)
        ),
        unusual=tuple(
            found
            for each in flagged
            if (found := unusual_visits(unit, each.account_id, each.day, each.visits, viewer)) is not None
        ),
        threshold=threshold,
    )


def visits_chart(figures: Figures, words: Words) -> BarChart:
    """Visits that count for pricing, by month."""
    values = tuple(month.visits for month in figures.months)
    series = Series(words.text("Visits that count"), "brand", values)
    return bar_chart(_labels(figures.months, words), [series], [_texts(values, words)])


def points_chart(figures: Figures, words: Words) -> BarChart:
    """Points issued and redeemed, by month."""
    issued = tuple(month.points.issued for month in figures.months)
    redeemed = tuple(month.points.redeemed for month in figures.months)
    series = [
        Series(words.text("Issued"), "brand", issued),
        Series(words.text("Redeemed"), "gold", redeemed),
    ]
    texts = [_texts(issued, words), _texts(redeemed, words)]
    return bar_chart(_labels(figures.months, words), series, texts)


def expiring_chart(figures: Figures, words: Words) -> BarChart:
    """Points that will expire, by month."""
    values = tuple(month.points for month in figures.expiring)
    series = Series(words.text("Points that expire"), "gold", values)
    labels = [words.month(month.first_day, is_short=True) for month in figures.expiring]
    return bar_chart(labels, [series], [_texts(values, words)])


def rate_chart(figures: Figures, words: Words) -> BarChart:
    """Redeemed of issued, in percent, by month."""
    rates = tuple((month.points.redemption_rate_ppm or 0) // 10_000 for month in figures.months)
    series = Series(words.text("Redemption rate"), "brand", rates)
    texts = [words.text("{rate}%", rate=words.number(rate)) for rate in rates]
    return bar_chart(_labels(figures.months, words), [series], [texts])


def month_table(figures: Figures, words: Words) -> tuple[list[str], list[list[Cell]]]:
    """Head and rows of the months, for CSV."""
    head = [
        words.text("Month"),
        words.text("Visits that count"),
        words.text("Issued"),
        words.text("Redeemed"),
        words.text("Expired"),
        words.text("By hand"),
        words.text("Difference"),
    ]
    rows: list[list[Cell]] = [
        [
            f"{month.first_day:%Y-%m}",
            month.visits,
            month.points.issued,
            month.points.redeemed,
            month.points.expired,
            month.points.by_hand,
            month.points.change,
        ]
        for month in figures.months
    ]
    return head, rows


def _labels(months: Sequence[MonthFigures], words: Words) -> list[str]:
    return [words.month(month.first_day, is_short=True) for month in months]


def _texts(values: tuple[int, ...], words: Words) -> list[str]:
    return [words.number(value) for value in values]


def _months_until(today: date) -> list[date]:
    this = today.year * 12 + today.month - 1
    return [date(count // 12, count % 12 + 1, 1) for count in range(this - MONTHS + 1, this + 1)]


def _bounds(first: date, timezone: str) -> tuple[datetime, datetime]:
    return start_of_day(first, timezone), start_of_day(first_of_month_after(first, 0), timezone)


def _expiring(unit: UnitOfWork, today: date, now: datetime, timezone: str) -> tuple[ExpiringMonth, ...]:
    months: list[ExpiringMonth] = []
    first, begin = today.replace(day=1), now
    for _ in range(EXPIRING_MONTHS):
        # points that are good to the end of a month expire at the first instant after it: that is this month
        following = first_of_month_after(first, 0)
        end = start_of_day(following, timezone) + timedelta(microseconds=1)
        months.append(ExpiringMonth(first, unit.reports.expiring(begin, end)))
        first, begin = following, end
    return tuple(months)


def unusual_visits(
    unit: UnitOfWork, account_id: UUID, day: date, visits: int, viewer: StaffMember
) -> UnusualVisits | None:
    account = unit.accounts.get(account_id)
    if account is None:
        return None
    member = unit.customers.member(account.customer_id)
    name = member.customer.display_name if member is not None else None
    number = account.phone_number
    sees = sees_contact(unit, viewer, account.customer_id, Channel.SMS)
    shown = "" if number is None else (str(number) if sees else masked_phone_number(number))
    return UnusualVisits(account, name, shown, day, visits)
