"""Sales made by the use cases and undone again: what is left are their rows, as patterns for many more."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, text

from loyalty.adapters.sql.demo_fill.sink import plain
from loyalty.adapters.sql.unit_of_work import SqlUnitOfWork
from loyalty.domain.catalogue import Item
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.payment_card import CardToken
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.sale import Sale, TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.shop import Lane
from loyalty.domain.staff import StaffMember
from loyalty.errors import StorageError
from loyalty.services.basket import add_item, open_sale
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.quote import quote_sale
from loyalty.services.staff_at_sale import attach_by_staff
from runtime.ids import new_id

_NUMBER, _AT, _BEFORE, _AFTER = '"@number@"', "@at@", '"@before@"', '"@after@"'
_CARDS = (("visa", "4242"), ("visa", "1881"), ("mastercard", "4444"), ("mastercard", "0505"), ("cb", "7766"))


_ENTRIES = "SELECT id FROM ledger_entries WHERE source = :source"
_OF_SALE = bindparam("sale", type_=Uuid())
_OF_SOURCE = bindparam("source", type_=String())
_READ = {
    "sales": text("SELECT * FROM sales WHERE id = :sale").bindparams(_OF_SALE),
    "sale_lines": text("SELECT * FROM sale_lines WHERE sale_id = :sale ORDER BY position").bindparams(
        _OF_SALE
    ),
    "ledger_entries": text("SELECT * FROM ledger_entries WHERE source = :source").bindparams(_OF_SOURCE),
    "lots": text(f"SELECT * FROM lots WHERE entry_id IN ({_ENTRIES})").bindparams(_OF_SOURCE),  # noqa: S608
}


@dataclass(frozen=True)
class SalePattern:
    """The rows of one sale, by table, with their columns; what it earned and how it was paid."""

    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[tuple[Any, ...], ...]]
    line_ids: tuple[str, ...]
    receipt: str
    lane_id: str
    points: int
    spend_minor: int
    tenders: int
    card: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class SaleKey:
    """What makes a copy a sale of its own. Ids are 32 hex digits."""

    sale_id: str
    line_ids: tuple[str, ...]
    entry_id: str
    customer_id: str
    account_id: str | None
    number: int
    opened_at: str
    closed_at: str
    iso: str
    moment: int
    """Microseconds since 1970, of the end."""
    balance_before: int


def make_patterns(
    uow: SqlUnitOfWork, ctx: ServiceContext, lanes: Sequence[Lane], staff: StaffMember, seed: int
) -> tuple[list[SalePattern], list[SalePattern]]:
    """Patterns with and without a loyalty account; everything that it took is undone by the caller."""
    pick = random.Random(seed)  # noqa: S311 - made-up baskets
    with_account = _customer(uow, ctx, number=1, has_account=True)
    without = _customer(uow, ctx, number=2, has_account=False)
    items = list(uow.catalogue.items())
    return (
        [_pattern(uow, ctx, pick, lanes, staff, items=items, customer_id=with_account) for _ in range(60)],
        [_pattern(uow, ctx, pick, lanes, staff, items=items, customer_id=without) for _ in range(20)],
    )


def _customer(uow: SqlUnitOfWork, ctx: ServiceContext, *, number: int, has_account: bool) -> UUID:
    phone = PhoneNumber(f"+3361200009{number}")
    customer = Customer(new_id(), CustomerSource.DEMO, ctx.clock.now(), phone_number=phone)
    uow.customers.add(customer)
    if has_account:
        uow.accounts.add(LoyaltyAccount(new_id(), customer.id, phone, 0, ctx.clock.now()))
    return customer.id


def _pattern(
    uow: SqlUnitOfWork,
    ctx: ServiceContext,
    pick: random.Random,
    lanes: Sequence[Lane],
    staff: StaffMember,
    *,
    items: Sequence[Item],
    customer_id: UUID,
) -> SalePattern:
    lane = pick.choice(lanes)
    sale = open_sale(uow, ctx, lane.id, staff)
    if not isinstance(sale, Sale):
        raise StorageError("a lane of the demo has an open sale: finish it before the crowd comes")
    for item in pick.sample(items, pick.choice((1, 1, 1, 2, 2, 3))):
        add_item(uow, sale.id, item.id, pick.choice((1, 1, 1, 2)))
    attach_by_staff(uow, ctx, sale.id, customer_id, staff, is_checked=True)
    card = pick.choice(_CARDS) if pick.random() < 0.6 else None
    priced = uow.sales.get(sale.id)
    done = complete_sale(uow, ctx, sale.id, _payment(sale, card, priced, uow), staff)
    if not isinstance(done, Completed):
        raise StorageError(f"a sale of the demo was refused: {done.reason}")
    return _rows(uow, done, lane.id, card)


def _payment(sale: Sale, card: tuple[str, str] | None, now: Sale | None, uow: SqlUnitOfWork) -> Payment:
    if card is None or now is None:
        return Payment(f"pattern:{sale.id}", 100_000)
    total = quote_sale(uow, now).total_minor
    token = CardToken(card[0], card[1], f"tok_{sale.id.hex}")
    return Payment(f"pattern:{sale.id}", offers=(Offer(TenderKind.CARD, total, card=token),))


def _rows(uow: SqlUnitOfWork, done: Completed, lane_id: UUID, card: tuple[str, str] | None) -> SalePattern:
    sale = done.sale
    columns: dict[str, tuple[str, ...]] = {}
    rows: dict[str, tuple[tuple[Any, ...], ...]] = {}
    for table, statement in _READ.items():
        result = uow._transaction.execute(statement, {"sale": sale.id, "source": f"sale:{sale.id}"})
        columns[table] = tuple(result.keys())
        rows[table] = tuple(tuple(plain(value) for value in row) for row in result)
    receipt = json.loads(rows["sales"][0][columns["sales"].index("receipt")])
    before, after = receipt["balance_before"], receipt["balance_after"]
    receipt |= {"number": "@number@", "completed_at": _AT}
    if before is not None:
        receipt |= {"balance_before": "@before@", "balance_after": "@after@"}
    quote = done.receipt.quote
    return SalePattern(
        columns=columns,
        rows=rows,
        line_ids=tuple(line.id.hex for line in sale.lines),
        receipt=json.dumps(receipt),
        lane_id=lane_id.hex,
        points=(after or 0) - (before or 0),
        spend_minor=quote.total_minor,
        tenders=1 if card is None else 2,
        card=card,
    )


def dashed(hexed: str) -> str:
    """An id as JSON has it."""
    return f"{hexed[:8]}-{hexed[8:12]}-{hexed[12:16]}-{hexed[16:20]}-{hexed[20:]}"


class SaleCopier:
    """Makes rows of one pattern. Where the columns are that vary is found once."""

    def __init__(self, pattern: SalePattern) -> None:
        self.pattern = pattern
        self._lines = [(dashed(line_id), place) for place, line_id in enumerate(pattern.line_ids)]
        places = {
            table: {name: place for place, name in enumerate(names)}
            for table, names in pattern.columns.items()
        }
        self._sale = [places["sales"][name] for name in _OF_SALE_ROW]
        self._line = [places["sale_lines"][name] for name in _OF_LINE_ROW]
        self._entry = [places["ledger_entries"][name] for name in _OF_ENTRY_ROW]
        self._lot = [places["lots"][name] for name in _OF_LOT_ROW]

    def rows(self, key: SaleKey) -> dict[str, list[tuple[Any, ...]]]:
        """Rows by table."""
        pattern, dashed_id = self.pattern, dashed(key.sale_id)
        sale = (
            key.sale_id, key.customer_id, key.account_id, key.entry_id, key.opened_at, key.closed_at,
            f"demo:{key.sale_id}", key.number, self._receipt(key),
        )  # fmt: skip
        made = {
            "sales": [_changed(pattern.rows["sales"][0], self._sale, sale)],
            "sale_lines": [
                _changed(row, self._line, (line_id, key.sale_id, key.customer_id, key.moment))
                for row, line_id in zip(pattern.rows["sale_lines"], key.line_ids, strict=True)
            ],
        }
        for row in pattern.rows["ledger_entries"]:
            entry = (
                key.entry_id, key.account_id, key.closed_at, key.closed_at, f"sale:{dashed_id}",
                f"earn:{dashed_id}",
            )  # fmt: skip
            made["ledger_entries"] = [_changed(row, self._entry, entry)]
        for row in pattern.rows["lots"]:
            made["lots"] = [_changed(row, self._lot, (key.entry_id, key.account_id, key.closed_at))]
        return made

    def _receipt(self, key: SaleKey) -> str:
        after = key.balance_before + self.pattern.points
        receipt = self.pattern.receipt.replace(_NUMBER, str(key.number)).replace(_AT, key.iso)
        receipt = receipt.replace(_BEFORE, str(key.balance_before)).replace(_AFTER, str(after))
        for line_id, place in self._lines:
            receipt = receipt.replace(line_id, dashed(key.line_ids[place]))
        return receipt


_OF_SALE_ROW = (
    "id", "customer_id", "account_id", "identification_id", "opened_at", "closed_at", "completion_key",
    "receipt_number", "receipt",
)  # fmt: skip
_OF_LINE_ROW = ("id", "sale_id", "bought_by", "bought_at")
_OF_ENTRY_ROW = ("id", "account_id", "booked_at", "earned_at", "source", "idempotency_key")
_OF_LOT_ROW = ("entry_id", "account_id", "earned_at")


def _changed(row: tuple[Any, ...], places: Sequence[int], values: Sequence[Any]) -> tuple[Any, ...]:
    made = list(row)
    for place, value in zip(places, values, strict=True):
        made[place] = value
    return tuple(made)
