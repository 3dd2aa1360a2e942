"""A copy of everything about one person, to hand over when they ask (row 176)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.address import PostalAddress
from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentEntry
from loyalty.domain.customer import MembershipCard
from loyalty.domain.identification import Identification
from loyalty.domain.ledger import LedgerEntry
from loyalty.domain.message import MemberMessage
from loyalty.domain.papers import Attachment, CustomerNote
from loyalty.domain.payment_card import LinkedCard
from loyalty.domain.privacy import PastSale
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What the shop holds about one person, and nothing about anybody else.

    Secrets that only serve the station are left out: hashes of links, signatures and tokens of cards.
    """

    member: Member
    addresses: Sequence[PostalAddress]
    fields: Mapping[str, str]
    """The shop's own fields by their names."""
    birthday: Birthday | None
    groups: Sequence[str]
    cards: Sequence[MembershipCard]
    payment_cards: Sequence[LinkedCard]
    consents: Sequence[ConsentEntry]
    points: Sequence[LedgerEntry]
    sales: Sequence[PastSale]
    identifications: Sequence[Identification]
    messages: Sequence[MemberMessage]
    notes: Sequence[CustomerNote]
    attachments: Sequence[Attachment]
    """What was attached; the contents are handed over as they are, from the profile."""


def personal_data(uow: UnitOfWork, customer_id: UUID, staff: StaffMember) -> PersonalData | None:
    """None for somebody who is not in the directory.

    Raises:
        PermissionDeniedError: The role lacks ``export_customers`` or ``view_contact``.
    """
    staff.require(Permission.EXPORT_CUSTOMERS)
    staff.require(Permission.VIEW_CONTACT)
    member = uow.customers.member(customer_id)
    if member is None or not member.customer.is_listed:
        return None
    names = {each.id: each.name for each in uow.profiles.custom_fields()}
    values = uow.profiles.custom_values(customer_id)
    return PersonalData(
        member=member,
        addresses=uow.profiles.addresses(customer_id),
        fields={names[key]: value for key, value in values.items() if key in names},
        birthday=uow.birthdays.of_customer(customer_id),
        groups=[group.name for group in uow.groups.of_customer(customer_id)],
        cards=uow.cards.of_customer(customer_id),
        payment_cards=uow.linked_cards.of_customer(customer_id),
        consents=uow.consents.of_customer(customer_id),
        points=uow.ledger.entries_of(member.account.id) if member.account is not None else (),
        sales=uow.people.sales_of(customer_id),
        identifications=uow.people.identifications_of(customer_id),
        messages=uow.people.messages_of(customer_id),
        notes=uow.papers.notes(customer_id),
        attachments=uow.papers.attachments(customer_id),
    )


def note_copied(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, staff: StaffMember) -> None:
    """Write down that a copy was made, before it is handed over."""
    staff.require(Permission.EXPORT_CUSTOMERS)
    note_deed(uow, ctx, staff, action=AuditAction.PERSON_EXPORTED, subject=f"customer:{customer_id}")
