"""A lane's figures as they run, and the close of its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.calendar import day_bounds
from loyalty.domain.day_close import MAX_NOTE_CHARS, DayClose
from loyalty.domain.reports.takings import Takings, takings_of
from loyalty.domain.sale import Receipt
from loyalty.domain.settlement import MAX_AMOUNT_MINOR
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.day_closes import RefundOfSale
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

FIRST_CLOSE_REACHES = timedelta(days=31)
"""How far back the first close of a lane looks, where a shop has sold for years without closing."""


@dataclass(frozen=True, slots=True)
class Count:
    """What staff counted. ``number`` is the close that the page showed: a repeated request closes once."""

    number: int
    float_minor: int
    counted_minor: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunningDay:
    """What the next close of a lane would hold."""

    lane_id: UUID
    number: int
    since: datetime | None
    """The last close; None before the first."""
    takings: Takings


def running_day(uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID) -> RunningDay:
    """The figures of a lane since its last close."""
    last = uow.day_closes.last_of(lane_id)
    receipts, refunds = _open_ones(uow, ctx, lane_id, last)
    return RunningDay(
        lane_id,
        last.number + 1 if last is not None else 1,
        last.closed_at if last is not None else None,
        takings_of(receipts, refunds),
    )


def takings_on(uow: UnitOfWork, lane_id: UUID, day: date) -> Takings:
    """The figures of a lane on a day of the shop, whatever was closed when."""
    start, end = day_bounds(day, shop_settings(uow).timezone)
    return takings_of(
        uow.day_closes.receipts_between(lane_id, start, end),
        uow.day_closes.refunds_between(lane_id, start, end),
    )


def close_day(
    uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID, count: Count, staff: StaffMember
) -> DayClose | Refused:
    """Fix the lane's figures since its last close, with what was counted.

    Refusals: ``amount_out_of_range``, ``sale_still_open`` while the lane has an open sale,
    ``day_already_closed`` where the page showed an earlier close.

    Raises:
        PermissionDeniedError: The role does not hold ``close_day``.
        UnknownIdError: There is no such lane.
    """
    staff.require(Permission.CLOSE_DAY)
    lane = next((lane for lane in uow.lanes.all() if lane.id == lane_id), None)
    if lane is None or lane.is_training:
        raise UnknownIdError("no such lane", lane=str(lane_id))
    if not all(0 <= minor <= MAX_AMOUNT_MINOR for minor in (count.float_minor, count.counted_minor)):
        return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 0, "max": MAX_AMOUNT_MINOR})
    if uow.sales.open_in_lane(lane_id) is not None:
        return Refused(Refusal.SALE_STILL_OPEN)
    last = uow.day_closes.last_of(lane_id)
    number = last.number + 1 if last is not None else 1
    if count.number != number:
        return Refused(Refusal.DAY_ALREADY_CLOSED, {"number": count.number})
    receipts, refunds = _open_ones(uow, ctx, lane_id, last)
    before = last.last_receipt if last is not None else 0
    close = DayClose(
        id=new_id(),
        lane_id=lane_id,
        number=number,
        first_receipt=receipts[0].number if receipts else 0,
        last_receipt=receipts[-1].number if receipts else before,
        closed_at=ctx.clock.now(),
        closed_by=staff.id,
        takings=takings_of(receipts, refunds),
        float_minor=count.float_minor,
        counted_minor=count.counted_minor,
        note=clean_line(count.note, MAX_NOTE_CHARS),
    )
    uow.day_closes.add(close, [refund.id for refund, _ in refunds])
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.DAY_CLOSED,
        subject=f"lane:{lane_id}",
        params={"number": number, "difference_minor": close.difference_minor},
    )
    return close


def _open_ones(
    uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID, last: DayClose | None
) -> tuple[Sequence[Receipt], Sequence[RefundOfSale]]:
    refunds = uow.day_closes.refunds_not_closed(lane_id)
    if last is not None:
        return uow.day_closes.receipts_after(lane_id, last.last_receipt), refunds
    now = ctx.clock.now()
    since = now - FIRST_CLOSE_REACHES
    receipts = uow.day_closes.receipts_between(lane_id, since, now + timedelta(days=1))
    return receipts, [each for each in refunds if each[0].at >= since]
