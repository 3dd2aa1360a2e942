"""Put a reward on the sale and take it off: by the member at the kiosk, or by staff (rows 137, 142, 148).

Points are booked when the sale is completed; until then rewards on unfinished sales are counted as
spoken for, so that nobody is offered the same points twice.
"""

from dataclasses import replace
from uuid import UUID

from loyalty.domain.calendar import local_date, start_of_day
from loyalty.domain.identification import Evidence
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.programme import RewardTier
from loyalty.domain.programme_edit import why_not_another_reward
from loyalty.domain.sale import Sale, SaleReward
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import open_sale_or_refusal, save_change
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.setup import pricing_terms, shop_settings
from runtime.ids import new_id


def choose_reward(uow: UnitOfWork, evidence: Evidence, tier_id: UUID, *, use: bool = True) -> Sale | Refused:
    """The member touched "Use" (or took it back) at the kiosk, on the sale that it shows.

    Refusals besides those of :func:`apply_reward`: ``session_ended``, ``sale_unknown``, ``sale_closed``,
    ``no_member`` (also where this session did not identify the member, and where all it gave is a typed
    number: the answer must not tell whether somebody bears it, row 170), ``trust_too_low`` (what this
    session's own evidence gives counts, not what another session knew),
    ``already_applied`` (a second touch is no second reward), ``not_applied``.
    """
    sale = _sale_of_session(uow, evidence)
    if isinstance(sale, Refused):
        return sale
    if sale.member is None:
        return Refused(Refusal.NO_MEMBER)
    trust = uow.identifications.trust_in_session(
        evidence.session_id, sale.member.customer_id, sale_id=sale.id
    )
    if trust is None or trust is Trust.TYPED:
        return Refused(Refusal.NO_MEMBER)
    needed = shop_settings(uow).trust.redeem
    if trust < needed:
        return Refused(Refusal.TRUST_TOO_LOW, {"trust": int(trust), "needed": int(needed)})
    there = next((reward for reward in sale.rewards if reward.tier_id == tier_id), None)
    if use:
        return Refused(Refusal.ALREADY_APPLIED) if there else apply_reward(uow, sale, tier_id, None)
    if there is None:
        return Refused(Refusal.NOT_APPLIED)
    return save_change(uow, _without(sale, there.id))


def redeem_by_staff(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, tier_id: UUID, staff: StaffMember
) -> Sale | Refused:
    """Staff put a reward on the sale; below the trust that redeeming needs, they thereby confirm it.

    Several of the same are allowed here (row 149, X11). Refusals besides those of :func:`apply_reward`:
    ``own_account``, ``confirmation_limit_reached`` (row 206).
    """
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    if sale.member is None:
        return Refused(Refusal.NO_MEMBER)
    is_proven = sale.member.trust >= shop_settings(uow).trust.redeem
    staff.require(Permission.SELL if is_proven else Permission.REDEEM_CONFIRM)
    refused = why_not_own(uow, staff, sale.member.customer_id)
    if refused is None and not is_proven:
        refused = _confirmed_enough(uow, ctx, sale.member.account_id)
    if refused is not None:
        return refused
    return apply_reward(uow, sale, tier_id, None if is_proven else staff.id)


def remove_reward(uow: UnitOfWork, sale_id: UUID, reward_id: UUID, staff: StaffMember) -> Sale | Refused:
    """Staff take a reward off the sale again; the points were never gone."""
    staff.require(Permission.SELL)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    if all(reward.id != reward_id for reward in sale.rewards):
        return Refused(Refusal.NOT_APPLIED)
    return save_change(uow, _without(sale, reward_id))


def apply_reward(uow: UnitOfWork, sale: Sale, tier_id: UUID, confirmed_by: UUID | None) -> Sale | Refused:
    """Refusals: ``no_member``, ``tier_unknown``, ``not_enough_points``, ``nothing_to_discount``.

    Also ``balances_unconfirmed`` after a restore, ``reward_limit_reached`` where the shop sets a limit,
    ``invoices_earn_only`` on an invoice.
    """
    if uow.programme.settings().redeeming_held_since is not None:
        return Refused(Refusal.BALANCES_UNCONFIRMED)
    programme = uow.programme.current()
    tier = programme.tier(tier_id) if programme is not None and programme.is_active else None
    if programme is None or tier is None:
        return Refused(Refusal.TIER_UNKNOWN)
    refused = why_not_another_reward(sale, programme)
    if refused is None:
        refused = _not_enough(uow, sale, tier)
    if refused is not None:
        return refused
    reward = SaleReward(new_id(), tier.id, tier.name, tier.points, tier.terms, confirmed_by)
    changed = replace(sale, rewards=(*sale.rewards, reward))
    quote = price_sale(changed, pricing_terms(uow, changed))
    effect = {discount.source_id: discount.amount_minor for discount in quote.discounts}
    if any(effect.get(attached.id, 0) == 0 for attached in changed.rewards):
        return Refused(Refusal.NOTHING_TO_DISCOUNT)
    return save_change(uow, changed)


def _not_enough(uow: UnitOfWork, sale: Sale, tier: RewardTier) -> Refused | None:
    if sale.member is None or sale.member.account_id is None:
        return Refused(Refusal.NO_MEMBER)
    account = uow.accounts.lock(sale.member.account_id)
    balance = account.balance if account is not None else 0
    spoken_for = sale.reward_points + uow.sales.reserved_points(sale.member.account_id, sale.id)
    free = balance - spoken_for
    if free >= tier.points:
        return None
    return Refused(Refusal.NOT_ENOUGH_POINTS, {"points": tier.points, "missing": tier.points - free})


def _confirmed_enough(uow: UnitOfWork, ctx: ServiceContext, account_id: UUID | None) -> Refused | None:
    if account_id is None:
        return Refused(Refusal.NO_MEMBER)
    timezone = shop_settings(uow).timezone
    today = start_of_day(local_date(ctx.clock.now(), timezone), timezone)
    limit = uow.programme.settings().confirmed_redemptions_a_day
    if uow.sales.confirmed_redemptions(account_id, today) < limit:
        return None
    return Refused(Refusal.CONFIRMATION_LIMIT_REACHED, {"max": limit})


def _sale_of_session(uow: UnitOfWork, evidence: Evidence) -> Sale | Refused:
    lane = uow.lanes.by_device(evidence.device)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    if uow.sessions.is_ended(evidence.session_id):
        return Refused(Refusal.SESSION_ENDED)
    if evidence.sale_id is None:
        return Refused(Refusal.SALE_UNKNOWN)
    sale = open_sale_or_refusal(uow, evidence.sale_id)
    if isinstance(sale, Refused):
        return sale
    return sale if sale.lane_id == lane.id else Refused(Refusal.SALE_UNKNOWN)


def _without(sale: Sale, reward_id: UUID) -> Sale:
    return replace(sale, rewards=tuple(reward for reward in sale.rewards if reward.id != reward_id))
