"""Staff accounts, roles, sessions, the owner's claim and the counters of failed sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.staff import Role, StaffMember, StaffSession, StoredPin


class StaffRepository(Protocol):
    """Who may sign in. Password hashes never leave it but to be verified."""

    def save_role(self, role: Role) -> None: ...

    def delete_role(self, role_id: UUID) -> None:
        """Delete a role that nobody has.

        Raises:
            ConflictError: Somebody has it.
        """

    def roles(self) -> Sequence[Role]:
        """By name."""

    def add(self, member: StaffMember, password_hash: str) -> None: ...

    def save(self, member: StaffMember) -> None: ...

    def set_password_hash(self, staff_id: UUID, password_hash: str) -> None: ...

    def get(self, staff_id: UUID) -> StaffMember | None: ...

    def by_login(self, login: str) -> tuple[StaffMember, str] | None:
        """The staff member of this login, in lower case, and the password hash."""

    def all(self) -> Sequence[StaffMember]: ...

    def link_customer(self, staff_id: UUID, customer_id: UUID | None) -> None:
        """Say which customer this staff member is (row 206); None: nobody's."""

    def customer_of(self, staff_id: UUID) -> UUID | None: ...

    def pin_of(self, staff_id: UUID) -> StoredPin | None:
        """None for somebody who set no PIN."""

    def put_pin(self, staff_id: UUID, pin: StoredPin | None) -> None:
        """Store a PIN or its new count of failures; None takes it away."""


class StaffSessionRepository(Protocol):
    """Signed-in browsers, by the hash of their token."""

    def add(self, session: StaffSession, token_hash: bytes) -> None: ...

    def of_staff(self, staff_id: UUID, limit: int) -> Sequence[StaffSession]:
        """Newest first, those that are over too."""

    def last_starts(self) -> dict[UUID, datetime]:
        """When each staff member signed in last; those who never did are missing."""

    def by_token_hash(self, token_hash: bytes) -> tuple[StaffSession, StaffMember] | None: ...

    def end(self, session_id: UUID, at: datetime) -> None: ...

    def end_all_of(self, staff_id: UUID, at: datetime) -> None: ...


class ClaimRepository(Protocol):
    """The one-time token that makes the first owner."""

    def put(self, token_hash: bytes, at: datetime) -> None:
        """Replace whatever claim was open."""

    def take(self, token_hash: bytes, since: datetime) -> bool:
        """Use the claim up; False where it is none, was used, or was put before ``since``."""


class AttemptRepository(Protocol):
    """Counters that slow down guessing."""

    def count_since(self, key: str, since: datetime) -> int: ...

    def add(self, key: str, at: datetime) -> None: ...

    def clear(self, key: str) -> None: ...
