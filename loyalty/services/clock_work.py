"""All that the shop's clock starts, in small slices: call it every minute or so from the background."""

from collections.abc import Callable
from dataclasses import dataclass

from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.birthday_gifts import gift_slice, give_birthday_gifts
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.daily_digest import add_digest, make_digest
from loyalty.services.expire_points import expire_points, expire_slice, warn_of_expiry, warn_slice
from loyalty.services.follow_groups import follow_slice
from loyalty.services.look_for_duplicates import look_at_changed_slice, look_at_new_slice
from loyalty.services.retention import forget_inactive_slice, tell_inactive_slice
from loyalty.services.tell_programme_changed import tell_programme_changed, tell_slice

_COUNTER_SLICE = 100
"""Lots at once where a customer may be waiting for the same writer."""


@dataclass(frozen=True, slots=True)
class ClockWork:
    """What one call did; call again at once while there is something."""

    expired_lots: int
    warned: int
    gifts_looked_at: int
    told_of_programme: int
    has_digest: bool
    inactive_looked_at: int = 0
    forgotten: int = 0
    followed: int = 0
    """Customers looked at for the lists of smart groups."""

    @property
    def is_idle(self) -> bool:
        return not (
            self.expired_lots
            or self.warned
            or self.gifts_looked_at
            or self.told_of_programme
            or self.followed
            or self.inactive_looked_at
            or self.forgotten
        )


def _end_points(uow: UnitOfWork, ctx: ServiceContext) -> int:
    return expire_slice(uow, ctx, _COUNTER_SLICE).lots


def _digest(uow: UnitOfWork, ctx: ServiceContext) -> int:
    add_digest(uow, ctx)
    return 0


def _in_one(
    open_unit: UnitOfWorkFactory, ctx: ServiceContext, work: Callable[[UnitOfWork, ServiceContext], int]
) -> int:
    with open_unit() as uow:
        count = work(uow, ctx)
        uow.commit()
    return count


CLOCK_SLICES: tuple[Callable[[UnitOfWork, ServiceContext], int], ...] = (
    _end_points,
    warn_slice,
    gift_slice,
    tell_slice,
    _digest,
    follow_slice,
    tell_inactive_slice,
    forget_inactive_slice,
    look_at_new_slice,
    look_at_changed_slice,
)
"""For a station with one writer: give it each of these in a transaction of its own, again while one of them
returns more than zero."""


def run_clock_work(open_unit: UnitOfWorkFactory, ctx: ServiceContext) -> ClockWork:
    """One slice of everything, each in a transaction of its own. Never inside another transaction.

    Everything is done once however often and by however many stations this is called.
    """
    return ClockWork(
        expired_lots=expire_points(open_unit, ctx).lots,
        warned=warn_of_expiry(open_unit, ctx),
        gifts_looked_at=give_birthday_gifts(open_unit, ctx),
        told_of_programme=tell_programme_changed(open_unit, ctx),
        has_digest=make_digest(open_unit, ctx) is not None,
        followed=_in_one(open_unit, ctx, follow_slice),
        inactive_looked_at=_in_one(open_unit, ctx, tell_inactive_slice),
        forgotten=_in_one(open_unit, ctx, forget_inactive_slice),
    )
