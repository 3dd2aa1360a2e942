"""Hands queued messages to the gateway: each once, when it may go, and never twice by itself (row 193)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from loyalty.domain.calendar import day_bounds, local_date
from loyalty.domain.contact.delivery import SendingRules, SendLater, SendNever, SendNow, judge
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.sms_limits import SmsLimits
from loyalty.domain.message import MemberMessage, MessageState
from loyalty.domain.shop import ShopSettings
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome, MessageGateway
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.setup import shop_settings

_log = logging.getLogger(__name__)

RulesOf = Callable[[ShopSettings], SendingRules]
"""What holds for the messages of a shop until it chooses, and what it can choose at most."""


@dataclass(frozen=True, slots=True)
class DeliveryRound:
    """What one round did. ``next_due_at`` is when the next one is worth it; None for when woken."""

    accepted: int
    refused: int
    unknown: int
    next_due_at: datetime | None


def default_rules(shop: ShopSettings) -> SendingRules:
    """Only the shop's own country, the usual caps, quiet from 21 to 9 o'clock.

    The demo's messages never leave the machine: they go at any hour and in any number.
    """
    if shop.is_demo:
        uncapped = SmsLimits(frozenset({shop.country}), None, None, None, None, None)
        return SendingRules(limits=uncapped, timezone=shop.timezone, quiet_hours=None)
    return SendingRules(
        limits=SmsLimits(frozenset({shop.country})), timezone=shop.timezone, quiet_hours=QuietHours()
    )


class MessageDispatch:
    """Sends what is due, on one thread.

    A message is committed as being sent before the gateway gets it, and settled afterwards. Where the
    process dies in between, the next round of the same courier finds it and leaves it to a person: it may
    have gone out.

    Args:
        open_unit: Opens a unit of work of its own; none is open while a gateway is asked.
        ctx: See :class:`ServiceContext`.
        gateway: The way out.
        courier: Name of the one thread that runs this, the same after a restart: ``s0001.station``.
        rules_of: What holds besides what the shop chose.
    """

    def __init__(
        self,
        open_unit: UnitOfWorkFactory,
        ctx: ServiceContext,
        gateway: MessageGateway,
        *,
        courier: str,
        rules_of: RulesOf = default_rules,
    ) -> None:
        self._open_unit = open_unit
        self._ctx = ctx
        self._gateway = gateway
        self._courier = courier
        self._rules_of = rules_of

    def deliver_due(self, limit: int = 20) -> DeliveryRound:
        """One round of at most ``limit`` messages."""
        now = self._ctx.clock.now()
        with self._open_unit() as uow:
            interrupted = uow.deliveries.interrupted(self._courier, now)
            waiting = uow.deliveries.due(now, limit)
            uow.commit()
        if interrupted:
            _log.warning("messages were being sent when the station stopped", extra={"count": interrupted})
        outcomes = [outcome for message in waiting if (outcome := self._deliver(message)) is not None]
        with self._open_unit() as uow:
            next_due_at = uow.deliveries.next_due_at()
        return DeliveryRound(
            accepted=outcomes.count(GatewayOutcome.ACCEPTED),
            refused=outcomes.count(GatewayOutcome.REFUSED),
            unknown=outcomes.count(GatewayOutcome.UNKNOWN),
            next_due_at=next_due_at,
        )

    def _deliver(self, message: MemberMessage) -> GatewayOutcome | None:
        with self._open_unit() as uow:
            shop = shop_settings(uow)
            rules = self._rules_of(shop).chosen(uow.programme.settings().sending, shop.country)
            is_ours = _take(uow, self._ctx, message, self._courier, rules)
            uow.commit()
        if not is_ours:
            return None
        answer = _ask(self._gateway, message)
        with self._open_unit() as uow:
            _settle(uow, self._ctx, message, answer, rules)
            uow.commit()
        extra = {"message_id": str(message.id), "kind": message.kind.value, "detail": answer.detail}
        _log.info("message %s", answer.outcome.value, extra=extra)
        return answer.outcome


def _take(
    uow: UnitOfWork, ctx: ServiceContext, message: MemberMessage, courier: str, rules: SendingRules
) -> bool:
    """Judge a message in the transaction that claims it; whether it shall be sent now."""
    now = ctx.clock.now()
    usage = uow.deliveries.usage(
        to=message.to,
        device=message.device,
        hour_start=now - timedelta(hours=1),
        day_start=day_bounds(local_date(now, rules.timezone), rules.timezone)[0],
    )
    verdict = judge(message, rules=rules, suppression=uow.suppressions.of(message.to), usage=usage, now=now)
    match verdict:
        case SendNow(cost_minor):
            return uow.deliveries.claim(message.id, courier, now, cost_minor)
        case SendLater(at, reason):
            uow.deliveries.put_back(message.id, at, reason)
        case SendNever(reason):
            uow.deliveries.settle(message.id, MessageState.DROPPED, now, reason)
    return False


def _ask(gateway: MessageGateway, message: MemberMessage) -> GatewayAnswer:
    try:
        return gateway.send(message)
    except Exception as error:  # noqa: BLE001 - the top of a message's handling
        # A gateway does not raise; one that does may have sent before.
        _log.exception("a gateway raised", extra={"message_id": str(message.id)})
        return GatewayAnswer(GatewayOutcome.UNKNOWN, type(error).__name__)


def _settle(
    uow: UnitOfWork, ctx: ServiceContext, message: MemberMessage, answer: GatewayAnswer, rules: SendingRules
) -> None:
    now = ctx.clock.now()
    if answer.outcome is GatewayOutcome.ACCEPTED:
        uow.deliveries.settle(message.id, MessageState.SENT, now, answer.detail)
    elif answer.outcome is GatewayOutcome.UNKNOWN:
        uow.deliveries.settle(message.id, MessageState.UNKNOWN, now, answer.detail)
    else:
        attempts = message.attempts + 1
        retry_at = rules.retry.retry_at(attempts, now, answer.retry_after_s)
        if answer.is_final or retry_at is None:
            uow.deliveries.settle(message.id, MessageState.REFUSED, now, answer.detail)
        else:
            uow.deliveries.put_back(message.id, retry_at, answer.detail)
