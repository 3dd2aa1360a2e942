"""The member's status page, opened by an unguessable link: points, rewards, and the card (row 127, X17)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from codes.card import STEP_S
from loyalty.domain.trust import Trust
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.member_view import MemberView, full_member_view
from loyalty.services.setup import shop_settings
from loyalty.services.tokens import token_hash


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the link shows: the first name only, and a code that changes every minute."""

    shop_name: str
    language: str
    member: MemberView
    code: str | None
    """Text of the rotating membership code; None where no signing key is at hand or no card is valid."""
    code_changes_at: datetime


def status_page(uow: UnitOfWork, ctx: ServiceContext, token: str) -> StatusPage | None:
    """The page of a link; None for an unknown or revoked one."""
    customer_id = uow.status_links.customer_of(token_hash(token))
    member = uow.customers.member(customer_id) if customer_id is not None else None
    view = full_member_view(uow, member, Trust.PROVEN, None) if member is not None else None
    if member is None or view is None:
        return None
    settings = shop_settings(uow)
    step = int(ctx.clock.now().timestamp()) // STEP_S
    card = next((card for card in uow.cards.of_customer(member.customer.id) if card.revoked_at is None), None)
    return StatusPage(
        shop_name=settings.name,
        language=member.customer.language or settings.default_language,
        member=view,
        code=ctx.issuer.rotating(card.id, step) if ctx.issuer is not None and card is not None else None,
        code_changes_at=datetime.fromtimestamp((step + 1) * STEP_S, UTC),
    )
