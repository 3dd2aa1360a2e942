"""Customers as rows of a file that can be edited and imported again (rows 41, 95)."""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.channel import Channel
from loyalty.domain.custom_field import CustomField
from loyalty.domain.filters import FilterSet
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.profile import is_contact_field
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.find_customers import Listed
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.contact_sight import customers_reserved_from
from loyalty.services.context import ServiceContext
from loyalty.services.find_customers import customers_of
from loyalty.services.setup import shop_settings

AT_ONCE = 500

Reading = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class ExportedCustomer:
    """One row: the whole profile, and what lists show of its activity."""

    known: KnownCustomer
    listed: Listed


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is exported, and how much of it the viewer may see."""

    filters: FilterSet
    sees_contact: bool
    custom_fields: tuple[CustomField, ...]
    """Those in use that the viewer may see, in their order."""
    viewer: StaffMember
    timezone: str
    """The shop's: days are those of its calendar."""


def order_export(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, filters: FilterSet, kind: str
) -> ExportOrder:
    """Note who takes customers along, and say what they get.

    Raises:
        PermissionDeniedError: The role does not hold ``export_customers``.
    """
    staff.require(Permission.EXPORT_CUSTOMERS)
    staff.require(Permission.VIEW_CUSTOMERS)
    sees_contact = staff.may(Permission.VIEW_CONTACT)
    fields = tuple(
        each
        for each in uow.profiles.custom_fields()
        if each.archived_at is None and (sees_contact or not is_contact_field(each))
    )
    params: dict[str, int | str] = {"format": kind, "filters": len(filters.filters)}
    note_deed(
        uow, ctx, staff, action=AuditAction.CUSTOMERS_EXPORTED, subject="export:customers", params=params
    )
    return ExportOrder(filters, sees_contact, fields, staff, shop_settings(uow).timezone)


def exported_customers(
    open_unit: Reading, ctx: ServiceContext, order: ExportOrder
) -> Iterator[ExportedCustomer]:
    """All of them, read slice by slice: memory does not grow with the directory, and no reading lasts long.

    Whoever is changed meanwhile stands in it as before or after, and once.
    """
    after: UUID | None = None
    while True:
        with open_unit() as uow:
            ids = customers_of(uow, ctx, order.filters, after, AT_ONCE)
            yield from _slice(uow, ids, order.viewer)
        if len(ids) < AT_ONCE:
            return
        after = ids[-1]


def _slice(uow: UnitOfWork, ids: Sequence[UUID], viewer: StaffMember) -> list[ExportedCustomer]:
    known = uow.bulk.known(ids)
    numbers = customers_reserved_from(uow, viewer, ids, Channel.SMS)
    addresses = customers_reserved_from(uow, viewer, ids, Channel.EMAIL)
    listed = {each.member.customer.id: each for each in uow.directory.listed(ids)}
    return [
        ExportedCustomer(_shown(known[customer_id], numbers, addresses), listed[customer_id])
        for customer_id in ids
        if customer_id in known and customer_id in listed
    ]


def _shown(known: KnownCustomer, numbers: Set[UUID], addresses: Set[UUID]) -> KnownCustomer:
    """Without what is reserved from the viewer: an empty cell changes nothing when the file comes back."""
    customer = known.customer
    if customer.id in numbers:
        customer = replace(customer, phone_number=None)
    if customer.id in addresses:
        customer = replace(customer, email_address=None)
    return replace(known, customer=customer)
