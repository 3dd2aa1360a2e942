"""Staff, their sessions, the owner's claim and attempts in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.staff import Role, StaffMember, StaffSession, StoredPin
from loyalty.errors import ConflictError
from tests.fakes.loyalty_tables import Repository


class InMemoryStaff(Repository):
    def save_role(self, role: Role) -> None:
        self._tables.roles[role.id] = role
        for staff_id, (member, password_hash) in list(self._tables.staff.items()):
            if member.role.id == role.id:
                self._tables.staff[staff_id] = (replace(member, role=role), password_hash)

    def delete_role(self, role_id: UUID) -> None:
        if any(member.role.id == role_id for member, _ in self._tables.staff.values()):
            raise ConflictError("the database refused a change: a reference")
        del self._tables.roles[role_id]

    def roles(self) -> Sequence[Role]:
        return sorted(self._tables.roles.values(), key=lambda role: role.name)

    def add(self, member: StaffMember, password_hash: str) -> None:
        if self.by_login(member.login) is not None:
            raise ConflictError("login taken")
        self._tables.staff[member.id] = (member, password_hash)

    def save(self, member: StaffMember) -> None:
        role = self._tables.roles[member.role.id]
        self._tables.staff[member.id] = (replace(member, role=role), self._tables.staff[member.id][1])

    def set_password_hash(self, staff_id: UUID, password_hash: str) -> None:
        self._tables.staff[staff_id] = (self._tables.staff[staff_id][0], password_hash)

    def get(self, staff_id: UUID) -> StaffMember | None:
        found = self._tables.staff.get(staff_id)
        return found[0] if found is not None else None

    def by_login(self, login: str) -> tuple[StaffMember, str] | None:
        return next((found for found in self._tables.staff.values() if found[0].login == login), None)

    def all(self) -> Sequence[StaffMember]:
        return sorted((found[0] for found in self._tables.staff.values()), key=lambda member: member.login)

    def link_customer(self, staff_id: UUID, customer_id: UUID | None) -> None:
        self._tables.programme.staff_customers[staff_id] = customer_id

    def customer_of(self, staff_id: UUID) -> UUID | None:
        return self._tables.programme.staff_customers.get(staff_id)

    def pin_of(self, staff_id: UUID) -> StoredPin | None:
        return self._tables.pins.get(staff_id)

    def put_pin(self, staff_id: UUID, pin: StoredPin | None) -> None:
        if pin is None:
            self._tables.pins.pop(staff_id, None)
        else:
            self._tables.pins[staff_id] = pin


class InMemoryStaffSessions(Repository):
    def add(self, session: StaffSession, token_hash: bytes) -> None:
        self._tables.staff_sessions[token_hash] = session

    def by_token_hash(self, token_hash: bytes) -> tuple[StaffSession, StaffMember] | None:
        session = self._tables.staff_sessions.get(token_hash)
        return (session, self._tables.staff[session.staff_id][0]) if session is not None else None

    def of_staff(self, staff_id: UUID, limit: int) -> Sequence[StaffSession]:
        own = [each for each in self._tables.staff_sessions.values() if each.staff_id == staff_id]
        return sorted(own, key=lambda each: (each.started_at, each.id), reverse=True)[:limit]

    def last_starts(self) -> dict[UUID, datetime]:
        oldest_first = sorted(self._tables.staff_sessions.values(), key=lambda each: each.started_at)
        return {each.staff_id: each.started_at for each in oldest_first}

    def end(self, session_id: UUID, at: datetime) -> None:
        self._end(lambda session: session.id == session_id, at)

    def end_all_of(self, staff_id: UUID, at: datetime) -> None:
        self._end(lambda session: session.staff_id == staff_id, at)

    def _end(self, is_meant: object, at: datetime) -> None:
        for token_hash, session in list(self._tables.staff_sessions.items()):
            if is_meant(session) and session.ended_at is None:  # type: ignore[operator]
                self._tables.staff_sessions[token_hash] = replace(session, ended_at=at)


class InMemoryClaims(Repository):
    def put(self, token_hash: bytes, at: datetime) -> None:
        self._tables.claim = [(token_hash, at)]

    def take(self, token_hash: bytes, since: datetime) -> bool:
        is_open = any(other == token_hash and at >= since for other, at in self._tables.claim)
        if is_open:
            self._tables.claim = []
        return is_open


class InMemoryAttempts(Repository):
    def count_since(self, key: str, since: datetime) -> int:
        return sum(other == key and at > since for other, at in self._tables.attempts)

    def add(self, key: str, at: datetime) -> None:
        self._tables.attempts.append((key, at))

    def clear(self, key: str) -> None:
        self._tables.attempts = [attempt for attempt in self._tables.attempts if attempt[0] != key]


class PlainTextHasher:
    """A password hasher that is quick and hides nothing."""

    def __init__(self) -> None:
        self.verified: list[str | None] = []

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified.append(password_hash)
        return password_hash == f"hash of {password}"
