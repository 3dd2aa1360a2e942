"""Queues the messages that a use case owes a member, in its transaction; each event tells once (X7)."""

from uuid import UUID

from loyalty.domain.message import MemberMessage, MessageKind, MessageParams
from loyalty.domain.sale import Sale
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from loyalty.services.status_link import new_status_link
from runtime.ids import new_id


def queue_welcome(uow: UnitOfWork, ctx: ServiceContext, member: Member) -> None:
    """Welcome, with the link to the status page, which is the member's card (row 117, X17)."""
    if member.account is None:
        return
    link = new_status_link(uow, ctx, member.customer.id)
    _queue(
        uow,
        ctx,
        member,
        kind=MessageKind.WELCOME,
        event_key=f"welcome:{member.account.id}",
        params={"link": link},
    )


def queue_status_link(uow: UnitOfWork, ctx: ServiceContext, member: Member, link: str) -> None:
    """A new link, sent to the member's own number and nowhere else."""
    _queue(
        uow,
        ctx,
        member,
        kind=MessageKind.STATUS_LINK,
        event_key=f"status_link:{new_id()}",
        params={"link": link},
    )


def queue_points_earned(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, sale: Sale, *, points: int, balance: int
) -> None:
    """Points of a completed sale and the new balance (row 159)."""
    params: MessageParams = {"points": points, "balance": balance}
    _queue(
        uow, ctx, member, kind=MessageKind.POINTS_EARNED, event_key=f"points_earned:{sale.id}", params=params
    )


def _queue(
    uow: UnitOfWork,
    ctx: ServiceContext,
    member: Member,
    *,
    kind: MessageKind,
    event_key: str,
    params: MessageParams,
) -> UUID | None:
    if member.account is None or member.account.phone_number is None:
        return None
    settings = shop_settings(uow)
    programme = uow.programme.current()
    names = programme.points_name if programme is not None else None
    language = member.customer.language or settings.default_language
    words: dict[str, int | str] = {
        "shop": settings.name,
        "points_one": names.one if names is not None else "point",
        "points_many": names.many if names is not None else "points",
        **params,
    }
    message = MemberMessage(
        id=new_id(),
        event_key=event_key,
        kind=kind,
        customer_id=member.customer.id,
        to=member.account.phone_number,
        language=language,
        body=ctx.wording.body(kind, language, words),
        queued_at=ctx.clock.now(),
    )
    return message.id if uow.messages.queue(message) else None
