"""One person's side of all tables, the shop's decisions about data, and incidents, on each database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from loyalty.domain.audit import AuditAction
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.privacy import DEFAULT_PRIVACY_SETTINGS, Incident, PrivacySettings
from loyalty.ports.after_sale import AuditWanted
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.identify import read_code
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, counter, evidence

Database = InMemoryDatabase
LATER = timedelta(days=400)


def test_a_persons_sales_messages_and_visits_are_found(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès", "Croissant")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(CAMILLE).id))
        camille = shop.member(CAMILLE).customer.id
        assert uow.people.has_unfinished_sale(camille)
        assert list(uow.people.sales_of(camille)) == []
        shop.pay(sale)
        uow.commit()
    with database.reading() as uow:
        assert not uow.people.has_unfinished_sale(camille)
        (past,) = uow.people.sales_of(camille)
        items = (("Tasse en grès", 1), ("Croissant", 1))
        assert (past.id, past.currency, past.items) == (sale.id, "EUR", items)
        assert past.total_minor > 0
        assert past.points_earned > 0
        assert [each.sale_id for each in uow.people.identifications_of(camille)] == [sale.id]
        assert {each.customer_id for each in uow.people.messages_of(camille)} == {camille}
        assert list(uow.people.sales_of(new_id())) == []


def test_who_stayed_away_is_found_page_by_page(database: Database, ctx: ServiceContext) -> None:
    # part of row 201
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        people = [shop.member(number).customer for number in (CAMILLE, IDRIS, ZOE)]
        now = ctx.clock.now()
        since = now + timedelta(days=1)
        assert uow.people.inactive(now - timedelta(days=1), None, 10).customer_ids == ()
        page = uow.people.inactive(since, None, 10)
        assert set(page.customer_ids) == {each.id for each in people}
        assert page.last is None
        erased = Customer(new_id(), CustomerSource.DIRECTORY, now - LATER, erased_at=now)
        uow.customers.add(erased)
        merged = Customer(new_id(), CustomerSource.DIRECTORY, now - LATER, merged_into=people[0].id)
        uow.customers.add(merged)
        found, after = [], None
        for _ in range(3):
            page = uow.people.inactive(since, after, 2)
            found += page.customer_ids
            after = page.last
        assert sorted(found) == sorted(each.id for each in people)
        assert not uow.people.is_inactive(erased.id, since)
        assert not uow.people.is_inactive(merged.id, since)
        assert uow.people.is_inactive(people[0].id, since)
        assert not uow.people.is_inactive(people[0].id, now)
        assert list(uow.people.merged_into(people[0].id)) == [merged.id]


def test_who_was_told_and_who_was_erased_is_remembered_once(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille, zoe = shop.member(CAMILLE).customer.id, shop.member(ZOE).customer.id
        now = ctx.clock.now()
        assert uow.people.note_told(camille, now)
        assert not uow.people.note_told(camille, now + LATER)
        assert uow.people.note_told(zoe, now + timedelta(hours=1))
        assert list(uow.people.told_until(now, 9)) == [camille]
        assert list(uow.people.told_until(now + LATER, 9)) == [camille, zoe]
        assert list(uow.people.told_until(now + LATER, 1)) == [camille]
        uow.people.forget_told(camille)
        assert not uow.people.is_told(camille)
        assert uow.people.is_told(zoe)
        uow.people.note_erased(camille, now)
        uow.people.note_erased(camille, now + LATER)
        assert [(each.customer_id, each.at) for each in uow.people.erased()] == [(camille, now)]


def test_decisions_about_data_and_incidents_are_kept(database: Database, ctx: ServiceContext) -> None:
    # part of row 201
    changed = PrivacySettings(retention_months=24, privacy_contact="dpo@example.org", minimum_age=15)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        assert uow.privacy.settings() == DEFAULT_PRIVACY_SETTINGS
        assert DEFAULT_PRIVACY_SETTINGS.retention_months == 36
        uow.privacy.save_settings(changed)
        at = datetime(2026, 3, 2, tzinfo=UTC)
        first = Incident(new_id(), date(2026, 3, 1), "A list was lost", "", shop.staff.id, at)
        later = Incident(new_id(), date(2026, 3, 5), "A wrong e-mail", "The authority", shop.staff.id, at)
        uow.privacy.save_incident(first)
        uow.privacy.save_incident(later)
        told = replace(first, told="The authority, 3 March", changed_at=at)
        uow.privacy.save_incident(told)
        uow.commit()
    with database.reading() as uow:
        assert uow.privacy.settings() == changed
        assert list(uow.privacy.incidents()) == [later, told]


def test_deeds_are_found_newest_first_by_person_kind_and_subject(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 74
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        start = ctx.clock.now()
        note_deed(uow, ctx, shop.staff, action=AuditAction.ROLE_SAVED, subject="role:1")
        note_deed(uow, ctx, shop.cashier, action=AuditAction.SIGNED_OUT, subject="staff:2")
        note_deed(uow, ctx, None, action=AuditAction.SIGN_IN_FAILED, subject="staff:2")
        wanted = AuditWanted(start, start + timedelta(seconds=1))
        everything = uow.audit.newest(wanted, None, 9)
        assert [each.subject for each in everything] == ["staff:2", "staff:2", "role:1"]
        assert list(uow.audit.newest(wanted, everything[0].id, 1)) == [everything[1]]
        assert list(uow.audit.newest(wanted, everything[2].id, 9)) == []
        assert list(uow.audit.newest(replace(wanted, staff_id=shop.staff.id), None, 9)) == [everything[2]]
        assert list(uow.audit.newest(replace(wanted, is_nobody=True), None, 9)) == [everything[0]]
        assert list(uow.audit.newest(replace(wanted, action=AuditAction.SIGNED_OUT), None, 9)) == [
            everything[1]
        ]
        for about in ("2", "staff:2"):
            assert len(uow.audit.newest(replace(wanted, about=about), None, 9)) == 2
        assert list(uow.audit.newest(replace(wanted, about="%"), None, 9)) == []
        assert list(uow.audit.newest(AuditWanted(start - timedelta(1), start), None, 9)) == []
        assert uow.audit.count(start, start + timedelta(seconds=1), AuditAction.SIGN_IN_FAILED) == 1
