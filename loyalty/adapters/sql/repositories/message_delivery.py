"""Messages on their way, suppressions and opt-out links."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, false, func, or_, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.repositories.messages import message_of
from loyalty.domain.contact.delivery import (
    WAITED_FOR,
    Decision,
    MessageDecision,
    Suppression,
    SuppressionReason,
)
from loyalty.domain.contact.sms_limits import SmsUsage
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.ports.message_delivery import OptOutLink

_TABLE, _DECISIONS = schema.member_messages, schema.message_decisions
_SUPPRESSIONS, _LINKS = schema.message_suppressions, schema.opt_out_links
_IS_CODE = _TABLE.c.kind == MessageKind.ONE_TIME_CODE.value
_QUEUED = _TABLE.c.state == "queued"
_WENT_OUT = _TABLE.c.state.in_(("sending", "sent", "unknown"))
_NEVER_SENT = (MessageState.REFUSED.value, MessageState.DROPPED.value)
_LOOKED_THROUGH = 5_000
_IN_ORDER = (
    case((_TABLE.c.kind.in_(sorted(kind.value for kind in WAITED_FOR)), 0), else_=1),
    func.coalesce(_TABLE.c.due_at, _TABLE.c.queued_at),
    _TABLE.c.id,
)


class SqlDeliveryRepository:
    """The queue as the courier sees it."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def due(self, now: datetime, limit: int) -> Sequence[MemberMessage]:
        is_due = or_(_TABLE.c.due_at.is_(None), _TABLE.c.due_at <= now)
        statement = select(_TABLE).where(_QUEUED, is_due).order_by(*_IN_ORDER).limit(limit)
        return [message_of(row) for row in self._transaction.all(statement)]

    def next_due_at(self) -> datetime | None:
        due_at = func.coalesce(_TABLE.c.due_at, _TABLE.c.queued_at, type_=_TABLE.c.due_at.type)
        row = self._transaction.first(select(due_at.label("at")).where(_QUEUED).order_by(due_at).limit(1))
        return row.at if row is not None else None

    def get(self, message_id: UUID) -> MemberMessage | None:
        row = self._transaction.first(select(_TABLE).where(_TABLE.c.id == message_id))
        return message_of(row) if row is not None else None

    def claim(self, message_id: UUID, courier: str, at: datetime, cost_minor: int) -> bool:
        statement = (
            update(_TABLE)
            .where(_TABLE.c.id == message_id, _QUEUED)
            .values(
                state=MessageState.SENDING.value,
                courier=courier,
                handed_at=at,
                cost_minor=cost_minor,
                attempts=_TABLE.c.attempts + 1,
            )
        )
        return self._transaction.execute(statement).rowcount == 1

    def settle(self, message_id: UUID, state: MessageState, at: datetime, detail: str) -> None:
        self._change(message_id, state=state.value, settled_at=at, detail=detail)
        if state is not MessageState.UNKNOWN:
            statement = update(_TABLE).where(_TABLE.c.id == message_id, _IS_CODE)
            self._transaction.execute(statement.values(body=""))

    def put_back(self, message_id: UUID, due_at: datetime | None, detail: str) -> None:
        self._change(
            message_id, state=MessageState.QUEUED.value, due_at=due_at, settled_at=None, detail=detail
        )

    def release(self, reasons: Collection[str]) -> int:
        statement = update(_TABLE).where(_QUEUED, _TABLE.c.detail.in_(sorted(reasons))).values(due_at=None)
        return self._transaction.execute(statement).rowcount

    def held(self, limit: int) -> Sequence[MemberMessage]:
        statement = select(_TABLE).where(_QUEUED, _TABLE.c.due_at.is_not(None))
        ordered = statement.order_by(_TABLE.c.due_at, _TABLE.c.id).limit(limit)
        return [message_of(row) for row in self._transaction.all(ordered)]

    def unsent(self, limit: int) -> Sequence[MemberMessage]:
        newest = select(_TABLE).order_by(_TABLE.c.id.desc()).limit(_LOOKED_THROUGH).subquery()
        is_unsent = newest.c.state.in_(_NEVER_SENT)
        statement = select(newest).where(is_unsent).order_by(newest.c.id.desc()).limit(limit)
        return [message_of(row) for row in self._transaction.all(statement)]

    def interrupted(self, courier: str, at: datetime) -> int:
        statement = (
            update(_TABLE)
            .where(_TABLE.c.state == MessageState.SENDING.value, _TABLE.c.courier == courier)
            .values(state=MessageState.UNKNOWN.value, settled_at=at, detail="interrupted")
        )
        return self._transaction.execute(statement).rowcount

    def hold_all(self, at: datetime, detail: str) -> int:
        is_on_its_way = _TABLE.c.state.in_((MessageState.QUEUED.value, MessageState.SENDING.value))
        values = {"state": MessageState.UNKNOWN.value, "settled_at": at, "detail": detail}
        return self._transaction.execute(update(_TABLE).where(is_on_its_way).values(values)).rowcount

    def undecided(self, limit: int) -> Sequence[MemberMessage]:
        statement = select(_TABLE).where(_TABLE.c.state == MessageState.UNKNOWN.value)
        return [
            message_of(row) for row in self._transaction.all(statement.order_by(_TABLE.c.id).limit(limit))
        ]

    def usage(self, *, to: str, device: str | None, hour_start: datetime, day_start: datetime) -> SmsUsage:
        this_hour, today = _TABLE.c.handed_at >= hour_start, _TABLE.c.handed_at >= day_start
        is_to = _TABLE.c.to == to
        is_by = _TABLE.c.device == device if device is not None else false()
        statement = select(
            _count(and_(is_to, this_hour)).label("to_number_this_hour"),
            _count(and_(is_to, today)).label("to_number_today"),
            _count(and_(is_by, this_hour)).label("by_device_this_hour"),
            _count(and_(_TABLE.c.to.like("+%"), today)).label("by_shop_today"),
            func.coalesce(func.sum(case((today, _TABLE.c.cost_minor), else_=0)), 0).label("cost_today_minor"),
        ).where(_WENT_OUT, _TABLE.c.handed_at >= min(hour_start, day_start))
        row = self._transaction.first(statement)
        if row is None:
            return SmsUsage()
        return SmsUsage(**{name: int(count) for name, count in row._mapping.items()})

    def add_decision(self, decision: MessageDecision) -> None:
        self._transaction.execute(_DECISIONS.insert(), asdict(decision))

    def decisions_of(self, message_id: UUID) -> Sequence[MessageDecision]:
        statement = select(_DECISIONS).where(_DECISIONS.c.message_id == message_id)
        return [
            MessageDecision(row.id, row.message_id, row.staff_id, Decision(row.decision), row.at)
            for row in self._transaction.all(statement.order_by(_DECISIONS.c.id))
        ]

    def _change(self, message_id: UUID, **values: object) -> None:
        self._transaction.execute(update(_TABLE).where(_TABLE.c.id == message_id).values(**values))


class SqlSuppressionRepository:
    """Addresses that get nothing."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, suppression: Suppression) -> None:
        self._transaction.upsert(_SUPPRESSIONS, asdict(suppression))

    def of(self, address: str) -> Suppression | None:
        row = self._transaction.first(select(_SUPPRESSIONS).where(_SUPPRESSIONS.c.address == address))
        if row is None:
            return None
        return Suppression(row.address, SuppressionReason(row.reason), row.source, row.since)

    def recent(self, limit: int) -> Sequence[Suppression]:
        statement = select(_SUPPRESSIONS).order_by(_SUPPRESSIONS.c.since.desc(), _SUPPRESSIONS.c.address)
        return [
            Suppression(row.address, SuppressionReason(row.reason), row.source, row.since)
            for row in self._transaction.all(statement.limit(limit))
        ]

    def lift(self, address: str) -> None:
        self._transaction.execute(_SUPPRESSIONS.delete().where(_SUPPRESSIONS.c.address == address))


class SqlOptOutLinkRepository:
    """Opt-out links."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, token_hash: bytes, link: OptOutLink, at: datetime) -> None:
        self._transaction.execute(
            _LINKS.insert(), {"token_hash": token_hash, **asdict(link), "created_at": at}
        )

    def find(self, token_hash: bytes) -> OptOutLink | None:
        row = self._transaction.first(select(_LINKS).where(_LINKS.c.token_hash == token_hash))
        return OptOutLink(row.customer_id, row.address) if row is not None else None

    def forget(self, customer_id: UUID) -> None:
        self._transaction.execute(delete(_LINKS).where(_LINKS.c.customer_id == customer_id))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
