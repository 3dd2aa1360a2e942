"""Why a row was not taken: one reason for each cell that stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from loyalty.domain.importing.fields import Target


class CellReason(StrEnum):
    """Stable: stored with an import and worded on its pages. Parameters in brackets."""

    TOO_LONG = "too_long"
    """[max]"""
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_PHONE_NUMBER = "not_a_phone_number"
    ROUNDED = "rounded"
    """A spreadsheet turned a long number into 6.12E+08: its digits are gone."""
    NOT_A_DATE = "not_a_date"
    NOT_A_BIRTHDAY = "not_a_birthday"
    OTHER_ORDER = "other_order"
    """A date that has day and month the other way round than the sheet has them."""
    IN_THE_FUTURE = "in_the_future"
    """Something that was is said to be on a day that is still to come."""
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    """[max]: zero or more, at most this."""
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_CONSENT = "not_a_consent"
    NOT_A_REFUSAL = "not_a_refusal"
    NOT_A_LANGUAGE = "not_a_language"
    NOT_A_COUNTRY = "not_a_country"
    NOT_AN_ID = "not_an_id"
    NOT_A_NUMBER = "not_a_number"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_CHOICE = "not_a_choice"
    """[choices]: what the shop's own field takes."""
    NOT_FOR_THIS_FIELD = "not_for_this_field"
    """The shop's own field does not take it."""
    MORE_CELLS = "more_cells"
    """The row has more cells than there are columns: a separator stands inside one, and all are shifted."""
    TOTAL_ROW = "total_row"
    """The row adds up the ones above: it names nobody but "Total"."""
    NOBODY_NAMED = "nobody_named"
    """The row has no name, phone number or e-mail address."""
    REFERENCE_MISSING = "reference_missing"
    """The import was said to bring reference numbers, and this row has none."""
    TWICE_IN_FILE = "twice_in_file"
    """[line]: the same reference or id stands there with other contents."""
    POINTS_TWICE = "points_twice"
    """[line]: that row has other points for the same person."""
    UNKNOWN_CUSTOMER = "unknown_customer"
    """Our id names nobody here."""
    OTHER_CUSTOMER = "other_customer"
    """It belongs to another customer than the rest of the row."""
    SEVERAL_CUSTOMERS = "several_customers"
    """Several customers bear it, and nothing else in the row tells them apart."""
    OTHER_REFERENCE = "other_reference"
    """Phone number or e-mail address belong to somebody who bears another reference."""
    OTHER_NAME = "other_name"
    """Phone number or e-mail address belong to somebody of another name: two people may share them."""
    OTHER_BIRTHDAY = "other_birthday"
    """Phone number or e-mail address belong to somebody born on quite another day: parent and child."""
    POINTS_WITHOUT_PHONE = "points_without_phone"
    """Points belong to a loyalty account, and that to a phone number."""
    OWN_ACCOUNT = "own_account"
    """Nobody gives points to the account that is their own (row 206)."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell; ``column`` counts from 0 and is None where the row as a whole is meant."""

    reason: CellReason
    column: int | None = None
    target: Target | None = None
    params: Mapping[str, int | str] = field(default_factory=dict)
