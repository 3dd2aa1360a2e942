"""Forget a person and keep the totals (row 176).

Name, contact details, addresses, the shop's own fields, notes, files, birthday, cards, texts and numbers of
messages, groups and links go, and with them those of profiles that were merged into this one. What was sold
and booked stays, for nobody any more: sales, points and reports add up as before. The consent ledger stays,
which names no one but this id, as does a wish to get no messages, which must outlive the rest. That they were
erased is remembered, so that an old copy of the database can be brought to the same state (row 205).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.customer import Customer
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext


@dataclass(frozen=True, slots=True)
class ErasureView:
    """What an erasure would take and what it would leave, in numbers."""

    customer: Customer
    has_account: bool
    balance: int
    sales: int
    messages: int
    consents: int
    addresses: int
    values: int
    cards: int
    has_birthday: bool
    merged: int
    is_in_sale: bool


def erasure_view(uow: UnitOfWork, customer_id: UUID, staff: StaffMember) -> ErasureView | None:
    """What the page before an erasure tells; None for somebody who is not in the directory.

    Raises:
        PermissionDeniedError: The role does not hold ``erase_customers``.
    """
    staff.require(Permission.ERASE_CUSTOMERS)
    member = uow.customers.as_stored(customer_id)
    if member is None or not member.customer.is_listed:
        return None
    return ErasureView(
        customer=member.customer,
        has_account=member.account is not None,
        balance=member.account.balance if member.account is not None else 0,
        sales=len(uow.people.sales_of(customer_id)),
        messages=len(uow.people.messages_of(customer_id)),
        consents=len(uow.consents.of_customer(customer_id)),
        addresses=len(uow.profiles.addresses(customer_id)),
        values=len(uow.profiles.custom_values(customer_id)),
        cards=len(uow.cards.of_customer(customer_id)) + len(uow.linked_cards.of_customer(customer_id)),
        has_birthday=uow.birthdays.of_customer(customer_id) is not None,
        merged=len(_all_profiles(uow, customer_id)) - 1,
        is_in_sale=uow.people.has_unfinished_sale(customer_id),
    )


def erase_person(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, staff: StaffMember | None
) -> Customer | Refused:
    """Erase the person; doing it again changes nothing more. The profile that is left, empty.

    ``staff`` is None where the shop's clock does it, or a copy of the database is brought up to date.
    Refused: ``sale_unfinished`` while they stand on a sale.

    Raises:
        PermissionDeniedError: The role does not hold ``erase_customers``.
        UnknownIdError: There is no such customer.
    """
    if staff is not None:
        staff.require(Permission.ERASE_CUSTOMERS)
    member = uow.customers.as_stored(customer_id)
    if member is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    profiles = _all_profiles(uow, customer_id)
    if any(uow.people.has_unfinished_sale(each) for each in profiles):
        return Refused(Refusal.SALE_UNFINISHED)
    is_new = member.customer.erased_at is None
    for each in profiles:
        _erase_profile(uow, ctx, each)
    if is_new:
        note_deed(uow, ctx, staff, action=AuditAction.PERSON_ERASED, subject=f"customer:{customer_id}")
    erased = uow.customers.get(customer_id)
    return erased if erased is not None else member.customer


def attached_contents(uow: UnitOfWork, customer_id: UUID) -> frozenset[str]:
    """Digests of the files that an erasure takes off the person: ask before, delete them after the commit."""
    profiles = _all_profiles(uow, customer_id)
    return frozenset(paper.digest for each in profiles for paper in uow.papers.attachments(each))


def erase_again(uow: UnitOfWork, ctx: ServiceContext, customer_ids: Iterable[UUID]) -> int:
    """Bring a restored copy up to date: erase those who had been erased already. How many it took."""
    count = 0
    for customer_id in customer_ids:
        customer = uow.customers.get(customer_id)
        if customer is None:
            uow.people.note_erased(customer_id, ctx.clock.now())
        elif customer.erased_at is None and isinstance(erase_person(uow, ctx, customer_id, None), Customer):
            count += 1
    return count


def _all_profiles(uow: UnitOfWork, customer_id: UUID) -> list[UUID]:
    """The person's profile with those that were merged into it, and into those."""
    found = [customer_id]
    for each in found:
        found += [merged for merged in uow.people.merged_into(each) if merged not in found]
    return found


def _erase_profile(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID) -> None:
    member = uow.customers.as_stored(customer_id)
    if member is None:
        return
    if member.account is not None and member.account.phone_number is not None:
        uow.accounts.detach_number(member.account.id)
    _close_the_doors(uow, ctx, customer_id)
    uow.profiles.forget(customer_id)
    uow.linked_cards.forget(customer_id)
    uow.birthdays.put(customer_id, None)
    uow.messages.forget(customer_id)
    uow.opt_out_links.forget(customer_id)
    uow.one_time_codes.forget(customer_id)
    uow.people.forget_traces(customer_id)
    uow.duplicates.forget(customer_id)
    uow.imports.forget(customer_id)
    uow.merges.forget(customer_id)
    uow.people.forget_told(customer_id)
    uow.people.note_erased(customer_id, ctx.clock.now())
    _empty(uow, ctx, member)


def _empty(uow: UnitOfWork, ctx: ServiceContext, member: Member) -> None:
    there = member.customer
    empty = Customer(
        id=there.id,
        source=there.source,
        created_at=there.created_at,
        version=there.version,
        merged_into=there.merged_into,
        erased_at=there.erased_at or ctx.clock.now(),
    )
    if there != empty:
        uow.customers.save(replace(empty, version=there.version + 1))


def _close_the_doors(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID) -> None:
    """Cards, links and groups lead to nobody any more, and no staff member is this customer."""
    now = ctx.clock.now()
    for card in uow.cards.of_customer(customer_id):
        uow.cards.revoke(card.id, now)
    uow.status_links.revoke_all_of(customer_id, now)
    for group in uow.groups.of_customer(customer_id):
        uow.groups.remove_member(group.id, customer_id)
    for person in uow.staff.all():
        if uow.staff.customer_of(person.id) == customer_id:
            uow.staff.link_customer(person.id, None)
