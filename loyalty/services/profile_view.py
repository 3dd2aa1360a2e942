"""A customer's profile as one staff member may see it (rows 8, 9, 11, 15, 16, 75).

What the role does not allow is not in the view at all, so that no page, message or log can show it by
mistake: without ``view_contact`` contact details come masked, and a private address always does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.activity import StartFigures
from loyalty.domain.address import PostalAddress
from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.calendar import day_bounds, local_date
from loyalty.domain.channel import Channel
from loyalty.domain.consent import ConsentEntry
from loyalty.domain.contact.email_address import masked_email_address
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer, MembershipCard
from loyalty.domain.filters.period import Moment
from loyalty.domain.group import Group
from loyalty.domain.ledger import LedgerEntry, LoyaltyAccount
from loyalty.domain.papers import Attachment, CustomerNote
from loyalty.domain.payment_card import LinkedCard
from loyalty.domain.phone import PhoneNumber, masked_phone_number
from loyalty.domain.profile import Profile, is_contact_field
from loyalty.domain.profile_settings import ProfileSettings
from loyalty.domain.register import REGISTER_ITEM_ID
from loyalty.domain.sale import SaleChannel
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.trust import Trust
from loyalty.ports.customer_activity import BoughtItem, PaidCard, PastSale, VisitFigures
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.contact_sight import sees_from_consents
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import read_profile
from loyalty.services.member_view import NextReward, full_member_view
from loyalty.services.paying_card import cards_to_link
from loyalty.services.setup import shop_settings

_FAVOURITES = 6
_CARDS_OF_SALES = 200
_SALES = 10
_ENTRIES = 12


@dataclass(frozen=True, slots=True)
class ContactView:
    """How to reach the person. ``is_masked``: these are no numbers and addresses, only their outlines."""

    phone_number: str | None
    """E.164, or the outline where masked."""
    email_address: str | None
    is_masked: bool
    is_number_masked: bool
    is_email_masked: bool
    is_reserved: bool
    """Something is masked because the customer gave it for news by their own hand (row 11)."""
    addresses: tuple[PostalAddress, ...]
    """None of them where masked."""
    address_count: int
    is_email_private: bool
    email_bounced_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """The loyalty account with its newest entries, newest first."""

    account: LoyaltyAccount
    points: int
    next_reward: NextReward | None
    entries: Sequence[LedgerEntry]
    points_by_invoice: int = 0
    """What invoices earned in all, spent since or not (row 126)."""


@dataclass(frozen=True, slots=True)
class ActivityView:
    """What the customer did in the shop."""

    visits: VisitFigures
    """All of them, those before this system too."""
    start: StartFigures
    """Those of them that came along from another system."""
    items: Sequence[BoughtItem]
    lanes: Sequence[tuple[UUID, int]]
    cards: Sequence[PaidCard]
    sales: Sequence[PastSale]


@dataclass(frozen=True, slots=True)
class ProfileView:
    """Everything on the page of one customer. ``customer`` bears no contact detail."""

    customer: Customer
    contact: ContactView
    birthday: Birthday | None
    own_fields: Sequence[tuple[CustomField, str | None]]
    """The shop's living fields with their values, contact details masked as the others are."""
    notes: Sequence[CustomerNote]
    attachments: Sequence[Attachment]
    settings: ProfileSettings
    groups: Sequence[Group]
    account: AccountView | None
    consents: Sequence[ConsentEntry]
    """Oldest first."""
    membership_cards: Sequence[MembershipCard]
    linked_cards: Sequence[LinkedCard]
    cards_to_link: Sequence[PaidCard]
    """Those that paid and stand for nobody yet, for who may link them."""
    activity: ActivityView


def profile_view(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, staff: StaffMember
) -> ProfileView | None:
    """The profile; None for an unknown id. A merged one is found by ``customer.merged_into``.

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers``.
    """
    staff.require(Permission.VIEW_CUSTOMERS)
    profile = read_profile(uow, customer_id)
    member = uow.customers.as_stored(customer_id)
    if profile is None or member is None:
        return None
    activity, start = uow.customer_activity, uow.activity.start(customer_id)
    cards = activity.cards(customer_id, _CARDS_OF_SALES)
    consents = uow.consents.of_customer(customer_id)
    return ProfileView(
        customer=replace(profile.customer, phone_number=None, email_address=None),
        contact=contact_view(profile, staff, consents),
        birthday=profile.birthday,
        own_fields=_own_fields(uow, profile, staff),
        notes=uow.papers.notes(customer_id),
        attachments=uow.papers.attachments(customer_id),
        settings=uow.profiles.settings(),
        groups=uow.groups.of_customer(customer_id, Moment(ctx.clock.now(), shop_settings(uow).timezone)),
        account=_account_view(uow, member),
        consents=consents,
        membership_cards=uow.cards.of_customer(customer_id),
        linked_cards=uow.linked_cards.of_customer(customer_id),
        cards_to_link=_to_link(uow, cards) if staff.may(Permission.IDENTIFY) else (),
        activity=ActivityView(
            visits=activity.visits(customer_id).after(start),
            start=start,
            items=_favourites(activity.items(customer_id, _FAVOURITES + 1)),
            lanes=activity.lanes(customer_id),
            cards=cards,
            sales=activity.sales(customer_id, _SALES),
        ),
    )


def _favourites(bought: Sequence[BoughtItem]) -> Sequence[BoughtItem]:
    """What a register did not name is nobody's favourite."""
    return [each for each in bought if each.item_id != REGISTER_ITEM_ID][:_FAVOURITES]


def _to_link(uow: UnitOfWork, cards: Sequence[PaidCard]) -> list[PaidCard]:
    found = []
    for card in cards:
        sale = uow.sales.get(card.last_sale_id)
        free = cards_to_link(uow, sale) if sale is not None else ()
        if any(each.last_four == card.last_four for each in free):
            found.append(card)
    return found


def contact_view(profile: Profile, staff: StaffMember, consents: Sequence[ConsentEntry]) -> ContactView:
    """The contact details as far as this staff member may see them."""
    customer = profile.customer
    is_masked = not staff.may(Permission.VIEW_CONTACT)
    is_number_masked = not sees_from_consents(staff, consents, Channel.SMS)
    email_is_reserved = not sees_from_consents(staff, consents, Channel.EMAIL)
    is_email_masked = customer.is_email_private or email_is_reserved
    phone, email = customer.phone_number, customer.email_address
    return ContactView(
        phone_number=masked_phone_number(phone) if phone is not None and is_number_masked else phone,
        email_address=masked_email_address(email) if email is not None and is_email_masked else email,
        is_masked=is_masked,
        is_number_masked=is_number_masked,
        is_email_masked=is_email_masked,
        is_reserved=not is_masked and (is_number_masked or email_is_reserved),
        addresses=() if is_masked else profile.addresses,
        address_count=len(profile.addresses),
        is_email_private=customer.is_email_private,
        email_bounced_at=customer.email_bounced_at,
    )


def note_seen(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, staff: StaffMember) -> None:
    """Write down who saw contact details: once for each person, profile and day of the shop."""
    if not staff.may(Permission.VIEW_CONTACT):
        return
    subject, timezone = f"customer:{customer_id}", shop_settings(uow).timezone
    start, end = day_bounds(local_date(ctx.clock.now(), timezone), timezone)
    for entry in uow.audit.of_subject(subject):
        is_of_today = start <= entry.at < end and entry.staff_id == staff.id
        if is_of_today and entry.action is AuditAction.CUSTOMER_SEEN:
            return
    note_deed(uow, ctx, staff, action=AuditAction.CUSTOMER_SEEN, subject=subject)


def _own_fields(
    uow: UnitOfWork, profile: Profile, staff: StaffMember
) -> Sequence[tuple[CustomField, str | None]]:
    shown = []
    for own_field in uow.profiles.custom_fields():
        if own_field.archived_at is not None:
            continue
        value = profile.custom_values.get(own_field.id)
        if value is not None and is_contact_field(own_field) and not staff.may(Permission.VIEW_CONTACT):
            is_phone = own_field.kind is FieldKind.PHONE
            value = masked_phone_number(PhoneNumber(value)) if is_phone else masked_email_address(value)
        shown.append((own_field, value))
    return shown


def _account_view(uow: UnitOfWork, member: Member) -> AccountView | None:
    if member.account is None:
        return None
    view = full_member_view(uow, member, Trust.PROVEN, None)
    return AccountView(
        account=replace(member.account, phone_number=None),
        points=view.points if view is not None else member.account.balance,
        next_reward=view.next_reward if view is not None else None,
        entries=uow.ledger.entries_of(member.account.id, _ENTRIES),
        points_by_invoice=uow.customer_activity.points_earned(member.customer.id, SaleChannel.INVOICE),
    )
