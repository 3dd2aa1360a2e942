"""Customers, cards, consents, groups and the ledger come back as they were saved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.customer import MembershipCard
from loyalty.domain.group import DiscountScope, Group, GroupDiscount, ScopeKind
from loyalty.domain.ledger import EntryKind, LedgerEntry, LotUse
from loyalty.domain.why import Why, WhyCode
from loyalty.errors import ConflictError
from runtime.ids import new_id
from tests.contract.loyalty.stored import AT, NUMBER, Database, account_of, customer, earn, enrolled, redeem


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
