"""Whose row it is: by our own id, by reference, by phone number, by e-mail address, in this order (row 38).

Never by likeness: customers who look alike are proposed for a merge, and merged by a person (row 182).
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from uuid import UUID

from loyalty.domain.importing.fields import ImportField, Target
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.rows import ImportRow

F = ImportField
_ALIKE = 0.6
"""From here on two spellings may be one name."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Customers whom keys of a row may name; each list by id."""

    by_id: Mapping[UUID, KnownCustomer] = field(default_factory=dict)
    by_reference: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    by_phone: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    """By the profile's number or the account's."""
    by_email: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    """By the address in lower case."""
    by_print: Mapping[str, UUID] = field(default_factory=dict)
    """By the print of an imported row."""


def print_of(row: ImportRow) -> str | None:
    """What tells a row that has no key again when the same file comes once more; None where a key tells.

    A row with another system's id is told by it, whatever else changed.
    """
    external = row.get(F.EXTERNAL_ID)
    if external is not None:
        return f"id:{external}"
    if any(row.get(key) for key in (F.CUSTOMER_ID, F.REFERENCE_ID, F.PHONE_NUMBER, F.EMAIL_ADDRESS)):
        return None
    text = "\x1f".join(f"{target}\x1e{value}" for target, value in sorted(row.values.items()))
    return f"row:{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def match(row: ImportRow, candidates: Candidates, plan: ImportPlan) -> KnownCustomer | CellFault | None:
    """The customer whose row it is; None where nobody is; or why that cannot be said."""
    named = [(key, found) for key, found in _found(row, candidates) if found]
    own_id = row.get(F.CUSTOMER_ID)
    if own_id is not None and not any(key is F.CUSTOMER_ID for key, _ in named):
        return _fault(CellReason.UNKNOWN_CUSTOMER, F.CUSTOMER_ID, plan)
    if not named:
        return None
    common = set(named[0][1])
    for key, found in named[1:]:
        both = common & set(found)
        if not both:
            return _fault(CellReason.OTHER_CUSTOMER, key, plan)
        common = both
    if len(common) > 1:
        return _fault(CellReason.SEVERAL_CUSTOMERS, named[0][0], plan)
    known = candidates.by_id[common.pop()]
    contradiction = _contradiction(row, known, {key for key, _ in named})
    return known if contradiction is None else _fault(*contradiction, plan)


def _found(row: ImportRow, candidates: Candidates) -> list[tuple[ImportField, Sequence[UUID]]]:
    own_id, reference = row.get(F.CUSTOMER_ID), row.get(F.REFERENCE_ID)
    phone, email = row.get(F.PHONE_NUMBER), row.get(F.EMAIL_ADDRESS)
    printed = print_of(row)
    before = candidates.by_print.get(printed) if printed is not None else None
    found: list[tuple[ImportField, Sequence[UUID]]] = []
    if own_id is not None:
        found.append((F.CUSTOMER_ID, [UUID(own_id)] if UUID(own_id) in candidates.by_id else []))
    if before is not None and before in candidates.by_id:
        found.append((F.EXTERNAL_ID, [before]))
    if reference is not None:
        found.append((F.REFERENCE_ID, candidates.by_reference.get(reference, ())))
    if phone is not None:
        found.append((F.PHONE_NUMBER, candidates.by_phone.get(phone, ())))
    if email is not None:
        found.append((F.EMAIL_ADDRESS, candidates.by_email.get(email.lower(), ())))
    return found


def _contradiction(
    row: ImportRow, known: KnownCustomer, keys: set[ImportField]
) -> tuple[CellReason, ImportField] | None:
    """A number or an address that two people share must not make one person of them."""
    if keys & {F.CUSTOMER_ID, F.EXTERNAL_ID, F.REFERENCE_ID}:
        return None
    theirs, reference = known.customer.reference_id, row.get(F.REFERENCE_ID)
    if theirs is not None and reference is not None and theirs != reference:
        return CellReason.OTHER_REFERENCE, F.REFERENCE_ID
    given, family = row.get(F.GIVEN_NAME), row.get(F.FAMILY_NAME)
    is_given_other = _is_other(given, known.customer.given_name)
    is_family_other = _is_other(family, known.customer.family_name)
    if is_given_other and is_family_other and not _is_swapped(row, known):
        return CellReason.OTHER_NAME, F.GIVEN_NAME
    return None


def _is_other(one: str | None, two: str | None) -> bool:
    if one is None or two is None:
        return False
    return SequenceMatcher(None, _folded(one), _folded(two)).ratio() < _ALIKE


def _is_swapped(row: ImportRow, known: KnownCustomer) -> bool:
    return not _is_other(row.get(F.GIVEN_NAME), known.customer.family_name) and not _is_other(
        row.get(F.FAMILY_NAME), known.customer.given_name
    )


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in letters if char.isalnum())


def _fault(reason: CellReason, target: Target, plan: ImportPlan) -> CellFault:
    return CellFault(reason, plan.column_of(target), target)
