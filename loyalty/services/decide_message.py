"""A person decides about messages of which nobody knows whether they went out (row 193)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.contact.delivery import Decision, MessageDecision
from loyalty.domain.message import MessageKind, MessageState
from loyalty.domain.staff import Permission, StaffMember
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.message_lists import shown_address
from runtime.ids import new_id

GIVEN_UP = "given_up"
SENT_AGAIN = "sent_again_by_staff"


@dataclass(frozen=True, slots=True)
class UndecidedMessage:
    """A message that waits for a person; ``to`` is masked for whoever may not see contact details."""

    id: UUID
    kind: MessageKind
    customer_id: UUID | None
    to: str
    attempts: int
    settled_at: datetime | None
    detail: str


def undecided_messages(uow: UnitOfWork, viewer: StaffMember, limit: int = 100) -> Sequence[UndecidedMessage]:
    """Oldest first.

    Raises:
        PermissionDeniedError: Without ``manage_messages``.
    """
    viewer.require(Permission.MANAGE_MESSAGES)
    return [
        UndecidedMessage(
            id=message.id,
            kind=message.kind,
            customer_id=message.customer_id,
            to=shown_address(uow, message.to, message.customer_id, viewer),
            attempts=message.attempts,
            settled_at=message.settled_at,
            detail=message.detail,
        )
        for message in uow.deliveries.undecided(limit)
    ]


def decide_message(
    uow: UnitOfWork, ctx: ServiceContext, message_id: UUID, decision: Decision, staff: StaffMember
) -> None:
    """Send it once more, at the risk that the member gets it twice, or give it up. Who decided is kept.

    Raises:
        PermissionDeniedError: Without ``manage_messages``.
        UnknownIdError: There is no such message.
        ConflictError: It does not wait for a decision, or not any more.
    """
    staff.require(Permission.MANAGE_MESSAGES)
    message = uow.deliveries.get(message_id)
    if message is None:
        raise UnknownIdError("no such message", id=str(message_id))
    if message.state is not MessageState.UNKNOWN:
        raise ConflictError("this message does not wait for a decision", state=message.state.value)
    now = ctx.clock.now()
    uow.deliveries.add_decision(MessageDecision(new_id(), message.id, staff.id, decision, now))
    if decision is Decision.SEND_AGAIN:
        uow.deliveries.put_back(message.id, None, SENT_AGAIN)
    else:
        uow.deliveries.settle(message.id, MessageState.DROPPED, now, GIVEN_UP)
