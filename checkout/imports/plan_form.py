"""The mapping page's form: what was guessed, and what was chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from checkout.programme.typed import Typed, uuid_of
from loyalty.domain.consent import ConsentPurpose
from loyalty.domain.custom_field import CustomField
from loyalty.domain.group import Group
from loyalty.domain.importing.dates import DateOrder
from loyalty.domain.importing.headers import guess_targets
from loyalty.domain.importing.plan import Attestation, ImportPlan
from loyalty.domain.importing.record import CustomerImport, SheetSummary
from loyalty.domain.text import clean_line

_MONTH_FIRST = frozenset({"US"})
_MAX_SOURCE_CHARS, MAX_WORDING_CHARS = 120, 500
ATTESTABLE = (ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.MARKETING_SMS, ConsentPurpose.PROGRAMME)


@dataclass(frozen=True)
class Choices:
    """What a plan can choose from besides the fields that every profile has."""

    custom_fields: Sequence[CustomField]
    groups: Sequence[Group]
    """Those picked by hand."""


def guessed_form(record: CustomerImport, choices: Choices, country: str) -> Typed:
    """The form as it is first shown: the plan where there is one, else what the headings say."""
    sheet = record.sheet or SheetSummary((), (), 0)
    plan = record.plan or _guess(sheet, choices, country)
    values: dict[str, tuple[str, ...]] = {
        f"column-{column}": (target or "",) for column, target in enumerate(plan.targets)
    }
    values["date_order"] = (plan.date_order.value,)
    if plan.needs_reference:
        values["needs_reference"] = ("yes",)
    if plan.group_id is not None:
        values["group"] = (str(plan.group_id),)
    if plan.attestation is not None:
        values["purpose"] = tuple(sorted(purpose.value for purpose in plan.attestation.purposes))
        values["consent_source"] = (plan.attestation.source,)
        values["consent_on"] = (plan.attestation.given_on.isoformat(),)
        values["consent_wording"] = (plan.attestation.wording,)
    return Typed(values)


def _guess(sheet: SheetSummary, choices: Choices, country: str) -> ImportPlan:
    targets = guess_targets(sheet.header, choices.custom_fields, sheet.sample)
    otherwise = DateOrder.MONTH_FIRST if country in _MONTH_FIRST else DateOrder.DAY_FIRST
    return ImportPlan(targets, sheet.date_order or otherwise)


def read_plan(typed: Typed, columns: int, group_id: UUID | None) -> ImportPlan:
    """What was chosen. A date that is none makes the attestation incomplete.

    Args:
        typed: The form.
        columns: Of the sheet.
        group_id: The group chosen or made.
    """
    targets = tuple(typed.one(f"column-{column}") or None for column in range(columns))
    order = typed.one("date_order")
    return ImportPlan(
        targets=targets,
        date_order=DateOrder(order) if order in set(DateOrder) else DateOrder.DAY_FIRST,
        needs_reference=typed.has("needs_reference", "yes"),
        group_id=group_id,
        attestation=_attestation(typed),
    )


def chosen_group(typed: Typed) -> UUID | None:
    return uuid_of(typed.one("group"))


def _attestation(typed: Typed) -> Attestation | None:
    purposes = frozenset(each for each in ATTESTABLE if typed.has("purpose", each.value))
    if not purposes:
        return None
    source = clean_line(typed.one("consent_source"), _MAX_SOURCE_CHARS) or ""
    wording = clean_line(typed.one("consent_wording"), MAX_WORDING_CHARS) or ""
    try:
        given_on = date.fromisoformat(typed.one("consent_on").strip())
    except ValueError:
        return Attestation(purposes, "", date.min, wording)
    return Attestation(purposes, source, given_on, wording)


def own_targets(fields: Iterable[CustomField]) -> list[CustomField]:
    """The shop's own fields that a column can fill in."""
    return [each for each in fields if each.archived_at is None]
