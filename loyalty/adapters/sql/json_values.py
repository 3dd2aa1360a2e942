"""Domain values that are stored as JSON: written here, checked here when they are read."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from loyalty.domain.accrual import ACCRUAL_RULES, AccrualRule, TaxMode
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.rewards import REWARDS, RewardTerms
from loyalty.domain.sale import Receipt
from loyalty.domain.trust import Trust, TrustPolicy
from loyalty.domain.why import Why, WhyCode

_RECEIPT = TypeAdapter(Receipt)


def terms_to_json(terms: RewardTerms) -> dict[str, Any]:
    return {"kind": terms.kind, **asdict(terms)}


def terms_from_json(value: dict[str, Any]) -> RewardTerms:
    fields = dict(value)
    return REWARDS[fields.pop("kind")](**fields)


def accrual_to_json(rule: AccrualRule) -> dict[str, Any]:
    return {"kind": rule.kind, **asdict(rule)}


def accrual_from_json(value: dict[str, Any]) -> AccrualRule:
    fields = dict(value)
    rule = ACCRUAL_RULES[fields.pop("kind")]
    return rule(**{**fields, "tax_mode": TaxMode(fields["tax_mode"])})


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
