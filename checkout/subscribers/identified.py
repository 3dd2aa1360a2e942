"""Tells the POS users of a lane who was identified, through the transaction's own outbox (row 195)."""

from uuid import UUID

from checkout.wire import domain_why, line_text, reward_shown
from loyalty.domain.delivery import OutboundMessage
from loyalty.domain.pricing.quote import DiscountKind
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified
from loyalty.services.context import ServiceContext
from loyalty.services.member_view import MemberView
from loyalty.services.quote import quote_sale
from messaging.codec import encode
from messaging.station.identified import DiscountOffered
from messaging.station.identified import Identified as IdentifiedMessage
from messaging.topics import identified_topic
from runtime.ids import new_id

_PPM_PER_PERCENT = 10_000


def tell_pos(
    unit: UnitOfWork,
    ctx: ServiceContext,
    store: str,
    found: Identified,
    view: MemberView | None,
    *,
    event_id: UUID,
) -> OutboundMessage:
    """Queue the message in the unit's outbox and return it, to be published after the commit."""
    now = ctx.clock.now()
    message = IdentifiedMessage(
        id=new_id(),
        event_id=event_id,
        sale=found.sale.id if found.sale is not None else None,
        customer=found.member.customer.id,
        trust=int(found.trust),
        at=now,
        points=view.points if view is not None else 0,
        rewards=tuple(reward_shown(offer) for offer in view.rewards) if view is not None else (),
        discounts=_discounts(unit, found),
    )
    outbound = OutboundMessage(
        id=message.id,
        topic=identified_topic(store, found.lane.number),
        payload=encode(message),
        created_at=now,
    )
    unit.outbound.add(outbound)
    return outbound


def _discounts(unit: UnitOfWork, found: Identified) -> tuple[DiscountOffered, ...]:
    if found.sale is None:
        return ()
    quote = quote_sale(unit, found.sale)
    offered = [
        DiscountOffered(
            name=line_text(discount.name),
            percent=_percent(discount.why[0].params.get("rate_ppm", 0)),
            applies=True,
            why=domain_why(discount.why[0]),
        )
        for discount in quote.discounts
        if discount.kind is DiscountKind.GROUP and discount.why
    ]
    if quote.proposal is not None:
        proposal = quote.proposal
        offered.append(
            DiscountOffered(
                name=line_text(proposal.name),
                percent=_percent(proposal.rate_ppm),
                applies=False,
                why=domain_why(proposal.why),
            )
        )
    return tuple(offered)


def _percent(rate_ppm: int | str) -> str:
    whole, rest = divmod(int(rate_ppm), _PPM_PER_PERCENT)
    fraction = f"{rest:04d}"[:3].rstrip("0")
    return f"{whole}.{fraction}" if fraction else str(whole)
