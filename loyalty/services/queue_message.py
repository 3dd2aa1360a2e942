"""Puts one message to a member into the queue, in the transaction of what it tells."""

from datetime import datetime

from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.consent import current_consents
from loyalty.domain.contact.email_address import reachable_mailbox
from loyalty.domain.contact.reach import address_for
from loyalty.domain.message import MemberMessage, MessageKind, MessageParams
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.opt_out import new_opt_out_link
from loyalty.services.setup import shop_settings
from runtime.ids import new_id


def queue_message(
    uow: UnitOfWork,
    ctx: ServiceContext,
    member: Member,
    kind: MessageKind,
    event_key: str,
    *,
    params: MessageParams | None = None,
    device: str | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Queue a message to the member's phone, else mailbox; the same ``event_key`` tells once (X7).

    False, and nothing happens, where it was queued before or the member has no address for it (see
    :func:`loyalty.domain.contact.reach.address_for`). Whether and when it goes out is decided when it is
    sent (``MessageDispatch``).

    Args:
        uow: An entered unit of work.
        ctx: See :class:`ServiceContext`.
        member: Whom it is for.
        kind: What it tells.
        event_key: Names the event, ``points_earned:<sale>``; unique for ever.
        params: What its text needs besides the names of shop and points.
        device: Certificate name of the device whose customer caused it.
        expires_at: When it is worthless.
    """
    to = _address(uow, ctx, member, kind)
    if to is None:
        return False
    settings = shop_settings(uow)
    programme = uow.programme.current()
    names = programme.points_name if programme is not None else None
    language = member.customer.language or settings.default_language
    words: dict[str, int | str] = {
        "shop": settings.name,
        "points_one": names.one if names is not None else "point",
        "points_many": names.many if names is not None else "points",
        **(params or {}),
    }
    opt_out_link = None
    if channel_of(to) is Channel.EMAIL:
        if uow.messages.knows(event_key):
            return False  # before a link is made that no letter would bear
        opt_out_link = new_opt_out_link(uow, ctx, customer_id=member.customer.id, address=to)
        words |= {"channel": Channel.EMAIL.value, "opt_out_link": opt_out_link}
    return uow.messages.queue(
        MemberMessage(
            id=new_id(),
            event_key=event_key,
            kind=kind,
            customer_id=member.customer.id,
            to=to,
            language=language,
            body=ctx.wording.body(kind, language, words),
            queued_at=ctx.clock.now(),
            expires_at=expires_at,
            device=device,
            opt_out_link=opt_out_link,
            html=ctx.wording.html(kind, language, words) if opt_out_link is not None else None,
        )
    )


def _address(uow: UnitOfWork, ctx: ServiceContext, member: Member, kind: MessageKind) -> str | None:
    if member.account is None:
        return None
    number, mailbox = member.account.phone_number, reachable_mailbox(member.customer)
    if number is not None and (mailbox is None or Channel.SMS in ctx.open_channels):
        return number  # what the consents say matters to e-mail alone: one look less for each sale
    if mailbox is None:
        return None
    return address_for(
        kind,
        phone_number=number,
        email_address=mailbox,
        consents=current_consents(uow.consents.of_customer(member.customer.id)),
        open_channels=ctx.open_channels,
    )
