import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.fields import Target, custom_target
from loyalty.domain.importing.reasons import CellReason
from loyalty.domain.importing.rows import FailedRow, ImportRow
from runtime.ids import new_id
from tests.unit.loyalty.domain.importing.sheets import reader

NASTY = [
    "Robert'); DROP TABLE customers;--", "<script>alert(1)</script>", "=HYPERLINK(1)", "مرحبا\u202eabc", "👩‍👩‍👧", "a\0b",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "x" * 5000,
]  # fmt: skip


def value(target: Target, text: str) -> str | None:
    read = reader(F.GIVEN_NAME, target).read(2, ["Ada", text])
    assert isinstance(read, ImportRow), read
    return read.get(target)


def reason(target: Target, text: str) -> CellReason:
    read = reader(F.GIVEN_NAME, target).read(2, ["Ada", text])
    assert isinstance(read, FailedRow), read
    assert read.faults[0].column == 1
    assert read.faults[0].target == target
    return read.faults[0].reason


@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        (F.REFERENCE_ID, "00042", "00042"),
        (F.REFERENCE_ID, " ab-C9 ", "ab-C9"),
        (F.PHONE_NUMBER, "06 12 34 56 78", "+33612345678"),
        (F.PHONE_NUMBER, "612345678", "+33612345678"),
        (F.PHONE_NUMBER, "612345678.0", "+33612345678"),
        (F.PHONE_NUMBER, "+1 (415) 555-2671", "+14155552671"),
        (F.PHONE_NUMBER, "6.12345678E8", "+33612345678"),
        (F.REFERENCE_ID, "1,23456789E+08", "123456789"),
        (F.BIRTHDAY, "32946", "1990-03-14"),
        (F.EMAIL_CONSENT, "Abonné(e)", "subscribed"),
        (F.EMAIL_CONSENT, "Désabonné·e", "unsubscribed"),
        (F.EMAIL_CONSENT, "opted_out", "unsubscribed"),
        (F.EMAIL_CONSENT, "Pending confirmation", None),
        (F.EMAIL_ADDRESS, " Ada@Example.FR ", "Ada@example.fr"),
        (F.EMAIL_ADDRESS, "mailto:ada@example.fr", "ada@example.fr"),
        (F.BIRTHDAY, "12/03", "--03-12"),
        (F.BIRTHDAY, "12/03/1990", "1990-03-12"),
        (F.EMAIL_CONSENT, "Subscribed", "subscribed"),
        (F.EMAIL_CONSENT, "Désabonné", "unsubscribed"),
        (F.EMAIL_CONSENT, "Unknown", None),
        (F.POINTS, "1 250", "1250"),
        (F.POINTS, "1,250", "1250"),
        (F.POINTS, "12.0", "12"),
        (F.POINTS, "1,000", "1000"),
        (F.POINTS, "2.000", "2000"),
        (F.VISITS, "10,000", "10000"),
        (F.SPEND, "$1,234.56", "123456"),
        (F.SPEND, "1 234,56 €", "123456"),
        (F.SPEND, "1.234,5", "123450"),
        (F.SPEND, "1,234", "123400"),
        (F.SPEND, "0,125", "13"),
        (F.SPEND, "45.1250", "4513"),
        (F.SPEND, "12", "1200"),
        (F.EMAIL_CONSENT, "O", "subscribed"),
        (F.EMAIL_CONSENT, "coché", "subscribed"),
        (F.EMAIL_CONSENT, "D’accord", "subscribed"),
        (F.SMS_CONSENT, "Accepte", "subscribed"),
        (F.SMS_CONSENT, "accepté", "subscribed"),
        (F.SMS_CONSENT, "Non renseigné", None),
        (F.EMAIL_CONSENT, "☐", "unsubscribed"),
        (F.LAST_VISIT, "03/03/2026", "2026-03-03T00:00:00+00:00"),
        (F.COUNTRY, "Belgique", "BE"),
        (F.COUNTRY, "Maroc", "MA"),
        (F.COUNTRY, "ALGERIE", "DZ"),
        (F.COUNTRY, "Tunisia", "TN"),
        (F.COUNTRY, "FRA", "FR"),
        (F.COUNTRY, "U.S.A.", "US"),
        (F.COUNTRY, "UK", "GB"),
        (F.COUNTRY, "États-Unis", "US"),
        (F.COUNTRY, "the Netherlands", "NL"),
        (F.COUNTRY, "Réunion", "RE"),
        (F.COUNTRY, "España", "ES"),
        (F.COUNTRY, "fr", "FR"),
        (F.LANGUAGE, "Français", "fr"),
        (F.LANGUAGE, "fr_CA", "fr-CA"),
        (F.NOTE, "two\r\nlines", "two\nlines"),
        (F.CUSTOMER_ID, "0192F0C0-1111-7000-8000-000000000001", "0192f0c0-1111-7000-8000-000000000001"),
    ],
)
def test_what_cells_mean(target: F, text: str, expected: str | None) -> None:
    assert value(target, text) == expected


@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        (F.REFERENCE_ID, "1.23457E+12", CellReason.ROUNDED),
        (F.REFERENCE_ID, "x" * 101, CellReason.TOO_LONG),
        (F.EXTERNAL_ID, "1.23457E+12", CellReason.ROUNDED),
        (F.PHONE_NUMBER, "6,12E+08", CellReason.ROUNDED),
        (F.PHONE_NUMBER, "12", CellReason.NOT_A_PHONE_NUMBER),
        (F.EMAIL_ADDRESS, "ada@", CellReason.NOT_AN_EMAIL),
        (F.FAMILY_NAME, "x" * 101, CellReason.TOO_LONG),
        (F.BIRTHDAY, "31/02", CellReason.NOT_A_BIRTHDAY),
        (F.EMAIL_CONSENT, "perhaps", CellReason.NOT_A_CONSENT),
        (F.POINTS, "-5", CellReason.NOT_A_WHOLE_NUMBER),
        (F.POINTS, "1.5", CellReason.NOT_A_WHOLE_NUMBER),
        (F.POINTS, "99999999", CellReason.NOT_A_WHOLE_NUMBER),
        (F.POINTS, "45.1250", CellReason.NOT_A_WHOLE_NUMBER),
        (F.SPEND, "much", CellReason.NOT_AN_AMOUNT),
        (F.SPEND, "12,50 + 3", CellReason.NOT_AN_AMOUNT),
        (F.SPEND, "2 achats 35 €", CellReason.NOT_AN_AMOUNT),
        (F.SPEND, "1,2E+05", CellReason.ROUNDED),
        (F.SPEND, "-3", CellReason.NOT_AN_AMOUNT),
        (F.LAST_VISIT, "yesterday", CellReason.NOT_A_DATE),
        (F.LAST_VISIT, "25/12/2026", CellReason.IN_THE_FUTURE),
        (F.ENROLLED_AT, "04/03/2026", CellReason.IN_THE_FUTURE),
        (F.LAST_VISIT, "12/25/2025", CellReason.OTHER_ORDER),
        (F.BIRTHDAY, "12/25/1990", CellReason.OTHER_ORDER),
        (F.COUNTRY, "Atlantis", CellReason.NOT_A_COUNTRY),
        (F.COUNTRY, "ZZ", CellReason.NOT_A_COUNTRY),
        (F.LANGUAGE, "klingon", CellReason.NOT_A_LANGUAGE),
        (F.CUSTOMER_ID, "7", CellReason.NOT_AN_ID),
        (F.NOTE, "x" * 2001, CellReason.TOO_LONG),
    ],
)
def test_what_cells_cannot_mean(target: F, text: str, expected: CellReason) -> None:
    assert reason(target, text) is expected


def test_every_cell_at_fault_is_named() -> None:
    read = reader(F.GIVEN_NAME, F.PHONE_NUMBER, F.EMAIL_ADDRESS).read(7, ["Ada", "12", "nobody"])
    assert isinstance(read, FailedRow)
    assert read.line == 7
    assert [(fault.column, fault.reason) for fault in read.faults] == [
        (1, CellReason.NOT_A_PHONE_NUMBER),
        (2, CellReason.NOT_AN_EMAIL),
    ]


def test_blank_cells_and_cells_that_are_missing_say_nothing() -> None:
    # part of X8
    read = reader(F.GIVEN_NAME, F.PHONE_NUMBER, F.NOTE, None).read(2, ["Ada", "  ", ""])
    assert read == ImportRow(2, {F.GIVEN_NAME: "Ada"})


def test_a_row_must_name_somebody() -> None:
    read = reader(F.NOTE, F.GIVEN_NAME).read(2, ["hello", ""])
    assert isinstance(read, FailedRow)
    assert read.faults[0].reason is CellReason.NOBODY_NAMED


@pytest.mark.parametrize(
    ("refused", "consent", "expected"),
    [("1", "", "unsubscribed"), ("2025-03-04 10:00", "yes", "unsubscribed"), ("0", "yes", "subscribed"), ("", "", None),
     ("Non", "", None)],
)  # fmt: skip
def test_who_wants_no_emails_outweighs_who_subscribed(
    refused: str, consent: str, expected: str | None
) -> None:
    read = reader(F.EMAIL_ADDRESS, F.EMAIL_REFUSED, F.EMAIL_CONSENT).read(2, ["a@b.fr", refused, consent])
    assert isinstance(read, ImportRow)
    assert read.get(F.EMAIL_CONSENT) == expected
    assert read.get(F.EMAIL_REFUSED) is None


def test_the_sum_below_a_list_is_no_customer() -> None:
    read = reader(F.FAMILY_NAME, F.GIVEN_NAME, F.PHONE_NUMBER).read(9, ["Total", "4", ""])
    assert isinstance(read, FailedRow)
    assert [fault.reason for fault in read.faults] == [CellReason.TOTAL_ROW]
    assert isinstance(reader(F.FAMILY_NAME, F.PHONE_NUMBER).read(9, ["Total", "0612345678"]), ImportRow)


def test_a_row_needs_its_reference_where_references_are_the_purpose() -> None:
    # part of row 94
    read = reader(F.GIVEN_NAME, F.REFERENCE_ID, needs_reference=True).read(2, ["Ada", ""])
    assert isinstance(read, FailedRow)
    assert (read.faults[0].reason, read.faults[0].column) == (CellReason.REFERENCE_MISSING, 1)


@pytest.mark.parametrize(
    ("full", "given_name", "family"),
    [("Ada Martin", "Ada", "Martin"), ("Martin, Ada", "Ada", "Martin"), ("Ada", "Ada", None),
     ("Ada de la Tour", "Ada", "de la Tour"), ("MARTIN Ada", "Ada", "MARTIN"), ("DE LA TOUR Ada", "Ada", "DE LA TOUR"),
     ("Ada Marie MARTIN", "Ada Marie", "MARTIN"), ("ADA MARTIN", "ADA", "MARTIN"), ("Ada B MARTIN C", "Ada", "B MARTIN C"),
     ("J. Dupont", "J.", "Dupont"), ("J.-P. Dupont", "J.-P.", "Dupont"), ("Mme Marie DUPONT", "Marie", "DUPONT"),
     ("M. Dupont", None, "Dupont"), ("Dr. Ada Martin", "Ada", "Martin"), ("M. et Mme Jean Dupont", "Jean", "Dupont"),
     ("Mlle Martin, Ada", "Ada", "Martin"), ("Miss", "Miss", None), ("Me Ada Martin", "Ada", "Martin")],
)  # fmt: skip
def test_a_whole_name_is_parted(full: str, given_name: str | None, family: str | None) -> None:
    read = reader(F.FULL_NAME).read(2, [full])
    assert isinstance(read, ImportRow)
    assert (read.get(F.GIVEN_NAME), read.get(F.FAMILY_NAME)) == (given_name, family)


def test_a_list_may_have_the_family_name_first() -> None:
    for full, expected in (
        ("Martin Ada", ("Ada", "Martin")),
        ("Ada MARTIN", ("Ada", "MARTIN")),
        ("Ada", ("Ada", None)),
    ):
        read = reader(F.FULL_NAME_REVERSED).read(2, [full])
        assert isinstance(read, ImportRow)
        assert (read.get(F.GIVEN_NAME), read.get(F.FAMILY_NAME)) == expected


def test_a_reference_filled_down_makes_nobody_somebody_else() -> None:
    rows = reader(F.GIVEN_NAME, F.REFERENCE_ID)
    assert isinstance(rows.read(2, ["Ada", "7"]), ImportRow)
    assert isinstance(rows.read(3, ["Ada", "7"]), ImportRow)
    other = rows.read(4, ["Bob", "7"])
    assert isinstance(other, FailedRow)
    assert (other.faults[0].reason, other.faults[0].params) == (CellReason.TWICE_IN_FILE, {"line": 2})


def test_the_shops_own_fields_take_what_fits() -> None:
    size = CustomField(new_id(), "Size", FieldKind.SELECTION, ("S", "M"))
    rows = reader(F.GIVEN_NAME, custom_target(size.id), fields={size.id: size})
    taken = rows.read(2, ["Ada", "m"])
    assert isinstance(taken, ImportRow)
    assert taken.get(custom_target(size.id)) == "M"
    refused = rows.read(3, ["Ada", "XXL"])
    assert isinstance(refused, FailedRow)
    assert (refused.faults[0].reason, refused.faults[0].params) == (
        CellReason.NOT_A_CHOICE,
        {"choices": "S, M"},
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (FieldKind.TOGGLE, "Oui", "true"),
        (FieldKind.TOGGLE, "x", "true"),
        (FieldKind.TOGGLE, "O", "true"),
        (FieldKind.TOGGLE, "VRAI", "true"),
        (FieldKind.TOGGLE, "non", "false"),
        (FieldKind.TOGGLE, "0", "false"),
        (FieldKind.TOGGLE, "-", None),
        (FieldKind.TOGGLE, "perhaps", CellReason.NOT_YES_OR_NO),
        (FieldKind.DATE, "12/05/2024", "2024-05-12"),
        (FieldKind.DATE, "2024-05-12", "2024-05-12"),
        (FieldKind.DATE, "0000-00-00", None),
        (FieldKind.DATE, "5/13/2024", CellReason.OTHER_ORDER),
        (FieldKind.DATE, "soon", CellReason.NOT_A_DATE),
        (FieldKind.SELECTION, "rouge fonce", "Rouge foncé"),
        (FieldKind.SELECTION, "AUCUN", "Aucun"),
        (FieldKind.SELECTION, "sale", CellReason.NOT_A_CHOICE),
        (FieldKind.SELECTION, "n/a", None),
        (FieldKind.NUMBER, "42,5", "42.5"),
        (FieldKind.NUMBER, "much", CellReason.NOT_A_NUMBER),
        (FieldKind.EMAIL, "ada@", CellReason.NOT_AN_EMAIL),
        (FieldKind.TEXT, "#N/A", None),
    ],
)
def test_the_shops_own_fields_are_read_as_a_sheet_writes_them(
    kind: FieldKind, text: str, expected: str | CellReason | None
) -> None:
    choices = ("Rouge foncé", "Aucun", "salé", "Salê") if kind is FieldKind.SELECTION else ()
    own = CustomField(new_id(), "Own", kind, choices)
    read = reader(F.GIVEN_NAME, custom_target(own.id), fields={own.id: own}).read(2, ["Ada", text])
    found = read.get(custom_target(own.id)) if isinstance(read, ImportRow) else read.faults[0].reason
    assert found == expected


BLANKS = [
    "-", "--", "N/A", "n/a", "NULL", "null", "None", "#N/A", "#REF!", "#VALUE!", ".", "?", "néant", "Aucun", "aucune",
    "inconnu", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000",
]  # fmt: skip


@pytest.mark.parametrize("text", BLANKS)
@pytest.mark.parametrize("target", [each for each in F if each is not F.GIVEN_NAME])
def test_placeholders_say_nothing(target: F, text: str) -> None:
    # part of X8
    assert value(target, text) is None


def test_people_may_be_called_null() -> None:
    assert value(F.FAMILY_NAME, "Null") == "Null"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("jamais", None), ("abonnée", None), ("?", None), ("2025-03-04", "unsubscribed"), ("04/03/2025", "unsubscribed"),
     ("Oui", "unsubscribed"), ("désabonnée", "unsubscribed"), ("1", "unsubscribed")],
)  # fmt: skip
def test_only_a_day_or_a_clear_word_takes_somebody_off_the_list(text: str, expected: str | None) -> None:
    read = reader(F.EMAIL_ADDRESS, F.EMAIL_REFUSED).read(2, ["a@b.fr", text])
    assert isinstance(read, ImportRow)
    assert read.get(F.EMAIL_CONSENT) == expected


@pytest.mark.parametrize("text", ["perhaps", "0001-01-01", "13/13/2025"])
def test_other_words_take_nobody_off_the_list(text: str) -> None:
    assert reason(F.EMAIL_REFUSED, text) is CellReason.NOT_A_REFUSAL


@pytest.mark.parametrize(
    "label",
    ["TOTAL GENERAL", "Total général", "Total clients : 532", "Nombre de clients : 2", "Page 1/3", "Sous total",
     "Total : 2 clients", "Sous-total", "TOTAL", "Grand total:", "532 clients", "Édité le 12/05/2024"],
)  # fmt: skip
def test_what_stands_below_a_list_is_no_customer(label: str) -> None:
    for target in (F.FULL_NAME, F.FULL_NAME_REVERSED, F.FAMILY_NAME, F.COMPANY_NAME):
        rows = reader(target, F.POINTS, F.PHONE_NUMBER, F.REFERENCE_ID)
        read = rows.read(9, [label, "12", "", ""])
        assert isinstance(read, FailedRow)
        assert [fault.reason for fault in read.faults] == [CellReason.TOTAL_ROW]
        for phone, reference in (("0612345678", ""), ("", "R1")):
            assert isinstance(rows.read(9, [label, "", phone, reference]), ImportRow)
    assert isinstance(reader(F.REFERENCE_ID, F.FAMILY_NAME).read(9, [label, "2"]), FailedRow)


@pytest.mark.parametrize("name", ["Page", "Paige Turner", "Summer", "Totalie", "Jean Total", "Count Dracula"])
def test_names_that_look_like_a_sum_are_names(name: str) -> None:
    assert isinstance(reader(F.FULL_NAME).read(2, [name]), ImportRow)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("target", list(F))
def test_text_that_breaks_software_is_taken_as_text_or_refused(target: F, text: str) -> None:
    read = reader(F.PHONE_NUMBER, target).read(2, ["0612345678", text])
    if isinstance(read, ImportRow):
        assert all("\0" not in kept and "\u202e" not in kept for kept in read.values.values())
    else:
        assert all(fault.target == target for fault in read.faults)


@given(cells=st.lists(st.text(max_size=40), min_size=len(F), max_size=len(F)))
def test_any_cells_are_read_or_refused(cells: list[str]) -> None:
    read = reader(*F).read(2, cells)
    assert isinstance(read, FailedRow | ImportRow)


def test_a_row_with_more_cells_than_columns_is_shifted_and_not_taken() -> None:
    read = reader(F.FAMILY_NAME, F.LINE_1, F.LOCALITY).read
    failed = read(2, ["Dupont", "12", " rue des Lilas", "Lyon"])
    assert isinstance(failed, FailedRow)
    assert [fault.reason for fault in failed.faults] == [CellReason.MORE_CELLS]
    assert isinstance(read(3, ["Petit", "3 rue Y", "Paris", "", " "]), ImportRow)


def test_two_rows_with_other_points_for_one_person_are_told() -> None:
    read = reader(F.GIVEN_NAME, F.PHONE_NUMBER, F.POINTS).read
    assert isinstance(read(2, ["Marie", "0612345601", "100"]), ImportRow)
    assert isinstance(read(3, ["marie", "06 12 34 56 01", "100"]), ImportRow)
    again = read(4, ["Marie", "0612345601", "200"])
    assert isinstance(again, FailedRow)
    assert [(fault.reason, fault.column, fault.params) for fault in again.faults] == [
        (CellReason.POINTS_TWICE, 2, {"line": 2})
    ]
    assert isinstance(read(5, ["Paul", "0612345602", "200"]), ImportRow)
