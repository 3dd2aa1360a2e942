from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.matching import Candidates, match, print_of
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.rows import ImportRow
from tests.unit.loyalty.domain.importing.sheets import known, plan, row

PLAN = plan(*F)


def candidates(*customers: KnownCustomer, prints: dict[str, UUID] | None = None) -> Candidates:
    def index(column: str) -> dict[str, Sequence[UUID]]:
        found: dict[str, list[UUID]] = {}
        for each in customers:
            key = getattr(each.customer, column)
            if key is not None:
                found.setdefault(key.lower() if column == "email_address" else key, []).append(
                    each.customer.id
                )
        return dict(found)

    return Candidates(
        {each.customer.id: each for each in customers},
        index("reference_id"),
        index("phone_number"),
        index("email_address"),
        prints or {},
    )


def reason(found: KnownCustomer | CellFault | None) -> CellReason:
    assert isinstance(found, CellFault)
    assert found.column is not None
    return found.reason


ADA = known(
    given_name="Ada",
    family_name="Martin",
    reference_id="007",
    phone_number="+33612345678",
    email_address="Ada@x.fr",
)
BOB = known(given_name="Bob", phone_number="+33700000000", email_address="bob@x.fr")


@pytest.mark.parametrize(
    "values",
    [
        {"reference_id": "007"},
        {"phone_number": "+33612345678"},
        {"email_address": "ADA@x.fr"},
        {"reference_id": "007", "phone_number": "+33699999999"},
        {"customer_id": str(ADA.customer.id), "phone_number": "+33699999999", "reference_id": "008"},
        {"phone_number": "+33612345678", "given_name": "Adda", "family_name": "Martinez"},
        {"phone_number": "+33612345678", "given_name": "Ada-Lou"},
        {"phone_number": "+33612345678", "given_name": "A.", "family_name": "Martin"},
        {"phone_number": "+33612345678", "given_name": "Martin", "family_name": "Ada"},
        {
            "email_address": "ada@x.fr",
            "phone_number": "+33612345678",
            "given_name": "Ada",
            "family_name": "Durand",
        },
    ],
)
def test_a_row_is_matched_by_its_keys(values: dict[str, str]) -> None:
    assert match(row(**values), candidates(ADA, BOB), PLAN) == ADA


def test_a_reference_is_matched_exactly() -> None:
    # X10
    assert match(row(reference_id="7", given_name="Ada"), candidates(ADA), PLAN) is None
    assert match(row(reference_id="007"), candidates(known(reference_id="007 ")), PLAN) is None


def test_nobody_is_matched_by_a_name_alone() -> None:
    assert match(row(given_name="Ada", family_name="Martin"), candidates(ADA), PLAN) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"reference_id": "007", "phone_number": "+33700000000"}, CellReason.OTHER_CUSTOMER),
        ({"phone_number": "+33612345678", "email_address": "bob@x.fr"}, CellReason.OTHER_CUSTOMER),
        ({"phone_number": "+33612345678", "reference_id": "008"}, CellReason.OTHER_REFERENCE),
        (
            {"phone_number": "+33612345678", "given_name": "Zoé", "family_name": "Lefèvre"},
            CellReason.OTHER_NAME,
        ),
        (
            {"phone_number": "+33612345678", "given_name": "Zoé", "family_name": "Martin"},
            CellReason.OTHER_NAME,
        ),
        ({"phone_number": "+33612345678", "given_name": "Zoé"}, CellReason.OTHER_NAME),
        ({"email_address": "ada@x.fr", "family_name": "Lefèvre"}, CellReason.OTHER_NAME),
        (
            {"email_address": "ada@x.fr", "given_name": "Ada", "family_name": "Durand"},
            CellReason.OTHER_NAME,
        ),
        (
            {"phone_number": "+33612345678", "given_name": "Ada", "family_name": "Lefèvre"},
            CellReason.OTHER_NAME,
        ),
        ({"customer_id": "0192f0c0-1111-7000-8000-000000000001"}, CellReason.UNKNOWN_CUSTOMER),
    ],
)
def test_keys_that_contradict_each_other_are_told(values: dict[str, str], expected: CellReason) -> None:
    assert reason(match(row(**values), candidates(ADA, BOB), PLAN)) is expected


@pytest.mark.parametrize(
    ("born", "is_told"),
    [
        ("1988-11-02", True),
        ("1960-03-12", False),
        ("1990-12-03", False),
        ("1990-03-21", False),
        ("1970-01-01", False),
        ("--11-02", False),
    ],
)
def test_parent_and_child_of_one_name_and_number_stay_two(born: str, is_told: bool) -> None:
    # part of row 38
    ada = known(given_name="Ada", phone_number="+33612345678")
    ada = replace(ada, birthday=Birthday(3, 12, 1990))
    found = match(row(phone_number="+33612345678", given_name="Ada", birthday=born), candidates(ada), PLAN)
    if is_told:
        assert reason(found) is CellReason.OTHER_BIRTHDAY
    else:
        assert found == ada, "misread, made up, or not said"


def test_who_married_is_known_by_the_day_of_birth() -> None:
    ada = known(given_name="Ada", family_name="Roux", phone_number="+33612345678")
    ada = replace(ada, birthday=Birthday(3, 12, 1990))
    married = {"phone_number": "+33612345678", "given_name": "Ada", "family_name": "Lefèvre"}
    assert match(row(**married, birthday="1990-03-12"), candidates(ada), PLAN) == ada
    found = match(row(**married, birthday="1990-03-21"), candidates(ada), PLAN)
    assert reason(found) is CellReason.OTHER_NAME


@pytest.mark.parametrize("given", ["Marie", "Mario", "Lucas", "Michèle"])
def test_several_keys_do_not_make_one_of_two_given_names(given: str) -> None:
    marc = known(given_name="Marc", family_name="Roux", phone_number="+33612345678", email_address="r@x.fr")
    other = row(phone_number="+33612345678", email_address="r@x.fr", given_name=given, family_name="Roux")
    assert reason(match(other, candidates(marc), PLAN)) is CellReason.OTHER_NAME


def test_one_key_tells_apart_whom_another_one_does_not() -> None:
    twin = known(given_name="Al", phone_number="+33612345678")
    both = candidates(ADA, twin)
    assert reason(match(row(phone_number="+33612345678"), both, PLAN)) is CellReason.SEVERAL_CUSTOMERS
    assert match(row(phone_number="+33612345678", email_address="ada@x.fr"), both, PLAN) == ADA


def test_a_row_without_a_key_is_known_by_its_print() -> None:
    bare = row(given_name="Ada", note="tea")
    printed = print_of(bare)
    assert printed is not None
    assert match(bare, candidates(BOB, prints={printed: BOB.customer.id}), PLAN) == BOB
    assert print_of(row(note="tea", given_name="Ada")) == printed
    assert print_of(row(given_name="Ada", note="milk")) != printed
    assert print_of(row(given_name="Ada", phone_number="+33612345678")) is None


def test_another_systems_id_finds_the_same_customer_whatever_changed() -> None:
    moved = ImportRow(2, {F.EXTERNAL_ID: "SQ1", F.GIVEN_NAME: "Zed", F.VISITS: "9"})
    assert match(moved, candidates(BOB, prints={"id:SQ1": BOB.customer.id}), PLAN) == BOB
