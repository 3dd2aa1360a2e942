"""What would this sale earn? The very pricing of real sales, on a basket that is nowhere stored."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.pricing.terms import PricingTerms
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.sale import Sale, SaleLine, SaleMember, SaleReward
from loyalty.domain.trust import Trust
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.setup import shop_settings
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class ImaginedSale:
    """A basket to try out.

    ``items`` are items or variations with how many of them. ``trust`` is None without a member. A member
    has all the points that the rewards cost and never reached a promotion's limit.
    """

    items: tuple[tuple[UUID, int], ...]
    at: datetime
    trust: Trust | None = None
    group_ids: frozenset[UUID] = frozenset()
    tier_ids: tuple[UUID, ...] = ()
    is_discount_confirmed: bool = False


def simulate_sale(uow: UnitOfWork, imagined: ImaginedSale, programme: ProgrammeVersion | None) -> Quote:
    """The quote under this programme, which may be a draft; unknown items and tiers are left out."""
    settings = shop_settings(uow)
    has_member = imagined.trust is not None
    groups = tuple(group for group in uow.groups.all() if group.id in imagined.group_ids)
    terms = PricingTerms(
        groups=groups if has_member else (),
        programme=programme,
        trust=settings.trust,
        promotions=tuple(uow.promotions.all()),
        timezone=settings.timezone,
    )
    sale = Sale(
        id=new_id(),
        lane_id=new_id(),
        currency=settings.currency,
        opened_at=imagined.at,
        lines=_lines(uow, imagined.items),
        member=_member(imagined),
        rewards=_rewards(imagined, programme) if has_member else (),
    )
    return price_sale(sale, terms)


def _lines(uow: UnitOfWork, items: tuple[tuple[UUID, int], ...]) -> tuple[SaleLine, ...]:
    lines: list[SaleLine] = []
    for item_id, quantity in items:
        variation = uow.catalogue.variation(item_id)
        item = uow.catalogue.item(variation.item_id if variation is not None else item_id)
        if item is None:
            continue
        lines.append(
            SaleLine(
                id=new_id(),
                item_id=item.id,
                name=item.name if variation is None else f"{item.name}, {variation.name}",
                unit_price_minor=item.price_minor if variation is None else variation.price_minor,
                quantity=quantity,
                category_id=item.category_id,
                tax_rates=item.tax_rates,
                variation_id=variation.id if variation is not None else None,
                is_gift_card=item.is_gift_card,
            )
        )
    return tuple(lines)


def _member(imagined: ImaginedSale) -> SaleMember | None:
    if imagined.trust is None:
        return None
    return SaleMember(
        customer_id=new_id(),
        account_id=new_id(),
        identification_id=new_id(),
        method=IdentificationMethod.STAFF,
        trust=imagined.trust,
        session_id=None,
        discount_confirmed_by=new_id() if imagined.is_discount_confirmed else None,
    )


def _rewards(imagined: ImaginedSale, programme: ProgrammeVersion | None) -> tuple[SaleReward, ...]:
    tiers = [programme.tier(tier_id) for tier_id in imagined.tier_ids] if programme is not None else []
    return tuple(
        SaleReward(new_id(), tier.id, tier.name, tier.points, tier.terms)
        for tier in tiers
        if tier is not None
    )
