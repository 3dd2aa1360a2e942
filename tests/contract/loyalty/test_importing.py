"""Imports on each implementation: what rows leave, what the same rows leave again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentPurpose, ConsentState, current_consents
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.filters import Comparator, FilterSet, Moment, is_true_of
from loyalty.domain.filters.email_subscribers import EmailSubscribers
from loyalty.domain.filters.visits import Visits
from loyalty.domain.group import Group
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.fields import Target, custom_target
from loyalty.domain.importing.plan import Attestation, ImportPlan, PlanFault
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.record import Counts, CustomerImport, ImportState, PauseReason, SheetSummary
from loyalty.domain.importing.rows import FailedRow, ImportRow
from loyalty.domain.staff import Permission
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.activity import verify_activity
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_person
from loyalty.services.import_rows import DryRun, PreparedRows, check_slice, import_slice
from loyalty.services.import_steps import (
    begin_import,
    drop_import,
    pause_import,
    plan_import,
    resume_import,
    sheet_was_read,
    start_import,
)
from loyalty.services.profile_view import profile_view
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, IDRIS, Counter, counter

ALL = tuple(F)
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def rows_of(*values: dict[str, str]) -> list[ImportRow]:
    return [ImportRow(line, each) for line, each in enumerate(values, start=2)]


def running(shop: Counter, targets: Sequence[Target | None] = ALL, **more: object) -> CustomerImport:
    """An import that was checked and begun."""
    record = start_import(shop.uow, shop.ctx, shop.staff, "clients.csv")
    sheet_was_read(shop.uow, shop.ctx, record.id, SheetSummary(("a",), (("b",),), 3))
    planned = plan_import(shop.uow, shop.staff, record.id, ImportPlan(tuple(targets), **more))  # type: ignore[arg-type]
    assert isinstance(planned, CustomerImport), planned
    check_slice(shop.uow, shop.ctx, planned, PreparedRows((), 0), DryRun(frozenset()))
    return begin_import(shop.uow, shop.ctx, shop.staff, record.id)


def imported(
    shop: Counter, rows: Sequence[ImportRow | FailedRow], record: CustomerImport | None = None
) -> CustomerImport:
    record = record or running(shop)
    gone_on = import_slice(shop.uow, shop.ctx, record, PreparedRows(rows, 100))
    return import_slice(shop.uow, shop.ctx, gone_on, PreparedRows((), 100))


def by_reference(uow: UnitOfWork, reference: str) -> Customer:
    member = uow.customers.member_by_reference(reference)
    assert member is not None
    return member.customer


FULL = {
    "reference_id": "00042", "given_name": "Léa", "family_name": "Petit", "nickname": "Lé", "company_name": "Petit SA",
    "phone_number": "+33612340000", "email_address": "Lea@petit.fr", "line_1": "1 rue A", "locality": "Lyon",
    "postal_code": "69001", "country": "FR", "birthday": "1990-03-12", "language": "fr", "note": "thé", "preferences": "calme",
    "points": "120", "enrolled_at": "2021-05-06T00:00:00+00:00", "visits": "7", "spend": "12345",
    "first_visit": "2020-01-02T00:00:00+00:00", "email_consent": "unsubscribed",
}  # fmt: skip


def test_a_row_becomes_a_customer_with_all_it_says(database: Database, ctx: ServiceContext) -> None:
    # rows 36, 37, part of 212
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        done = imported(shop, rows_of(FULL))
        uow.commit()
    with database.reading() as uow:
        record = uow.imports.get(done.id)
        assert record is not None
        assert record.state is ImportState.FINISHED
        assert record.counts == Counts(done=1, imported=1)
        lea = by_reference(uow, "00042")
        assert lea.source is CustomerSource.IMPORT
        assert (lea.given_name, lea.family_name, lea.note) == ("Léa", "Petit", "thé")
        assert uow.profiles.addresses(lea.id) == (
            PostalAddress(None, "1 rue A", None, "Lyon", None, "69001", "FR"),
        )
        assert uow.birthdays.of_customer(lea.id) == Birthday(3, 12, 1990)
        member = uow.customers.member_by_phone("+33612340000")
        assert member is not None
        assert member.account is not None
        assert member.account.balance == 120
        assert len(uow.cards.of_customer(lea.id)) == 1
        assert current_consents(uow.consents.of_customer(lea.id)) == {
            ConsentPurpose.MARKETING_EMAIL: ConsentState.WITHDRAWN
        }
        assert not uow.ledger.compare().faults


def test_the_same_rows_again_change_nothing(database: Database, ctx: ServiceContext) -> None:
    # part of row 180
    said = rows_of(
        FULL, {"given_name": "Sans", "family_name": "Clé"}, {"given_name": "Sq", "external_id": "SQ1"}
    )
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        first = imported(shop, said)
        uow.commit()
    with database.unit_of_work() as uow:
        before = uow.bulk.find(said).candidates
        shop = counter(uow, ctx)
        again = imported(shop, said)
        uow.commit()
    with database.reading() as uow:
        after = uow.bulk.find(said).candidates
    assert first.counts == Counts(done=3, imported=3)
    assert again.counts == Counts(done=3, matched=3, points_left=1)
    assert after == before


def test_rows_add_to_those_who_are_there(database: Database, ctx: ServiceContext) -> None:
    # row 38, part of 31
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        idris = shop.member(IDRIS)
        uow.customers.save(replace(idris.customer, reference_id=None, version=idris.customer.version + 1))
        done = imported(
            shop,
            rows_of(
                {"phone_number": IDRIS, "reference_id": "007", "email_address": "idris@x.fr"},
                {"reference_id": "007", "note": "latte", "birthday": "--05-06"},
            ),
        )
        uow.commit()
    assert done.counts == Counts(done=2, matched=2, changed=2)
    with database.reading() as uow:
        customer = by_reference(uow, "007")
        assert customer.id == idris.customer.id
        assert customer.given_name == idris.customer.given_name
        assert (customer.email_address, customer.note) == ("idris@x.fr", "latte")
        assert uow.birthdays.of_customer(customer.id) == Birthday(5, 6)


def test_people_are_found_by_each_key_and_by_the_account_alone(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        imported(shop, rows_of(FULL))
        lea = by_reference(uow, "00042")
        uow.customers.save(replace(lea, phone_number=None, version=lea.version + 1))
        for key in (
            {"customer_id": str(lea.id)},
            {"phone_number": "+33612340000"},
            {"email_address": "LEA@petit.fr"},
            {"reference_id": "00042"},
        ):
            done = imported(shop, rows_of(key))
            assert done.counts.matched == 1, key
        uow.commit()


def test_merged_ones_lead_to_the_survivor_and_forgotten_ones_to_nobody(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        imported(
            shop,
            rows_of({"reference_id": "A", "given_name": "Ada"}, {"reference_id": "B", "given_name": "Bob"}),
        )
        ada, bob = by_reference(uow, "A"), by_reference(uow, "B")
        uow.customers.save(replace(ada, merged_into=bob.id, reference_id=None, version=2))
        done = imported(shop, rows_of({"customer_id": str(ada.id), "reference_id": "B", "note": "merged"}))
        assert done.counts.changed == 1
        assert by_reference(uow, "B").note == "merged"
        erased = erase_person(uow, ctx, bob.id, shop.staff)
        uow.customers.save(replace(erased, erased_at=AT, version=erased.version + 1))
        again = imported(shop, rows_of({"reference_id": "B", "given_name": "Bea"}))
        assert again.counts.imported == 1
        refused = imported(shop, rows_of({"customer_id": str(bob.id), "note": "x"}))
        assert refused.counts.failed == 1
        uow.commit()


def test_a_forgotten_person_is_no_longer_known_by_the_rows_they_came_from(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 176
    said = rows_of({"given_name": "Ida", "external_id": "SQ9"})
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        imported(shop, said)
        found = uow.bulk.find(said).candidates.by_print
        erase_person(uow, ctx, found["id:SQ9"], shop.staff)
        assert uow.bulk.find(said).candidates.by_print == {}
        uow.commit()


def test_failed_rows_are_kept_with_their_reasons(database: Database, ctx: ServiceContext) -> None:
    # part of rows 39, 180
    bad = FailedRow(9, (CellFault(CellReason.TOO_LONG, 3, F.NOTE, {"max": 2000}),))
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        done = imported(
            shop, [*rows_of(FULL, {"phone_number": CAMILLE, "email_address": "lea@petit.fr"}), bad]
        )
        uow.commit()
    assert done.counts == Counts(done=3, imported=1, failed=2)
    with database.unit_of_work() as uow:
        assert uow.imports.failures(done.id, 0, 10) == [
            FailedRow(
                3, (CellFault(CellReason.OTHER_CUSTOMER, ALL.index(F.EMAIL_ADDRESS), F.EMAIL_ADDRESS),)
            ),
            bad,
        ]
        assert [row.line for row in uow.imports.failures(done.id, 3, 10)] == [9]
        assert uow.imports.failures(done.id, 0, 1)[0].line == 3
        uow.imports.forget_failures(done.id)
        assert uow.imports.failures(done.id, 0, 10) == []


def test_all_rows_join_the_group_once(database: Database, ctx: ServiceContext) -> None:
    # row 54, part of 52
    group = Group(new_id(), "Nouveaux")
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        uow.groups.add(group)
        for _ in range(2):
            record = running(shop, group_id=group.id)
            imported(shop, rows_of(FULL, {"phone_number": CAMILLE}), record)
        uow.commit()
    with database.reading() as uow:
        assert group in uow.groups.of_customer(by_reference(uow, "00042").id)
        member = uow.customers.member_by_phone(CAMILLE)
        assert member is not None
        assert group in uow.groups.of_customer(member.customer.id)


def test_a_balance_comes_along_once_and_expires_like_others(database: Database, ctx: ServiceContext) -> None:
    # part of rows 184, 212
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        before = shop.balance(CAMILLE)
        first = imported(shop, rows_of({"phone_number": CAMILLE, "points": "50"}))
        further = rows_of({"phone_number": CAMILLE, "points": "70"}, {"phone_number": CAMILLE, "points": "0"})
        record = running(shop)
        again = imported(shop, further, record)
        assert (first.counts.points_left, again.counts.points_left) == (0, 1)
        stored = uow.imports.now(record)
        assert stored is not None
        assert stored.counts == again.counts
        assert shop.balance(CAMILLE) == before + 50
        assert not uow.ledger.compare().faults
        uow.commit()


def test_the_shops_own_fields_are_filled(database: Database, ctx: ServiceContext) -> None:
    size = CustomField(new_id(), "Pointure", FieldKind.NUMBER)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        uow.profiles.save_custom_field(size)
        record = running(shop, (F.GIVEN_NAME, F.REFERENCE_ID, custom_target(size.id)))
        imported(
            shop, rows_of({"given_name": "A", "reference_id": "A", custom_target(size.id): "42"}), record
        )
        assert uow.profiles.custom_values(by_reference(uow, "A").id) == {size.id: "42"}
        uow.commit()


def test_an_imported_address_gets_no_news_until_the_owner_attests_it(
    database: Database, ctx: ServiceContext
) -> None:
    # part of X8, X18
    told = Attestation(
        frozenset({ConsentPurpose.MARKETING_EMAIL}), "Former till", date(2024, 5, 1), "I want news"
    )
    subscribers = FilterSet((EmailSubscribers(),))
    rows = rows_of({"reference_id": "1", "given_name": "Léa", "email_address": "lea@petit.fr"})
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        imported(shop, rows)
        lea = by_reference(uow, "1").id
        condition, moment = subscribers.condition(uow.groups.known()), Moment(ctx.clock.now(), "Europe/Paris")
        assert lea not in uow.directory.ids(condition, moment, None, 100)
        columns = (F.REFERENCE_ID, F.GIVEN_NAME, F.EMAIL_ADDRESS)
        imported(shop, rows, running(shop, columns, attestation=told))
        assert lea in uow.directory.ids(condition, moment, None, 100)


def test_opt_outs_known_here_win_over_an_attestation(database: Database, ctx: ServiceContext) -> None:
    # X18, row 32
    told = Attestation(
        frozenset({ConsentPurpose.MARKETING_EMAIL}), "Ancienne caisse", date(2024, 1, 1), "J’accepte"
    )
    said = rows_of(
        {
            "given_name": "Eve",
            "reference_id": "E",
            "email_address": "eve@x.fr",
            "email_consent": "unsubscribed",
        }
    )
    wants = rows_of(
        {"reference_id": "E", "email_address": "eve@x.fr", "email_consent": "subscribed"},
        {
            "reference_id": "G",
            "given_name": "Gil",
            "email_address": "gil@x.fr",
            "email_consent": "subscribed",
        },
    )
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        imported(shop, said)
        imported(shop, wants)
        assert uow.consents.of_customer(by_reference(uow, "G").id) == []
        imported(shop, wants, running(shop, attestation=told))
        assert current_consents(uow.consents.of_customer(by_reference(uow, "E").id)) == {
            ConsentPurpose.MARKETING_EMAIL: ConsentState.WITHDRAWN
        }
        granted = uow.consents.of_customer(by_reference(uow, "G").id)
        assert [entry.wording_text for entry in granted] == ["J’accepte (Ancienne caisse, 2024-01-01)"]
        uow.commit()


def test_a_dry_run_counts_what_the_import_does_and_stores_no_customer(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 180
    said = rows_of(
        {"given_name": "Ada", "phone_number": "+33612349999"},
        {"given_name": "Ada", "phone_number": "+33612349999", "note": "twice"},
        {"phone_number": CAMILLE, "note": "new"},
        {"phone_number": CAMILLE},
        {"given_name": "Xenia", "family_name": "Quill", "phone_number": "+33612349999"},
        {"given_name": "Sans", "family_name": "Clé"},
    )
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record = start_import(uow, ctx, shop.staff, "a.csv")
        sheet_was_read(uow, ctx, record.id, SheetSummary(("a",), (), 6))
        planned = plan_import(uow, shop.staff, record.id, ImportPlan(ALL))
        assert isinstance(planned, CustomerImport)
        dry_run = DryRun(frozenset({"p:+33612349999", f"p:{CAMILLE}"}))
        for start in range(0, 6, 2):
            planned = check_slice(uow, ctx, planned, PreparedRows(said[start : start + 2], start), dry_run)
        checked = check_slice(uow, ctx, planned, PreparedRows((), 6), dry_run)
        assert checked.state is ImportState.CHECKED
        assert uow.customers.by_phone_without_account("+33612349999") is None
        begun = begin_import(uow, ctx, shop.staff, record.id)
        done = imported(shop, said, begun)
        uow.commit()
    assert checked.counts == done.counts == Counts(done=6, imported=2, matched=3, changed=2, failed=1)


def test_steps_pressed_twice_or_out_of_turn_do_nothing(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record = start_import(uow, ctx, shop.staff, "  \u202eclients.csv\n")
        assert record.file_name == "clients.csv"
        assert begin_import(uow, ctx, shop.staff, record.id).state is ImportState.READING
        assert pause_import(uow, record.id, PauseReason.STAFF).state is ImportState.READING
        assert plan_import(uow, shop.staff, record.id, ImportPlan(ALL)).state is ImportState.READING  # type: ignore[union-attr]
        broken = sheet_was_read(uow, ctx, record.id, {"fault": "quotes", "line": 3})
        assert (broken.state, broken.fault) == (ImportState.UNREADABLE, {"fault": "quotes", "line": 3})
        assert sheet_was_read(uow, ctx, record.id, SheetSummary((), (), 0)) == broken
        assert drop_import(uow, ctx, shop.staff, record.id) == broken
        begun = running(shop)
        assert begin_import(uow, ctx, shop.staff, begun.id).state is ImportState.RUNNING
        assert plan_import(uow, shop.staff, begun.id, ImportPlan((F.PHONE_NUMBER,))) == begun
        paused = pause_import(uow, begun.id, PauseReason.STORAGE)
        assert (paused.state, paused.fault) == (ImportState.PAUSED, {"pause": "storage"})
        assert uow.imports.active() == []
        resumed = resume_import(uow, shop.staff, begun.id)
        assert (resumed.state, resumed.fault) == (ImportState.RUNNING, {})
        assert uow.imports.active() == [resumed]
        assert drop_import(uow, ctx, shop.staff, begun.id).state is ImportState.DROPPED
        assert [each.id for each in uow.imports.recent(1)] == [begun.id]
        with pytest.raises(UnknownIdError):
            resume_import(uow, shop.staff, new_id())
        uow.commit()


def test_each_step_asks_for_its_permission(database: Database, ctx: ServiceContext) -> None:
    told = Attestation(frozenset({ConsentPurpose.MARKETING_EMAIL}), "a", date(2024, 1, 1), "b")
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        with pytest.raises(PermissionDeniedError):
            start_import(uow, ctx, shop.cashier, "a.csv")
        record = start_import(uow, ctx, shop.staff, "a.csv")
        sheet_was_read(uow, ctx, record.id, SheetSummary((), (), 0))
        role = replace(shop.cashier.role, permissions=frozenset({Permission.IMPORT_CUSTOMERS}))
        importer = replace(shop.cashier, role=role)
        name: tuple[Target | None, ...] = (F.GIVEN_NAME,)
        for plan in (
            ImportPlan((*name, F.POINTS)),
            ImportPlan(name, group_id=new_id()),
            ImportPlan(name, attestation=told),
        ):
            with pytest.raises(PermissionDeniedError):
                plan_import(uow, importer, record.id, plan)
        assert plan_import(uow, importer, record.id, ImportPlan((F.NOTE,))) == (PlanFault.NOBODY_NAMED,)
        assert isinstance(plan_import(uow, importer, record.id, ImportPlan(name)), CustomerImport)


def test_an_import_comes_back_as_it_was_saved_and_old_ones_are_listed(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    told = Attestation(frozenset({ConsentPurpose.MARKETING_SMS}), "a", date(2024, 1, 1), "b")
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        record = replace(
            running(shop),
            plan=ImportPlan(
                (F.GIVEN_NAME, None, custom_target(new_id())), group_id=new_id(), attestation=told
            ),
            sheet=SheetSummary(("é", ""), (("1", "=2"), ("", "")), 5),
            position=2**40,
        )
        uow.imports.save(record)
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.imports.get(record.id) == record
        shop = counter(uow, ctx)
        ended = drop_import(uow, ctx, shop.staff, record.id)
        assert ended.finished_at is not None
        assert uow.imports.finished_before(ended.finished_at) == []
        assert uow.imports.finished_before(ended.finished_at + timedelta(seconds=1)) == [record.id]


def test_a_hundred_rows_at_once(database: Database, ctx: ServiceContext) -> None:
    said = [
        ImportRow(line, {"given_name": f"N{line}", "phone_number": f"+3361234{line:04}", "email_address": f"n{line}@x.fr",
                         "reference_id": f"{line:06}", "points": "5", "line_1": f"{line} rue A"})
        for line in range(2, 102)
    ]  # fmt: skip
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        assert imported(shop, said).counts == Counts(done=100, imported=100)
        assert imported(shop, said).counts == Counts(done=100, matched=100, points_left=100)
        assert not uow.ledger.compare().faults
        found = uow.bulk.find(said).candidates.by_reference
        ids: set[UUID] = {found[each.values["reference_id"]][0] for each in said}
        assert len(ids) == 100
        uow.commit()


def test_visits_and_spending_start_the_sums_and_smart_groups(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 212
    said = {
        "given_name": "Old", "reference_id": "O", "visits": "7", "spend": "12345",
        "first_visit": "2020-01-02T00:00:00+00:00", "last_visit": "2026-02-20T09:00:00+00:00",
    }  # fmt: skip
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id
        before = uow.activity.summary(camille)
        imported(shop, rows_of(said, {"phone_number": CAMILLE, "visits": "3", "spend": "100"}))
        old = by_reference(uow, "O").id
        summary = uow.activity.summary(old)
        assert (summary.visits, summary.spend_minor) == (7, 12345)
        assert summary.first_visit_at == datetime(2020, 1, 2, tzinfo=UTC)
        assert summary.last_visit_at == datetime(2026, 2, 20, 9, tzinfo=UTC)
        assert uow.activity.summary(camille).visits == before.visits + 3
        assert verify_activity(uow).faults == ()
        imported(shop, rows_of({**said, "visits": "9"}))
        assert uow.activity.summary(old).visits == 9
        view = profile_view(uow, ctx, old, shop.staff)
        assert view is not None
        shown = view.activity.visits
        assert (shown.visits, shown.spend_minor) == (9, 12345)
        assert (shown.first_at, shown.last_at) == (summary.first_visit_at, summary.last_visit_at)
        assert view.activity.start.visits == 9
        regulars = FilterSet((Visits(Comparator.AT_LEAST, 9),)).condition(uow.groups.known())
        facts = uow.activity.facts(old)
        assert facts is not None
        moment = Moment(clock.now(), "Europe/Paris")
        assert is_true_of(regulars, facts, moment)
        assert list(uow.directory.ids(regulars, moment, None, 10)) == [old]
        uow.commit()
