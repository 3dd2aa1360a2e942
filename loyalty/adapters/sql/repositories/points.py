"""Accounts and the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import why_from_json, why_to_json
from loyalty.adapters.sql.prepared import insert_of
from loyalty.adapters.sql.repositories.ledger_comparison import compare_ledger
from loyalty.adapters.sql.search_index import index_customers
from loyalty.domain.ledger import EntryKind, LedgerEntry, Lot, LotUse, LoyaltyAccount
from loyalty.domain.phone import PhoneNumber
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.ports.points import LedgerReport

_ACCOUNTS, _ENTRIES = schema.loyalty_accounts, schema.ledger_entries
_LOTS, _USES = schema.lots, schema.lot_uses

_ACCOUNT = select(_ACCOUNTS).where(_ACCOUNTS.c.id == bindparam("account_id"))
_LOCKED_ACCOUNT = _ACCOUNT.with_for_update()  # SQLite holds its one write lock anyway
_BY_KEY = select(_ENTRIES).where(
    _ENTRIES.c.account_id == bindparam("account_id"), _ENTRIES.c.idempotency_key == bindparam("key")
)
_LOTS_OF = (  # by way of the entries, whose accounts are indexed; of lots only the open ones are
    select(_LOTS)
    .join(_ENTRIES, _ENTRIES.c.id == _LOTS.c.entry_id)
    .where(_ENTRIES.c.account_id == bindparam("account_id"))
)
_OPEN_LOTS_OF = select(_LOTS).where(_LOTS.c.account_id == bindparam("account_id"), _LOTS.c.remaining > 0)
_USES_OF = (
    select(_USES)
    .join(_ENTRIES, _ENTRIES.c.id == _USES.c.entry_id)
    .where(_ENTRIES.c.account_id == bindparam("account_id"))
)
_USES_OF_ENTRY = select(_USES).where(_USES.c.entry_id == bindparam("entry_id"))
_MOVE_BALANCE = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.id == bindparam("account_id"))
    .values(balance=_ACCOUNTS.c.balance + bindparam("points"), sequence=_ACCOUNTS.c.sequence + 1)
)
_USE_LOT = (
    update(_LOTS)
    .where(_LOTS.c.entry_id == bindparam("lot_id"), _LOTS.c.account_id == bindparam("of_account"))
    .values(remaining=_LOTS.c.remaining - bindparam("used"))
)
_MOVE_BALANCE_OF = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.id == bindparam("of_account"))
    .values(balance=_ACCOUNTS.c.balance + bindparam("points"), sequence=_ACCOUNTS.c.sequence + 1)
)


_ADD_ENTRY, _ADD_LOT = insert_of(_ENTRIES), insert_of(_LOTS)


class SqlAccountRepository:
    """Loyalty accounts."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, account: LoyaltyAccount) -> None:
        self._transaction.execute(_ACCOUNTS.insert(), asdict(account))
        index_customers(self._transaction, [account.customer_id])

    def get(self, account_id: UUID) -> LoyaltyAccount | None:
        row = self._transaction.first(_ACCOUNT, {"account_id": account_id})
        return account_from(row) if row is not None else None

    def lock(self, account_id: UUID) -> LoyaltyAccount | None:
        row = self._transaction.first(_LOCKED_ACCOUNT, {"account_id": account_id})
        return account_from(row) if row is not None else None

    def lock_all(self, account_ids: Sequence[UUID]) -> None:
        statement = select(_ACCOUNTS.c.id).where(_ACCOUNTS.c.id.in_(account_ids))
        self._transaction.all(statement.order_by(_ACCOUNTS.c.id).with_for_update())

    def give_to(self, account_id: UUID, customer_id: UUID) -> None:
        self._transaction.execute(
            update(_ACCOUNTS).where(_ACCOUNTS.c.id == account_id).values(customer_id=customer_id)
        )

    def detach_number(self, account_id: UUID) -> None:
        self._put_number(account_id, None)

    def change_number(self, account_id: UUID, phone_number: PhoneNumber) -> None:
        self._put_number(account_id, phone_number)

    def _put_number(self, account_id: UUID, phone_number: PhoneNumber | None) -> None:
        self._transaction.execute(
            update(_ACCOUNTS).where(_ACCOUNTS.c.id == account_id).values(phone_number=phone_number)
        )
        account = self.get(account_id)
        if account is not None:
            index_customers(self._transaction, [account.customer_id])

    def ids(self) -> Iterator[UUID]:
        for row in self._transaction.all(select(_ACCOUNTS.c.id).order_by(_ACCOUNTS.c.id)):
            yield row.id

    def page(self, after: UUID | None, limit: int) -> Sequence[LoyaltyAccount]:
        statement = select(_ACCOUNTS).order_by(_ACCOUNTS.c.id).limit(limit)
        if after is not None:
            statement = statement.where(_ACCOUNTS.c.id > after)
        return [account_from(row) for row in self._transaction.all(statement)]


class SqlLedgerRepository:
    """Entries are only ever inserted; triggers in the database refuse anything else."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def book(self, entry: LedgerEntry) -> bool:
        self._transaction.first(_LOCKED_ACCOUNT, {"account_id": entry.account_id})
        if not self._transaction.insert_new(_ENTRIES, _entry_values(entry)):
            return False
        moved = self._transaction.execute(
            _MOVE_BALANCE, {"account_id": entry.account_id, "points": entry.points}
        )
        if moved.rowcount != 1:
            raise UnknownIdError("no such loyalty account", account=str(entry.account_id))
        if entry.points > 0:
            self._transaction.execute(_LOTS.insert(), _lot_values(entry))
        for use in entry.uses:
            self._use(entry, use)
        return True

    def book_all(self, entries: Sequence[LedgerEntry]) -> None:
        if not entries:
            return
        execute = self._transaction.execute
        execute(_ENTRIES.insert(), [_entry_values(entry) for entry in entries])
        moved = [{"of_account": entry.account_id, "points": entry.points} for entry in entries]
        execute(_MOVE_BALANCE_OF, moved)
        gains = [_lot_values(entry) for entry in entries if entry.points > 0]
        if gains:
            execute(_LOTS.insert(), gains)
        uses = [(entry, use) for entry in entries for use in entry.uses]
        if uses:
            execute(
                _USES.insert(),
                [{"entry_id": e.id, "lot_id": use.lot_id, "points": use.points} for e, use in uses],
            )
            execute(
                _USE_LOT,
                [{"lot_id": use.lot_id, "of_account": e.account_id, "used": use.points} for e, use in uses],
            )

    def add_openings(self, entries: Sequence[LedgerEntry]) -> None:
        """The first entries of accounts that were just stored with these points in their balance."""
        if entries:
            self._transaction.write_all(_ADD_ENTRY, [_entry_values(entry) for entry in entries])
            self._transaction.write_all(_ADD_LOT, [_lot_values(entry) for entry in entries])

    def entry(self, account_id: UUID, idempotency_key: str) -> LedgerEntry | None:
        row = self._transaction.first(_BY_KEY, {"account_id": account_id, "key": idempotency_key})
        if row is None:
            return None
        uses = self._transaction.all(_USES_OF_ENTRY, {"entry_id": row.id})
        return entry_from(row, tuple(LotUse(use.lot_id, use.points) for use in uses))

    def entries_of(self, account_id: UUID, limit: int | None = None) -> Sequence[LedgerEntry]:
        by_time = (_ENTRIES.c.booked_at, _ENTRIES.c.id)
        statement = select(_ENTRIES).where(_ENTRIES.c.account_id == account_id)
        if limit is None:
            statement = statement.order_by(*by_time)
        else:
            statement = statement.order_by(*(column.desc() for column in by_time)).limit(limit)
        uses: dict[UUID, list[LotUse]] = {}
        for row in self._transaction.all(_USES_OF, {"account_id": account_id}):
            uses.setdefault(row.entry_id, []).append(LotUse(row.lot_id, row.points))
        return [entry_from(row, tuple(uses.get(row.id, ()))) for row in self._transaction.all(statement)]

    def open_lots_of(self, account_id: UUID) -> Sequence[Lot]:
        return _lots(self._transaction.all(_OPEN_LOTS_OF, {"account_id": account_id}))

    def lots_of(self, account_id: UUID) -> Sequence[Lot]:
        return _lots(self._transaction.all(_LOTS_OF, {"account_id": account_id}))

    def rewrite_caches(self, account_id: UUID, balance: int, remainders: dict[UUID, int]) -> None:
        self._transaction.execute(
            update(_ACCOUNTS).where(_ACCOUNTS.c.id == account_id).values(balance=balance)
        )
        for lot_id, remaining in remainders.items():
            self._transaction.execute(
                update(_LOTS).where(_LOTS.c.entry_id == lot_id).values(remaining=remaining)
            )

    def of_source(self, source: str) -> Sequence[LedgerEntry]:
        return self._whole(_ENTRIES.c.source == source)

    def corrections_of(self, entry_id: UUID) -> Sequence[LedgerEntry]:
        return self._whole(_ENTRIES.c.corrects == entry_id)

    def accounts_with_expired(self, now: datetime, limit: int) -> Sequence[UUID]:
        # the lots are taken in the order of their index; several of one account make the slice smaller
        soonest = (
            select(_LOTS.c.account_id)
            .where(_LOTS.c.remaining > 0, _LOTS.c.expires_at <= now)
            .order_by(_LOTS.c.expires_at)
            .limit(limit)
            .subquery()
        )
        rows = self._transaction.all(select(soonest.c.account_id).distinct())
        return sorted(row.account_id for row in rows)

    def expired_lots(self, account_ids: Sequence[UUID], now: datetime) -> Mapping[UUID, Sequence[Lot]]:
        statement = select(_LOTS).where(
            _LOTS.c.account_id.in_(account_ids), _LOTS.c.remaining > 0, _LOTS.c.expires_at <= now
        )
        found: dict[UUID, list[Lot]] = {}
        for row in self._transaction.all(statement):
            found.setdefault(row.account_id, []).extend(_lots([row]))
        return found

    def accounts_expiring(
        self, start: datetime, end: datetime, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        statement = select(_LOTS.c.account_id).where(
            _LOTS.c.remaining > 0, _LOTS.c.expires_at > start, _LOTS.c.expires_at <= end
        )
        if after is not None:
            statement = statement.where(_LOTS.c.account_id > after)
        rows = self._transaction.all(statement.distinct().order_by(_LOTS.c.account_id).limit(limit))
        return [row.account_id for row in rows]

    def compare(self) -> LedgerReport:
        return compare_ledger(self._transaction)

    def _whole(self, condition: ColumnElement[bool]) -> list[LedgerEntry]:
        rows = self._transaction.all(
            select(_ENTRIES).where(condition).order_by(_ENTRIES.c.booked_at, _ENTRIES.c.id)
        )
        entries = []
        for row in rows:
            uses = self._transaction.all(_USES_OF_ENTRY, {"entry_id": row.id})
            entries.append(entry_from(row, tuple(LotUse(use.lot_id, use.points) for use in uses)))
        return entries

    def _use(self, entry: LedgerEntry, use: LotUse) -> None:
        self._transaction.execute(
            _USES.insert(), {"entry_id": entry.id, "lot_id": use.lot_id, "points": use.points}
        )
        used = self._transaction.execute(
            _USE_LOT, {"lot_id": use.lot_id, "of_account": entry.account_id, "used": use.points}
        )
        if used.rowcount != 1:
            raise ConflictError("a lot of another account cannot be used", lot=str(use.lot_id))


def account_from(row: Row[Any]) -> LoyaltyAccount:
    return LoyaltyAccount(
        id=row.id,
        customer_id=row.customer_id,
        phone_number=PhoneNumber(row.phone_number) if row.phone_number is not None else None,
        balance=row.balance,
        enrolled_at=row.enrolled_at,
        sequence=row.sequence,
    )


def _lots(rows: Sequence[Row[Any]]) -> list[Lot]:
    return [Lot(row.entry_id, row.remaining, row.earned_at, row.expires_at) for row in rows]


def _lot_values(entry: LedgerEntry) -> dict[str, object]:
    return {
        "entry_id": entry.id,
        "account_id": entry.account_id,
        "points": entry.points,
        "remaining": entry.points,
        "earned_at": entry.earned_at,
        "expires_at": entry.expires_at,
    }


def _entry_values(entry: LedgerEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "account_id": entry.account_id,
        "kind": entry.kind.value,
        "points": entry.points,
        "booked_at": entry.booked_at,
        "source": entry.source,
        "idempotency_key": entry.idempotency_key,
        "earned_at": entry.earned_at,
        "expires_at": entry.expires_at,
        "corrects": entry.corrects,
        "why": why_to_json(entry.why),
        "origin_lot": entry.origin_lot,
        "staff_id": entry.staff_id,
    }


def entry_from(row: Row[Any], uses: tuple[LotUse, ...]) -> LedgerEntry:
    return LedgerEntry(
        id=row.id,
        account_id=row.account_id,
        kind=EntryKind(row.kind),
        points=row.points,
        booked_at=row.booked_at,
        source=row.source,
        idempotency_key=row.idempotency_key,
        earned_at=row.earned_at,
        expires_at=row.expires_at,
        corrects=row.corrects,
        uses=uses,
        why=why_from_json(row.why),
        origin_lot=row.origin_lot,
        staff_id=row.staff_id,
    )
