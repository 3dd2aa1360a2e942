"""Countries whose mobile numbers the keypad takes: the likely ones first, then all (row 199)."""

from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberType

COUNTRIES_A_PAGE = 12

_LIKELY = (
    "FR", "BE", "CH", "LU", "DE", "GB", "ES", "IT", "PT", "NL", "US", "CA", "MA", "DZ", "TN", "IE",
)  # fmt: skip


@cache
def takes_numbers_of(region: str) -> bool:
    """Whether a mobile number of this ISO 3166-1 region can be known as one."""
    return phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE) is not None


@cache
def all_countries() -> tuple[str, ...]:
    """ISO 3166-1 codes, in their own order; a language sorts them by name."""
    return tuple(sorted(code for code in phonenumbers.SUPPORTED_REGIONS if takes_numbers_of(code)))


def likely_countries(own: str) -> tuple[str, ...]:
    """The first page: the shop's own, then where its visitors come from."""
    others = [code for code in _LIKELY if code != own and takes_numbers_of(code)]
    return (own, *others)[:COUNTRIES_A_PAGE]


def country_pages() -> int:
    """The likely ones and then all of them, page by page."""
    return 1 + -(-len(all_countries()) // COUNTRIES_A_PAGE)
