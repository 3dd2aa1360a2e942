"""Made-up customers with everything that filters ask about, many of them exactly at a boundary."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.unit_of_work import SqlUnitOfWork
from loyalty.domain.activity import CardUsed, Goods, Purchase, StartFigures
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.contact.delivery import Suppression, SuppressionReason
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.group import Group
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.sale import TenderKind
from loyalty.domain.shop import Lane
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import fill_demo_shop
from runtime.ids import new_id

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
BACK = [
    timedelta(0),
    *(timedelta(weeks=weeks) for weeks in (1, 6, 8)),
    timedelta(days=30),
    timedelta(days=365),
]
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Population:
    """Ids that filters may name."""

    lanes: tuple[UUID, ...]
    items: tuple[UUID, ...]
    variations: tuple[UUID, ...]
    categories: tuple[UUID, ...]
    groups: tuple[UUID, ...]
    toggle: UUID
    selection: UUID
    customers: tuple[UUID, ...]


def populate(uow: SqlUnitOfWork, ctx: ServiceContext, seed: int, size: int = 60) -> Population:
    """Fill the database; the same seed gives the same people."""
    pick = random.Random(seed)
    fill_demo_shop(uow, ctx)
    second = Lane(new_id(), 2, None)
    uow.lanes.save(second)
    groups = [Group(new_id(), name) for name in ("Voisins", "Ski")]
    for group in groups:
        uow.groups.add(group)
    toggle = CustomField(new_id(), "Végan", FieldKind.TOGGLE)
    selection = CustomField(new_id(), "Lait", FieldKind.SELECTION, ("vache", "avoine"))
    for each in (toggle, selection):
        uow.profiles.save_custom_field(each)
    items = list(uow.catalogue.items())[:4]
    population = Population(
        lanes=tuple(lane.id for lane in uow.lanes.all()),
        items=tuple(item.id for item in items),
        variations=(),
        categories=tuple(category.id for category in uow.catalogue.categories()),
        groups=tuple(group.id for group in groups),
        toggle=toggle.id,
        selection=selection.id,
        customers=(),
    )
    ids = []
    for number in range(size):
        customer_id = _person(uow, pick, number)
        ids.append(customer_id)
        for group in groups:
            if pick.random() < 0.3:
                uow.groups.add_member(group.id, customer_id, NOW)
        if pick.random() < 0.5:
            uow.profiles.put_custom_value(customer_id, toggle, pick.choice(["true", "false"]))
        if pick.random() < 0.5:
            uow.profiles.put_custom_value(customer_id, selection, pick.choice(selection.choices))
        count = pick.choice([0, 0, 1, 2, 3, 4, 7])
        purchases = [
            _purchase(uow, pick, population, customer_id, number * 100 + each) for each in range(count)
        ]
        uow.activity.put(customer_id, purchases)
        for each in range(pick.choice([0, 0, 1, 3])):
            uow.messages.queue(_message(pick, customer_id, number * 100 + each))
        if pick.random() < 0.3:
            uow.activity.put_starts({customer_id: _start(pick)})
    return Population(**{**vars(population), "customers": tuple(ids)})


def _person(uow: SqlUnitOfWork, pick: random.Random, number: int) -> UUID:
    customer = Customer(
        id=new_id(),
        source=pick.choice(list(CustomerSource)),
        created_at=NOW - pick.choice(BACK),
        email_address=pick.choice([None, f"p{number}@example.org"]),
        phone_number=pick.choice([None, PhoneNumber(f"+336130{number:05d}")]),
        is_email_private=pick.random() < 0.4,
        email_bounced_at=pick.choice([None, None, None, NOW]),
        erased_at=pick.choice([None] * 9 + [NOW]),
    )
    uow.customers.add(customer)
    if pick.random() < 0.5:
        phone = pick.choice([customer.phone_number, PhoneNumber(f"+336140{number:05d}")])
        balance = pick.choice([-3, 0, 8, 19, 20, 23, 24, 25, 80])
        uow.accounts.add(LoyaltyAccount(new_id(), customer.id, phone, balance, NOW - pick.choice(BACK)))
    for purpose in (ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.MARKETING_SMS):
        for day in range(pick.choice([0, 1, 2])):
            state = pick.choice(list(ConsentState))
            at = NOW - timedelta(days=pick.choice([3, day]))
            entry = ConsentEntry(new_id(), customer.id, purpose, state, at, "w", "mots", ConsentChannel.STAFF)
            uow.consents.add(entry)
    if pick.random() < 0.1 and customer.email_address is not None:
        uow.suppressions.put(Suppression(customer.email_address, SuppressionReason.OPTED_OUT, "link", NOW))
    if pick.random() < 0.7:
        month, day = pick.choice([(3, 2), (3, 1), (2, 28), (2, 29), (12, 31), (1, 1), (7, 14), (3, 9)])
        uow.birthdays.put(customer.id, Birthday(month, day))
    return customer.id


def _message(pick: random.Random, customer_id: UUID, number: int) -> MemberMessage:
    kinds = [MessageKind.WELCOME, MessageKind.BIRTHDAY, MessageKind.POINTS_EARNED]
    return MemberMessage(
        id=new_id(),
        event_key=f"e{number}",
        kind=pick.choice(kinds),
        customer_id=customer_id,
        to="+33613000000",
        language="fr",
        body="x",
        queued_at=NOW - timedelta(days=400),
        state=pick.choice([*[MessageState.SENT] * 4, MessageState.REFUSED]),
        settled_at=NOW - pick.choice(BACK) + pick.choice([-TICK, TICK * 0, TICK, -timedelta(days=7)]),
    )


def _start(pick: random.Random) -> StartFigures:
    last = pick.choice([None, NOW - pick.choice(BACK) + pick.choice([-TICK, TICK * 0, TICK])])
    first = pick.choice([None, NOW - timedelta(days=500), last])
    return StartFigures(pick.choice([0, 1, 3, 12]), pick.choice([0, 500, 90_000]), first, last)


def _purchase(
    uow: SqlUnitOfWork, pick: random.Random, population: Population, customer_id: UUID, number: int
) -> Purchase:
    lane_id = pick.choice(population.lanes)
    at = NOW - pick.choice(BACK) + pick.choice([-TICK, TICK * 0, TICK, -timedelta(days=2)])
    items = pick.sample(population.items, pick.choice([1, 1, 2]))
    goods = tuple(Goods(item_id, pick.choice([None, *population.categories])) for item_id in items)
    kinds = frozenset(pick.sample(list(TenderKind), pick.choice([1, 1, 2])))
    cards = (CardUsed(pick.choice(["visa", "mastercard"]), pick.choice(["4242", "0001"])),)
    purchase = Purchase(
        sale_id=new_id(),
        customer_id=customer_id,
        at=at,
        lane_id=lane_id,
        spend_minor=pick.choice([0, 500, 1500, 2000]),
        is_visit=pick.random() < 0.9,
        tenders=kinds,
        cards=cards if TenderKind.CARD in kinds else (),
        goods=goods,
    )
    _bare_sale(uow, purchase, number)
    return purchase


def _bare_sale(uow: SqlUnitOfWork, purchase: Purchase, number: int) -> None:
    """The sale's own rows, as far as keys ask for them."""
    uow._transaction.execute(
        schema.sales.insert(),
        {
            "id": purchase.sale_id,
            "lane_id": purchase.lane_id,
            "state": "completed",
            "currency": "EUR",
            "opened_at": purchase.at,
            "closed_at": purchase.at,
            "is_training": False,
            "receipt_number": 10_000 + number,
            "version": 1,
            "customer_id": purchase.customer_id,
        },
    )
    for position, goods in enumerate(purchase.goods):
        uow._transaction.execute(
            schema.sale_lines.insert(),
            {
                "id": new_id(),
                "sale_id": purchase.sale_id,
                "position": position,
                "item_id": goods.item_id,
                "name": "x",
                "unit_price_minor": 100,
                "quantity": 1,
                "category_id": goods.category_id,
                "tax_rates": [],
            },
        )
