"""Queues the messages that a use case owes a member, in its transaction; each event tells once (X7)."""

from loyalty.domain.message import MessageKind
from loyalty.domain.sale import Sale
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.queue_message import queue_message
from loyalty.services.status_link import new_status_link
from runtime.ids import new_id


def queue_welcome(uow: UnitOfWork, ctx: ServiceContext, member: Member, *, device: str | None = None) -> None:
    """Welcome, with the link to the status page, which is the member's card (row 117, X17)."""
    if member.account is None:
        return
    queue_message(
        uow,
        ctx,
        member,
        MessageKind.WELCOME,
        f"welcome:{member.account.id}",
        params={"link": new_status_link(uow, ctx, member.customer.id)},
        device=device,
    )


def queue_status_link(uow: UnitOfWork, ctx: ServiceContext, member: Member, link: str) -> None:
    """A new link, sent to the member's own number and nowhere else."""
    queue_message(uow, ctx, member, MessageKind.STATUS_LINK, f"status_link:{new_id()}", params={"link": link})


def queue_points_earned(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, sale: Sale, *, points: int, balance: int
) -> None:
    """Points of a completed sale and the new balance (row 159)."""
    queue_message(
        uow,
        ctx,
        member,
        MessageKind.POINTS_EARNED,
        f"points_earned:{sale.id}",
        params={"points": points, "balance": balance},
    )
