"""Forget a person and keep the totals (row 176).

Name, contact details, note, birthday, payment cards, texts and numbers of messages, groups and links go.
What was sold and booked stays, for nobody any more: sales, points and reports add up as before. The consent
ledger stays, which names no one but this id, as does a wish to get no messages, which must outlive the rest.
"""

from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.customer import Customer
from loyalty.domain.staff import Permission, StaffMember
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext


def erase_person(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, staff: StaffMember) -> Customer:
    """Erase the person; doing it again changes nothing more. The profile that is left, empty.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.MANAGE_SHOP)
    member = uow.customers.member(customer_id)
    if member is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    empty = Customer(
        id=customer_id,
        source=member.customer.source,
        created_at=member.customer.created_at,
        version=member.customer.version,
    )
    if member.account is not None and member.account.phone_number is not None:
        uow.accounts.detach_number(member.account.id)
    _close_the_doors(uow, ctx, customer_id)
    uow.linked_cards.forget(customer_id)
    uow.birthdays.put(customer_id, None)
    uow.messages.forget(customer_id)
    uow.opt_out_links.forget(customer_id)
    uow.one_time_codes.forget(customer_id)
    if member.customer == empty:
        return empty
    erased = replace(empty, version=empty.version + 1)
    uow.customers.save(erased)
    note_deed(uow, ctx, staff, action=AuditAction.PERSON_ERASED, subject=f"customer:{customer_id}")
    return erased


def _close_the_doors(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID) -> None:
    """Cards, links and groups lead to nobody any more."""
    now = ctx.clock.now()
    for card in uow.cards.of_customer(customer_id):
        uow.cards.revoke(card.id, now)
    uow.status_links.revoke_all_of(customer_id, now)
    for group in uow.groups.of_customer(customer_id):
        uow.groups.remove_member(group.id, customer_id)
