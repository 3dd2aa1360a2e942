"""Customers in the lists of a till, as far as the viewer may see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checkout.web.session import SignedInStaff
from loyalty.domain.phone import masked_phone_number, national_format
from loyalty.domain.staff import Permission
from loyalty.ports.find_customers import Listed


@dataclass(frozen=True)
class Found:
    """A customer in the list; ``number`` is masked, or empty where there is none."""

    customer_id: UUID
    name: str | None
    number: str
    balance: int | None
    last_visit_at: datetime | None


def found_of(listed: Listed, viewer: SignedInStaff) -> Found:
    member = listed.member
    number = member.account.phone_number if member.account is not None else member.customer.phone_number
    shown = ""
    if number is not None:
        sees = viewer.staff.may(Permission.VIEW_CONTACT) and not listed.is_number_reserved
        shown = national_format(number, viewer.shop.phone_region) if sees else masked_phone_number(number)
    balance = member.account.balance if member.account is not None else None
    return Found(member.customer.id, member.customer.display_name, shown, balance, listed.last_visit_at)
