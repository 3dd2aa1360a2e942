"""Finding customers: as somebody types, and by filters (rows 4-7, 17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.filters import FilterSet, Missing, Moment
from loyalty.domain.filters.condition import Condition
from loyalty.domain.search import search_terms
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.find_customers import Listed, Place, SavedView
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.contact_sight import listed_for
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

__all__ = ["CustomerPage", "Listed", "Place", "filter_customers", "search_customers"]

MAX_VIEW_NAME_CHARS = 60
SEARCH_LIMIT = 20
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A page of customers; ``missing`` is what the filters name and the shop has no more."""

    count: int
    customers: Sequence[Listed]
    next_place: Place | None
    missing: tuple[Missing, ...] = ()


def search_customers(
    uow: UnitOfWork, typed: str, viewer: StaffMember, limit: int = SEARCH_LIMIT
) -> Sequence[Listed]:
    """Customers by a part of a name, a reference, a number or an address.

    Who may not see contact details finds by a whole number only, and not by an address: a list that shrinks
    with each digit would tell what is masked (row 9).

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers``.
    """
    viewer.require(Permission.VIEW_CUSTOMERS)
    region = shop_settings(uow).phone_region
    terms = search_terms(typed, region, sees_contact=viewer.may(Permission.VIEW_CONTACT))
    return listed_for(uow, viewer, uow.directory.search(terms, limit)) if terms is not None else ()


def filter_customers(
    uow: UnitOfWork,
    ctx: ServiceContext,
    filters: FilterSet,
    viewer: StaffMember,
    *,
    after: Place | None = None,
    limit: int = PAGE_ROWS,
) -> CustomerPage:
    """The customers for whom all filters hold, those who came last first.

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers``.
    """
    viewer.require(Permission.VIEW_CUSTOMERS)
    known = uow.groups.known()
    condition = filters.condition(known)
    moment = Moment(ctx.clock.now(), shop_settings(uow).timezone)
    if after is None:
        count, customers = uow.directory.counted(condition, moment, limit)
    else:
        count = uow.directory.count(condition, moment)
        customers = uow.directory.page(condition, moment, limit=limit, after=after)
    is_more = len(customers) == limit
    place = customers[-1].place if is_more and customers else None
    return CustomerPage(count, listed_for(uow, viewer, customers), place, filters.missing(known))


def customers_of(
    uow: UnitOfWork, ctx: ServiceContext, filters: FilterSet, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Ids of those for whom the filters hold, in slices: for exports and for putting all in a group."""
    condition: Condition = filters.condition(uow.groups.known())
    moment = Moment(ctx.clock.now(), shop_settings(uow).timezone)
    return uow.directory.ids(condition, moment, after, limit)


def save_view(
    uow: UnitOfWork, ctx: ServiceContext, name: str, filters: FilterSet, viewer: StaffMember
) -> SavedView | Refused:
    """Keep filters under a name for everybody who sees the directory. Refused: ``name_invalid``.

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers``.
    """
    viewer.require(Permission.VIEW_CUSTOMERS)
    cleaned = clean_line(name, MAX_VIEW_NAME_CHARS)
    if cleaned is None or not filters.filters:
        return Refused(Refusal.NAME_INVALID)
    view = SavedView(new_id(), cleaned, filters)
    uow.directory.save_view(view, ctx.clock.now())
    return view


def remove_view(uow: UnitOfWork, view_id: UUID, viewer: StaffMember) -> None:
    """Forget a view.

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers``.
    """
    viewer.require(Permission.VIEW_CUSTOMERS)
    uow.directory.remove_view(view_id)
