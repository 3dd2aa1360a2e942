"""Staff, their sessions, the owner's claim, sign-in attempts."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, delete, func, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.domain.staff import Permission, Role, StaffMember, StaffSession, StoredPin
from runtime.ids import new_id

_STAFF, _ROLES, _SESSIONS = schema.staff, schema.roles, schema.staff_sessions
_CLAIMS, _ATTEMPTS = schema.owner_claims, schema.sign_in_attempts

_KEPT = timedelta(days=1)


def _with_role(*more: Any) -> Select[Any]:
    columns = (
        _ROLES.c.name.label("role_name"),
        _ROLES.c.permissions.label("role_permissions"),
        _ROLES.c.is_owner.label("role_is_owner"),
    )
    return select(*_STAFF.c, *columns, *more).join(_ROLES, _ROLES.c.id == _STAFF.c.role_id)


_BY_ID = _with_role().where(_STAFF.c.id == bindparam("staff_id"))
_BY_LOGIN = _with_role().where(_STAFF.c.login == bindparam("login"))
_BY_TOKEN = (
    _with_role(
        _SESSIONS.c.id.label("session_id"),
        _SESSIONS.c.started_at,
        _SESSIONS.c.expires_at,
        _SESSIONS.c.ended_at,
        _SESSIONS.c.is_by_pin,
    )
    .join(_SESSIONS, _SESSIONS.c.staff_id == _STAFF.c.id)
    .where(_SESSIONS.c.token_hash == bindparam("token_hash"))
)

_CUSTOMER_OF = select(_STAFF.c.customer_id).where(_STAFF.c.id == bindparam("staff_id"))


class SqlStaffRepository:
    """Who may sign in."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def save_role(self, role: Role) -> None:
        permissions = sorted(permission.value for permission in role.permissions)
        values = {"id": role.id, "name": role.name, "permissions": permissions, "is_owner": role.is_owner}
        self._transaction.upsert(_ROLES, values)

    def delete_role(self, role_id: UUID) -> None:
        self._transaction.execute(delete(_ROLES).where(_ROLES.c.id == role_id))

    def roles(self) -> Sequence[Role]:
        rows = self._transaction.all(select(_ROLES).order_by(_ROLES.c.name))
        return [_role(row.id, row.name, row.permissions, is_owner=row.is_owner) for row in rows]

    def add(self, member: StaffMember, password_hash: str) -> None:
        self._transaction.execute(_STAFF.insert(), {**_values(member), "password_hash": password_hash})

    def save(self, member: StaffMember) -> None:
        values = _values(member)
        self._transaction.execute(update(_STAFF).where(_STAFF.c.id == member.id).values(**values))

    def set_password_hash(self, staff_id: UUID, password_hash: str) -> None:
        self._transaction.execute(
            update(_STAFF).where(_STAFF.c.id == staff_id).values(password_hash=password_hash)
        )

    def get(self, staff_id: UUID) -> StaffMember | None:
        row = self._transaction.first(_BY_ID, {"staff_id": staff_id})
        return _member(row) if row is not None else None

    def by_login(self, login: str) -> tuple[StaffMember, str] | None:
        row = self._transaction.first(_BY_LOGIN, {"login": login})
        return (_member(row), row.password_hash) if row is not None else None

    def all(self) -> Sequence[StaffMember]:
        return [_member(row) for row in self._transaction.all(_with_role().order_by(_STAFF.c.login))]

    def link_customer(self, staff_id: UUID, customer_id: UUID | None) -> None:
        self._transaction.execute(
            update(_STAFF).where(_STAFF.c.id == staff_id).values(customer_id=customer_id)
        )

    def customer_of(self, staff_id: UUID) -> UUID | None:
        row = self._transaction.first(_CUSTOMER_OF, {"staff_id": staff_id})
        if row is None:
            return None
        customer_id: UUID | None = row.customer_id
        return customer_id

    def pin_of(self, staff_id: UUID) -> StoredPin | None:
        statement = select(_STAFF.c.pin_hash, _STAFF.c.pin_failures).where(_STAFF.c.id == staff_id)
        row = self._transaction.first(statement)
        return StoredPin(row.pin_hash, row.pin_failures) if row is not None and row.pin_hash else None

    def put_pin(self, staff_id: UUID, pin: StoredPin | None) -> None:
        values: dict[str, object] = {"pin_hash": None, "pin_failures": 0}
        if pin is not None:
            values = {"pin_hash": pin.pin_hash, "pin_failures": pin.failures}
        self._transaction.execute(update(_STAFF).where(_STAFF.c.id == staff_id).values(values))


class SqlStaffSessionRepository:
    """Signed-in browsers."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, session: StaffSession, token_hash: bytes) -> None:
        self._transaction.execute(_SESSIONS.insert(), {**asdict(session), "token_hash": token_hash})

    def by_token_hash(self, token_hash: bytes) -> tuple[StaffSession, StaffMember] | None:
        row = self._transaction.first(_BY_TOKEN, {"token_hash": token_hash})
        if row is None:
            return None
        session = StaffSession(
            row.session_id, row.id, row.started_at, row.expires_at, row.ended_at, is_by_pin=row.is_by_pin
        )
        return session, _member(row)

    def of_staff(self, staff_id: UUID, limit: int) -> Sequence[StaffSession]:
        statement = select(_SESSIONS).where(_SESSIONS.c.staff_id == staff_id)
        newest_first = statement.order_by(_SESSIONS.c.started_at.desc(), _SESSIONS.c.id.desc()).limit(limit)
        return [
            StaffSession(row.id, row.staff_id, row.started_at, row.expires_at, row.ended_at, row.is_by_pin)
            for row in self._transaction.all(newest_first)
        ]

    def last_starts(self) -> dict[UUID, datetime]:
        last = func.max(_SESSIONS.c.started_at, type_=_SESSIONS.c.started_at.type).label("last")
        rows = self._transaction.all(select(_SESSIONS.c.staff_id, last).group_by(_SESSIONS.c.staff_id))
        return {row.staff_id: row.last for row in rows}

    def end(self, session_id: UUID, at: datetime) -> None:
        self._end(_SESSIONS.c.id == session_id, at)

    def end_all_of(self, staff_id: UUID, at: datetime) -> None:
        self._end(_SESSIONS.c.staff_id == staff_id, at)

    def _end(self, which: Any, at: datetime) -> None:
        self._transaction.execute(
            update(_SESSIONS).where(which, _SESSIONS.c.ended_at.is_(None)).values(ended_at=at)
        )


class SqlClaimRepository:
    """The one-time claim of the first owner."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, token_hash: bytes, at: datetime) -> None:
        self._transaction.upsert(_CLAIMS, {"id": 1, "token_hash": token_hash, "created_at": at})

    def take(self, token_hash: bytes, since: datetime) -> bool:
        taken = self._transaction.execute(
            delete(_CLAIMS).where(_CLAIMS.c.token_hash == token_hash, _CLAIMS.c.created_at >= since)
        )
        return taken.rowcount == 1


class SqlAttemptRepository:
    """Sign-in attempts; old ones go when new ones come."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def count_since(self, key: str, since: datetime) -> int:
        row = self._transaction.first(
            select(func.count().label("attempts"))
            .select_from(_ATTEMPTS)
            .where(_ATTEMPTS.c.key == key, _ATTEMPTS.c.at > since)
        )
        return int(row.attempts) if row is not None else 0

    def add(self, key: str, at: datetime) -> None:
        self._transaction.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.at < at - _KEPT))
        self._transaction.execute(_ATTEMPTS.insert(), {"id": new_id(), "key": key, "at": at})

    def clear(self, key: str) -> None:
        self._transaction.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.key == key))


def _values(member: StaffMember) -> dict[str, object]:
    return {
        "id": member.id,
        "login": member.login,
        "display_name": member.display_name,
        "role_id": member.role.id,
        "is_active": member.is_active,
    }


def _role(role_id: UUID, name: str, permissions: list[str], *, is_owner: bool) -> Role:
    known = frozenset(Permission)
    held = frozenset(Permission(value) for value in permissions if value in known)
    return Role(role_id, name, held, is_owner)


def _member(row: Row[Any]) -> StaffMember:
    role = _role(row.role_id, row.role_name, row.role_permissions, is_owner=row.role_is_owner)
    return StaffMember(row.id, row.login, row.display_name, role, row.is_active)
