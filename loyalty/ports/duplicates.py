"""Proposals of profiles that may be one person, and merges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from loyalty.domain.duplicate_pair import DuplicatePair
from loyalty.domain.merge import Merge


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What the finder of duplicates compares of one customer; "" where nothing is known."""

    customer_id: UUID
    given_name: str = ""
    family_name: str = ""
    company_name: str = ""
    birthday: date | None = None
    phone_number: str = ""
    """Of the loyalty account, else of the profile."""
    second_phone_number: str = ""
    """Of the profile, where the account has another one."""
    email_address: str = ""
    street: str = ""
    locality: str = ""
    postal_code: str = ""
    administrative_area: str = ""


class DuplicateRepository(Protocol):
    """Pairs of customers that may be one person."""

    def propose(self, pair: DuplicatePair) -> bool:
        """Store a new pair, or the new score of an open one; False where staff have decided on it."""

    def get(self, first_id: UUID, second_id: UUID) -> DuplicatePair | None: ...

    def save(self, pair: DuplicatePair) -> None:
        """Store what became of a pair."""

    def open_pairs(self, limit: int, offset: int = 0) -> Sequence[DuplicatePair]:
        """Of customers who are both in the directory, likeliest first."""

    def count_open(self) -> int: ...

    def forget(self, customer_id: UUID) -> None:
        """Delete all pairs with this customer (row 176)."""

    def people(self, after: UUID | None, limit: int) -> Sequence[PersonRow]:
        """Customers in the directory by id, from beyond ``after`` on."""

    def people_like(self, person: PersonRow, limit: int) -> Sequence[PersonRow]:
        """Others in the directory with the same phone, e-mail, birthday, or both names, in any order."""

    def people_alike(self, people: Sequence[PersonRow], limit: int) -> Mapping[UUID, Sequence[PersonRow]]:
        """Who in the directory was born on the same day as each of these, or bears both names in any order.

        Of those born on one day only who shares the first letter of a name. By the id of each that was asked
        for, who is nobody in the directory; the nearest ``limit`` need not be among them.
        """

    def person(self, customer_id: UUID) -> PersonRow | None:
        """One customer in the directory."""


class MergeRepository(Protocol):
    """Merges; what a merge did to the profiles stands in its record."""

    def add(self, merge: Merge) -> None: ...

    def save(self, merge: Merge) -> None: ...

    def get(self, merge_id: UUID) -> Merge | None: ...

    def of_customer(self, customer_id: UUID) -> Sequence[Merge]:
        """In which the customer stayed or went, newest first."""

    def recent(self, limit: int) -> Sequence[Merge]:
        """Newest first."""

    def forget(self, customer_id: UUID) -> None:
        """Empty the records of all merges with this customer (row 176)."""
