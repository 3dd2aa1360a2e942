"""How one sheet is to be read: which column is what, and what the shop wants with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from loyalty.domain.consent import ConsentPurpose
from loyalty.domain.importing.dates import DateOrder
from loyalty.domain.importing.fields import NAMING, ImportField, Target, custom_id


class PlanFault(StrEnum):
    """Why a mapping cannot be used as it is."""

    NOBODY_NAMED = "nobody_named"
    """Neither name nor phone number nor e-mail address is mapped (row 94)."""
    REFERENCE_NOT_MAPPED = "reference_not_mapped"
    """The import is to bring reference numbers, and no column is one (row 94)."""
    MAPPED_TWICE = "mapped_twice"
    UNKNOWN_FIELD = "unknown_field"
    """A field of the shop's own that is gone."""
    UNKNOWN_GROUP = "unknown_group"
    ATTESTATION_INCOMPLETE = "attestation_incomplete"
    """Consents given elsewhere need their source, date and wording (X18)."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """The owner's word that the people in a sheet consented elsewhere (X18)."""

    purposes: frozenset[ConsentPurpose]
    source: str
    """Where they said it: the paper list at the till, the former system."""
    given_on: date
    wording: str
    """The words they agreed to."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What was decided on the mapping page."""

    targets: tuple[Target | None, ...]
    """By column; None leaves it out."""
    date_order: DateOrder = DateOrder.DAY_FIRST
    needs_reference: bool = False
    """The import is there to bring reference numbers: a row without one is no use."""
    group_id: UUID | None = None
    """A group picked by hand that all rows join (row 52)."""
    attestation: Attestation | None = None
    opening_origin: str = "import"
    """Names the opening balances: once for each origin and account, however often it is imported."""

    def column_of(self, target: Target) -> int | None:
        return self.targets.index(target) if target in self.targets else None


def plan_faults(
    plan: ImportPlan, known_fields: frozenset[UUID], known_groups: frozenset[UUID]
) -> tuple[PlanFault, ...]:
    """Why the plan cannot be carried out; empty where it can."""
    mapped = [target for target in plan.targets if target is not None]
    faults = []
    if not NAMING & set(mapped) and ImportField.CUSTOMER_ID not in mapped:
        faults.append(PlanFault.NOBODY_NAMED)
    if plan.needs_reference and ImportField.REFERENCE_ID not in mapped:
        faults.append(PlanFault.REFERENCE_NOT_MAPPED)
    if len(set(mapped)) < len(mapped):
        faults.append(PlanFault.MAPPED_TWICE)
    if not _are_known(mapped, known_fields):
        faults.append(PlanFault.UNKNOWN_FIELD)
    if plan.group_id is not None and plan.group_id not in known_groups:
        faults.append(PlanFault.UNKNOWN_GROUP)
    told = plan.attestation
    if told is not None and not (told.purposes and told.source and told.wording):
        faults.append(PlanFault.ATTESTATION_INCOMPLETE)
    return tuple(faults)


def _are_known(mapped: Sequence[Target], known_fields: frozenset[UUID]) -> bool:
    for target in mapped:
        field_id = custom_id(target)
        if field_id is not None and field_id not in known_fields:
            return False
        if field_id is None and target not in set(ImportField):
            return False
    return True
