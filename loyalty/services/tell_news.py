"""Queues what a member is told besides welcome and points: rewards, changes, expiry, codes, birthday.

Each function names its event, so that telling twice is impossible however often it is called (X7). None
of them may be called for a training lane (row 202).
"""

from datetime import date, timedelta
from uuid import UUID

from loyalty.domain.calendar import local_date
from loyalty.domain.contact.one_time_code import VALID_FOR
from loyalty.domain.message import MessageKind
from loyalty.domain.programme import ProgrammeVersion, RewardTier
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.queue_message import queue_message
from loyalty.services.setup import shop_settings
from loyalty.services.status_link import new_status_link


def queue_first_points(
    uow: UnitOfWork,
    ctx: ServiceContext,
    member: Member,
    *,
    points: int,
    device: str | None = None,
) -> bool:
    """Enrolment and the first points in one message, for who enrols after paying (row 158).

    In place of the welcome and of the message about the sale's points: it bears the welcome's event key.
    False where the welcome went before: then the points are told by themselves.
    """
    if member.account is None:
        return False
    return queue_message(
        uow,
        ctx,
        member,
        MessageKind.FIRST_POINT,
        f"welcome:{member.account.id}",
        params={"points": points, "link": new_status_link(uow, ctx, member.customer.id)},
        device=device,
    )


def queue_tier_reached(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, tier: RewardTier, *, cause: str, balance: int
) -> bool:
    """A reward came within reach (row 118); ``cause`` is what brought the points, as ``sale:<id>``."""
    return queue_message(
        uow,
        ctx,
        member,
        MessageKind.TIER_REACHED,
        f"tier_reached:{member.customer.id}:{tier.id}:{cause}",
        params={"tier": tier.name, "balance": balance},
    )


def queue_programme_changed(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, version: ProgrammeVersion
) -> bool:
    """The programme changes with this version (row 119)."""
    if member.account is None:
        return False
    day = local_date(version.valid_from, shop_settings(uow).timezone)
    return queue_message(
        uow,
        ctx,
        member,
        MessageKind.PROGRAMME_CHANGED,
        f"programme_changed:{version.version}:{member.account.id}",
        params={
            "date": day.isoformat(),
            "balance": member.account.balance,
            "link": new_status_link(uow, ctx, member.customer.id),
        },
    )


def queue_points_expiring(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, *, points: int, expires_on: date
) -> bool:
    """So many points are gone from the start of ``expires_on``, by the shop's calendar (row 159)."""
    if member.account is None:
        return False
    return queue_message(
        uow,
        ctx,
        member,
        MessageKind.POINTS_EXPIRING,
        f"points_expiring:{member.account.id}:{expires_on.isoformat()}",
        params={"points": points, "balance": member.account.balance, "date": expires_on.isoformat()},
    )


def queue_redemption_confirmed(
    uow: UnitOfWork,
    ctx: ServiceContext,
    member: Member,
    tier: RewardTier,
    *,
    redemption_id: UUID,
    balance: int,
) -> bool:
    """Staff confirmed a redemption; the member hears of it at once (row 206)."""
    return queue_message(
        uow,
        ctx,
        member,
        MessageKind.REDEMPTION_CONFIRMED,
        f"redemption_confirmed:{redemption_id}",
        params={"tier": tier.name, "points": tier.points, "balance": balance},
    )


def queue_one_time_code(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, *, code_id: UUID, digits: str, device: str | None
) -> bool:
    """The digits of a one-time code; not sent any more once they are void (row 207)."""
    return queue_message(
        uow,
        ctx,
        member,
        MessageKind.ONE_TIME_CODE,
        f"one_time_code:{code_id}",
        params={"code": digits, "minutes": VALID_FOR // timedelta(minutes=1)},
        device=device,
        expires_at=ctx.clock.now() + VALID_FOR,
    )


def queue_birthday(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, *, year: int, gift: str, until: date
) -> bool:
    """The birthday's gift, once a year (row 184); ``gift`` in the shop's own words: ``50 points``."""
    return queue_message(
        uow,
        ctx,
        member,
        MessageKind.BIRTHDAY,
        f"birthday:{member.customer.id}:{year}",
        params={"gift": gift, "date": until.isoformat()},
    )
