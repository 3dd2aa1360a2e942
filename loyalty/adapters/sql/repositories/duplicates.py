"""Pairs of customers that may be one person, and merges."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, or_, select, tuple_, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_merges import merge_record_from_json, merge_record_to_json
from loyalty.domain.duplicate_pair import DuplicatePair, PairState
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement
from loyalty.domain.merge import Merge
from loyalty.domain.search import fold
from loyalty.ports.duplicates import PersonRow

_PAIRS, _MERGES, _CUSTOMERS = schema.duplicate_pairs, schema.merges, schema.customers
_ACCOUNTS, _BIRTHDAYS, _ADDRESSES = (
    schema.loyalty_accounts,
    schema.customer_birthdays,
    schema.customer_addresses,
)
_SEARCH = schema.customer_search
_LISTED = and_(_CUSTOMERS.c.merged_into.is_(None), _CUSTOMERS.c.erased_at.is_(None))


class SqlDuplicateRepository:
    """Pairs that may be one person."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def propose(self, pair: DuplicatePair) -> bool:
        there = self.get(pair.first_id, pair.second_id)
        if there is not None and there.state is not PairState.OPEN:
            return False
        self.save(pair if there is None else replace(pair, found_at=there.found_at))
        return True

    def get(self, first_id: UUID, second_id: UUID) -> DuplicatePair | None:
        row = self._transaction.first(
            select(_PAIRS).where(_PAIRS.c.first_id == first_id, _PAIRS.c.second_id == second_id)
        )
        return _pair(row) if row is not None else None

    def save(self, pair: DuplicatePair) -> None:
        self._transaction.upsert(
            _PAIRS,
            {
                "first_id": pair.first_id,
                "second_id": pair.second_id,
                "score": pair.score,
                "agreements": {str(name): str(how) for name, how in pair.agreements.items()},
                "found_at": pair.found_at,
                "state": pair.state.value,
                "decided_at": pair.decided_at,
                "decided_by": pair.decided_by,
            },
        )

    def open_pairs(self, limit: int, offset: int = 0) -> Sequence[DuplicatePair]:
        statement = select(_PAIRS).where(*_are_open())
        ordered = statement.order_by(_PAIRS.c.score.desc(), _PAIRS.c.first_id, _PAIRS.c.second_id)
        return [_pair(row) for row in self._transaction.all(ordered.limit(limit).offset(offset))]

    def count_open(self) -> int:
        row = self._transaction.first(select(func.count().label("pairs")).where(*_are_open()))
        return int(row.pairs) if row is not None else 0

    def forget(self, customer_id: UUID) -> None:
        self._transaction.execute(
            delete(_PAIRS).where(or_(_PAIRS.c.first_id == customer_id, _PAIRS.c.second_id == customer_id))
        )

    def people(self, after: UUID | None, limit: int) -> Sequence[PersonRow]:
        statement = _people().order_by(_CUSTOMERS.c.id).limit(limit)
        if after is not None:
            statement = statement.where(_CUSTOMERS.c.id > after)
        return self._with_addresses(self._transaction.all(statement))

    def people_like(self, person: PersonRow, limit: int) -> Sequence[PersonRow]:
        found: dict[UUID, PersonRow] = {}
        for condition in _likenesses(person):
            statement = _people().where(condition, _CUSTOMERS.c.id != person.customer_id).limit(limit)
            for each in self._with_addresses(self._transaction.all(statement)):
                found.setdefault(each.customer_id, each)
        return list(found.values())[:limit]

    def people_alike(self, people: Sequence[PersonRow], limit: int) -> Mapping[UUID, Sequence[PersonRow]]:
        near = self._born_with(people) + self._named_as(people)
        by_id = {row.id: row for row in near}
        by_day: dict[date, list[Row[Any]]] = {}
        by_names: dict[tuple[str, str], list[Row[Any]]] = {}
        for row in by_id.values():
            if row.year is not None:
                by_day.setdefault(date(row.year, row.month, row.day), []).append(row)
            by_names.setdefault(_names(row.given_name, row.family_name), []).append(row)
        found: dict[UUID, list[UUID]] = {}
        for person in people:
            of_names = by_names.get(_names(person.given_name, person.family_name), [])
            of_day = by_day.get(person.birthday, []) if person.birthday is not None else []
            letters = _letters(person.given_name, person.family_name)
            born = [row for row in of_day if letters & _letters(row.given_name, row.family_name)]
            ids = list(dict.fromkeys(row.id for row in (*of_names, *born)))[:limit]
            if ids:
                found[person.customer_id] = ids
        wanted = {each for ids in found.values() for each in ids}
        rows = {
            each.customer_id: each
            for each in self._with_addresses([row for row in by_id.values() if row.id in wanted])
        }
        return {person_id: [rows[each] for each in ids] for person_id, ids in found.items()}

    def _born_with(self, people: Sequence[PersonRow]) -> list[Row[Any]]:
        days = sorted({each.birthday for each in people if each.birthday is not None})
        if not days:
            return []
        key = tuple_(_BIRTHDAYS.c.month, _BIRTHDAYS.c.day, _BIRTHDAYS.c.year)
        born = key.in_([(day.month, day.day, day.year) for day in days])
        return list(self._transaction.all(_people().where(born)))

    def _named_as(self, people: Sequence[PersonRow]) -> list[Row[Any]]:
        both = {_names(each.given_name, each.family_name) for each in people}
        wanted = {pair for one, other in both if one for pair in ((one, other), (other, one))}
        if not wanted:
            return []
        named = tuple_(_SEARCH.c.given, _SEARCH.c.family).in_(sorted(wanted))
        ids = select(_SEARCH.c.customer_id).where(named)
        return list(self._transaction.all(_people().where(_CUSTOMERS.c.id.in_(ids))))

    def person(self, customer_id: UUID) -> PersonRow | None:
        rows = self._transaction.all(_people().where(_CUSTOMERS.c.id == customer_id))
        return next(iter(self._with_addresses(rows)), None)

    def _with_addresses(self, rows: Sequence[Row[Any]]) -> list[PersonRow]:
        ids = [row.id for row in rows]
        addresses: dict[UUID, Row[Any]] = {}
        if ids:
            first = select(_ADDRESSES).where(_ADDRESSES.c.customer_id.in_(ids))
            for address in self._transaction.all(first.order_by(_ADDRESSES.c.position.desc())):
                addresses[address.customer_id] = address
        return [_person(row, addresses.get(row.id)) for row in rows]


class SqlMergeRepository:
    """Merges."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, merge: Merge) -> None:
        self._transaction.execute(_MERGES.insert(), _merge_values(merge))

    def save(self, merge: Merge) -> None:
        self._transaction.execute(
            update(_MERGES).where(_MERGES.c.id == merge.id).values(**_merge_values(merge))
        )

    def get(self, merge_id: UUID) -> Merge | None:
        row = self._transaction.first(select(_MERGES).where(_MERGES.c.id == merge_id))
        return _merge(row) if row is not None else None

    def of_customer(self, customer_id: UUID) -> Sequence[Merge]:
        return self._merges(select(_MERGES).where(_with(customer_id)))

    def recent(self, limit: int) -> Sequence[Merge]:
        return self._merges(select(_MERGES).limit(limit))

    def forget(self, customer_id: UUID) -> None:
        self._transaction.execute(update(_MERGES).where(_with(customer_id)).values(record=None))

    def _merges(self, statement: Select[Any]) -> list[Merge]:
        rows = self._transaction.all(statement.order_by(_MERGES.c.at.desc(), _MERGES.c.id.desc()))
        return [_merge(row) for row in rows]


def _names(*names: str | None) -> tuple[str, str]:
    """Both names, in no order."""
    first, second = sorted(fold(name or "")[:40] for name in names)
    return first, second


def _letters(*names: str | None) -> frozenset[str]:
    return frozenset(fold(name)[:1] for name in names if name)


def _are_open() -> tuple[ColumnElement[bool], ...]:
    listed = select(_CUSTOMERS.c.id).where(
        _LISTED, _CUSTOMERS.c.id.in_((_PAIRS.c.first_id, _PAIRS.c.second_id))
    )
    both = select(func.count()).select_from(listed.correlate(_PAIRS).subquery()).scalar_subquery()
    return (_PAIRS.c.state == PairState.OPEN.value, both == 2)


def _with(customer_id: UUID) -> ColumnElement[bool]:
    return or_(_MERGES.c.kept_id == customer_id, _MERGES.c.gone_id == customer_id)


def _people() -> Select[Any]:
    joined = _CUSTOMERS.outerjoin(_ACCOUNTS, _ACCOUNTS.c.customer_id == _CUSTOMERS.c.id).outerjoin(
        _BIRTHDAYS, _BIRTHDAYS.c.customer_id == _CUSTOMERS.c.id
    )
    return (
        select(
            _CUSTOMERS.c.id,
            _CUSTOMERS.c.given_name,
            _CUSTOMERS.c.family_name,
            _CUSTOMERS.c.company_name,
            _CUSTOMERS.c.email_address,
            _CUSTOMERS.c.phone_number,
            _ACCOUNTS.c.phone_number.label("account_number"),
            _BIRTHDAYS.c.year,
            _BIRTHDAYS.c.month,
            _BIRTHDAYS.c.day,
        )
        .select_from(joined)
        .where(_LISTED)
    )


def _likenesses(person: PersonRow) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for number in {person.phone_number, person.second_phone_number} - {""}:
        conditions.append(_CUSTOMERS.c.phone_number == number)
        conditions.append(_ACCOUNTS.c.phone_number == number)
    if person.email_address:
        conditions.append(_CUSTOMERS.c.email_address == person.email_address)
    if person.birthday is not None:
        day = (_BIRTHDAYS.c.month == person.birthday.month, _BIRTHDAYS.c.day == person.birthday.day)
        conditions.append(and_(*day, _BIRTHDAYS.c.year == person.birthday.year))
    return conditions


def _person(row: Row[Any], address: Row[Any] | None) -> PersonRow:
    birthday = date(row.year, row.month, row.day) if row.year is not None else None
    number = row.account_number or row.phone_number or ""
    second = row.phone_number if row.phone_number != number else ""
    return PersonRow(
        customer_id=row.id,
        given_name=row.given_name or "",
        family_name=row.family_name or "",
        company_name=row.company_name or "",
        birthday=birthday,
        phone_number=number,
        second_phone_number=second or "",
        email_address=row.email_address or "",
        street=(address.line_1 or "") if address is not None else "",
        locality=(address.locality or "") if address is not None else "",
        postal_code=(address.postal_code or "") if address is not None else "",
        administrative_area=(address.administrative_area or "") if address is not None else "",
    )


def _pair(row: Row[Any]) -> DuplicatePair:
    return DuplicatePair(
        first_id=row.first_id,
        second_id=row.second_id,
        score=row.score,
        agreements={Field(name): Agreement(how) for name, how in row.agreements.items()},
        found_at=row.found_at,
        state=PairState(row.state),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def _merge_values(merge: Merge) -> dict[str, object]:
    record = merge.record
    return asdict(replace(merge, record=None)) | {
        "record": merge_record_to_json(record) if record is not None else None
    }


def _merge(row: Row[Any]) -> Merge:
    return Merge(
        id=row.id,
        kept_id=row.kept_id,
        gone_id=row.gone_id,
        at=row.at,
        staff_id=row.staff_id,
        record=merge_record_from_json(row.record) if row.record is not None else None,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )
