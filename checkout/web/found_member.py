"""The member that staff typed a number or reference of, as far as the viewer may see them."""

from dataclasses import dataclass
from uuid import UUID

from checkout.programme.typed import Typed, uuid_of
from checkout.web.context import WebContext
from checkout.web.session import SignedInStaff
from loyalty.domain.channel import Channel
from loyalty.domain.phone import masked_phone_number, national_format, parse_phone_number
from loyalty.domain.staff import Permission
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.contact_sight import sees_contact
from loyalty.services.own_account import why_not_own

_MAX_CHARS = 60


@dataclass(frozen=True)
class FoundMember:
    """A member with an account; ``name`` and ``number`` are empty or masked for who may not see them."""

    customer_id: UUID
    name: str | None
    number: str
    balance: int
    is_own: bool


def find_member(
    context: WebContext, viewer: SignedInStaff, typed: Typed, field: str = "member", chosen: str = "customer"
) -> FoundMember | None:
    """By the id in the field ``chosen``, else by phone number or exact reference in ``field``.

    Blocks on the database. None for nobody, and for a customer without an account.
    """
    with context.reading() as unit:
        customer_id = uuid_of(typed.one(chosen))
        if customer_id is not None:
            found = unit.customers.member(customer_id)
        else:
            found = _by_text(unit, typed.one(field).strip()[:_MAX_CHARS], viewer.shop.phone_region)
        if found is None or found.account is None:
            return None
        sees = sees_contact(unit, viewer.staff, found.customer.id, Channel.SMS)
        is_own = why_not_own(unit, viewer.staff, found.customer.id) is not None
    number = found.account.phone_number
    shown = ""
    if number is not None:
        shown = national_format(number, viewer.shop.phone_region) if sees else masked_phone_number(number)
    name = found.customer.display_name if viewer.staff.may(Permission.VIEW_CUSTOMERS) else None
    return FoundMember(found.customer.id, name, shown, found.account.balance, is_own)


def _by_text(unit: UnitOfWork, text: str, region: str) -> Member | None:
    number = parse_phone_number(text, region)
    found = unit.customers.member_by_phone(number) if number is not None else None
    return found or unit.customers.member_by_reference(text)
