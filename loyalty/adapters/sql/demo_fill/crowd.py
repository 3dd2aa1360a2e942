"""Rows of many people and their sales, table by table."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from loyalty.adapters.sql.demo_fill.people import Person
from loyalty.adapters.sql.demo_fill.sale_patterns import SaleCopier, SaleKey
from loyalty.adapters.sql.demo_fill.sink import RowSink
from loyalty.domain.activity import RECENT_VISITS
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.search import entry_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_TWO_MINUTES = timedelta(minutes=2)
_NO_ID = UUID(int=0)
_FIRST_ID_MS = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000)

COLUMNS: dict[str, tuple[str, ...]] = {
    "customers": (
        "id", "source", "created_at", "given_name", "family_name", "email_address", "phone_number",
        "reference_id", "company_name", "language", "version", "is_email_private",
    ),
    "loyalty_accounts": ("id", "customer_id", "phone_number", "balance", "enrolled_at", "sequence"),
    "membership_cards": ("id", "customer_id", "issued_at"),
    "consent_entries": (
        "id", "customer_id", "purpose", "state", "at", "wording_id", "wording_text", "channel",
    ),
    "customer_birthdays": ("customer_id", "month", "day"),
    "group_members": ("group_id", "customer_id", "added_at"),
    "customer_summaries": (
        "customer_id", "is_listed", "visits", *(f"visit_{number}_at" for number in range(1, 6)),
        "enrolled_at", "balance", "email_reach", "is_reached_by_sms", "last_payment_at", "spend_minor",
        "tenders", "birth_month", "birth_day", "first_visit_at", "created_at", "source",
    ),
    "customer_search": (
        "customer_id", "recent", "given", "family", "names", "reference", "digits", "email",
    ),
    "customer_purchases": (
        "customer_id", "at", "sale_id", "lane_id", "spend_minor", "is_visit", "tenders",
    ),
    "purchase_cards": ("sale_id", "brand", "last_four", "customer_id", "at"),
}  # fmt: skip
ORDER = (
    "customers", "loyalty_accounts", "membership_cards", "consent_entries", "customer_birthdays",
    "customer_summaries", "customer_search", "group_members", "sales", "sale_lines", "ledger_entries", "lots",
    "customer_purchases", "purchase_cards",
)  # fmt: skip
"""So that a row comes after those that it names."""


class Crowd:
    """Collects rows; ids follow from the seed.

    Args:
        sink: How moments are written.
        patterns: Sales with and without an account.
        seed: The same seed gives the same rows.
        first_receipt: Number of the first receipt.
        group_id: A manual group that some belong to.
    """

    def __init__(
        self,
        sink: RowSink,
        patterns: tuple[Sequence[SaleCopier], Sequence[SaleCopier]],
        *,
        seed: str,
        first_receipt: int,
        group_id: UUID,
    ) -> None:
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.columns = {**COLUMNS, **patterns[0][0].pattern.columns}
        self.next_receipt = first_receipt
        self._sink = sink
        self._with_account, self._without = patterns
        self._pick = random.Random(seed)  # noqa: S311 - made-up people
        self._group_id = group_id.hex
        self._milliseconds = ""

    def add(self, people: Iterable[Person]) -> None:
        for person in people:
            self._add(person)

    def _id(self) -> str:
        """An id of version 7: rows come one after the other, and so go to the end of their indexes."""
        bits = f"{self._pick.getrandbits(72):018x}"
        return f"{self._milliseconds}7{bits[:3]}a{bits[3:]}"

    def _add(self, person: Person) -> None:
        self._milliseconds = f"{_FIRST_ID_MS + person.number:012x}"
        created = self._sink.moment(person.created_at)
        customer_id = self._id()
        account_id = self._id() if person.is_enrolled else None
        self.rows["customers"].append(
            (
                customer_id, person.source, created, person.given_name, person.family_name,
                person.email_address, person.phone_number, person.reference_id, person.company_name,
                person.language, 1, person.is_email_private,
            )
        )  # fmt: skip
        if person.birthday is not None:
            self.rows["customer_birthdays"].append((customer_id, *person.birthday))
        if person.is_neighbour:
            self.rows["group_members"].append((self._group_id, customer_id, created))
        self._add_consents(person, customer_id, created)
        balance, purchases = self._add_sales(person, customer_id, account_id)
        if account_id is not None:
            points = sum(1 for _, copier in purchases if copier.pattern.points)
            self.rows["loyalty_accounts"].append(
                (account_id, customer_id, person.phone_number, balance, created, points)
            )
            self.rows["membership_cards"].append((self._id(), customer_id, created))
        self._add_summary(person, customer_id, balance if account_id is not None else None, purchases)
        self._add_search(person, customer_id, purchases[-1][0] if purchases else 0)

    def _add_consents(self, person: Person, customer_id: str, created: str) -> None:
        said = []
        if person.is_enrolled:
            said.append(("programme", "granted"))
        if person.agrees_sms:
            said.append(("marketing_sms", "granted"))
        if person.agrees_email is not None:
            said.append(("marketing_email", "granted" if person.agrees_email else "withdrawn"))
        for purpose, state in said:
            entry_id = self._id()
            words = ("demo", "Consentement de démonstration")
            self.rows["consent_entries"].append(
                (entry_id, customer_id, purpose, state, created, *words, "staff")
            )

    def _add_sales(
        self, person: Person, customer_id: str, account_id: str | None
    ) -> tuple[int, list[tuple[int, SaleCopier]]]:
        copiers = self._with_account if account_id is not None else self._without
        balance, purchases = 0, []
        for at in person.visits:
            copier = self._pick.choice(copiers)
            pattern = copier.pattern
            sale_id, moment = self._id(), (at - _EPOCH) // _TICK
            key = SaleKey(
                sale_id=sale_id,
                line_ids=tuple(self._id() for _ in pattern.line_ids),
                entry_id=self._id(),
                customer_id=customer_id,
                account_id=account_id,
                number=self.next_receipt,
                opened_at=self._sink.moment(at - _TWO_MINUTES),
                closed_at=self._sink.moment(at),
                iso=f"{at.isoformat()[:19]}Z",
                moment=moment,
                balance_before=balance,
            )
            self.next_receipt += 1
            for table, rows in copier.rows(key).items():
                self.rows[table] += rows
            purchase = (customer_id, moment, sale_id, pattern.lane_id)
            self.rows["customer_purchases"].append((*purchase, pattern.spend_minor, True, pattern.tenders))
            if pattern.card is not None:
                self.rows["purchase_cards"].append((sale_id, *pattern.card, customer_id, moment))
            balance += pattern.points
            purchases.append((moment, copier))
        return balance, purchases

    def _add_summary(
        self,
        person: Person,
        customer_id: str,
        balance: int | None,
        purchases: Sequence[tuple[int, SaleCopier]],
    ) -> None:
        created = (person.created_at - _EPOCH) // _TICK
        times = [at for at, _ in purchases]
        recent: list[int | None] = [*reversed(times[-RECENT_VISITS:])]
        recent += [None] * (RECENT_VISITS - len(recent))
        reach = None
        if person.email_address is not None and person.is_email_private and person.agrees_email is not False:
            reach = "private"
        elif person.email_address is not None and person.agrees_email:
            reach = "public"
        tenders = 0
        for _, copier in purchases:
            tenders |= copier.pattern.tenders
        self.rows["customer_summaries"].append(
            (
                customer_id, True, len(times), *recent, created if balance is not None else None, balance,
                reach, person.agrees_sms, recent[0], sum(each.pattern.spend_minor for _, each in purchases),
                tenders, *(person.birthday or (None, None)), times[0] if times else None, created,
                person.source,
            )
        )  # fmt: skip

    def _add_search(self, person: Person, customer_id: str, recent: int) -> None:
        customer = Customer(
            id=_NO_ID,
            source=CustomerSource.DEMO,
            created_at=person.created_at,
            given_name=person.given_name,
            family_name=person.family_name,
            email_address=person.email_address,
            phone_number=PhoneNumber(person.phone_number) if person.phone_number is not None else None,
            reference_id=person.reference_id,
            company_name=person.company_name,
        )
        entry = entry_of(customer)
        self.rows["customer_search"].append(
            (
                customer_id, recent, entry.given, entry.family, entry.names, entry.reference, entry.digits,
                entry.email,
            )
        )  # fmt: skip
