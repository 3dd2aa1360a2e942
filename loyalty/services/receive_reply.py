"""What an SMS from a member does: STOP, START, HELP, "not me" (rows 160, 193, 199)."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from loyalty.domain.calendar import local_date
from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.consent import ConsentChannel
from loyalty.domain.contact.replies import ReplyMeaning, reply_meaning
from loyalty.domain.delivery import ProcessedEvent
from loyalty.domain.message import MessageKind
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.opt_out import Statement, detach_address, resume_messages, stop_messages
from loyalty.services.queue_message import queue_message
from loyalty.services.setup import shop_settings

SOURCE = "inbound_sms"
_NAMESPACE = uuid.UUID("7d3a4a3c-3c0a-5a43-9f0e-8f5f6f1f5a10")


@dataclass(frozen=True, slots=True)
class InboundSms:
    """A text message that a provider handed over, its signature checked.

    ``id`` is the provider's: the same id twice has its effect once.
    """

    id: str
    sender: str
    """E.164."""
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyResult:
    """What was understood. ``is_repeated`` where this very message was handled before."""

    meaning: ReplyMeaning
    is_repeated: bool = False


def receive_reply(uow: UnitOfWork, ctx: ServiceContext, sms: InboundSms) -> ReplyResult:
    """Handle one inbound message in one transaction, however often the provider repeats it.

    STOP is answered once, START once and HELP once a day and number; "not me" is not answered at all:
    that number shall hear nothing more from here. Anything else does nothing.
    """
    event_id = uuid.uuid5(_NAMESPACE, sms.id)
    done = uow.inbox.find(SOURCE, event_id)
    if done is not None:
        return ReplyResult(ReplyMeaning(done.result), is_repeated=True)
    meaning = reply_meaning(sms.text) if channel_of(sms.sender) is Channel.SMS else ReplyMeaning.OTHER
    digest = hashlib.sha256(f"{sms.sender}\x00{sms.text}".encode()).digest()
    uow.inbox.add(ProcessedEvent(SOURCE, event_id, digest, meaning.value, ctx.clock.now()))
    _act(uow, ctx, sms, meaning)
    return ReplyResult(meaning)


def _act(uow: UnitOfWork, ctx: ServiceContext, sms: InboundSms, meaning: ReplyMeaning) -> None:
    member = uow.customers.member_by_phone(sms.sender)
    said = Statement(ConsentChannel.SMS_REPLY, sms.text)
    match meaning:
        case ReplyMeaning.OPT_OUT:
            if stop_messages(uow, ctx, sms.sender, member, said):
                _answer(uow, ctx, member, MessageKind.OPTED_OUT)
        case ReplyMeaning.OPT_IN:
            if resume_messages(uow, ctx, sms.sender, member, said):
                _answer(uow, ctx, member, MessageKind.OPTED_IN)
        case ReplyMeaning.NOT_ME:
            detach_address(uow, ctx, sms.sender, member, said)
        case ReplyMeaning.HELP:
            _answer(uow, ctx, member, MessageKind.HELP)
        case ReplyMeaning.OTHER:
            pass


def _answer(uow: UnitOfWork, ctx: ServiceContext, member: Member | None, kind: MessageKind) -> None:
    """Queue the answer; a number that belongs to no member gets none: it may be anybody's."""
    if member is not None:
        today = local_date(ctx.clock.now(), shop_settings(uow).timezone)
        queue_message(uow, ctx, member, kind, f"{kind.value}:{member.customer.id}:{today.isoformat()}")
