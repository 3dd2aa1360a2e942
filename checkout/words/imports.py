"""What the pages of imports say: names of columns, reasons of cells, faults of plans."""

from collections.abc import Iterable, Mapping, Sequence

from checkout.words.catalogue import Words
from checkout.words.sheets import sheet_fault_text
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.plan import PlanFault
from loyalty.domain.importing.reasons import CellFault
from loyalty.domain.importing.reasons import CellReason as R
from loyalty.domain.importing.record import ImportState, PauseReason
from loyalty.ports.sheets import SheetError, SheetFault

FIELD_NAMES: Mapping[F, str] = {
    F.REFERENCE_ID: "Reference number",
    F.GIVEN_NAME: "First name",
    F.FAMILY_NAME: "Last name",
    F.FULL_NAME: "Full name",
    F.FULL_NAME_REVERSED: "Full name, family name first",
    F.NICKNAME: "Nickname",
    F.COMPANY_NAME: "Company name",
    F.PHONE_NUMBER: "Phone number",
    F.EMAIL_ADDRESS: "E-mail address",
    F.LINE_1: "Address line 1",
    F.LINE_2: "Address line 2",
    F.POSTAL_CODE: "Postal code",
    F.LOCALITY: "City",
    F.ADMINISTRATIVE_AREA: "State or province",
    F.COUNTRY: "Country",
    F.BIRTHDAY: "Birthday",
    F.LANGUAGE: "Language",
    F.NOTE: "Note",
    F.PREFERENCES: "Preferences",
    F.EMAIL_CONSENT: "E-mail subscription status",
    F.EMAIL_REFUSED: "No e-mails wanted",
    F.SMS_CONSENT: "SMS subscription status",
    F.POINTS: "Points balance",
    F.ENROLLED_AT: "Enrolled on",
    F.VISITS: "Number of visits",
    F.SPEND: "Total spent",
    F.FIRST_VISIT: "First visit",
    F.LAST_VISIT: "Last visit",
    F.EXTERNAL_ID: "Customer ID",
    F.CUSTOMER_ID: "Comptoir ID",
}
"""As they stand at the head of templates and exports: an import knows them again."""

FIELD_GROUPS: Sequence[tuple[str, tuple[F, ...]]] = (
    (
        "Who it is",
        (
            F.REFERENCE_ID,
            F.GIVEN_NAME,
            F.FAMILY_NAME,
            F.FULL_NAME,
            F.FULL_NAME_REVERSED,
            F.NICKNAME,
            F.COMPANY_NAME,
        ),
    ),
    ("Contact details", (F.PHONE_NUMBER, F.EMAIL_ADDRESS, F.EMAIL_CONSENT, F.EMAIL_REFUSED, F.SMS_CONSENT)),
    ("Address", (F.LINE_1, F.LINE_2, F.POSTAL_CODE, F.LOCALITY, F.ADMINISTRATIVE_AREA, F.COUNTRY)),
    ("About the customer", (F.BIRTHDAY, F.LANGUAGE, F.NOTE, F.PREFERENCES)),
    (
        "Brought along from another system",
        (
            F.POINTS,
            F.ENROLLED_AT,
            F.VISITS,
            F.SPEND,
            F.FIRST_VISIT,
            F.LAST_VISIT,
            F.EXTERNAL_ID,
            F.CUSTOMER_ID,
        ),
    ),
)

CELL_REASONS: Mapping[R, str] = {
    R.NOT_AN_EMAIL: "this is no e-mail address",
    R.NOT_A_PHONE_NUMBER: "this is no phone number",
    R.ROUNDED: "the spreadsheet rounded this number, its digits are gone: format the column as text",
    R.NOT_A_DATE: "this is no date",
    R.NOT_A_BIRTHDAY: "this is no birthday",
    R.OTHER_ORDER: "day and month stand the other way round than in the other dates of the file",
    R.IN_THE_FUTURE: "this day is still to come",
    R.NOT_AN_AMOUNT: "this is no amount of money",
    R.NOT_A_CONSENT: "write subscribed, unsubscribed or unknown",
    R.NOT_A_REFUSAL: "write yes, no or the day",
    R.NOT_A_LANGUAGE: "this is no language: write fr or en",
    R.NOT_A_COUNTRY: "this is no country: write two letters, such as FR",
    R.NOT_AN_ID: "this is no ID of a Comptoir customer",
    R.NOT_A_NUMBER: "this is no number",
    R.NOT_YES_OR_NO: "write yes or no",
    R.NOT_FOR_THIS_FIELD: "this field does not take it",
    R.MORE_CELLS: "more cells than headings: a separator stands inside a cell",
    R.TOTAL_ROW: "the row adds up the others and is no customer",
    R.NOBODY_NAMED: "the row has no name, phone number or e-mail address",
    R.REFERENCE_MISSING: "the reference number is missing",
    R.UNKNOWN_CUSTOMER: "no customer has this ID",
    R.OTHER_CUSTOMER: "it belongs to another customer than the rest of the row",
    R.SEVERAL_CUSTOMERS: "several customers have it; add something that tells them apart",
    R.OTHER_REFERENCE: "phone number or e-mail address belong to a customer with another reference number",
    R.OTHER_NAME: "phone number or e-mail address belong to a customer of another name",
    R.OTHER_BIRTHDAY: "phone number or e-mail address belong to a customer born on another day",
    R.POINTS_WITHOUT_PHONE: "points need a phone number",
    R.OWN_ACCOUNT: "nobody gives points to themselves; ask a colleague",
}
"""Those that need no figures."""

PLAN_FAULTS: Mapping[PlanFault, str] = {
    PlanFault.NOBODY_NAMED: "Say which column holds a name, a phone number or an e-mail address.",
    PlanFault.REFERENCE_NOT_MAPPED: "Say which column holds the reference number.",
    PlanFault.MAPPED_TWICE: "The same field is chosen for two columns.",
    PlanFault.UNKNOWN_FIELD: "One of the fields is no longer there. Choose again.",
    PlanFault.UNKNOWN_GROUP: "The group is no longer there. Choose again.",
    PlanFault.ATTESTATION_INCOMPLETE: "Say where and when they agreed, and in which words.",
}

STATES: Mapping[ImportState, str] = {
    ImportState.READING: "Being read",
    ImportState.UNREADABLE: "Cannot be read",
    ImportState.MAPPING: "Waits for its columns",
    ImportState.CHECKING: "Being checked",
    ImportState.CHECKED: "Ready to start",
    ImportState.RUNNING: "Running",
    ImportState.PAUSED: "Paused",
    ImportState.FINISHED: "Finished",
    ImportState.DROPPED: "Given up",
}

PAUSES: Mapping[PauseReason, str] = {
    PauseReason.STAFF: "It stands still until somebody goes on with it.",
    PauseReason.STORAGE: "The database could not take the rows: the disk may be full.",
    PauseReason.FILE: "The uploaded file is no longer there. Upload it again; nothing is imported twice.",
    PauseReason.CHANGED: "Something that it needs is gone. Upload the file again; nothing is imported twice.",
}


def cell_reason_text(words: Words, fault: CellFault) -> str:
    """Why one cell was not taken, to follow the name of its column."""
    source = CELL_REASONS.get(fault.reason)
    if source is not None:
        return words.text(source)
    if fault.reason is R.TWICE_IN_FILE:
        return words.text(
            "line {line} has the same one with other contents", line=fault.params.get("line", 0)
        )
    if fault.reason is R.POINTS_TWICE:
        return words.text(
            "line {line} has other points for the same person", line=fault.params.get("line", 0)
        )
    if fault.reason is R.NOT_A_CHOICE:
        return words.text("write one of: {choices}", choices=fault.params.get("choices", ""))
    most = words.number(int(fault.params.get("max", 0)))
    if fault.reason is R.TOO_LONG:
        return words.text("longer than {max} characters", max=most)
    return words.text("a whole number from 0 to {max}", max=most)


def row_reason_text(words: Words, faults: Iterable[CellFault], header: Sequence[str]) -> str:
    """Why a row was not taken: each cell by the heading of its column."""
    parts = []
    for fault in faults:
        reason = cell_reason_text(words, fault)
        heading = header[fault.column] if fault.column is not None and fault.column < len(header) else ""
        is_named = bool(heading.strip())
        parts.append(words.text("{column}: {reason}", column=heading, reason=reason) if is_named else reason)
    return " · ".join(parts)


def import_fault_text(words: Words, fault: Mapping[str, int | str]) -> str:
    """Why the whole file could not be read."""
    code = str(fault.get("fault", ""))
    if code == "no_room":
        return words.text("The station has no room for the file: its disk is full.")
    try:
        kind = SheetFault(code)
    except ValueError:
        kind = SheetFault.DAMAGED
    figures = {key: value for key, value in fault.items() if isinstance(value, int)}
    return sheet_fault_text(words, SheetError(kind, **figures))
