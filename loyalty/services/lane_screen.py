"""Which sale a lane's screens show: the open one, or the last until the next begins (rows 28, 29)."""

from uuid import UUID

from loyalty.domain.sale import Sale
from loyalty.ports.unit_of_work import UnitOfWork


def sale_on_screen(uow: UnitOfWork, lane_id: UUID) -> Sale | None:
    """None also where the next sale was begun and set aside: the last receipt is over then (row 171)."""
    there = uow.sales.open_in_lane(lane_id)
    if there is not None:
        return there
    last = uow.sales.last_closed_in_lane(lane_id)
    if last is None or last.closed_at is None:
        return last
    later = (held for held in uow.sales.held() if held.lane_id == lane_id)
    return None if any(held.opened_at > last.closed_at for held in later) else last
