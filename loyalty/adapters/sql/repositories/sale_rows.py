"""Rows of a sale, both ways."""

from typing import Any

from sqlalchemy import Row

from loyalty.adapters.sql.json_values import (
    discounts_from_json,
    discounts_to_json,
    receipt_from_json,
    receipt_to_json,
    taxes_from_json,
    taxes_to_json,
    terms_from_json,
    terms_to_json,
)
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.money import Currency
from loyalty.domain.sale import Sale, SaleChannel, SaleLine, SaleMember, SaleReward, SaleState
from loyalty.domain.trust import Trust


def sale_values(sale: Sale) -> dict[str, object]:
    """All columns of the sale but its id."""
    member, receipt = sale.member, sale.receipt
    return {
        "lane_id": sale.lane_id,
        "state": sale.state.value,
        "currency": sale.currency,
        "opened_at": sale.opened_at,
        "opened_by": sale.opened_by,
        "is_training": sale.is_training,
        "customer_id": member.customer_id if member is not None else None,
        "account_id": member.account_id if member is not None else None,
        "identification_id": member.identification_id if member is not None else None,
        "method": member.method.value if member is not None else None,
        "trust": int(member.trust) if member is not None else None,
        "session_id": member.session_id if member is not None else None,
        "discount_confirmed_by": member.discount_confirmed_by if member is not None else None,
        "closed_at": sale.closed_at,
        "completion_key": sale.completion_key,
        "receipt_number": receipt.number if receipt is not None else None,
        "total_minor": receipt.quote.total_minor if receipt is not None else None,
        "discount_minor": receipt.quote.discount_minor if receipt is not None else None,
        "tax_minor": receipt.quote.tax_minor if receipt is not None else None,
        "points_earned": receipt.quote.points_to_earn if receipt is not None else None,
        "points_redeemed": receipt.quote.points_to_redeem if receipt is not None else None,
        "receipt": receipt_to_json(receipt) if receipt is not None else None,
        "version": sale.version,
        "channel": sale.channel.value,
        "exchange_of": sale.exchange_of,
        "register_reference": sale.register_reference,
        "discounts": discounts_to_json(sale.discounts) if sale.discounts else None,
    }


def sale_from(
    row: Row[Any],
    *,
    member: SaleMember | None,
    lines: tuple[SaleLine, ...],
    rewards: tuple[SaleReward, ...],
) -> Sale:
    return Sale(
        id=row.id,
        lane_id=row.lane_id,
        currency=Currency(row.currency),
        opened_at=row.opened_at,
        state=SaleState(row.state),
        lines=lines,
        member=member,
        rewards=rewards,
        is_training=row.is_training,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        completion_key=row.completion_key,
        receipt=receipt_from_json(row.receipt) if row.receipt is not None else None,
        version=row.version,
        discounts=discounts_from_json(row.discounts) if row.discounts is not None else (),
        channel=SaleChannel(row.channel),
        exchange_of=row.exchange_of,
        register_reference=row.register_reference,
    )


def member_from(row: Row[Any]) -> SaleMember | None:
    if row.customer_id is None:
        return None
    return SaleMember(
        customer_id=row.customer_id,
        account_id=row.account_id,
        identification_id=row.identification_id,
        method=IdentificationMethod(row.method),
        trust=Trust(row.trust),
        session_id=row.session_id,
        discount_confirmed_by=row.discount_confirmed_by,
    )


def line_values(sale: Sale, position: int, line: SaleLine) -> dict[str, object]:
    nets = {quoted.line_id: quoted.net_minor for quoted in sale.receipt.quote.lines} if sale.receipt else {}
    return {
        "id": line.id,
        "sale_id": sale.id,
        "position": position,
        "item_id": line.item_id,
        "name": line.name,
        "unit_price_minor": line.unit_price_minor,
        "quantity": line.quantity,
        "category_id": line.category_id,
        "tax_rates": taxes_to_json(line.tax_rates),
        "net_minor": nets.get(line.id),
        "variation_id": line.variation_id,
        "is_gift_card": line.is_gift_card,
    }


def line_from(row: Row[Any]) -> SaleLine:
    return SaleLine(
        id=row.id,
        item_id=row.item_id,
        name=row.name,
        unit_price_minor=row.unit_price_minor,
        quantity=row.quantity,
        category_id=row.category_id,
        tax_rates=taxes_from_json(row.tax_rates),
        variation_id=row.variation_id,
        is_gift_card=row.is_gift_card,
    )


def reward_values(sale: Sale, position: int, reward: SaleReward) -> dict[str, object]:
    return {
        "id": reward.id,
        "sale_id": sale.id,
        "position": position,
        "tier_id": reward.tier_id,
        "name": reward.name,
        "points": reward.points,
        "terms": terms_to_json(reward.terms),
        "confirmed_by": reward.confirmed_by,
    }


def reward_from(row: Row[Any]) -> SaleReward:
    return SaleReward(
        id=row.id,
        tier_id=row.tier_id,
        name=row.name,
        points=row.points,
        terms=terms_from_json(row.terms),
        confirmed_by=row.confirmed_by,
    )
