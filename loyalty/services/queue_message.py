"""Puts one message to a member into the queue, in the transaction of what it tells."""

from datetime import datetime

from loyalty.domain.message import MemberMessage, MessageKind, MessageParams
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
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
    """Queue a message to the number of the member's account; the same ``event_key`` tells once (X7).

    False, and nothing happens, where it was queued before or the account has no number any more. Whether
    and when it goes out is decided when it is sent (``MessageDispatch``).

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
    if member.account is None or member.account.phone_number is None:
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
    return uow.messages.queue(
        MemberMessage(
            id=new_id(),
            event_key=event_key,
            kind=kind,
            customer_id=member.customer.id,
            to=member.account.phone_number,
            language=language,
            body=ctx.wording.body(kind, language, words),
            queued_at=ctx.clock.now(),
            expires_at=expires_at,
            device=device,
        )
    )
