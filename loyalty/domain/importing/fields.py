"""What a column of a sheet can fill in."""

from enum import StrEnum
from uuid import UUID

_CUSTOM = "custom:"


class ImportField(StrEnum):
    """One thing a column can hold."""

    CUSTOMER_ID = "customer_id"
    """Our own id, as exported: finds the profile again whatever else was edited (row 95)."""
    EXTERNAL_ID = "external_id"
    """The id that another system gave: the same row of another export of it finds the same profile."""
    REFERENCE_ID = "reference_id"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "full_name"
    FULL_NAME_REVERSED = "full_name_reversed"
    """The family name first, as lists in French are often kept: ``Martin Ada``."""
    NICKNAME = "nickname"
    COMPANY_NAME = "company_name"
    PHONE_NUMBER = "phone_number"
    EMAIL_ADDRESS = "email_address"
    LINE_1 = "line_1"
    LINE_2 = "line_2"
    LOCALITY = "locality"
    ADMINISTRATIVE_AREA = "administrative_area"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    BIRTHDAY = "birthday"
    LANGUAGE = "language"
    NOTE = "note"
    PREFERENCES = "preferences"
    EMAIL_CONSENT = "email_consent"
    SMS_CONSENT = "sms_consent"
    EMAIL_REFUSED = "email_refused"
    """A column that says who wants no e-mails; it becomes ``email_consent``."""
    POINTS = "points"
    ENROLLED_AT = "enrolled_at"
    VISITS = "visits"
    SPEND = "spend"
    FIRST_VISIT = "first_visit"
    LAST_VISIT = "last_visit"


Target = str
"""An :class:`ImportField`, or one of the shop's own fields as ``custom:`` and its id."""

NAMING = frozenset(
    {
        ImportField.GIVEN_NAME,
        ImportField.FAMILY_NAME,
        ImportField.FULL_NAME,
        ImportField.FULL_NAME_REVERSED,
        ImportField.COMPANY_NAME,
        ImportField.PHONE_NUMBER,
        ImportField.EMAIL_ADDRESS,
    }
)
"""Without one of these nobody could say who is meant (row 94)."""

ADDRESS = (
    ImportField.LINE_1,
    ImportField.LINE_2,
    ImportField.LOCALITY,
    ImportField.ADMINISTRATIVE_AREA,
    ImportField.POSTAL_CODE,
    ImportField.COUNTRY,
)
"""Named as the parts of a postal address are."""


def custom_target(field_id: UUID) -> Target:
    return f"{_CUSTOM}{field_id}"


def custom_id(target: Target) -> UUID | None:
    """The id of the shop's own field that a target names; None for all others."""
    if not target.startswith(_CUSTOM):
        return None
    try:
        return UUID(target.removeprefix(_CUSTOM))
    except ValueError:
        return None
