"""The ledger under any order of bookings, repetitions and redemptions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.ledger import (
    EntryKind,
    LedgerEntry,
    LoyaltyAccount,
    balance_of,
    remainders_of,
    take_from_lots,
    usable_points,
)
from loyalty.domain.phone import PhoneNumber
from loyalty.services.ledger_check import verify_ledger
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.migrated import migrated_sqlite

START = datetime(2026, 3, 2, tzinfo=UTC)


class LedgerMachine(RuleBasedStateMachine):
    """Books what it likes; whatever it does, the caches say what the entries say."""

    def __init__(self) -> None:
        super().__init__()
        self.database = self.open_database()
        self.now = START
        self.booked: list[LedgerEntry] = []

    def open_database(self) -> InMemoryDatabase | SqlDatabase:
        return InMemoryDatabase()

    @initialize()
    def account(self) -> None:
        holder = Customer(new_id(), CustomerSource.LOYALTY, START)
        self.account_id = new_id()
        with self.database.unit_of_work() as uow:
            uow.customers.add(holder)
            uow.accounts.add(
                LoyaltyAccount(self.account_id, holder.id, PhoneNumber("+33612345678"), 0, START)
            )
            uow.commit()

    @rule(points=st.integers(1, 500), valid_days=st.none() | st.integers(1, 60))
    def earn(self, points: int, valid_days: int | None) -> None:
        expires = self.now + timedelta(days=valid_days) if valid_days is not None else None
        self._book(EntryKind.EARN, points, expires_at=expires, earned_at=self.now)

    @rule(points=st.integers(1, 600))
    def redeem(self, points: int) -> None:
        with self.database.unit_of_work() as uow:
            lots = uow.ledger.open_lots_of(self.account_id)
        uses = take_from_lots(lots, points, self.now)
        assert (uses is None) == (usable_points(lots, self.now) < points)
        if uses is not None:
            self._book(EntryKind.REDEEM, -points, uses=uses)

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: self.booked)
    @rule(data=st.data())
    def repeat_any_booking(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.booked))
        with self.database.unit_of_work() as uow:
            assert uow.ledger.book(entry) is False
            uow.commit()

    @invariant()
    def caches_say_what_the_entries_say(self) -> None:
        with self.database.reading() as uow:
            account = uow.accounts.get(self.account_id) if hasattr(self, "account_id") else None
            if account is None:
                return
            entries = uow.ledger.entries_of(account.id)
            assert len(entries) == len(self.booked) == account.sequence
            assert account.balance == balance_of(self.booked)
            left = {lot.id: lot.remaining for lot in uow.ledger.lots_of(account.id)}
            assert left == remainders_of(self.booked)
            assert all(remaining >= 0 for remaining in left.values())
            assert sum(left.values()) == account.balance
            assert verify_ledger(uow).faults == ()

    def _book(self, kind: EntryKind, points: int, **fields: object) -> None:
        entry = LedgerEntry(
            id=new_id(),
            account_id=self.account_id,
            kind=kind,
            points=points,
            booked_at=self.now,
            source="sale:x",
            idempotency_key=f"{kind.value}:{len(self.booked)}",
            **fields,  # type: ignore[arg-type]
        )
        with self.database.unit_of_work() as uow:
            assert uow.ledger.book(entry) is True
            uow.commit()
        self.booked.append(entry)

    def teardown(self) -> None:
        self.database.close()


class SqliteLedgerMachine(LedgerMachine):
    """The same on SQLite."""

    def open_database(self) -> SqlDatabase:
        self.folder = TemporaryDirectory()
        return SqlDatabase.open(migrated_sqlite(Path(self.folder.name) / "shop.db"))

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


@pytest.mark.parametrize(
    ("machine", "examples", "steps"), [(LedgerMachine, 200, 30), (SqliteLedgerMachine, 8, 15)]
)
def test_the_caches_always_say_what_the_entries_say(
    machine: type[LedgerMachine], examples: int, steps: int
) -> None:
    # rows 168, 174
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case("runTest").runTest()
