"""Shows the shop what its messages will say, and what each will cost (row 161)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from loyalty.domain.calendar import local_date
from loyalty.domain.channel import Channel
from loyalty.domain.message import MessageKind
from loyalty.domain.sms_length import SmsLength, sms_length
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from loyalty.services.tokens import TOKEN_BYTES

_SAMPLE_TOKEN = "x" * (TOKEN_BYTES * 4 // 3 + 1)
_EVERY_FIELD: Mapping[str, int | str] = {"points": 5, "balance": 42, "code": "123456", "minutes": 5}


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """One text as a member will read it, with made-up amounts; ``length`` says what an SMS of it costs."""

    kind: MessageKind
    body: str
    length: SmsLength
    letter: str
    """The same as an e-mail, with the way to leave."""


def preview_messages(uow: UnitOfWork, ctx: ServiceContext, language: str) -> Sequence[MessagePreview]:
    """All messages but receipts in one language, with the shop's own names and its first reward."""
    params = _sample(uow, ctx)
    by_email = {**params, "channel": Channel.EMAIL.value, "opt_out_link": ctx.status_link(_SAMPLE_TOKEN)}
    found = []
    for kind in MessageKind:
        if kind is MessageKind.RECEIPT:
            continue
        body, letter = (ctx.wording.body(kind, language, each) for each in (params, by_email))
        found.append(MessagePreview(kind, body, sms_length(body), letter))
    return found


def _sample(uow: UnitOfWork, ctx: ServiceContext) -> Mapping[str, int | str]:
    shop, programme = shop_settings(uow), uow.programme.current()
    names = programme.points_name if programme is not None else None
    tier = min(programme.tiers, key=lambda tier: tier.points, default=None) if programme else None
    many = names.many if names is not None else "points"
    in_a_month = local_date(ctx.clock.now() + timedelta(days=30), shop.timezone)
    return {
        **_EVERY_FIELD,
        "shop": shop.name,
        "points_one": names.one if names is not None else "point",
        "points_many": many,
        "tier": tier.name if tier is not None else "5 €",
        "gift": f"10 {many}",
        "link": ctx.status_link(_SAMPLE_TOKEN),
        "date": in_a_month.isoformat(),
    }
