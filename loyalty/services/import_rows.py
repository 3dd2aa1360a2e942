"""One slice of an import: some rows are matched, merged and stored, in the caller's transaction.

How far the import got is stored with the rows, so that each row has its effect once, whatever dies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from loyalty.domain.importing.matching import Candidates, keys_of, match, print_of
from loyalty.domain.importing.merging import Addition, MergeContext, combined, merge
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.reasons import CellFault
from loyalty.domain.importing.record import Counts, CustomerImport, ImportState
from loyalty.domain.importing.rows import FailedRow, ImportRow
from loyalty.ports.importing import Batch
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.import_likeness import Proposed, note_likenesses, proposed_for
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

ReadRow = ImportRow | FailedRow


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """Rows as they were read and checked."""

    rows: Sequence[ReadRow]
    position: int
    """Where the next ones stand; as at first where there are none left."""


@dataclass(slots=True)
class DryRun:
    """What a check must remember between its slices: people whom several rows of the sheet are about."""

    repeated: frozenset[str]
    """Keys that more than one row bears."""
    people: Candidates = field(default_factory=Candidates)

    def remember(self, row: ImportRow, addition: Addition) -> None:
        if not self.repeated.isdisjoint(keys_of(row)):
            self.people.note(addition.after, print_of(row))


@dataclass(slots=True)
class _Taken:
    additions: dict[UUID, Addition] = field(default_factory=dict)
    failed: list[FailedRow] = field(default_factory=list)
    members: list[UUID] = field(default_factory=list)
    new_rows: list[ImportRow] = field(default_factory=list)
    prints: dict[str, UUID] = field(default_factory=dict)
    imported: int = 0
    matched: int = 0
    changed: int = 0
    points_left: int = 0

    def take(self, row: ImportRow, addition: Addition) -> None:
        customer_id = addition.after.customer.id
        earlier = self.additions.get(customer_id)
        self.members.append(customer_id)
        self.points_left += addition.leaves_points
        if addition.is_new:
            self.imported += 1
            self.new_rows.append(row)
        else:
            self.matched += 1
            self.changed += addition.changes_anything
        if addition.is_new or addition.changes_anything:
            self.additions[customer_id] = combined(earlier, addition) if earlier is not None else addition
        printed = print_of(row)
        if printed is not None:
            self.prints[printed] = customer_id

    def added_to(self, counts: Counts, rows: int) -> Counts:
        return Counts(
            done=counts.done + rows,
            imported=counts.imported + self.imported,
            matched=counts.matched + self.matched,
            changed=counts.changed + self.changed,
            failed=counts.failed + len(self.failed),
            points_left=counts.points_left + self.points_left,
        )


def import_slice(
    uow: UnitOfWork, ctx: ServiceContext, record: CustomerImport, prepared: PreparedRows
) -> CustomerImport:
    """Store some rows, and that they are done. Once there are none left, the import is finished.

    Raises:
        ConflictError: Something of it was taken meanwhile; try again.
    """
    if not prepared.rows:
        return _ended(uow, ctx, record, ImportState.FINISHED)
    plan = _plan(record)
    good = [row for row in prepared.rows if isinstance(row, ImportRow)]
    proposed = proposed_for(uow, record, good)
    taken = _take(uow, ctx, record, prepared.rows, proposed=proposed)
    uow.bulk.store(
        Batch(tuple(taken.additions.values()), ctx.clock.now(), plan.group_id, taken.members, taken.prints)
    )
    proposed.settle(uow, ctx)
    return _went_on(uow, record, taken, prepared)


def check_slice(
    uow: UnitOfWork, ctx: ServiceContext, record: CustomerImport, prepared: PreparedRows, dry_run: DryRun
) -> CustomerImport:
    """What some rows would do, counted; of the customers nothing is stored."""
    if not prepared.rows:
        return _ended(uow, ctx, record, ImportState.CHECKED)
    taken = _take(uow, ctx, record, prepared.rows, dry_run=dry_run)
    note_likenesses(uow, record, taken.new_rows)
    return _went_on(uow, record, taken, prepared)


def _take(
    uow: UnitOfWork,
    ctx: ServiceContext,
    record: CustomerImport,
    rows: Iterable[ReadRow],
    *,
    dry_run: DryRun | None = None,
    proposed: Proposed | None = None,
) -> _Taken:
    plan, taken = _plan(record), _Taken()
    taken.failed.extend(row for row in rows if isinstance(row, FailedRow))
    good = [row for row in rows if isinstance(row, ImportRow)]
    found = uow.bulk.find(good)
    people = found.candidates
    if dry_run is not None:
        for earlier in dry_run.people.by_id.values():
            people.note(earlier)
        people.by_print.update(dry_run.people.by_print)
    context = _merge_context(uow, ctx, record, plan, found.suppressed)
    for row in good:
        known = match(row, people, plan)
        if known is None and proposed is not None:
            known = proposed.chosen_for(row.line, people)
        result = known if isinstance(known, CellFault) else merge(row, known, context)
        if isinstance(result, CellFault):
            taken.failed.append(FailedRow(row.line, (result,)))
            continue
        taken.take(row, result)
        people.note(result.after, print_of(row))
        if proposed is not None:
            proposed.was_stored(row.line, result.after.customer.id)
        if dry_run is not None:
            dry_run.remember(row, result)
    return taken


def _merge_context(
    uow: UnitOfWork,
    ctx: ServiceContext,
    record: CustomerImport,
    plan: ImportPlan,
    suppressed: frozenset[str],
) -> MergeContext:
    now, programme = ctx.clock.now(), uow.programme.current()
    expires_at = (
        programme.expiry.expires_at(now, shop_settings(uow).timezone) if programme is not None else None
    )
    return MergeContext(
        plan=plan,
        at=now,
        new_id=new_id,
        opening_expires_at=expires_at,
        suppressed=suppressed,
        own_customer_id=uow.staff.customer_of(record.staff_id),
    )


def _went_on(
    uow: UnitOfWork, record: CustomerImport, taken: _Taken, prepared: PreparedRows
) -> CustomerImport:
    if taken.failed:
        uow.imports.add_failures(record.id, taken.failed)
    counts = taken.added_to(record.counts, len(prepared.rows))
    gone_on = replace(record, counts=counts, position=prepared.position)
    uow.imports.go_on(gone_on)
    return gone_on


def _ended(
    uow: UnitOfWork, ctx: ServiceContext, record: CustomerImport, state: ImportState
) -> CustomerImport:
    is_over = state is ImportState.FINISHED
    ended = replace(record, state=state, finished_at=ctx.clock.now() if is_over else None)
    uow.imports.go_on(ended)
    return ended


def _plan(record: CustomerImport) -> ImportPlan:
    return record.plan if record.plan is not None else ImportPlan(())
