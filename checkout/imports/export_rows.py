"""The table of an export: headings that an import knows again, and figures that it leaves alone (row 95)."""

from collections.abc import Iterable, Iterator, Sequence

from checkout.words import Words
from checkout.words.imports import FIELD_NAMES
from loyalty.domain.address import PostalAddress
from loyalty.domain.calendar import local_date
from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.contact.email_address import masked_email_address
from loyalty.domain.custom_field import CustomField
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.headers import is_standard_heading
from loyalty.domain.importing.own_headings import marked_as_own
from loyalty.domain.phone import masked_phone_number
from loyalty.domain.profile import birthday_text
from loyalty.ports.sheets import Cell
from loyalty.services.export_customers import ExportedCustomer, ExportOrder

_NAMES = (F.CUSTOMER_ID, F.REFERENCE_ID, F.GIVEN_NAME, F.FAMILY_NAME, F.NICKNAME, F.COMPANY_NAME)
_CONTACT = (
    F.PHONE_NUMBER, F.EMAIL_ADDRESS, F.EMAIL_CONSENT, F.SMS_CONSENT,
    F.LINE_1, F.LINE_2, F.POSTAL_CODE, F.LOCALITY, F.ADMINISTRATIVE_AREA, F.COUNTRY,
)  # fmt: skip
_ABOUT = (F.BIRTHDAY, F.LANGUAGE, F.NOTE, F.PREFERENCES)
_STATES = {ConsentState.GRANTED: "subscribed", ConsentState.WITHDRAWN: "unsubscribed"}


def export_head(order: ExportOrder, words: Words) -> list[str]:
    """Figures stand under headings of their own: an import of the file must not add them once more."""
    contact = [words.text(FIELD_NAMES[field]) for field in _CONTACT]
    masked = [words.text("Masked phone number"), words.text("Masked e-mail address")]
    return [
        *(words.text(FIELD_NAMES[field]) for field in _NAMES),
        *(contact if order.sees_contact else masked),
        *(words.text(FIELD_NAMES[field]) for field in _ABOUT),
        *(_own_heading(each, words) for each in order.custom_fields),
        words.text("Points at this shop"),
        words.text("Visits at this shop"),
        words.text("Last visit at this shop"),
    ]


def _own_heading(field: CustomField, words: Words) -> str:
    """Fields of the shop's own made before such names were refused must stay apart from every profile's."""
    return (
        marked_as_own(field.name, words.text("own field")) if is_standard_heading(field.name) else field.name
    )


def export_rows(customers: Iterable[ExportedCustomer], order: ExportOrder) -> Iterator[Sequence[Cell]]:
    for each in customers:
        customer = each.known.customer
        last = each.listed.last_visit_at
        yield [
            str(customer.id),
            customer.reference_id,
            customer.given_name,
            customer.family_name,
            customer.nickname,
            customer.company_name,
            *(_contact(each) if order.sees_contact else _masked(each)),
            birthday_text(each.known.birthday),
            customer.language,
            customer.note,
            customer.preferences,
            *(each.known.custom_values.get(own.id) for own in order.custom_fields),
            each.known.account.balance if each.known.account is not None else None,
            each.listed.visits,
            local_date(last, order.timezone).isoformat() if last is not None else None,
        ]


def _contact(each: ExportedCustomer) -> list[Cell]:
    """A private address is shown to nobody (row 71), so it is in no file."""
    customer, consents = each.known.customer, each.known.consents
    address = each.known.addresses[0] if each.known.addresses else PostalAddress()
    states = [
        _STATES.get(state) if (state := consents.get(purpose)) is not None else None
        for purpose in (ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.MARKETING_SMS)
    ]
    return [
        customer.phone_number,
        customer.email_address if not customer.is_email_private else None,
        *states,
        address.line_1,
        address.line_2,
        address.postal_code,
        address.locality,
        address.administrative_area,
        address.country,
    ]


def _masked(each: ExportedCustomer) -> list[Cell]:
    customer = each.known.customer
    return [
        masked_phone_number(customer.phone_number) if customer.phone_number is not None else None,
        masked_email_address(customer.email_address) if customer.email_address is not None else None,
    ]
