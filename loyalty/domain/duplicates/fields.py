"""What is known of a person, column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a column says of the person."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    COMPANY_NAME = "company_name"
    BIRTHDAY = "birthday"
    REFERENCE = "reference"
    """Names the person, not the row: a customer number or a social security number."""
    PHONE = "phone"
    SECOND_PHONE = "second_phone"
    EMAIL = "email"
    STREET_NUMBER = "street_number"
    STREET = "street"
    SECOND_STREET = "second_street"
    SUBURB = "suburb"
    POSTCODE = "postcode"
    STATE = "state"
    GENDER = "gender"


@dataclass(frozen=True, slots=True)
class People:
    """A table of people; every column has one text a row, "" where nothing is known."""

    size: int
    columns: Mapping[Field, Sequence[str]]
