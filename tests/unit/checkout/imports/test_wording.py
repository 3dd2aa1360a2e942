import pytest

from checkout.web.pages.customer_imports import _TEMPLATE
from checkout.words import words_for
from checkout.words.imports import (
    CELL_REASONS,
    FIELD_GROUPS,
    FIELD_NAMES,
    PLAN_FAULTS,
    cell_reason_text,
    import_fault_text,
    row_reason_text,
)
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.headers import guess_targets
from loyalty.domain.importing.plan import PlanFault
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.ports.sheets import SheetFault


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_template_maps_by_itself(language: str) -> None:
    # row 33
    words = words_for(language, "FR")
    assert guess_targets([words.text(FIELD_NAMES[field]) for field in _TEMPLATE]) == _TEMPLATE


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("field", list(ImportField))
def test_every_field_is_known_again_by_its_own_name(language: str, field: ImportField) -> None:
    words = words_for(language, "FR")
    beside = ["x", words.text(FIELD_NAMES[ImportField.GIVEN_NAME])]
    found = guess_targets([words.text(FIELD_NAMES[field]), *beside])[0]
    assert found == field


def test_every_field_can_be_chosen() -> None:
    assert {field for _, fields in FIELD_GROUPS for field in fields} == set(ImportField)


@pytest.mark.parametrize("reason", list(CellReason))
def test_every_reason_has_words_in_both_languages(reason: CellReason) -> None:
    fault = CellFault(reason, 0, None, {"max": 10, "line": 3})
    english, french = (cell_reason_text(words_for(language, "FR"), fault) for language in ("en", "fr"))
    assert english != french
    assert "{" not in english + french


@pytest.mark.parametrize("fault", [*map(str, SheetFault), "no_room", "something_new"])
def test_every_fault_of_a_file_has_words(fault: str) -> None:
    assert "{" not in import_fault_text(words_for("fr", "FR"), {"fault": fault, "line": 3, "max": 9})


def test_every_fault_of_a_plan_has_words() -> None:
    assert set(PLAN_FAULTS) == set(PlanFault)
    assert not set(CELL_REASONS) - set(CellReason)


def test_a_row_names_each_cell_by_its_heading() -> None:
    # part of row 40
    faults = (CellFault(CellReason.NOT_A_PHONE_NUMBER, 1), CellFault(CellReason.NOBODY_NAMED))
    text = row_reason_text(words_for("en", "GB"), faults, ["Name", "Phone"])
    assert text == "Phone: this is no phone number · the row has no name, phone number or e-mail address"
