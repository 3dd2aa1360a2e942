"""Whose row it is: by our own id, by reference, by phone number, by e-mail address, in this order (row 38).

Never by likeness: whom a row resembles is proposed, and a person says who is who (``likeness``, row 182).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from loyalty.domain.importing.fields import ImportField, Target
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.likeness import birthday_of
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.rows import ImportRow
from loyalty.domain.importing.same_name import Likeness, family_likeness, given_likeness

F = ImportField
_NOBODYS_DAY = (1, 1)
"""What systems write where they ask for a birthday and got none."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Customers whom keys of rows may name; it grows with those that rows make."""

    by_id: dict[UUID, KnownCustomer] = field(default_factory=dict)
    by_reference: dict[str, list[UUID]] = field(default_factory=dict)
    by_phone: dict[str, list[UUID]] = field(default_factory=dict)
    """By the profile's number or the account's."""
    by_email: dict[str, list[UUID]] = field(default_factory=dict)
    """By the address in lower case."""
    by_print: dict[str, UUID] = field(default_factory=dict)
    """By the print of an imported row."""

    def note(self, known: KnownCustomer, printed: str | None = None) -> None:
        """A customer as a row has left them: the rows after it find them so."""
        customer = known.customer
        self.by_id[customer.id] = known
        for index, key in (
            (self.by_reference, customer.reference_id),
            (self.by_phone, customer.phone_number),
            (self.by_email, customer.email_address.lower() if customer.email_address is not None else None),
        ):
            if key is not None and customer.id not in index.setdefault(key, []):
                index[key].append(customer.id)
        if printed is not None:
            self.by_print[printed] = customer.id


def keys_of(row: ImportRow) -> tuple[str, ...]:
    """All by which a row can be told again, as text that does not mix up what is what."""
    email = row.get(F.EMAIL_ADDRESS)
    pairs = (
        ("i", row.get(F.CUSTOMER_ID)),
        ("r", row.get(F.REFERENCE_ID)),
        ("p", row.get(F.PHONE_NUMBER)),
        ("e", email.lower() if email is not None else None),
        ("x", print_of(row)),
    )
    return tuple(f"{kind}:{key}" for kind, key in pairs if key is not None)


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
        own = candidates.by_id.get(UUID(own_id))
        found.append((F.CUSTOMER_ID, [own.customer.id] if own is not None else []))
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
    if _is_born_otherwise(row, known):
        return CellReason.OTHER_BIRTHDAY, F.BIRTHDAY
    given = given_likeness(row.get(F.GIVEN_NAME), known.customer.given_name)
    family = family_likeness(row.get(F.FAMILY_NAME), known.customer.family_name)
    is_other = given is Likeness.OTHER or (
        family is Likeness.OTHER and not (given is Likeness.ALIKE and _is_one_who_married(row, known, keys))
    )
    return (CellReason.OTHER_NAME, F.GIVEN_NAME) if is_other and not _is_swapped(row, known) else None


def _is_born_otherwise(row: ImportRow, known: KnownCustomer) -> bool:
    """In another year and on another day of it: more than a slip. The first of January says nothing."""
    here, there = birthday_of(row), known.birthday
    if here is None or there is None or there.year is None or here.year == there.year:
        return False
    days = {(here.month, here.day), (there.month, there.day)}
    return len(days) == 2 and _NOBODYS_DAY not in days


def _is_one_who_married(row: ImportRow, known: KnownCustomer, keys: set[ImportField]) -> bool:
    """More than one thing is the same beside the given name: only the family name is another."""
    here, there = birthday_of(row), known.birthday
    is_born_so = (
        here is not None
        and there is not None
        and (here.month, here.day) == (there.month, there.day)
        and there.year in (None, here.year)
    )
    return is_born_so or keys >= {F.PHONE_NUMBER, F.EMAIL_ADDRESS}


def _is_swapped(row: ImportRow, known: KnownCustomer) -> bool:
    given = given_likeness(row.get(F.GIVEN_NAME), known.customer.family_name)
    family = given_likeness(row.get(F.FAMILY_NAME), known.customer.given_name)
    return given is family is Likeness.ALIKE


def _fault(reason: CellReason, target: Target, plan: ImportPlan) -> CellFault:
    return CellFault(reason, plan.column_of(target), target)
