"""Whose contact details a staff member sees in full (rows 8, 9, 11; ADR 0016)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from loyalty.domain.channel import Channel
from loyalty.domain.consent import ConsentEntry, channels_given_by_own_hand
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.find_customers import Listed
from loyalty.ports.unit_of_work import UnitOfWork


def sees_contact(uow: UnitOfWork, viewer: StaffMember, customer_id: UUID, channel: Channel) -> bool:
    """Whether the number (``sms``) or address (``email``) of this customer is shown in full to the viewer.

    A private address is masked besides; that stands in the profile.
    """
    if not viewer.may(Permission.VIEW_CONTACT) or viewer.may(Permission.EDIT_CONTACT):
        return viewer.may(Permission.VIEW_CONTACT)
    return sees_from_consents(viewer, uow.consents.of_customer(customer_id), channel)


def customers_reserved_from(
    uow: UnitOfWork, viewer: StaffMember, customer_ids: Iterable[UUID], channel: Channel = Channel.SMS
) -> frozenset[UUID]:
    """Those of a list whose detail is masked for the viewer although they may see contact details."""
    if not viewer.may(Permission.VIEW_CONTACT) or viewer.may(Permission.EDIT_CONTACT):
        return frozenset()
    return frozenset(each for each in set(customer_ids) if not sees_contact(uow, viewer, each, channel))


def listed_for(uow: UnitOfWork, viewer: StaffMember, found: Sequence[Listed]) -> list[Listed]:
    """A list of customers, each with whether their number is reserved from the viewer."""
    reserved = customers_reserved_from(uow, viewer, (each.member.customer.id for each in found))
    return [replace(each, is_number_reserved=each.member.customer.id in reserved) for each in found]


def sees_from_consents(viewer: StaffMember, consents: Iterable[ConsentEntry], channel: Channel) -> bool:
    """The same for a profile whose consents are read already."""
    if not viewer.may(Permission.VIEW_CONTACT):
        return False
    return viewer.may(Permission.EDIT_CONTACT) or channel not in channels_given_by_own_hand(consents)
