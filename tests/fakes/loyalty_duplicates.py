"""Proposals of duplicates and merges in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from loyalty.domain.duplicate_pair import DuplicatePair, PairState
from loyalty.domain.merge import Merge
from loyalty.domain.search import fold
from loyalty.ports.duplicates import PersonRow


@dataclass
class MergeTables:
    """Pairs and merges."""

    pairs: dict[tuple[UUID, UUID], DuplicatePair] = field(default_factory=dict)
    merges: dict[UUID, Merge] = field(default_factory=dict)

    def copy(self) -> "MergeTables":
        return MergeTables(self.pairs.copy(), self.merges.copy())


class InMemoryDuplicates:
    """See ``loyalty.ports.duplicates.DuplicateRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables
        self._pairs: dict[tuple[UUID, UUID], DuplicatePair] = tables.merging.pairs

    def propose(self, pair: DuplicatePair) -> bool:
        there = self.get(pair.first_id, pair.second_id)
        if there is not None and there.state is not PairState.OPEN:
            return False
        self.save(pair if there is None else replace(pair, found_at=there.found_at))
        return True

    def get(self, first_id: UUID, second_id: UUID) -> DuplicatePair | None:
        return self._pairs.get((first_id, second_id))

    def save(self, pair: DuplicatePair) -> None:
        self._pairs[pair.first_id, pair.second_id] = pair

    def open_pairs(self, limit: int, offset: int = 0) -> Sequence[DuplicatePair]:
        found = [
            pair
            for pair in self._pairs.values()
            if pair.state is PairState.OPEN
            and self._tables.customers[pair.first_id].is_listed
            and self._tables.customers[pair.second_id].is_listed
        ]
        found.sort(key=lambda pair: (-pair.score, pair.first_id, pair.second_id))
        return found[offset : offset + limit]

    def count_open(self) -> int:
        return len(self.open_pairs(len(self._pairs)))

    def forget(self, customer_id: UUID) -> None:
        for key in [key for key in self._pairs if customer_id in key]:
            del self._pairs[key]

    def people(self, after: UUID | None, limit: int) -> Sequence[PersonRow]:
        ids = sorted(each.id for each in self._tables.customers.values() if each.is_listed)
        return [self._row(each) for each in ids if after is None or each > after][:limit]

    def people_like(self, person: PersonRow, limit: int) -> Sequence[PersonRow]:
        numbers = {person.phone_number, person.second_phone_number} - {""}
        found = []
        for row in self.people(None, len(self._tables.customers)):
            same_number = numbers & {row.phone_number, row.second_phone_number}
            same_email = person.email_address and person.email_address == row.email_address
            same_day = person.birthday is not None and person.birthday == row.birthday
            if row.customer_id != person.customer_id and (same_number or same_email or same_day):
                found.append(row)
        return found[:limit]

    def people_alike(self, people: Sequence[PersonRow], limit: int) -> Mapping[UUID, Sequence[PersonRow]]:
        there = self.people(None, len(self._tables.customers))

        def near(one: PersonRow, other: PersonRow) -> bool:
            mine, theirs = ({fold(row.given_name), fold(row.family_name)} for row in (one, other))
            is_named_so = mine == theirs and "" not in mine
            letters = {name[:1] for name in mine} & {name[:1] for name in theirs} - {""}
            return is_named_so or bool(one.birthday and one.birthday == other.birthday and letters)

        found = {one.customer_id: [each for each in there if near(one, each)][:limit] for one in people}
        return {person_id: rows for person_id, rows in found.items() if rows}

    def person(self, customer_id: UUID) -> PersonRow | None:
        customer = self._tables.customers.get(customer_id)
        return self._row(customer_id) if customer is not None and customer.is_listed else None

    def _row(self, customer_id: UUID) -> PersonRow:
        customer = self._tables.customers[customer_id]
        accounts = self._tables.accounts.values()
        account = next((each for each in accounts if each.customer_id == customer_id), None)
        birthday = self._tables.programme.birthdays.get(customer_id)
        address = next(iter(self._tables.profiles.addresses.get(customer_id, ())), None)
        number = (account.phone_number if account is not None else None) or customer.phone_number or ""
        return PersonRow(
            customer_id,
            customer.given_name or "",
            customer.family_name or "",
            customer.company_name or "",
            date(birthday.year, birthday.month, birthday.day) if birthday and birthday.year else None,
            number,
            customer.phone_number or "" if customer.phone_number != number else "",
            customer.email_address or "",
            (address.line_1 or "") if address else "",
            (address.locality or "") if address else "",
            (address.postal_code or "") if address else "",
            (address.administrative_area or "") if address else "",
        )


class InMemoryMerges:
    """See ``loyalty.ports.duplicates.MergeRepository``."""

    def __init__(self, tables: Any) -> None:
        self._merges: dict[UUID, Merge] = tables.merging.merges

    def add(self, merge: Merge) -> None:
        self._merges[merge.id] = merge

    def save(self, merge: Merge) -> None:
        self._merges[merge.id] = merge

    def get(self, merge_id: UUID) -> Merge | None:
        return self._merges.get(merge_id)

    def of_customer(self, customer_id: UUID) -> Sequence[Merge]:
        return [
            each for each in self.recent(len(self._merges)) if customer_id in (each.kept_id, each.gone_id)
        ]

    def recent(self, limit: int) -> Sequence[Merge]:
        return sorted(self._merges.values(), key=lambda each: (each.at, each.id), reverse=True)[:limit]

    def forget(self, customer_id: UUID) -> None:
        for merge in self.of_customer(customer_id):
            self._merges[merge.id] = replace(merge, record=None)
