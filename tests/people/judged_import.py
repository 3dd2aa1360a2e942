"""How well an import tells who is who: what it matches by itself, and whom it proposes to staff."""

from collections import Counter
from dataclasses import dataclass

from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.matching import match
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.reasons import CellFault
from loyalty.domain.importing.record import CustomerImport
from loyalty.domain.importing.rows import ImportRow
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.import_likeness import note_likenesses
from tests.people.moved_shop import MovedShop

PLAN = ImportPlan(tuple(ImportField))


@dataclass(frozen=True)
class Judged:
    """Rows that were matched unasked, and rows that were put before staff, against what is true."""

    rows: int
    matched: int
    matched_wrongly: int
    refused: int
    """Rows that contradict themselves or the directory; somebody mends them."""
    resembling: int
    """Rows of people who are here, which no key told."""
    proposed: int
    """Rows for which somebody is proposed."""
    proposed_first: int
    """Rows whose likeliest proposal is the right person."""
    proposed_at_all: int
    """Rows among whose proposals the right person is."""
    missed: Counter[str]
    """Kinds of rows of people who are here and were neither matched nor proposed."""

    @property
    def precision(self) -> float:
        return self.proposed_first / max(1, self.proposed)

    @property
    def recall(self) -> float:
        return self.proposed_at_all / max(1, self.resembling)


def judged(uow: UnitOfWork, record: CustomerImport, shop: MovedShop) -> Judged:
    """Matches and compares the rows of the sheet as a dry run does."""
    rows = [ImportRow(line, each.cells) for line, each in enumerate(shop.sheet, start=2)]
    people = uow.bulk.find(rows).candidates
    results = {row.line: match(row, people, PLAN) for row in rows}
    unknown = [row for row in rows if results[row.line] is None]
    note_likenesses(uow, record, unknown)
    proposals: dict[int, list[str | None]] = {}
    lines = [row.line for row in unknown]
    for each in sorted(uow.imports.likenesses_at(record.id, lines), key=lambda each: -each.score):
        member = uow.customers.member(each.customer_id)
        proposals.setdefault(each.line, []).append(member.customer.reference_id if member else None)
    who = {row.line: each.who for row, each in zip(rows, shop.sheet, strict=True)}
    kind = {row.line: each.kind for row, each in zip(rows, shop.sheet, strict=True)}
    matched = {
        line: result.customer.reference_id
        for line, result in results.items()
        if result is not None and not isinstance(result, CellFault)
    }
    resembling = [line for line in lines if who[line] is not None]
    return Judged(
        rows=len(rows),
        matched=len(matched),
        matched_wrongly=sum(reference != who[line] for line, reference in matched.items()),
        refused=sum(isinstance(each, CellFault) for each in results.values()),
        resembling=len(resembling),
        proposed=len(proposals),
        proposed_first=sum(found[0] == who[line] for line, found in proposals.items()),
        proposed_at_all=sum(who[line] in proposals.get(line, ()) for line in resembling),
        missed=Counter(kind[line] for line in resembling if who[line] not in proposals.get(line, ())),
    )
