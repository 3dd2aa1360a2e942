"""Whom rows of an import resemble, what staff say of it, and what becomes of it once a row is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from loyalty.domain.duplicate_pair import DuplicatePair, PairState, ordered_pair
from loyalty.domain.duplicates.everyday import scores_of_pairs
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.likeness import (
    MOST_A_ROW,
    ImportLikeness,
    LikenessDecision,
    birthday_of,
    has_enough_to_compare,
)
from loyalty.domain.importing.matching import Candidates
from loyalty.domain.importing.record import CustomerImport, ImportState
from loyalty.domain.importing.rows import ImportRow
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.duplicates import PersonRow
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.import_steps import found_import
from loyalty.services.look_for_duplicates import LIKE_AT_MOST, PROPOSED_FROM, ROWS_ASSUMED, people_of
from runtime.ids import new_id

DECIDABLE = frozenset({ImportState.CHECKED, ImportState.RUNNING, ImportState.PAUSED})
"""While rows of the import may still be stored."""


def note_likenesses(uow: UnitOfWork, record: CustomerImport, new_rows: Sequence[ImportRow]) -> None:
    """Compare rows that no key matched with the directory, and note whom they resemble."""
    rows = [row for row in new_rows if has_enough_to_compare(row)]
    people = [_person_of(row) for row in rows]
    alike = uow.duplicates.people_alike(people, LIKE_AT_MOST) if people else {}
    table, left, right = list(people), [], []
    for place, person in enumerate(people):
        for other in alike.get(person.customer_id, ()):
            left.append(place)
            right.append(len(table))
            table.append(other)
    if not left:
        return
    scores, agreements = scores_of_pairs(people_of(table), left, right, ROWS_ASSUMED)
    found: dict[int, list[ImportLikeness]] = {}
    for at, score in enumerate(scores.tolist()):
        if score >= PROPOSED_FROM:
            line, other_id = rows[left[at]].line, table[right[at]].customer_id
            likeness = ImportLikeness(record.id, line, other_id, score, agreements[at])
            found.setdefault(line, []).append(likeness)
    likeliest = [
        each
        for of_row in found.values()
        for each in sorted(of_row, key=lambda each: -each.score)[:MOST_A_ROW]
    ]
    if likeliest:
        uow.imports.add_likenesses(likeliest)


@dataclass(frozen=True, slots=True)
class LikenessWord:
    """What staff say of a row: whom it is about, None for somebody new."""

    import_id: UUID
    line: int
    same_as: UUID | None


def decide_likeness(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, word: LikenessWord
) -> Refused | None:
    """Note whose row it is, for as long as the row is not stored. Refused: ``row_stored_meanwhile``.

    Raises:
        PermissionDeniedError: The role does not hold ``import_customers`` and ``merge_customers``.
        UnknownIdError: There is no such import.
    """
    staff.require(Permission.IMPORT_CUSTOMERS)
    staff.require(Permission.MERGE_CUSTOMERS)
    record, same_as = found_import(uow, word.import_id), word.same_as
    proposed = uow.imports.likenesses_at(word.import_id, [word.line])
    if record.state not in DECIDABLE or any(each.made_id is not None for each in proposed):
        return Refused(Refusal.ROW_STORED_MEANWHILE)
    if not proposed or (same_as is not None and all(each.customer_id != same_as for each in proposed)):
        return Refused(Refusal.CUSTOMER_UNKNOWN)
    now = ctx.clock.now()
    for each in proposed:
        decision = LikenessDecision.SAME if each.customer_id == same_as else LikenessDecision.OTHER
        uow.imports.save_likeness(replace(each, decision=decision, decided_by=staff.id, decided_at=now))
    return None


@dataclass(slots=True)
class Proposed:
    """The likenesses of the rows of one slice."""

    by_line: Mapping[int, Sequence[ImportLikeness]] = field(default_factory=dict)
    chosen: Mapping[int, KnownCustomer] = field(default_factory=dict)
    """Whose row it is, where staff said so."""
    _stored: list[ImportLikeness] = field(default_factory=list)

    def chosen_for(self, line: int, people: Candidates) -> KnownCustomer | None:
        """Whose row it is by staff's word, as the rows before it have left them."""
        chosen = self.chosen.get(line)
        return people.by_id.get(chosen.customer.id, chosen) if chosen is not None else None

    def was_stored(self, line: int, customer_id: UUID) -> None:
        """The row is that customer's now."""
        self._stored += [replace(each, made_id=customer_id) for each in self.by_line.get(line, ())]

    def settle(self, uow: UnitOfWork, ctx: ServiceContext) -> None:
        """After the rows are stored: what nobody decided on becomes a proposal, what was denied stays so."""
        for each in self._stored:
            uow.imports.save_likeness(each)
            pair = _pair_of(uow, ctx, each)
            if pair is not None and pair.state is PairState.APART:
                uow.duplicates.save(pair)
            elif pair is not None:
                uow.duplicates.propose(pair)


def proposed_for(uow: UnitOfWork, record: CustomerImport, rows: Iterable[ImportRow]) -> Proposed:
    """What is proposed for these rows, and whose they are where staff said so.

    Whoever was merged meanwhile is the one they were merged into; for whoever was forgotten the row is
    somebody new's.
    """
    found = uow.imports.likenesses_at(record.id, [row.line for row in rows])
    by_line: dict[int, list[ImportLikeness]] = {}
    for each in found:
        by_line.setdefault(each.line, []).append(each)
    same = {each.line: each.customer_id for each in found if each.decision is LikenessDecision.SAME}
    survivors = {line: _survivor(uow, customer_id) for line, customer_id in same.items()}
    known = uow.bulk.known([each for each in survivors.values() if each is not None]) if same else {}
    chosen = {line: known[each] for line, each in survivors.items() if each is not None and each in known}
    return Proposed(by_line, chosen)


def _survivor(uow: UnitOfWork, customer_id: UUID) -> UUID | None:
    member = uow.customers.member(customer_id)
    return member.customer.id if member is not None else None


def _pair_of(uow: UnitOfWork, ctx: ServiceContext, each: ImportLikeness) -> DuplicatePair | None:
    """None where there are not two people: the row was that customer's, or the customer is gone."""
    other = _survivor(uow, each.customer_id)
    if each.made_id is None or other is None or other == each.made_id:
        return None
    first, second = ordered_pair(each.made_id, other)
    is_apart = each.decision is LikenessDecision.OTHER
    return DuplicatePair(
        first,
        second,
        each.score,
        each.agreements,
        ctx.clock.now(),
        PairState.APART if is_apart else PairState.OPEN,
        each.decided_at if is_apart else None,
        each.decided_by if is_apart else None,
    )


def _person_of(row: ImportRow) -> PersonRow:
    """The row as the finder of duplicates sees a person; its id is made up."""
    return PersonRow(
        customer_id=new_id(),
        given_name=row.get(F.GIVEN_NAME) or "",
        family_name=row.get(F.FAMILY_NAME) or "",
        company_name=row.get(F.COMPANY_NAME) or "",
        birthday=birthday_of(row),
        phone_number=row.get(F.PHONE_NUMBER) or "",
        email_address=row.get(F.EMAIL_ADDRESS) or "",
        street=row.get(F.LINE_1) or "",
        locality=row.get(F.LOCALITY) or "",
        postal_code=row.get(F.POSTAL_CODE) or "",
        administrative_area=row.get(F.ADMINISTRATIVE_AREA) or "",
    )
