"""Customers in lists, as the viewer may see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checkout.web.session import SignedInStaff
from loyalty.domain.phone import masked_phone_number, national_format
from loyalty.domain.staff import Permission
from loyalty.ports.find_customers import Listed


@dataclass(frozen=True)
class CustomerLine:
    """One line; contact details are masked without the permission to view them (rows 8, 9)."""

    id: UUID
    name: str
    company: str
    contact: str
    reference: str
    balance: int | None
    visits: int
    spend_minor: int
    last_visit_at: datetime | None


def line_of(listed: Listed, viewer: SignedInStaff) -> CustomerLine:
    """The line of a customer for this viewer."""
    customer, account = listed.member.customer, listed.member.account
    number = (account.phone_number if account is not None else None) or customer.phone_number
    contact = ""
    if number is not None:
        sees = viewer.staff.may(Permission.VIEW_CONTACT) and not listed.is_number_reserved
        contact = national_format(number, viewer.shop.phone_region) if sees else masked_phone_number(number)
    name = customer.display_name or customer.nickname or ""
    company = customer.company_name or ""
    return CustomerLine(
        id=customer.id,
        name=name,
        company=company if company != name else "",
        contact=contact,
        reference=customer.reference_id or "",
        balance=account.balance if account is not None else None,
        visits=listed.visits,
        spend_minor=listed.spend_minor,
        last_visit_at=listed.last_visit_at,
    )
