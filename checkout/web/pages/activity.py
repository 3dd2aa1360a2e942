"""The activity report: every entry of the points ledger with its why, and as CSV (row 126)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.activity import (
    MAX_DAYS,
    MAX_ROWS,
    ActivityFilter,
    ActivityPage,
    GroupBy,
    Total,
    activity_page,
    all_rows,
    totals,
)
from checkout.programme.spreadsheet import csv_text
from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import csv_answer, shop_now, staff_page, typed_query, wording_for
from checkout.words import Words
from checkout.words.history import ENTRY_TITLES
from checkout.words.places import place_name
from checkout.words.reasons import reason_text
from loyalty.domain.calendar import local_date, local_time
from loyalty.domain.ledger import EntryKind
from loyalty.domain.phone import PhoneNumber, masked_phone_number, national_format, parse_phone_number
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission
from loyalty.ports.reports import LedgerRow
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.contact_sight import customers_reserved_from

router = APIRouter()


async def reader_of_reports(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the reports."""
    viewer.require(Permission.VIEW_REPORTS)
    return viewer


ReportReader = Annotated[SignedInStaff, Depends(reader_of_reports)]


@dataclass(frozen=True)
class _Read:
    page: ActivityPage
    totals: tuple[Total, ...]
    lanes: dict[UUID, Lane]
    staff: dict[UUID, str]
    reserved: frozenset[UUID]
    """Customers whose number is masked for the viewer, see ADR 0016."""


@dataclass(frozen=True)
class ActivityLine:
    """One entry as the viewer may see it."""

    day: str
    date: str
    time: str
    name: str
    number: str
    customer_id: UUID
    title: str
    kind: str
    points: int
    lane: str
    why: list[str]
    by: str


@router.get("/activity")
async def activity(request: Request, viewer: ReportReader) -> Response:
    context, typed = web_context(request), typed_query(request)
    now = await shop_now(context)
    wanted, typed, problems = await run_in_threadpool(_filter, context, viewer, typed)
    read = await run_in_threadpool(_read, context, wanted, viewer, _cursor(typed))
    lines = [_line(row, read, viewer) for row in read.page.rows]
    return staff_page(
        "activity.html",
        viewer,
        "activity",
        path="/activity",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        lines=lines,
        totals=[(_total_name(total, wanted, read, viewer), total) for total in read.totals],
        group_by=wanted.group_by.value,
        lanes=list(read.lanes.values()),
        kinds=[(kind.value, viewer.words.text(title)) for kind, title in ENTRY_TITLES.items()],
        following=_address("/activity", typed, read.page),
        export=_address("/activity.csv", typed, None),
        max_rows=MAX_ROWS,
        is_later_page=bool(typed.one("after")),
    )


@router.get("/activity.csv")
async def activity_csv(request: Request, viewer: ReportReader) -> Response:
    context = web_context(request)
    wanted, _, _ = await run_in_threadpool(_filter, context, viewer, typed_query(request))
    text = await run_in_threadpool(_csv, context, wanted, viewer)
    return csv_answer(text, f"activity-{wanted.first_day}-{wanted.last_day}")


def _filter(
    context: WebContext, viewer: SignedInStaff, typed: Typed
) -> tuple[ActivityFilter, Typed, dict[str, Problem]]:
    """What was asked for; the last seven days where nothing was."""
    today = local_date(context.ctx.clock.now(), viewer.shop.timezone)
    values = {
        "from": ((today - timedelta(days=6)).isoformat(),),
        "to": (today.isoformat(),),
        **typed.values,
    }
    typed = Typed(values)
    reader = FieldReader(typed, viewer.shop.currency)
    first, last = reader.period(today, MAX_DAYS)
    customer_id = uuid_of(typed.one("customer"))
    if typed.one("member").strip():
        customer_id = _find_member(context, typed.one("member"), viewer.shop.phone_region)
        if customer_id is None:
            reader.refuse("member", Problem("member_unknown"))
    kinds = [each.value for each in EntryKind]
    kind = reader.choice("kind", ["", *kinds], "")
    group_by = GroupBy(reader.choice("by", list(GroupBy), GroupBy.NONE))
    wanted = ActivityFilter(
        first, last, (EntryKind(kind),) if kind else (), customer_id, uuid_of(typed.one("lane")), group_by
    )
    return wanted, typed, reader.problems


def _find_member(context: WebContext, text: str, region: str) -> UUID | None:
    """The member of a phone number or of a reference number."""
    number = parse_phone_number(text[:60], region)
    with context.reading() as unit:
        found = unit.customers.member_by_phone(number) if number is not None else None
        found = found or unit.customers.member_by_reference(text.strip()[:60])
    return found.customer.id if found is not None else None


def _read(
    context: WebContext, wanted: ActivityFilter, viewer: SignedInStaff, after: tuple[datetime, UUID] | None
) -> _Read:
    timezone = viewer.shop.timezone
    with context.reading() as unit:
        page = activity_page(unit, wanted, timezone, after)
        summed = totals(unit, wanted, timezone) if wanted.group_by is not GroupBy.NONE else ()
        rows = (*page.rows, *(each.sample for each in summed))
        return _Read(
            page=page,
            totals=summed,
            reserved=_reserved(unit, rows, viewer),
            lanes={lane.id: lane for lane in unit.lanes.all()},
            staff={member.id: member.display_name for member in unit.staff.all()},
        )


def _csv(context: WebContext, wanted: ActivityFilter, viewer: SignedInStaff) -> str:
    words = viewer.words
    head = [
        words.text("Day"),
        words.text("Time"),
        words.text("Member"),
        words.text("Number"),
        words.text("What"),
        words.text("Points"),
        words.text("Lane"),
        words.text("Why"),
        words.text("By"),
    ]
    read = _read(context, wanted, viewer, None)
    with context.reading() as unit:
        found = list(all_rows(unit, wanted, viewer.shop.timezone))
        read = replace(read, reserved=_reserved(unit, found, viewer))
    rows = [_line(row, read, viewer) for row in found]
    return csv_text(
        head,
        (
            [
                line.day,
                line.time,
                line.name,
                line.number,
                line.title,
                line.points,
                line.lane,
                " · ".join(line.why),
                line.by,
            ]
            for line in rows
        ),
        words.language,
    )


def _line(row: LedgerRow, read: _Read, viewer: SignedInStaff) -> ActivityLine:
    """One entry as it is shown: what the viewer may not see is masked."""
    local = local_time(row.entry.booked_at, viewer.shop.timezone)
    lane = read.lanes.get(row.lane_id) if row.lane_id is not None else None
    return ActivityLine(
        day=local.date().isoformat(),
        date=viewer.words.day(local.date()),
        time=f"{local:%H:%M}",
        name=_name(row, viewer),
        number=_number(row, read, viewer),
        customer_id=row.customer_id,
        title=viewer.words.text(ENTRY_TITLES[row.entry.kind]),
        kind=row.entry.kind.value,
        points=row.entry.points,
        lane=place_name(viewer.words, lane.number) if lane is not None else "",
        why=_reasons(row, viewer.words, viewer.shop.currency),
        by=read.staff.get(row.entry.staff_id, "") if row.entry.staff_id is not None else "",
    )


def _reasons(row: LedgerRow, words: Words, currency: str) -> list[str]:
    return [reason_text(words, why.code.value, why.params, currency) for why in row.entry.why]


def _name(row: LedgerRow, viewer: SignedInStaff) -> str:
    if not viewer.staff.may(Permission.VIEW_CUSTOMERS):
        return ""
    return row.display_name or viewer.words.text("Member without a name")


def _reserved(unit: UnitOfWork, rows: Iterable[LedgerRow], viewer: SignedInStaff) -> frozenset[UUID]:
    return customers_reserved_from(unit, viewer.staff, (row.customer_id for row in rows))


def _number(row: LedgerRow, read: _Read, viewer: SignedInStaff) -> str:
    number = row.phone_number
    if number is None:
        return ""
    if viewer.staff.may(Permission.VIEW_CONTACT) and row.customer_id not in read.reserved:
        return national_format(PhoneNumber(number), viewer.shop.phone_region)
    return masked_phone_number(PhoneNumber(number))


def _total_name(total: Total, wanted: ActivityFilter, read: _Read, viewer: SignedInStaff) -> str:
    words, key = viewer.words, total.key
    if isinstance(key, date):
        return words.day(key)
    if isinstance(key, EntryKind):
        return words.text(ENTRY_TITLES[key])
    if wanted.group_by is GroupBy.LANE:
        lane = read.lanes.get(key) if key is not None else None
        return place_name(words, lane.number) if lane else words.text("Without a lane")
    named = (_name(total.sample, viewer), _number(total.sample, read, viewer))
    return " · ".join(part for part in named if part)


def _cursor(typed: Typed) -> tuple[datetime, UUID] | None:
    at, _, entry = typed.one("after").partition("_")
    entry_id = uuid_of(entry)
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (when, entry_id) if entry_id is not None and when.tzinfo is not None else None


def _address(path: str, typed: Typed, page: ActivityPage | None) -> str | None:
    pairs = [(name, value) for name, value in typed.pairs() if name != "after" and value]
    if page is not None:
        if page.following is None:
            return None
        at, entry_id = page.following
        pairs.append(("after", f"{at.isoformat()}_{entry_id}"))
    return f"{path}?{urlencode(pairs)}"
