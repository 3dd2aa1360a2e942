"""Short makers of domain values for the tests of the rules."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from loyalty.domain.accrual import AccrualBase, AccrualRule, AmountRule, EarningLine
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.group import DiscountScope, Group, GroupDiscount, ScopeKind
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.money import Currency
from loyalty.domain.pricing.engine import PricingTerms
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.promotions import Promotion
from loyalty.domain.rewards import RewardTerms
from loyalty.domain.sale import Sale, SaleLine, SaleMember, SaleReward, SaleState
from loyalty.domain.staff import OWNER_PERMISSIONS, Permission, Role, StaffMember
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.trust import Trust
from runtime.ids import new_id

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday."""
PARIS = "Europe/Paris"
MONTREAL = "America/Toronto"

VAT_55 = TaxRate("vat-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED)
VAT_10 = TaxRate("vat-10", "TVA 10 %", 100_000, TaxInclusion.INCLUDED)
VAT_20 = TaxRate("vat-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED)
GST = TaxRate("gst", "TPS", 50_000, TaxInclusion.ON_TOP)
QST = TaxRate("qst", "TVQ", 99_750, TaxInclusion.ON_TOP)

_NAMES = UUID("6f1d3c52-52a5-5c3e-9a53-0d5a1f2f6b11")


def named(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(_NAMES, name)


def line(
    name: str,
    price: int,
    quantity: int = 1,
    *,
    category: str | None = None,
    taxes: tuple[TaxRate, ...] = (),
    variation: str | None = None,
) -> SaleLine:
    return SaleLine(
        id=new_id(),
        item_id=named(name),
        name=name,
        unit_price_minor=price,
        quantity=quantity,
        category_id=named(category) if category is not None else None,
        tax_rates=taxes,
        variation_id=named(variation) if variation is not None else None,
    )


def member(trust: Trust = Trust.SIGNED) -> SaleMember:
    return SaleMember(new_id(), new_id(), new_id(), IdentificationMethod.SIGNED_CARD, trust, new_id())


def reward(points: int, terms: RewardTerms, name: str = "Récompense") -> SaleReward:
    return SaleReward(new_id(), named(f"tier {name}"), name, points, terms)


def sale(
    *lines: SaleLine,
    who: SaleMember | None = None,
    rewards: tuple[SaleReward, ...] = (),
    discounts: tuple[StaffDiscount, ...] = (),
    opened_at: datetime = AT,
    state: SaleState = SaleState.OPEN,
) -> Sale:
    return Sale(
        id=new_id(),
        lane_id=named("lane"),
        currency=Currency("EUR"),
        opened_at=opened_at,
        state=state,
        lines=lines,
        member=who,
        rewards=rewards,
        discounts=discounts,
    )


def items(*names: str) -> DiscountScope:
    return DiscountScope(ScopeKind.ITEM, frozenset(named(name) for name in names))


def categories(*names: str) -> DiscountScope:
    return DiscountScope(ScopeKind.CATEGORY, frozenset(named(name) for name in names))


def group(rate_ppm: int, name: str = "Amis", scope: DiscountScope | None = None) -> Group:
    return Group(named(f"group {name}"), name, GroupDiscount(rate_ppm, scope or DiscountScope()))


def programme(
    rule: AccrualRule | None = None, *tiers: RewardTier, version: int = 1, is_active: bool = True
) -> ProgrammeVersion:
    return ProgrammeVersion(
        version, AT, rule or AmountRule(100), PointsName("point", "points"), tiers, is_active
    )


def terms(
    *groups: Group,
    rule: AccrualRule | None = None,
    promotions: tuple[Promotion, ...] = (),
    timezone: str = PARIS,
) -> PricingTerms:
    return PricingTerms(groups=groups, programme=programme(rule), promotions=promotions, timezone=timezone)


def base(*lines: EarningLine, version: int = 1) -> AccrualBase:
    return AccrualBase(
        sum(each.before_tax_minor for each in lines),
        sum(each.after_tax_minor for each in lines),
        version,
        lines,
    )


def bought(
    name: str,
    amount: int,
    quantity: int = 1,
    *,
    with_tax: int | None = None,
    category: str | None = None,
    variation: str | None = None,
) -> EarningLine:
    return EarningLine(
        named(name),
        named(category) if category is not None else None,
        name,
        quantity,
        amount,
        amount if with_tax is None else with_tax,
        named(variation) if variation is not None else None,
    )


def staff(*permissions: Permission) -> StaffMember:
    held = frozenset(permissions) if permissions else OWNER_PERMISSIONS
    return StaffMember(named("staff"), "camille", "Camille", Role(named("role"), "Rôle", held))
