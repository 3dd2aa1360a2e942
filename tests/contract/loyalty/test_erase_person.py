"""Forgetting a person, on each database."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.database import SqlDatabase, opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.adapters.sql.unit_of_work import SqlUnitOfWork
from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.delivery import ProcessedEvent
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.papers import Attachment, CustomerNote
from loyalty.domain.payment_card import CardToken
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.ports.message_delivery import OptOutLink
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_again, erase_person
from loyalty.services.identify import read_code
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.payment_card import link_card
from loyalty.services.status_link import new_status_link
from loyalty.services.status_page import status_page
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, SIGNER, ZOE, Counter, counter, evidence

Database = InMemoryDatabase


def test_a_person_is_forgotten_and_the_totals_stay(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 176
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        start = clock.now()
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(CAMILLE).id))
        shop.pay(sale)
        customer_id = shop.member(CAMILLE).customer.id
        link_card(uow, ctx, customer_id, CardToken("Visa", "4242", "fp_7Jw0"), shop.staff)
        uow.birthdays.put(customer_id, Birthday(3, 10))
        uow.opt_out_links.add(b"x" * 32, OptOutLink(customer_id, CAMILLE), clock.now())
        uow.profiles.put_addresses(customer_id, [PostalAddress(line_1="3 rue du Lac")])
        field = CustomField(new_id(), "Pointure", FieldKind.TEXT)
        uow.profiles.save_custom_field(field)
        uow.profiles.put_custom_value(customer_id, field, "42")
        event_id, other_id = new_id(), new_id()
        session = uow.people.identifications_of(customer_id)[0].session_id
        for each, result in (
            (event_id, f'{{"session":"{session}","name":"Camille"}}'),
            (other_id, "somebody else"),
        ):
            uow.inbox.add(ProcessedEvent("s0001.k01", each, b"d" * 32, result, start))
        token = new_status_link(uow, ctx, customer_id).rsplit("/", 1)[1]
        card = shop.card(CAMILLE)
        with pytest.raises(PermissionDeniedError):
            erase_person(uow, ctx, customer_id, shop.cashier)
        clock.advance(1)
        before = uow.reports.sums_by_kind(start, clock.now())
        outstanding = uow.reports.outstanding()
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        erased = erase_person(uow, ctx, customer_id, shop.staff)
        assert erase_person(uow, ctx, customer_id, shop.staff) == erased
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.customers.get(customer_id) == erased
        assert erased.display_name is None
        assert erased.erased_at == clock.now()
        assert not erased.is_listed
        assert uow.profiles.addresses(customer_id) == ()
        assert uow.profiles.custom_values(customer_id) == {}
        assert [each.customer_id for each in uow.people.erased()] == [customer_id]
        assert uow.inbox.find("s0001.k01", event_id).result == ""
        assert uow.inbox.find("s0001.k01", other_id).result == "somebody else"
        assert uow.customers.member_by_phone(CAMILLE) is None
        assert uow.customers.member_by_reference("000123456") is None
        assert status_page(uow, ctx, token) is None
        refused = read_code(uow, ctx, evidence(None), SIGNER.static(card.id))
        assert isinstance(refused, Refused)
        assert refused.reason is Refusal.CARD_REVOKED
        assert uow.linked_cards.by_fingerprint("fp_7Jw0") is None
        assert uow.birthdays.of_customer(customer_id) is None
        assert uow.opt_out_links.find(b"x" * 32) is None
        assert uow.groups.of_customer(customer_id) == ()
        messages = [each for each in uow.messages.recent(9) if each.customer_id == customer_id]
        assert messages
        assert {(each.to, each.body) for each in messages} == {("", "")}
        assert list(uow.messages.queued(9)) == []
        assert uow.reports.sums_by_kind(start, clock.now()) == before
        assert uow.reports.outstanding() == outstanding
        assert verify_ledger(uow).faults == ()


def test_who_was_merged_into_the_person_is_forgotten_with_them(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 176
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        kept = shop.member(CAMILLE).customer
        gone = shop.member(ZOE).customer
        uow.customers.save(replace(gone, merged_into=kept.id, version=gone.version + 1))
        assert erase_person(uow, ctx, kept.id, shop.staff)
        left = uow.customers.get(gone.id)
        assert left is not None
        assert left.display_name is None
        assert left.merged_into == kept.id
        assert {each.customer_id for each in uow.people.erased()} == {kept.id, gone.id}


def test_nobody_is_forgotten_in_the_middle_of_a_sale(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(CAMILLE).id))
        customer_id = shop.member(CAMILLE).customer.id
        assert erase_person(uow, ctx, customer_id, shop.staff) == Refused(Refusal.SALE_UNFINISHED)
        assert shop.member(CAMILLE).customer.display_name == "Camille Moreau"
        shop.pay(sale)
        assert erase_person(uow, ctx, customer_id, shop.staff)


def test_a_restored_copy_is_brought_up_to_date(database: Database, ctx: ServiceContext) -> None:
    # part of row 205
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille, zoe, unknown = shop.member(CAMILLE).customer.id, shop.member(ZOE).customer.id, new_id()
        assert isinstance(erase_person(uow, ctx, zoe, shop.staff), Customer)
        assert erase_again(uow, ctx, [camille, zoe, unknown]) == 1
        assert uow.customers.get(camille).erased_at == ctx.clock.now()  # type: ignore[union-attr]
        assert {each.customer_id for each in uow.people.erased()} == {camille, zoe, unknown}


KEPT = {
    "consent_entries": "the proof of what was agreed; names nobody but the id",
    "erased_people": "that somebody was erased",
    "customers": "the id, for the totals",
    "customer_summaries": "counts and sums; names nobody, not even a birthday",
    "customer_purchases": "what was spent and when",
    "customer_start_figures": "visits and spend from before, in figures",
    "membership_cards": "revoked; names nobody but the id",
    "identifications": "when somebody was there; names nobody but the id",
    "loyalty_accounts": "the points, without the number",
    "sales": "what was sold",
    "member_messages": "that one went out, without text and address",
    "status_links": "revoked hashes",
}
"""Tables that keep rows of an erased person, and why. Whatever is not named here must hold none."""


def test_no_table_keeps_a_row_of_an_erased_person_but_those_with_a_reason(
    sql_database: SqlDatabase, ctx: ServiceContext
) -> None:
    # row 176
    with sql_database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(CAMILLE).id))
        shop.pay(sale)
        customer_id = shop.member(CAMILLE).customer.id
        link_card(uow, ctx, customer_id, CardToken("Visa", "4242", "fp_7Jw0"), shop.staff)
        uow.birthdays.put(customer_id, Birthday(3, 10))
        uow.profiles.put_addresses(customer_id, [PostalAddress(line_1="3 rue du Lac")])
        uow.opt_out_links.add(b"x" * 32, OptOutLink(customer_id, CAMILLE), ctx.clock.now())
        uow.people.note_told(customer_id, ctx.clock.now())
        now = ctx.clock.now()
        uow.papers.add_note(CustomerNote(new_id(), customer_id, "Likes blue", now, shop.staff.id))
        paper = Attachment(new_id(), customer_id, "0" * 64, "a.pdf", "application/pdf", 9, now, shop.staff.id)
        uow.papers.add_attachment(paper)
        uow.staff.link_customer(shop.cashier.id, customer_id)
        assert erase_person(uow, ctx, customer_id, shop.staff)
        for table in schema.metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.column.table is schema.customers and table.name not in KEPT:
                    statement = select(table).where(key.parent == customer_id)
                    assert uow._transaction.all(statement) == [], table.name
        summary = select(schema.customer_summaries).where(
            schema.customer_summaries.c.customer_id == customer_id
        )
        figures = uow._transaction.first(summary)
        assert figures is not None
        assert (figures.birth_month, figures.birth_day, figures.is_listed) == (None, None, False)
        row = uow._transaction.first(select(schema.customers).where(schema.customers.c.id == customer_id))
        assert row is not None
        told = {"id", "source", "created_at", "version", "erased_at", "is_email_private"}
        assert {name for name, value in row._mapping.items() if value is not None} == told


def test_what_was_erased_is_in_no_free_page_of_the_file(ctx: ServiceContext, tmp_path: Path) -> None:
    # part of row 176: on SQLite
    file = tmp_path / "shop.db"
    told = ("Quirinxelle", "Vandebrouckz", "quirinxelle@brouckz.example", "33677889911", "9 impasse Zwkowitz",
            "Zwkoville", "Likes ultramarine zwk")  # fmt: skip
    url = f"sqlite:///{file}"
    migrate(url)
    with opened(url) as database:
        with database.unit_of_work() as uow:
            shop = counter(uow, ctx)
            customers = [shop.member(CAMILLE).customer.id]
            for number in range(40):  # pages fill up, and are free afterwards
                customers.append(_told_of(uow, ctx, shop, told, number))
            uow.commit()
        assert _found_in(tmp_path, told) == set(told), "it was there"
        with database.unit_of_work() as uow:
            for each in customers:
                assert isinstance(erase_person(uow, ctx, each, counter(uow, ctx).staff), Customer)
            uow.commit()
        assert _found_in(tmp_path, told), "the journal has it still"
        with database.reading() as looking:
            assert looking.customers.get(customers[0]) is not None
            assert not database.fold_journal(), "somebody reads"
        assert database.fold_journal()
        assert _found_in(tmp_path, told) == set()


def _told_of(
    uow: SqlUnitOfWork, ctx: ServiceContext, shop: Counter, told: Sequence[str], number: int
) -> UUID:
    given, family, email, digits, street, town, note = told
    customer = Customer(
        id=new_id(),
        source=CustomerSource.DIRECTORY,
        created_at=ctx.clock.now(),
        given_name=given,
        family_name=f"{family}{number}",
        email_address=f"{number}{email}",
        phone_number=PhoneNumber(f"+{int(digits) + number}"),
        note=note,
    )
    uow.customers.add(customer)
    uow.accounts.add(LoyaltyAccount(new_id(), customer.id, customer.phone_number, 0, ctx.clock.now()))
    uow.profiles.put_addresses(customer.id, [PostalAddress(line_1=street, locality=town)])
    uow.papers.add_note(CustomerNote(new_id(), customer.id, note * 9, ctx.clock.now(), shop.staff.id))
    new_status_link(uow, ctx, customer.id)
    return customer.id


def _found_in(folder: Path, told: Sequence[str]) -> set[str]:
    """Which of the texts stand anywhere in the database's files, its journal included."""
    content = b"".join(path.read_bytes() for path in sorted(folder.glob("shop.db*"))).lower()
    return {each for each in told if each.lower().encode() in content}
