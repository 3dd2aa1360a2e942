"""Everything that the till page of a lane shows (rows 107, 112, 148)."""

from dataclasses import dataclass

from loyalty.domain.channel import Channel
from loyalty.domain.contact.email_address import masked_email_address, reachable_mailbox
from loyalty.domain.filters import Moment
from loyalty.domain.group import Group
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.phone import masked_phone_number, national_format
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.trust import Trust
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.bare_profile import is_bare
from loyalty.services.contact_sight import sees_contact
from loyalty.services.lane_screen import sale_on_screen
from loyalty.services.member_view import MemberView, full_member_view
from loyalty.services.quote import quote_sale
from loyalty.services.setup import shop_settings


@dataclass(frozen=True, slots=True)
class TillMember:
    """The member on the sale, as this viewer may see them."""

    display_name: str | None
    phone_number: str | None
    """National format; masked without the permission to view contact details (row 9)."""
    mailbox: str | None
    """Of the profile; masked without the same permission."""
    note: str | None
    groups: tuple[Group, ...]
    trust: Trust
    method: IdentificationMethod
    is_bare: bool
    """Nobody: the profile that a payment card made by itself."""
    loyalty: MemberView | None
    """None for a customer without a loyalty account."""


@dataclass(frozen=True, slots=True)
class TillView:
    """One lane: its open sale or, until the next one opens, the one closed last (row 28)."""

    shop: ShopSettings
    lane: Lane
    sale: Sale | None
    quote: Quote | None
    member: TillMember | None


def till_view(uow: UnitOfWork, lane: Lane, viewer: StaffMember) -> TillView:
    """The lane as ``viewer`` may see it.

    Raises:
        PermissionDeniedError: The viewer may not sell.
    """
    viewer.require(Permission.SELL)
    settings = shop_settings(uow)
    sale = sale_on_screen(uow, lane.id)
    if sale is None:
        return TillView(settings, lane, None, None, None)
    return TillView(settings, lane, sale, quote_sale(uow, sale), _till_member(uow, settings, sale, viewer))


def _till_member(
    uow: UnitOfWork, settings: ShopSettings, sale: Sale, viewer: StaffMember
) -> TillMember | None:
    if sale.member is None:
        return None
    member = uow.customers.member(sale.member.customer_id)
    if member is None:
        return None
    return TillMember(
        display_name=member.customer.display_name,
        phone_number=_phone_number(
            member, settings.phone_region, sees_contact(uow, viewer, member.customer.id, Channel.SMS)
        ),
        mailbox=_mailbox(member, sees_contact(uow, viewer, member.customer.id, Channel.EMAIL)),
        note=member.customer.note,
        groups=uow.groups.of_customer(member.customer.id, Moment(sale.opened_at, settings.timezone)),
        trust=sale.member.trust,
        method=sale.member.method,
        is_bare=is_bare(member),
        loyalty=full_member_view(uow, member, sale.member.trust, sale),
    )


def _mailbox(member: Member, is_seen: bool) -> str | None:
    mailbox = reachable_mailbox(member.customer)
    if mailbox is None or (is_seen and not member.customer.is_email_private):
        return mailbox
    return masked_email_address(mailbox)


def _phone_number(member: Member, region: str, is_seen: bool) -> str | None:
    number = member.account.phone_number if member.account is not None else member.customer.phone_number
    if number is None:
        return None
    return national_format(number, region) if is_seen else masked_phone_number(number)
