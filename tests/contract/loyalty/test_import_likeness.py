"""Rows of an import that resemble a customer, on each implementation: proposed, decided by staff, never lost."""

from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.duplicate_pair import DuplicatePair, PairState, ordered_pair
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement
from loyalty.domain.importing.likeness import ImportLikeness, LikenessCounts, LikenessDecision
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.record import CustomerImport, ImportState, SheetSummary
from loyalty.domain.importing.rows import ImportRow
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_person
from loyalty.services.import_likeness import LikenessWord, decide_likeness
from loyalty.services.import_rows import DryRun, PreparedRows, check_slice, import_slice
from loyalty.services.import_steps import (
    begin_import,
    plan_import,
    resume_import,
    sheet_was_read,
    start_import,
)
from loyalty.services.merge_customers import MergeOrder, merge_customers
from tests.contract.loyalty.test_importing import ALL, imported, rows_of, running
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, Counter, counter

LEA = {"reference_id": "L1", "given_name": "Léa", "family_name": "Petit-Jean", "birthday": "1990-03-12",
       "line_1": "12 rue des Lilas", "postal_code": "69003", "locality": "Lyon"}  # fmt: skip
AGAIN = {"given_name": "Lea", "family_name": "Petitjean", "birthday": "1990-03-12",
         "line_1": "12 rue des lilas", "postal_code": "69003", "locality": "Lyon", "note": "thé"}  # fmt: skip
STRANGER = {"given_name": "Noé", "family_name": "Autre", "birthday": "1971-07-01", "locality": "Nice"}


def checked(shop: Counter, *values: dict[str, str]) -> tuple[CustomerImport, list[ImportRow]]:
    """The directory holds Léa; these rows have been through their dry run."""
    imported(shop, rows_of(LEA))
    record = start_import(shop.uow, shop.ctx, shop.staff, "clients.csv")
    sheet_was_read(shop.uow, shop.ctx, record.id, SheetSummary(("a",), (("b",),), len(values)))
    planned = plan_import(shop.uow, shop.staff, record.id, ImportPlan(tuple(ALL)))
    assert isinstance(planned, CustomerImport)
    rows, dry_run = rows_of(*values), DryRun(frozenset())
    gone_on = check_slice(shop.uow, shop.ctx, planned, PreparedRows(rows, 9), dry_run)
    return check_slice(shop.uow, shop.ctx, gone_on, PreparedRows((), 9), dry_run), rows


def lea(shop: Counter) -> Customer:
    member = shop.uow.customers.member_by_reference("L1")
    assert member is not None
    return member.customer


def one_of(shop: Counter, record: CustomerImport) -> ImportLikeness:
    (found,) = shop.uow.imports.likenesses(record.id, 0, 10)
    return found


def pair_of(shop: Counter, one: UUID, other: UUID | None) -> DuplicatePair | None:
    assert other is not None
    return shop.uow.duplicates.get(*ordered_pair(one, other))


def test_a_dry_run_says_whom_rows_resemble_and_why(database: Database, ctx: ServiceContext) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, _ = checked(shop, AGAIN, STRANGER)
        found = one_of(shop, record)
        assert (found.line, found.customer_id, found.decision) == (2, lea(shop).id, None)
        assert found.score > 0.9
        assert found.agreements[Field.BIRTHDAY] is Agreement.EQUAL
        assert found.agreements[Field.GIVEN_NAME] is Agreement.EQUAL
        assert uow.imports.count_likenesses(record.id) == LikenessCounts(1, 1)
        assert uow.imports.likenesses(record.id, 2, 10) == []
        planned = plan_import(uow, shop.staff, record.id, ImportPlan(tuple(ALL)))
        assert isinstance(planned, CustomerImport)
        assert uow.imports.count_likenesses(record.id) == LikenessCounts(), "the next dry run finds them anew"


def test_names_changed_over_are_seen_through(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        swapped = {**AGAIN, "given_name": "Petit-Jean", "family_name": "Léa"}
        del swapped["birthday"]
        record, _ = checked(shop, swapped)
        assert one_of(shop, record).customer_id == lea(shop).id


def test_who_is_said_to_be_the_same_gets_what_the_row_knows(database: Database, ctx: ServiceContext) -> None:
    # row 38
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, rows = checked(shop, AGAIN, STRANGER)
        before = lea(shop)
        assert decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, 2, before.id)) is None
        assert uow.imports.count_likenesses(record.id) == LikenessCounts(1, 0)
        done = imported(shop, rows, begin_import(uow, ctx, shop.staff, record.id))
        assert (done.counts.imported, done.counts.matched, done.counts.changed) == (1, 1, 1)
        assert lea(shop).note == "thé"
        assert uow.duplicates.count_open() == 0
        again = decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, 2, None))
        assert again == Refused(Refusal.ROW_STORED_MEANWHILE)


def test_who_is_said_to_be_somebody_else_is_new_and_not_proposed_again(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, rows = checked(shop, AGAIN)
        assert decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, 2, None)) is None
        done = imported(shop, rows, begin_import(uow, ctx, shop.staff, record.id))
        assert done.counts.imported == 1
        pair = pair_of(shop, lea(shop).id, one_of(shop, record).made_id)
        assert pair is not None
        assert (pair.state, pair.decided_by) == (PairState.APART, shop.staff.id)


def test_who_is_undecided_is_neither_merged_nor_lost(database: Database, ctx: ServiceContext) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, rows = checked(shop, AGAIN)
        begun = begin_import(uow, ctx, shop.staff, record.id)
        done = imported(shop, rows, begun)
        assert (done.counts.imported, done.counts.matched) == (1, 0)
        assert lea(shop).note is None
        found = one_of(shop, record)
        pair = pair_of(shop, lea(shop).id, found.made_id)
        assert pair is not None
        assert (pair.state, pair.score) == (PairState.OPEN, found.score)
        assert [each.first_id for each in uow.duplicates.open_pairs(10)] == [pair.first_id]


def test_a_decision_holds_over_a_pause_and_for_whoever_was_merged_meanwhile(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, rows = checked(shop, STRANGER, AGAIN)
        begun = begin_import(uow, ctx, shop.staff, record.id)
        half = import_slice(uow, ctx, begun, PreparedRows(rows[:1], 5))
        uow.imports.save(replace(half, state=ImportState.PAUSED))
        gone = lea(shop)
        assert decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, 3, gone.id)) is None
        kept = Customer(
            UUID(int=7), CustomerSource.DIRECTORY, ctx.clock.now(), given_name="Léa", family_name="P."
        )
        uow.customers.add(kept)
        merged = merge_customers(uow, ctx, MergeOrder(kept.id, gone.id), shop.staff)
        assert not isinstance(merged, Refused), merged
        resumed = resume_import(uow, shop.staff, record.id)
        done = import_slice(uow, ctx, resumed, PreparedRows(rows[1:], 9))
        assert (done.counts.imported, done.counts.matched) == (1, 1)
        survivor = uow.customers.get(kept.id)
        assert survivor is not None
        assert survivor.note == "thé"


def test_for_whoever_was_forgotten_meanwhile_the_row_is_new(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, rows = checked(shop, AGAIN)
        decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, 2, lea(shop).id))
        erase_person(uow, ctx, lea(shop).id, shop.staff)
        assert uow.imports.count_likenesses(record.id) == LikenessCounts()
        done = imported(shop, rows, begin_import(uow, ctx, shop.staff, record.id))
        assert (done.counts.imported, uow.duplicates.count_open()) == (1, 0)


def test_two_rows_of_the_same_person_both_add_to_it(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, rows = checked(shop, AGAIN, {**AGAIN, "note": "calme"})
        for line in (2, 3):
            assert decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, line, lea(shop).id)) is None
        done = imported(shop, rows, begin_import(uow, ctx, shop.staff, record.id))
        assert done.counts.matched == 2
        assert lea(shop).note == "thé\ncalme"


def test_deciding_asks_for_both_permissions_and_a_proposal(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, _ = checked(shop, AGAIN)
        for missing in (Permission.IMPORT_CUSTOMERS, Permission.MERGE_CUSTOMERS):
            role = replace(shop.cashier.role, permissions=frozenset(Permission) - {missing})
            with pytest.raises(PermissionDeniedError):
                decide_likeness(uow, ctx, replace(shop.cashier, role=role), LikenessWord(record.id, 2, None))
        unknown = Refused(Refusal.CUSTOMER_UNKNOWN)
        assert decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, 99, None)) == unknown
        assert decide_likeness(uow, ctx, shop.staff, LikenessWord(record.id, 2, UUID(int=5))) == unknown


def test_a_likeness_comes_back_as_it_was_saved(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record, customer = running(shop), shop.member(CAMILLE).customer
        likeness = ImportLikeness(record.id, 7, customer.id, 0.75, {Field.PHONE: Agreement.ALIKE})
        uow.imports.add_likenesses([likeness, replace(likeness, line=9)])
        decided = replace(
            likeness,
            decision=LikenessDecision.SAME,
            decided_by=shop.staff.id,
            decided_at=ctx.clock.now(),
            made_id=customer.id,
        )
        uow.imports.save_likeness(decided)
        assert uow.imports.likenesses_at(record.id, [7]) == [decided]
        assert [each.line for each in uow.imports.likenesses(record.id, 0, 1)] == [7]
        assert uow.imports.count_likenesses(record.id) == LikenessCounts(2, 1)
        uow.imports.forget_likenesses(record.id)
        assert uow.imports.likenesses_at(record.id, [7, 9]) == []
