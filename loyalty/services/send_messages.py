"""Sends queued messages through the gateway, each at most once unless it surely did not go out."""

from loyalty.domain.message import MemberMessage, MessageState
from loyalty.ports.messages import GatewayOutcome, MessageGateway
from loyalty.services.context import ServiceContext, UnitOfWorkFactory

MAX_ATTEMPTS = 3


def send_queued(
    open_unit: UnitOfWorkFactory, ctx: ServiceContext, gateway: MessageGateway, limit: int = 50
) -> int:
    """Send what is queued; returns how many were accepted.

    A message is marked ``unknown`` before it is handed over and settled afterwards: if the process dies
    in between, it stays unknown and is not sent twice. A sure refusal that is not final is tried three times.
    """
    with open_unit() as uow:
        waiting = uow.messages.queued(limit)
    return sum(_send(open_unit, ctx, gateway, message) for message in waiting)


def _send(
    open_unit: UnitOfWorkFactory, ctx: ServiceContext, gateway: MessageGateway, message: MemberMessage
) -> bool:
    attempts = message.attempts + 1
    _settle(open_unit, ctx, message, MessageState.UNKNOWN, attempts)
    answer = gateway.send(message)
    outcome = answer.outcome
    if outcome is GatewayOutcome.ACCEPTED:
        _settle(open_unit, ctx, message, MessageState.SENT, attempts)
    elif outcome is GatewayOutcome.REFUSED:
        is_over = answer.is_final or attempts >= MAX_ATTEMPTS
        state = MessageState.REFUSED if is_over else MessageState.QUEUED
        _settle(open_unit, ctx, message, state, attempts)
    return outcome is GatewayOutcome.ACCEPTED


def _settle(
    open_unit: UnitOfWorkFactory,
    ctx: ServiceContext,
    message: MemberMessage,
    state: MessageState,
    attempts: int,
) -> None:
    with open_unit() as uow:
        uow.messages.settle(message.id, state, attempts, ctx.clock.now())
        uow.commit()
