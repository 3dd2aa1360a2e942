"""Phone numbers: stored in E.164, read in the way of the shop's region, shown in the national way."""

from typing import NewType

import phonenumbers

PhoneNumber = NewType("PhoneNumber", str)
"""E.164 text: ``+33612345678``."""


def parse_phone_number(text: str, region: str) -> PhoneNumber | None:
    """The number in E.164, or None where the text is no possible number of a subscriber.

    Args:
        text: As typed, national or international.
        region: ISO 3166 code of the shop's country, for a number typed without its country code.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return PhoneNumber(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def national_format(number: PhoneNumber, region: str) -> str:
    """The number as people of ``region`` write it: national at home, international from abroad."""
    parsed = phonenumbers.parse(number)
    home = phonenumbers.region_code_for_number(parsed) == region
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def masked_phone_number(number: PhoneNumber) -> str:
    """What staff without the permission to see contact details read: the last two digits (row 9)."""
    return f"•• {number[-2:]}"
