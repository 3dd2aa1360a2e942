"""Every repository of a unit of work, on each implementation."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from loyalty.domain.accrual import AmountRule
from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.catalogue import Category, Item, TaxInclusion, TaxRate
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.customer import Customer, CustomerSource, MembershipCard
from loyalty.domain.delivery import DeadLetter, OutboundMessage, ProcessedEvent
from loyalty.domain.group import DiscountScope, Group, GroupDiscount, ScopeKind
from loyalty.domain.identification import Attachment, Identification, IdentificationMethod
from loyalty.domain.ledger import EntryKind, LedgerEntry, LotUse, LoyaltyAccount
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.domain.money import Currency
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale
from loyalty.domain.sale import Sale, SaleLine, SaleMember, SaleReward, SaleState
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.staff import (
    CASHIER_PERMISSIONS,
    Permission,
    Role,
    StaffMember,
    StaffSession,
    StoredPin,
)
from loyalty.domain.trust import Trust, TrustPolicy
from loyalty.domain.why import Why, WhyCode
from loyalty.errors import ConflictError, StorageError
from loyalty.ports.unit_of_work import UnitOfWork
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase

AT = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC)
NUMBER = PhoneNumber("+33612345678")
Database = InMemoryDatabase  # stands for whatever the fixture gives


def customer(**fields: object) -> Customer:
    return Customer(new_id(), CustomerSource.LOYALTY, AT, **fields)  # type: ignore[arg-type]


def account_of(holder: Customer, number: str = NUMBER) -> LoyaltyAccount:
    return LoyaltyAccount(new_id(), holder.id, PhoneNumber(number), 0, AT)


def enrolled(uow: UnitOfWork, number: str = NUMBER) -> LoyaltyAccount:
    holder = customer(phone_number=number)
    uow.customers.add(holder)
    account = account_of(holder, number)
    uow.accounts.add(account)
    return account


def earn(account: LoyaltyAccount, points: int, key: str, **fields: object) -> LedgerEntry:
    return LedgerEntry(
        id=new_id(),
        account_id=account.id,
        kind=EntryKind.EARN,
        points=points,
        booked_at=AT,
        source="sale:x",
        idempotency_key=key,
        earned_at=AT,
        **fields,  # type: ignore[arg-type]
    )


def redeem(account: LoyaltyAccount, key: str, *uses: LotUse) -> LedgerEntry:
    points = -sum(use.points for use in uses)
    return LedgerEntry(new_id(), account.id, EntryKind.REDEEM, points, AT, "sale:x", key, uses=uses)


def lane_of(uow: UnitOfWork, number: int = 1) -> Lane:
    lane = Lane(new_id(), number, f"s0001.k{number:02}")
    uow.lanes.save(lane)
    return lane


def open_sale(lane: Lane, **fields: object) -> Sale:
    return Sale(new_id(), lane.id, Currency("EUR"), AT, **fields)  # type: ignore[arg-type]


def item_in(uow: UnitOfWork, **fields: object) -> Item:
    item = Item(**{"id": new_id(), "name": "Miel", "price_minor": 1190, "category_id": None, **fields})  # type: ignore[arg-type]
    uow.catalogue.save_item(item)
    return item


def test_what_is_committed_is_there_and_what_is_not_is_gone(database: Database) -> None:
    kept, lost = customer(given_name="Zoé"), customer()
    with database.unit_of_work() as uow:
        uow.customers.add(kept)
        uow.commit()
        uow.customers.add(lost)
    with database.reading() as uow:
        assert uow.customers.get(kept.id) == kept
        assert uow.customers.get(lost.id) is None


def test_an_error_undoes_everything(database: Database) -> None:
    lost = customer()
    with contextlib.suppress(ZeroDivisionError), database.unit_of_work() as uow:
        uow.customers.add(lost)
        _ = 1 // 0
    with database.reading() as uow:
        assert uow.customers.get(lost.id) is None


def test_a_roll_back_undoes_and_the_unit_can_be_left(database: Database) -> None:
    lost = customer()
    with database.unit_of_work() as uow:
        uow.customers.add(lost)
        lane = lane_of(uow)
        sale = open_sale(lane)
        uow.sales.add(sale)
        uow.rollback()
        assert uow.sales.get(sale.id) is None
        assert uow.lanes.get(lane.id) is None
    with database.reading() as uow:
        assert uow.customers.get(lost.id) is None


def test_a_reading_unit_cannot_be_committed(database: Database) -> None:
    with database.reading() as uow, pytest.raises(StorageError):
        uow.commit()


def test_settings_come_back_as_they_were_saved(database: Database) -> None:
    settings = ShopSettings(
        "L’Épicerie",
        "s0001",
        "CA",
        Currency("CAD"),
        "America/Montreal",
        "fr",
        ("fr", "en"),
        "CA",
        TrustPolicy(redeem=Trust.PROVEN),
    )
    with database.unit_of_work() as uow:
        assert uow.shop.settings() is None
        uow.shop.save(settings)
        assert uow.shop.settings() == settings
        uow.commit()
    with database.unit_of_work() as uow:
        uow.shop.save(replace(settings, name="Autre", revision=2))
        uow.commit()
    with database.reading() as uow:
        assert uow.shop.settings() == replace(settings, name="Autre", revision=2)


def test_a_change_that_was_not_committed_is_not_remembered(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane = lane_of(uow)
        uow.commit()
    with database.unit_of_work() as uow:
        uow.lanes.save(replace(lane, is_training=True))
        assert uow.lanes.get(lane.id) == replace(lane, is_training=True)
    with database.reading() as uow:
        assert uow.lanes.get(lane.id) == lane


def test_lanes_are_found_by_device_and_number_and_neither_is_shared(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane = lane_of(uow)
        shut = Lane(new_id(), 2, "s0001.k02", is_active=False)
        uow.lanes.save(shut)
        uow.commit()
        assert uow.lanes.by_device("s0001.k01") == lane
        assert uow.lanes.by_device("s0001.k02") is None
        assert uow.lanes.by_number(2) == shut
        assert list(uow.lanes.all()) == [lane, shut]
        with pytest.raises(ConflictError):
            uow.lanes.save(Lane(new_id(), 3, "s0001.k01"))
    with database.unit_of_work() as uow, pytest.raises(ConflictError):
        uow.lanes.save(Lane(new_id(), 1, None))


def test_items_come_back_with_category_and_taxes_in_the_order_of_the_buttons(database: Database) -> None:
    # row 91
    vat = TaxRate("tva-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED)
    shelf = Category(new_id(), "Épicerie", 1)
    honey = Item(new_id(), "Miel", 1190, shelf.id, (vat,), "0370012340002", position=2)
    oil = Item(new_id(), "Huile", 1450, shelf.id, (vat,), None, position=1)
    gone = Item(new_id(), "Ancien", 100, None, barcode="0370012340003", is_active=False)
    with database.unit_of_work() as uow:
        uow.catalogue.save_category(shelf)
        for item in (honey, oil, gone):
            uow.catalogue.save_item(item)
        uow.commit()
    with database.unit_of_work() as uow:
        assert list(uow.catalogue.items()) == [oil, honey]
        assert list(uow.catalogue.categories()) == [shelf]
        assert uow.catalogue.item(gone.id) == gone
        assert uow.catalogue.item_by_barcode("0370012340002") == honey
        assert uow.catalogue.item_by_barcode("370012340002") is None
        assert uow.catalogue.item_by_barcode("0370012340003") is None
        with pytest.raises(ConflictError):
            uow.catalogue.save_item(replace(oil, id=new_id(), barcode=honey.barcode))


def test_an_item_is_changed_from_its_last_version_only(database: Database) -> None:
    vat = TaxRate("vat-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED)
    with database.unit_of_work() as uow:
        oil = item_in(uow, name="Huile", tax_rates=(vat,))
        gone = item_in(uow, name="Ancien", is_active=False)
        dearer = replace(oil, price_minor=990, version=2)
        uow.catalogue.change_item(dearer)
        assert uow.catalogue.item(oil.id) == dearer
        assert {item.id for item in uow.catalogue.all_items()} == {oil.id, gone.id}
        with pytest.raises(ConflictError):
            uow.catalogue.change_item(replace(oil, price_minor=1, version=2))
        assert uow.catalogue.item(oil.id) == dearer


def test_a_changed_tax_is_that_of_its_items_and_one_in_use_stays(database: Database) -> None:
    vat = TaxRate("vat-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED)
    with database.unit_of_work() as uow:
        oil = item_in(uow, name="Huile", tax_rates=(vat,))
        uow.catalogue.save_tax_rate(replace(vat, rate_ppm=210_000))
        spare = TaxRate("vat-0", "Sans TVA", 0, TaxInclusion.ON_TOP)
        uow.catalogue.save_tax_rate(spare)
        assert [rate.id for rate in uow.catalogue.tax_rates()] == ["vat-0", "vat-20"]
        found = uow.catalogue.item(oil.id)
        assert found is not None
        assert found.tax_rates[0].rate_ppm == 210_000
        uow.catalogue.remove_tax_rate("vat-0")
        assert [rate.id for rate in uow.catalogue.tax_rates()] == ["vat-20"]
        uow.commit()
    with database.unit_of_work() as uow, pytest.raises(ConflictError):
        uow.catalogue.remove_tax_rate("vat-20")


def test_a_category_goes_once_nothing_stands_in_it(database: Database) -> None:
    empty, full = Category(new_id(), "Vide"), Category(new_id(), "Pleine")
    with database.unit_of_work() as uow:
        uow.catalogue.save_category(empty)
        uow.catalogue.save_category(full)
        item_in(uow, name="Huile", category_id=full.id)
        uow.catalogue.remove_category(empty.id)
        assert list(uow.catalogue.categories()) == [full]
        uow.commit()
    with database.unit_of_work() as uow, pytest.raises(ConflictError):
        uow.catalogue.remove_category(full.id)


def test_the_latest_version_of_the_programme_is_the_current_one(database: Database) -> None:
    tiers = (
        RewardTier(new_id(), "2 € offerts", 10, AmountOffSale(200)),
        RewardTier(new_id(), "10 %", 25, PercentageOffSale(100_000, 3_000)),
    )
    first = ProgrammeVersion(1, AT, AmountRule(100), PointsName("grain", "grains"), tiers)
    second = replace(first, version=2, valid_from=AT + timedelta(days=1), tiers=tiers[:1], is_active=False)
    with database.unit_of_work() as uow:
        assert uow.programme.current() is None
        uow.programme.add(first)
        assert uow.programme.current() == first
        uow.programme.add(second)
        uow.commit()
        with pytest.raises(ConflictError):
            uow.programme.add(second)
    with database.reading() as uow:
        assert uow.programme.current() == second


def test_a_reference_keeps_its_zeros_and_is_matched_exactly(database: Database) -> None:
    # rows 91, 92, X10
    holder = customer(reference_id="00012Ab")
    without = customer(given_name="Sans")
    with database.unit_of_work() as uow:
        uow.customers.add(holder)
        uow.customers.add(without)
        found = uow.customers.member_by_reference("00012Ab")
        assert found is not None
        assert found.customer == holder
        assert found.account is None
        for other in ("12Ab", "00012AB", "00012Ab ", "", "0"):
            assert uow.customers.member_by_reference(other) is None


def test_a_reference_that_two_customers_bear_names_nobody(database: Database) -> None:
    with database.unit_of_work() as uow:
        uow.customers.add(customer(reference_id="7"))
        uow.customers.add(customer(reference_id="7"))
        assert uow.customers.member_by_reference("7") is None


def test_a_reference_is_known_however_many_bear_it(database: Database) -> None:
    with database.unit_of_work() as uow:
        for reference_id in ("007", "M-1", "M-1"):
            uow.customers.add(customer(reference_id=reference_id))
        known = [uow.customers.is_reference(text) for text in ("007", "M-1", "7", "m-1", "")]
        assert known == [True, True, False, False, False]


def test_a_phone_number_has_one_account(database: Database) -> None:
    # rows 162, 163
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        found = uow.customers.member_by_phone(NUMBER)
        assert found is not None
        assert found.account == account
        uow.commit()
        other = customer(phone_number=NUMBER)
        uow.customers.add(other)
        with pytest.raises(ConflictError):
            uow.accounts.add(account_of(other))


def test_a_profile_with_the_number_but_without_account_is_found_if_it_is_the_only_one(
    database: Database,
) -> None:
    with database.unit_of_work() as uow:
        assert uow.customers.by_phone_without_account(NUMBER) is None
        one = customer(phone_number=NUMBER)
        uow.customers.add(one)
        assert uow.customers.by_phone_without_account(NUMBER) == one
        uow.customers.add(customer(phone_number=NUMBER))
        assert uow.customers.by_phone_without_account(NUMBER) is None


def test_two_people_do_not_overwrite_each_other(database: Database) -> None:
    holder = customer(given_name="Zoé", note="Sans lactose", email_address="z@example.org")
    with database.unit_of_work() as uow:
        uow.customers.add(holder)
        changed = replace(holder, given_name="Zoë", version=2)
        uow.customers.save(changed)
        assert uow.customers.get(holder.id) == changed
        with pytest.raises(ConflictError):
            uow.customers.save(replace(holder, given_name="Autre", version=2))


def test_a_card_names_its_holder_also_once_it_is_revoked(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        card = MembershipCard(new_id(), account.customer_id, AT)
        newer = MembershipCard(new_id(), account.customer_id, AT + timedelta(days=1))
        uow.cards.add(card)
        uow.cards.add(newer)
        uow.cards.revoke(card.id, AT)
        uow.cards.revoke(card.id, AT + timedelta(days=9))
        held = uow.cards.holder(card.id)
        assert held is not None
        assert held[0] == replace(card, revoked_at=AT)
        assert held[1].account == account
        assert [known.id for known in uow.cards.of_customer(account.customer_id)] == [newer.id, card.id]
        assert uow.cards.holder(new_id()) is None


def test_a_step_of_a_rotating_code_is_new_once(database: Database) -> None:
    # row 169
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        card = MembershipCard(new_id(), account.customer_id, AT)
        uow.cards.add(card)
        uses = [uow.cards.use_step(card.id, step, AT) for step in (7, 7, 8, 7)]
        assert uses == [True, False, True, False]


def test_consents_come_back_in_order(database: Database) -> None:
    # row 176
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        entries = [
            ConsentEntry(
                id=new_id(),
                customer_id=account.customer_id,
                purpose=ConsentPurpose.MARKETING_SMS,
                state=state,
                at=AT + timedelta(days=day),
                wording_id="kiosk-1",
                wording_text="J’accepte…",
                channel=ConsentChannel.KIOSK,
                device="s0001.k01",
            )
            for day, state in ((2, ConsentState.WITHDRAWN), (1, ConsentState.GRANTED))
        ]
        for entry in entries:
            uow.consents.add(entry)
        assert list(uow.consents.of_customer(account.customer_id)) == entries[::-1]


def test_groups_keep_their_members_until_somebody_changes_them(database: Database) -> None:
    # rows 50, 51
    scope = DiscountScope(ScopeKind.CATEGORY, frozenset({new_id(), new_id()}))
    friends = Group(new_id(), "Amis", GroupDiscount(100_000))
    skiers = Group(new_id(), "Ski", GroupDiscount(50_000, scope))
    plain = Group(new_id(), "Voisins")
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        for group in (friends, skiers, plain):
            uow.groups.add(group)
        uow.groups.add_member(skiers.id, account.customer_id, AT)
        uow.groups.add_member(skiers.id, account.customer_id, AT)
        uow.groups.add_member(plain.id, account.customer_id, AT)
        assert set(uow.groups.of_customer(account.customer_id)) == {skiers, plain}
        uow.groups.remove_member(plain.id, account.customer_id)
        uow.groups.save(replace(skiers, name="Ski alpin"))
        uow.commit()
    with database.reading() as uow:
        assert uow.groups.of_customer(account.customer_id) == (replace(skiers, name="Ski alpin"),)
        assert [group.name for group in uow.groups.all()] == ["Amis", "Ski alpin", "Voisins"]


def test_an_entry_is_booked_once_by_its_key(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        why = (Why(WhyCode.POINTS_BY_AMOUNT, {"points": 12, "base_minor": 1200, "tax_mode": "before_tax"}),)
        entry = earn(account, 12, "earn:1", why=why)
        assert uow.ledger.book(entry) is True
        assert uow.ledger.book(replace(entry, id=new_id())) is False
        assert uow.ledger.entry(account.id, "earn:1") == entry
        assert uow.accounts.get(account.id) == replace(account, balance=12, sequence=1)


def test_a_redemption_uses_the_lots_it_names(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        first = earn(account, 5, "earn:1", expires_at=AT + timedelta(days=1))
        second = earn(account, 10, "earn:2")
        uow.ledger.book(first)
        uow.ledger.book(second)
        taken = redeem(account, "redeem:1", LotUse(first.id, 5), LotUse(second.id, 2))
        assert uow.ledger.book(taken)
        assert {lot.id: lot.remaining for lot in uow.ledger.open_lots_of(account.id)} == {second.id: 8}
        assert {lot.id: lot.remaining for lot in uow.ledger.lots_of(account.id)} == {
            first.id: 0,
            second.id: 8,
        }
        locked = uow.accounts.lock(account.id)
        assert locked is not None
        assert locked.balance == 8
        entries = uow.ledger.entries_of(account.id)
        assert [entry.points for entry in entries] == [5, 10, -7]
        assert set(entries[2].uses) == set(taken.uses)
        assert [entry.points for entry in uow.ledger.entries_of(account.id, limit=2)] == [-7, 10]


def test_no_lot_falls_below_zero(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        lot = earn(account, 5, "earn:1")
        uow.ledger.book(lot)
        uow.commit()
        with pytest.raises(ConflictError):
            uow.ledger.book(redeem(account, "redeem:1", LotUse(lot.id, 6)))
    with database.reading() as uow:
        known = uow.accounts.get(account.id)
        assert known is not None
        assert known.balance == 5


def test_nobody_uses_the_lots_of_another_account(database: Database) -> None:
    with database.unit_of_work() as uow:
        account, other = enrolled(uow), enrolled(uow, "+33612345679")
        lot = earn(other, 5, "earn:1")
        uow.ledger.book(lot)
        with pytest.raises(ConflictError):
            uow.ledger.book(redeem(account, "redeem:1", LotUse(lot.id, 5)))


@pytest.mark.parametrize(
    ("kind", "points", "has_date"),
    [
        (EntryKind.EARN, -5, False),
        (EntryKind.EARN, 0, False),
        (EntryKind.REDEEM, 5, True),
        (EntryKind.OPENING, -1, False),
        (EntryKind.CORRECTION, 5, True),
        (EntryKind.EARN, 5, False),
    ],
)
def test_the_database_holds_the_signs(
    database: Database, kind: EntryKind, points: int, *, has_date: bool
) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        wrong = LedgerEntry(
            new_id(), account.id, kind, points, AT, "sale:x", "key", earned_at=AT if has_date else None
        )
        with pytest.raises(ConflictError):
            uow.ledger.book(wrong)


def test_caches_can_be_rewritten(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        lot = earn(account, 5, "earn:1")
        uow.ledger.book(lot)
        uow.ledger.rewrite_caches(account.id, 3, {lot.id: 2})
        known = uow.accounts.get(account.id)
        assert known is not None
        assert known.balance == 3
        assert [held.remaining for held in uow.ledger.lots_of(account.id)] == [2]
        assert list(uow.accounts.ids()) == [account.id]


def test_a_sale_comes_back_as_it_was_saved(database: Database) -> None:
    vat = TaxRate("tva-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED)
    with database.unit_of_work() as uow:
        lane, account, item = lane_of(uow), enrolled(uow), item_in(uow)
        line = SaleLine(new_id(), item.id, "Miel", 1190, 2, None, (vat,))
        sale = open_sale(lane, lines=(line,))
        uow.sales.add(sale)
        who = SaleMember(
            account.customer_id,
            account.id,
            new_id(),
            IdentificationMethod.SIGNED_CARD,
            Trust.SIGNED,
            new_id(),
        )
        second = replace(line, id=new_id(), quantity=1)
        rewards = (SaleReward(new_id(), new_id(), "10 %", 25, PercentageOffSale(100_000, 500)),)
        changed = replace(
            sale, lines=(second, replace(line, quantity=5)), member=who, rewards=rewards, version=2
        )
        uow.sales.save(changed)
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.sales.get(sale.id) == changed
        assert uow.sales.open_in_lane(lane.id) == changed
        fewer = replace(changed, lines=(second,), rewards=(), version=3)
        uow.sales.save(fewer)
        uow.commit()
    with database.reading() as uow:
        assert uow.sales.get(sale.id) == fewer
        assert uow.sales.get(new_id()) is None


def test_a_lane_has_one_open_sale(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane, other = lane_of(uow), lane_of(uow, 2)
        uow.sales.add(open_sale(lane))
        uow.sales.add(open_sale(other))
        uow.commit()
        with pytest.raises(ConflictError):
            uow.sales.add(open_sale(lane))


def test_a_held_sale_leaves_its_lane(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane = lane_of(uow)
        sale = open_sale(lane)
        uow.sales.add(sale)
        held = replace(sale, state=SaleState.HELD, version=2)
        uow.sales.save(held)
        uow.sales.add(open_sale(lane))
        assert list(uow.sales.held()) == [held]


def test_a_sale_that_somebody_else_changed_is_not_overwritten(database: Database) -> None:
    with database.unit_of_work() as uow:
        sale = open_sale(lane_of(uow))
        uow.sales.add(sale)
        uow.sales.save(replace(sale, version=2))
        with pytest.raises(ConflictError):
            uow.sales.save(replace(sale, version=2))


def test_rewards_on_unfinished_sales_are_spoken_for(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        sales = []
        for number, points in ((1, 10), (2, 25)):
            who = SaleMember(
                account.customer_id,
                account.id,
                new_id(),
                IdentificationMethod.STAFF,
                Trust.PROVEN,
                None,
            )
            rewards = (SaleReward(new_id(), new_id(), "R", points, AmountOffSale(100)),)
            sales.append(open_sale(lane_of(uow, number), member=who, rewards=rewards))
            uow.sales.add(sales[-1])
        assert uow.sales.reserved_points(account.id, None) == 35
        assert uow.sales.reserved_points(account.id, sales[1].id) == 10
        standing = [(each.lane_id, each.points, each.is_held) for each in uow.sales.unfinished_of(account.id)]
        assert sorted(standing) == sorted((sale.lane_id, sale.reward_points, False) for sale in sales)
        assert {each.since for each in uow.sales.unfinished_of(account.id)} == {AT}
        held = replace(sales[1], state=SaleState.HELD, version=2)
        uow.sales.save(held)
        assert [each.is_held for each in uow.sales.unfinished_of(account.id) if each.points == 25] == [True]
        voided = replace(sales[0], state=SaleState.VOIDED, closed_at=AT, version=2)
        uow.sales.save(voided)
        assert uow.sales.reserved_points(account.id, None) == 25
        assert uow.sales.last_closed_in_lane(voided.lane_id) == voided


def test_receipt_numbers_count_up_and_a_number_not_committed_is_given_again(database: Database) -> None:
    with database.unit_of_work() as uow:
        assert [uow.sales.next_receipt_number() for _ in range(2)] == [1, 2]
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.sales.next_receipt_number() == 3
    with database.unit_of_work() as uow:
        assert uow.sales.next_receipt_number() == 3


def test_identifications_and_ended_sessions_are_kept(database: Database) -> None:
    session = new_id()
    with database.unit_of_work() as uow:
        account, lane = enrolled(uow), lane_of(uow)
        record = Identification(
            id=new_id(),
            customer_id=account.customer_id,
            account_id=account.id,
            method=IdentificationMethod.ROTATING_CODE,
            trust=Trust.PROVEN,
            lane_id=lane.id,
            session_id=session,
            at=AT,
            device_time=datetime(1970, 1, 1, tzinfo=UTC),
            sale_id=None,
            attachment=Attachment.NO_SALE,
        )
        uow.identifications.add(record)
        assert uow.identifications.last_of_session(session) == record
        assert uow.identifications.last_of_session(new_id()) is None
        sale = open_sale(lane)
        uow.sales.add(sale)
        typed = replace(record, id=new_id(), trust=Trust.TYPED, sale_id=sale.id)
        uow.identifications.add(typed)
        uow.identifications.add(replace(typed, id=new_id(), session_id=None))
        assert (
            uow.identifications.trust_in_session(session, account.customer_id, sale_id=None) is Trust.PROVEN
        )
        assert uow.identifications.trust_in_session(session, new_id(), sale_id=None) is None
        other, code = new_id(), IdentificationMethod.ONE_TIME_CODE
        uow.identifications.add(replace(typed, id=new_id(), session_id=other))
        uow.identifications.add(
            replace(typed, id=new_id(), session_id=other, trust=Trust.PROVEN, method=code)
        )
        for sale_id, best in ((sale.id, Trust.PROVEN), (new_id(), Trust.TYPED), (None, Trust.TYPED)):
            found = uow.identifications.trust_in_session(other, account.customer_id, sale_id=sale_id)
            assert found is best
        assert set(uow.identifications.sessions_on(sale.id)) == {session, other}
        assert uow.sessions.is_ended(session) is False
        uow.sessions.end(session, "s0001.k01", "paid", AT)
        uow.sessions.end(session, "s0001.k01", "idle", AT)
        assert uow.sessions.is_ended(session) is True
        assert uow.sessions.purge(AT) == 0
        assert uow.sessions.purge(AT + timedelta(seconds=1)) == 1
        assert uow.sessions.is_ended(session) is False


def test_a_message_is_queued_once_by_its_event(database: Database) -> None:
    # X7
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        message = MemberMessage(
            new_id(), "welcome:1", MessageKind.WELCOME, account.customer_id, NUMBER, "fr", "Bonjour", AT
        )
        assert uow.messages.queue(message) is True
        assert uow.messages.queue(replace(message, id=new_id())) is False
        assert list(uow.messages.queued(10)) == [message]
        uow.messages.settle(message.id, MessageState.SENT, 1, AT)
        assert list(uow.messages.queued(10)) == []
        assert list(uow.messages.recent(10)) == [
            replace(message, state=MessageState.SENT, attempts=1, settled_at=AT)
        ]


def test_revoked_links_open_nothing(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        uow.status_links.add(b"a" * 32, account.customer_id, AT)
        uow.status_links.add(b"b" * 32, account.customer_id, AT)
        assert uow.status_links.customer_of(b"a" * 32) == account.customer_id
        assert uow.status_links.customer_of(b"c" * 32) is None
        uow.status_links.revoke_all_of(account.customer_id, AT)
        assert uow.status_links.customer_of(b"a" * 32) is None
        uow.status_links.add(b"d" * 32, account.customer_id, AT)
        assert uow.status_links.customer_of(b"d" * 32) == account.customer_id


def test_staff_sessions_and_roles(database: Database) -> None:
    role = Role(new_id(), "cashier", CASHIER_PERMISSIONS)
    member = StaffMember(new_id(), "hugo", "Hugo", role)
    session = StaffSession(new_id(), member.id, AT, AT + timedelta(hours=12))
    with database.unit_of_work() as uow:
        uow.staff.save_role(role)
        uow.staff.add(member, "hash")
        uow.staff_sessions.add(session, b"t" * 32)
        uow.commit()
        with pytest.raises(ConflictError):
            uow.staff.add(replace(member, id=new_id()), "hash")
    with database.unit_of_work() as uow:
        assert uow.staff.by_login("hugo") == (member, "hash")
        assert uow.staff.by_login("HUGO") is None
        assert uow.staff.get(member.id) == member
        assert list(uow.staff.all()) == [member]
        assert uow.staff_sessions.by_token_hash(b"t" * 32) == (session, member)
        more = replace(role, permissions=role.permissions | {Permission.VIEW_CONTACT})
        uow.staff.save_role(more)
        found = uow.staff_sessions.by_token_hash(b"t" * 32)
        assert found is not None
        assert found[1].may(Permission.VIEW_CONTACT)
        uow.staff.set_password_hash(member.id, "other")
        uow.staff.save(replace(member, display_name="Hugues", is_active=False))
        assert uow.staff.by_login("hugo") == (
            replace(member, display_name="Hugues", is_active=False, role=more),
            "other",
        )
        uow.staff_sessions.end_all_of(member.id, AT)
        uow.staff_sessions.end(session.id, AT + timedelta(hours=1))
        ended = uow.staff_sessions.by_token_hash(b"t" * 32)
        assert ended is not None
        assert ended[0].ended_at == AT
        later = replace(session, id=new_id(), started_at=AT + timedelta(minutes=1), is_by_pin=True)
        uow.staff_sessions.add(later, b"u" * 32)
        assert [each.id for each in uow.staff_sessions.of_staff(member.id, 9)] == [later.id, session.id]
        assert uow.staff_sessions.of_staff(member.id, 1)[0].is_by_pin
        assert uow.staff_sessions.last_starts() == {member.id: AT + timedelta(minutes=1)}
        assert uow.staff_sessions.by_token_hash(b"v" * 32) is None
        assert list(uow.staff.roles()) == [more]


def test_a_role_that_somebody_has_cannot_be_deleted(database: Database) -> None:
    owner = Role(new_id(), "owner", frozenset(), is_owner=True)
    spare = Role(new_id(), "spare", frozenset())
    with database.unit_of_work() as uow:
        uow.staff.save_role(owner)
        uow.staff.save_role(spare)
        uow.staff.add(StaffMember(new_id(), "lucie", "Lucie", owner), "hash")
        uow.commit()
    with database.unit_of_work() as uow:
        uow.staff.delete_role(spare.id)
        assert list(uow.staff.roles()) == [owner]
        assert owner.permissions == frozenset(Permission)
        with pytest.raises(ConflictError):
            uow.staff.delete_role(owner.id)


def test_a_pin_is_kept_with_its_failures_and_taken_away(database: Database) -> None:
    role = Role(new_id(), "cashier", CASHIER_PERMISSIONS)
    member = StaffMember(new_id(), "hugo", "Hugo", role)
    with database.unit_of_work() as uow:
        uow.staff.save_role(role)
        uow.staff.add(member, "hash")
        assert uow.staff.pin_of(member.id) is None
        uow.staff.put_pin(member.id, StoredPin("hash of a pin", failures=2))
        uow.staff.save(member)
        assert uow.staff.pin_of(member.id) == StoredPin("hash of a pin", failures=2)
        uow.staff.put_pin(member.id, None)
        assert uow.staff.pin_of(member.id) is None


def test_a_deed_of_nobody_is_kept_too(database: Database) -> None:
    entry = AuditEntry(new_id(), AT, None, AuditAction.SIGN_IN_FAILED, "staff:unknown")
    with database.unit_of_work() as uow:
        uow.audit.add(entry)
        assert list(uow.audit.of_subject("staff:unknown")) == [entry]


def test_a_claim_is_taken_once_in_its_time_and_replaced_by_a_newer_one(database: Database) -> None:
    # part of row 213
    with database.unit_of_work() as uow:
        uow.claims.put(b"a" * 32, AT)
        uow.claims.put(b"b" * 32, AT)
        takes = [uow.claims.take(token, AT) for token in (b"a" * 32, b"b" * 32, b"b" * 32)]
        assert takes == [False, True, False]
        uow.claims.put(b"c" * 32, AT)
        assert not uow.claims.take(b"c" * 32, AT + timedelta(seconds=1)), "put before"


def test_attempts_are_counted_within_the_window(database: Database) -> None:
    with database.unit_of_work() as uow:
        for minute in (0, 10, 20):
            uow.attempts.add("login:zoe", AT + timedelta(minutes=minute))
        uow.attempts.add("login:hugo", AT)
        assert uow.attempts.count_since("login:zoe", AT + timedelta(minutes=5)) == 2
        uow.attempts.clear("login:zoe")
        assert uow.attempts.count_since("login:zoe", AT - timedelta(days=1)) == 0
        assert uow.attempts.count_since("login:hugo", AT - timedelta(days=1)) == 1


def test_an_event_is_processed_once_per_source(database: Database) -> None:
    event = ProcessedEvent("s0001.k01", new_id(), b"d" * 32, '{"é": 1}', AT)
    with database.unit_of_work() as uow:
        assert uow.inbox.find(event.source, event.event_id) is None
        uow.inbox.add(event)
        uow.inbox.add(replace(event, source="s0001.k02"))
        assert uow.inbox.find(event.source, event.event_id) == event
        uow.commit()
        with pytest.raises(ConflictError):
            uow.inbox.add(event)
    with database.unit_of_work() as uow:
        assert uow.inbox.purge(AT) == 0
        assert uow.inbox.purge(AT + timedelta(seconds=1)) == 2


def test_dead_letters_are_kept_and_cut(database: Database) -> None:
    letter = DeadLetter(new_id(), "malformed", "s0001.k01", "comptoir/v1/x/event", b"\x00\xff" * 20_000, AT)
    with database.unit_of_work() as uow:
        uow.dead_letters.add(letter)
        assert uow.dead_letters.count() == 1
        kept = uow.dead_letters.recent(5)[0]
        assert kept == replace(letter, payload=letter.payload[: 16 * 1024])


def test_outbound_messages_wait_until_they_are_published(database: Database) -> None:
    one = OutboundMessage(new_id(), "comptoir/v1/s0001.k01/result", b'{"a":1}', AT)
    two = replace(one, id=new_id(), created_at=AT + timedelta(seconds=1))
    with database.unit_of_work() as uow:
        uow.outbound.add(two)
        uow.outbound.add(one)
        assert list(uow.outbound.unpublished(10)) == [one, two]
        uow.outbound.mark_published([one.id], AT)
        assert list(uow.outbound.unpublished(10)) == [two]
        assert uow.outbound.purge_published(AT + timedelta(days=1)) == 1
