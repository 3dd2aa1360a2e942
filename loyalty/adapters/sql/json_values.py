"""Domain values that are stored as JSON: written here, checked here when they are read."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from loyalty.domain.accrual import ACCRUAL_RULES, AccrualRule
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.expiry import EXPIRY_POLICIES, NEVER, ExpiryPolicy
from loyalty.domain.group import GroupDiscount
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.parameters import from_parameters, to_parameters
from loyalty.domain.profile_settings import ProfileSettings
from loyalty.domain.programme_draft import DraftStep
from loyalty.domain.promotions import INCENTIVES, Incentive, Schedule
from loyalty.domain.refunds import RefundQuote
from loyalty.domain.rewards import REWARDS, RewardTerms
from loyalty.domain.sale import Receipt, Tender
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.trust import Trust, TrustPolicy
from loyalty.domain.why import Why, WhyCode
from loyalty.ports.sales import TermsThen

_RECEIPT = TypeAdapter(Receipt)
_SCHEDULE = TypeAdapter(Schedule)
_REFUND_QUOTE = TypeAdapter(RefundQuote)
_TENDERS = TypeAdapter(tuple[Tender, ...])
_TERMS_THEN = TypeAdapter(TermsThen)
_LOYALTY_SETTINGS = TypeAdapter(LoyaltySettings)
_DRAFT_STEPS = TypeAdapter(tuple[DraftStep, ...])
_PROFILE_SETTINGS = TypeAdapter(ProfileSettings)
_GROUP_DISCOUNTS = TypeAdapter(tuple[GroupDiscount, ...])
_DISCOUNTS = TypeAdapter(tuple[StaffDiscount, ...])


def terms_to_json(terms: RewardTerms) -> dict[str, Any]:
    return to_parameters(terms)


def terms_from_json(value: dict[str, Any]) -> RewardTerms:
    return from_parameters(REWARDS, value)


def accrual_to_json(rule: AccrualRule) -> dict[str, Any]:
    return to_parameters(rule)


def accrual_from_json(value: dict[str, Any]) -> AccrualRule:
    return from_parameters(ACCRUAL_RULES, value)


def expiry_to_json(policy: ExpiryPolicy) -> dict[str, Any]:
    return to_parameters(policy)


def expiry_from_json(value: dict[str, Any] | None) -> ExpiryPolicy:
    return from_parameters(EXPIRY_POLICIES, value) if value is not None else NEVER


def discounts_to_json(discounts: Iterable[StaffDiscount]) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = _DISCOUNTS.dump_python(tuple(discounts), mode="json")
    return value


def discounts_from_json(value: list[dict[str, Any]]) -> tuple[StaffDiscount, ...]:
    return _DISCOUNTS.validate_python(value)


def group_discounts_to_json(discounts: Iterable[GroupDiscount]) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = _GROUP_DISCOUNTS.dump_python(tuple(discounts), mode="json")
    return value


def group_discounts_from_json(value: list[dict[str, Any]]) -> tuple[GroupDiscount, ...]:
    return _GROUP_DISCOUNTS.validate_python(value)


def draft_steps_to_json(steps: Iterable[DraftStep]) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = _DRAFT_STEPS.dump_python(tuple(steps), mode="json")
    return value


def draft_steps_from_json(value: list[dict[str, Any]]) -> tuple[DraftStep, ...]:
    return _DRAFT_STEPS.validate_python(value)


def taxes_to_json(rates: Iterable[TaxRate]) -> list[dict[str, Any]]:
    return [asdict(rate) for rate in rates]


def taxes_from_json(value: list[dict[str, Any]]) -> tuple[TaxRate, ...]:
    return tuple(
        TaxRate(rate["id"], rate["name"], rate["rate_ppm"], TaxInclusion(rate["inclusion"])) for rate in value
    )


def why_to_json(reasons: Iterable[Why]) -> list[dict[str, Any]]:
    return [{"code": why.code.value, "params": dict(why.params)} for why in reasons]


def why_from_json(value: list[dict[str, Any]]) -> tuple[Why, ...]:
    return tuple(Why(WhyCode(why["code"]), why["params"]) for why in value)


def trust_to_json(policy: TrustPolicy) -> dict[str, int]:
    return {right: int(trust) for right, trust in asdict(policy).items()}


def trust_from_json(value: dict[str, int]) -> TrustPolicy:
    return TrustPolicy(**{right: Trust(trust) for right, trust in value.items()})


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    value: dict[str, Any] = _RECEIPT.dump_python(receipt, mode="json")
    return value


def receipt_from_json(value: dict[str, Any]) -> Receipt:
    return _RECEIPT.validate_python(value)


def incentive_to_json(incentive: Incentive) -> dict[str, Any]:
    return to_parameters(incentive)


def incentive_from_json(value: dict[str, Any]) -> Incentive:
    return from_parameters(INCENTIVES, value)


def schedule_to_json(schedule: Schedule) -> dict[str, Any]:
    value: dict[str, Any] = _SCHEDULE.dump_python(schedule, mode="json")
    return value


def schedule_from_json(value: dict[str, Any]) -> Schedule:
    return _SCHEDULE.validate_python(value)


def refund_quote_to_json(quote: RefundQuote) -> dict[str, Any]:
    value: dict[str, Any] = _REFUND_QUOTE.dump_python(quote, mode="json")
    return value


def refund_quote_from_json(value: dict[str, Any]) -> RefundQuote:
    return _REFUND_QUOTE.validate_python(value)


def tenders_to_json(tenders: Iterable[Tender]) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = _TENDERS.dump_python(tuple(tenders), mode="json")
    return value


def tenders_from_json(value: list[dict[str, Any]]) -> tuple[Tender, ...]:
    return _TENDERS.validate_python(value)


def terms_then_to_json(terms: TermsThen) -> dict[str, Any]:
    value: dict[str, Any] = _TERMS_THEN.dump_python(terms, mode="json")
    return value


def terms_then_from_json(value: dict[str, Any]) -> TermsThen:
    return _TERMS_THEN.validate_python(value)


def loyalty_settings_to_json(settings: LoyaltySettings) -> dict[str, Any]:
    value: dict[str, Any] = _LOYALTY_SETTINGS.dump_python(settings, mode="json")
    return value


def loyalty_settings_from_json(value: dict[str, Any]) -> LoyaltySettings:
    return _LOYALTY_SETTINGS.validate_python(value)


def profile_settings_to_json(settings: ProfileSettings) -> dict[str, Any]:
    value: dict[str, Any] = _PROFILE_SETTINGS.dump_python(settings, mode="json")
    return {**value, "hidden": sorted(value["hidden"])}


def profile_settings_from_json(value: dict[str, Any]) -> ProfileSettings:
    return _PROFILE_SETTINGS.validate_python(value)
