"""What became of messages, and who wants none any more: the lists that staff look at (rows 160, 193, 199)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.contact.delivery import SuppressionReason
from loyalty.domain.contact.email_address import masked_email_address
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.domain.phone import PhoneNumber, masked_phone_number, national_format
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.contact_sight import sees_contact
from loyalty.services.setup import shop_settings


@dataclass(frozen=True, slots=True)
class ListedMessage:
    """One message; ``to`` is masked for whoever may not see contact details."""

    id: UUID
    kind: MessageKind
    to: str
    state: MessageState
    attempts: int
    detail: str
    """A reason code, or a provider's own words."""
    due_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoppedAddress:
    """An address that gets nothing any more, masked for whoever may not see contact details."""

    address: str
    reason: SuppressionReason
    source: str
    since: datetime
    customer_id: UUID | None
    """Whose address it is now; None where it is nobody's."""


def waiting_messages(uow: UnitOfWork, viewer: StaffMember, limit: int = 100) -> Sequence[ListedMessage]:
    """What waits for its time, the next one first.

    Raises:
        PermissionDeniedError: Without ``manage_messages``.
    """
    viewer.require(Permission.MANAGE_MESSAGES)
    return [_listed(uow, viewer, message) for message in uow.deliveries.held(limit)]


def unsent_messages(uow: UnitOfWork, viewer: StaffMember, limit: int = 50) -> Sequence[ListedMessage]:
    """What was refused for good or dropped lately, newest first.

    Raises:
        PermissionDeniedError: Without ``manage_messages``.
    """
    viewer.require(Permission.MANAGE_MESSAGES)
    return [_listed(uow, viewer, message) for message in uow.deliveries.unsent(limit)]


def stopped_addresses(uow: UnitOfWork, viewer: StaffMember, limit: int = 100) -> Sequence[StoppedAddress]:
    """Addresses that opted out or are not their member's, newest first.

    Raises:
        PermissionDeniedError: Without ``manage_messages``.
    """
    viewer.require(Permission.MANAGE_MESSAGES)
    found = []
    for each in uow.suppressions.recent(limit):
        is_phone = channel_of(each.address) is Channel.SMS
        member = uow.customers.member_by_phone(PhoneNumber(each.address)) if is_phone else None
        found.append(
            StoppedAddress(
                shown_address(uow, each.address, member.customer.id if member else None, viewer),
                each.reason,
                each.source,
                each.since,
                member.customer.id if member is not None else None,
            )
        )
    return found


def shown_address(uow: UnitOfWork, to: str, customer_id: UUID | None, viewer: StaffMember) -> str:
    """A number or e-mail address, of this customer if of any, as the viewer may see it."""
    is_phone = channel_of(to) is Channel.SMS
    customer = uow.customers.get(customer_id) if customer_id is not None else None
    if customer is None:
        is_shown = viewer.may(Permission.VIEW_CONTACT)
    else:
        channel = Channel.SMS if is_phone else Channel.EMAIL
        is_private = customer.is_email_private and not is_phone
        is_shown = not is_private and sees_contact(uow, viewer, customer.id, channel)
    if is_shown:
        return national_format(PhoneNumber(to), shop_settings(uow).phone_region) if is_phone else to
    return masked_phone_number(PhoneNumber(to)) if is_phone else masked_email_address(to)


def _listed(uow: UnitOfWork, viewer: StaffMember, message: MemberMessage) -> ListedMessage:
    return ListedMessage(
        message.id,
        message.kind,
        shown_address(uow, message.to, message.customer_id, viewer),
        message.state,
        message.attempts,
        message.detail,
        message.due_at,
        message.settled_at,
    )
