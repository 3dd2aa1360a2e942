"""Rows to store: a customer with an account, entries, an open sale, an item."""

from datetime import UTC, datetime

from loyalty.domain.catalogue import Item
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.ledger import EntryKind, LedgerEntry, LotUse, LoyaltyAccount
from loyalty.domain.money import Currency
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane
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
