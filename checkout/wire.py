"""Translates between the domain's words and the messages' words: names, reasons, views for the kiosk."""

from datetime import datetime, timedelta
from typing import Literal

from loyalty.domain.sale import SaleState
from loyalty.domain.why import Refusal, Refused
from loyalty.domain.why import Why as DomainWhy
from loyalty.services.kiosk_sale import KioskSaleView
from loyalty.services.member_view import MemberView, RewardOffer
from messaging.model import GivenName, Why
from messaging.station.sale import DiscountLine, SaleLine, SaleShown
from messaging.station.show import MemberShown, NextReward, RewardShown

_MAX_LINES = 40
_MAX_DISCOUNTS = 20
_MAX_REWARDS = 15
_PAID_STAYS = timedelta(minutes=2)

_KIOSK_REASONS: dict[str, str] = {
    Refusal.NOT_RECOGNISED: "unknown_code",
    Refusal.CODE_MALFORMED: "not_read",
    Refusal.CODE_SIGNATURE_WRONG: "bad_signature",
    Refusal.CODE_OF_ANOTHER_SHOP: "other_shop",
    Refusal.SALE_UNKNOWN: "no_open_sale",
    Refusal.SESSION_ENDED: "late",
    Refusal.ALREADY_APPLIED: "already_used",
    Refusal.TIER_UNKNOWN: "reward_unavailable",
}
"""Where the customer's screen has another name for a reason than the domain."""

_STATES: dict[SaleState | None, Literal["none", "open", "paid", "voided"]] = {
    None: "none",
    SaleState.OPEN: "open",
    SaleState.HELD: "none",
    SaleState.COMPLETED: "paid",
    SaleState.VOIDED: "voided",
}


def line_text(text: str) -> str:
    """Text as a message may carry it: printable, one line, at most 200 characters (row 209)."""
    return "".join(char for char in text if char.isprintable())[:200] or "?"


def given_name(name: str | None) -> GivenName | None:
    """A first name as the kiosk may show it, or None where nothing printable is left."""
    clean = "".join(char for char in name or "" if char.isprintable()).strip()[:40].strip()
    return clean or None


def refusal_why(refused: Refused) -> Why:
    """A refusal as the customer's screen knows it."""
    return Why(code=_KIOSK_REASONS.get(refused.reason, refused.reason.value), params=dict(refused.params))


def member_shown(view: MemberView) -> MemberShown:
    """Points and rewards for the kiosk; the caller has made sure that the trust allows it."""
    nearest = view.next_reward
    return MemberShown(
        given_name=given_name(view.given_name),
        language=view.language[:2].lower() if view.language and view.language[:2].isalpha() else None,
        points=view.points,
        points_name=line_text(view.points_name.many),
        next_reward=None
        if nearest is None
        else NextReward(name=line_text(nearest.name), points=nearest.points, missing=max(1, nearest.missing)),
        rewards=tuple(reward_shown(offer) for offer in view.rewards[:_MAX_REWARDS]),
    )


def reward_shown(offer: RewardOffer) -> RewardShown:
    """One tier. A reward on the sale is ``applied``; it can then be taken off, not put on again."""
    refused = None
    if offer.why_not is not None and not offer.applied:
        params: dict[str, int | str] = {"missing": offer.missing_points} if offer.missing_points else {}
        refused = refusal_why(Refused(offer.why_not, params))
    return RewardShown(
        tier_id=offer.tier_id,
        name=line_text(offer.name),
        points=offer.points,
        available=offer.is_available and not offer.applied,
        applied=offer.applied > 0,
        why_not=refused,
    )


def sale_shown(view: KioskSaleView, revision: int, closed_at: datetime | None, now: datetime) -> SaleShown:
    """The message for the lane's device; a sale that was closed a while ago is no news any more."""
    is_over = view.state in {SaleState.COMPLETED, SaleState.VOIDED}
    if view.state is None or view.sale_id is None or (is_over and _is_old(closed_at, now)):
        return SaleShown(
            sale=None,
            revision=revision,
            state="none",
            currency=view.currency,
            points_name=line_text(view.points_name.many),
            training=view.is_training,
        )
    return SaleShown(
        sale=view.sale_id,
        revision=revision,
        state=_STATES[view.state],
        invitation=view.invites,
        currency=view.currency,
        lines=tuple(
            SaleLine(name=line_text(line.name), quantity=line.quantity, amount_minor=line.gross_minor)
            for line in view.lines[:_MAX_LINES]
        ),
        more_lines=max(0, len(view.lines) - _MAX_LINES),
        discounts=tuple(
            DiscountLine(
                name=line_text(discount.name),
                amount_minor=-discount.amount_minor,
                why=_first_why(discount.why, discount.kind.value),
            )
            for discount in view.discounts[:_MAX_DISCOUNTS]
        ),
        total_minor=view.total_minor,
        points_to_earn=view.points_to_earn,
        points_earned=view.points_earned,
        points_balance=view.points_balance,
        points_name=line_text(view.points_name.many),
        training=view.is_training,
    )


def _is_old(closed_at: datetime | None, now: datetime) -> bool:
    return closed_at is None or now - closed_at > _PAID_STAYS


def _first_why(whys: tuple[DomainWhy, ...], kind: str) -> Why:
    if not whys:
        return Why(code=kind)
    return domain_why(whys[0])


def domain_why(why: DomainWhy) -> Why:
    """A reason for the wire: the group's id stays at home."""
    return Why(code=why.code.value, params={k: v for k, v in why.params.items() if k != "group_id"})
