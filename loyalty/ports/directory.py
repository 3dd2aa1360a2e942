"""The directory: customers, their cards, consents and groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.address import PostalAddress
from loyalty.domain.consent import ConsentEntry
from loyalty.domain.custom_field import CustomField
from loyalty.domain.customer import Customer, MembershipCard
from loyalty.domain.filters import FilterSet, Known, Moment
from loyalty.domain.group import Group
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.profile_settings import ProfileSettings


@dataclass(frozen=True, slots=True)
class Member:
    """A customer with the loyalty account, where there is one."""

    customer: Customer
    account: LoyaltyAccount | None


class CustomerRepository(Protocol):
    """Customers, and members as one read."""

    def add(self, customer: Customer) -> None: ...

    def save(self, customer: Customer) -> None:
        """Store a changed customer whose ``version`` is one more than the stored one's.

        Raises:
            ConflictError: Somebody else changed it first.
        """

    def get(self, customer_id: UUID) -> Customer | None:
        """The profile of just this id, merged or not."""

    def member(self, customer_id: UUID) -> Member | None:
        """The member whom this id leads to: of a merged profile the one that it was merged into."""

    def as_stored(self, customer_id: UUID) -> Member | None:
        """The profile of just this id, merged or not, with its own account."""

    def member_by_reference(self, reference_id: str) -> Member | None:
        """Exact match, case-sensitive (X10); None also where two customers bear the same reference.

        A reference of a merged profile leads to the one that it was merged into.
        """

    def is_reference(self, text: str) -> bool:
        """Whether any customer bears exactly this reference, and were it two of them."""

    def holders_of_reference(self, reference_id: str) -> Sequence[Customer]:
        """All who bear it, exactly as written; merged and forgotten profiles bear none."""

    def member_by_phone(self, phone_number: str) -> Member | None:
        """The holder of the loyalty account of this E.164 number."""

    def by_phone_without_account(self, phone_number: str) -> Customer | None:
        """The one customer whose profile bears this number and who has no account; None where several do."""


class CardRepository(Protocol):
    """Membership cards, and the steps of rotating codes that were used."""

    def add(self, card: MembershipCard) -> None: ...

    def holder(self, card_id: UUID) -> tuple[MembershipCard, Member] | None:
        """The card, revoked or not, with its holder."""

    def of_customer(self, customer_id: UUID) -> Sequence[MembershipCard]:
        """Newest first."""

    def revoke(self, card_id: UUID, at: datetime) -> None: ...

    def use_step(self, card_id: UUID, step: int, at: datetime) -> bool:
        """Note the use of a rotating code's time step; True for the first use only (row 169)."""


class ConsentRepository(Protocol):
    """The consent ledger; nothing is ever changed in it."""

    def add(self, entry: ConsentEntry) -> None: ...

    def of_customer(self, customer_id: UUID) -> Sequence[ConsentEntry]:
        """Oldest first."""


class GroupRepository(Protocol):
    """Groups, picked by hand or smart: those have filters."""

    def add(self, group: Group) -> None: ...

    def save(self, group: Group) -> None: ...

    def all(self) -> Sequence[Group]: ...

    def archive(self, group_id: UUID, at: datetime) -> None:
        """Take a group out of use; its name is free again, its past stays."""

    def put_filters(self, group_id: UUID, filters: FilterSet, preset: str | None = None) -> None:
        """Make a group smart, or change what it asks; ``preset`` names the rule it was made from."""

    def smart(self) -> Mapping[UUID, FilterSet]:
        """The filters of every smart group."""

    def presets(self) -> Mapping[UUID, str]:
        """The rule that each group was made from, where it was made from one."""

    def known(self) -> Known:
        """What filters may refer to in this shop."""

    def of_customer(self, customer_id: UUID, moment: Moment | None = None) -> tuple[Group, ...]:
        """Manual groups of the customer; smart ones too where a moment is given, all in one query."""

    def add_member(self, group_id: UUID, customer_id: UUID, at: datetime) -> None:
        """Put a customer into a group; nothing happens where they are in it already."""

    def remove_member(self, group_id: UUID, customer_id: UUID) -> None: ...

    def count_members(self, group_id: UUID) -> int:
        """How many were picked for a manual group."""

    def members(self, group_id: UUID, limit: int) -> Sequence[tuple[datetime, UUID]]:
        """Who was picked, latest first."""


class ProfileRepository(Protocol):
    """What a profile holds besides the customer: addresses, and values of the shop's own fields."""

    def addresses(self, customer_id: UUID) -> tuple[PostalAddress, ...]:
        """In the order in which staff put them."""

    def put_addresses(self, customer_id: UUID, addresses: Sequence[PostalAddress]) -> None:
        """Replace all of them."""

    def custom_fields(self) -> Sequence[CustomField]:
        """All, archived ones too, by position."""

    def save_custom_field(self, custom_field: CustomField) -> None:
        """Add or change one.

        Raises:
            ConflictError: Another living field bears this name.
        """

    def custom_values(self, customer_id: UUID) -> dict[UUID, str]:
        """The stored values by field, each in its canonical form."""

    def put_custom_value(self, customer_id: UUID, custom_field: CustomField, value: str | None) -> None:
        """Store a value in its canonical form; None forgets it."""

    def settings(self) -> ProfileSettings:
        """What was saved last, else the defaults."""

    def save_settings(self, settings: ProfileSettings) -> None: ...

    def forget(self, customer_id: UUID) -> None:
        """Delete addresses, values, notes and attachments of a customer (row 176)."""
