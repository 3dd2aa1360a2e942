from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from loyalty.domain.accrual import AmountRule, VisitRule
from loyalty.domain.expiry import MonthsToEnd
from loyalty.domain.pricing.engine import PricingTerms, price_sale
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.programme_changes import ChangeKind, differences
from loyalty.domain.programme_edit import (
    TierDraft,
    add_tier,
    change_tier,
    checked_points_name,
    next_version,
    remove_tier,
    why_not_another_reward,
)
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale, RewardTerms
from loyalty.domain.sale import SaleChannel
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import InvalidValueError
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import AT, line, member, named, programme, reward, sale

LATER = AT + timedelta(days=1)
COFFEE = RewardTier(named("tier coffee"), "Café offert", 10, AmountOffSale(300))
PIE = RewardTier(named("tier pie"), "10 % de remise", 25, PercentageOffSale(100_000))


def draft(name: str = "Récompense", points: int = 10, terms: RewardTerms = AmountOffSale(100)) -> TierDraft:  # noqa: B008
    return TierDraft(name, points, terms)


def version(result: ProgrammeVersion | Refused) -> ProgrammeVersion:
    assert isinstance(result, ProgrammeVersion)
    return result


def reason(result: ProgrammeVersion | Refused) -> Refusal:
    assert isinstance(result, Refused)
    return result.reason


def test_the_sixteenth_reward_is_refused_with_the_reason_until_one_is_deleted() -> None:
    # row 140
    current = programme()
    for number in range(15):
        current = version(add_tier(current, draft(f"Récompense {number}"), new_id(), LATER))
    refused = add_tier(current, draft(), new_id(), LATER)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.params) == (Refusal.TOO_MANY_TIERS, {"max": 15})
    fewer = version(remove_tier(current, current.tiers[0].id, LATER))
    assert len(version(add_tier(fewer, draft(), new_id(), LATER)).tiers) == 15


def test_a_name_of_100_characters_is_taken_and_one_of_101_refused() -> None:
    # row 141
    assert version(add_tier(programme(), draft("é" * 100), new_id(), LATER)).tiers[0].name == "é" * 100
    refused = add_tier(programme(), draft("é" * 101), new_id(), LATER)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.params) == (Refusal.TIER_NAME_TOO_LONG, {"max": 100, "length": 101})


def test_a_name_is_one_clean_line() -> None:
    # row 209
    made = version(add_tier(programme(), draft(" Café\x00\u202e\n offert "), new_id(), LATER))
    assert made.tiers[0].name == "Café offert"
    assert reason(add_tier(programme(), draft("\u200f\x1b"), new_id(), LATER)) is Refusal.TIER_NAME_MISSING


@pytest.mark.parametrize("points", [0, -1, 1_000_001])
def test_a_reward_costs_a_sensible_number_of_points(points: int) -> None:
    assert reason(add_tier(programme(), draft(points=points), new_id(), LATER)) is Refusal.AMOUNT_OUT_OF_RANGE


def test_a_change_is_a_new_version_and_the_old_one_stays_as_it_was() -> None:
    # row 119
    current = programme(None, COFFEE, PIE)
    changed = version(change_tier(current, COFFEE.id, draft("Grand café offert", 12), LATER))
    assert (changed.version, changed.valid_from) == (2, LATER)
    assert [tier.id for tier in changed.tiers] == [COFFEE.id, PIE.id]
    assert current.tier(COFFEE.id) == COFFEE
    assert reason(change_tier(current, new_id(), draft(), LATER)) is Refusal.TIER_UNKNOWN
    assert reason(change_tier(current, COFFEE.id, draft(""), LATER)) is Refusal.TIER_NAME_MISSING
    assert reason(remove_tier(current, new_id(), LATER)) is Refusal.TIER_UNKNOWN


def test_a_reward_on_a_sale_keeps_its_terms_when_its_tier_changes_or_goes() -> None:
    # row 119
    on_sale = reward(10, AmountOffSale(300))
    basket = sale(line("Livre", 1000), who=member(), rewards=(on_sale,))
    before = price_sale(basket, PricingTerms(programme=programme(None, COFFEE)))
    after = price_sale(basket, PricingTerms(programme=programme(version=2)))
    assert (before.total_minor, after.total_minor) == (700, 700)
    assert before.points_to_redeem == after.points_to_redeem == 10


def test_several_rewards_go_on_a_sale_unless_the_shop_sets_a_limit() -> None:
    # row 149, X11
    basket = sale(line("Livre", 1000), who=member(), rewards=(reward(10, AmountOffSale(100)),) * 3)
    assert why_not_another_reward(basket, programme()) is None
    limited = replace(programme(), max_rewards_per_sale=3)
    refused = why_not_another_reward(basket, limited)
    assert refused is not None
    assert (refused.reason, refused.params) == (Refusal.REWARD_LIMIT_REACHED, {"max": 3})
    assert why_not_another_reward(replace(basket, rewards=basket.rewards[:2]), limited) is None
    with pytest.raises(InvalidValueError):
        replace(programme(), max_rewards_per_sale=0)


def test_an_invoice_earns_and_never_redeems_and_an_online_order_does_both() -> None:
    # rows 125, 151
    basket = sale(line("Livre", 1000), who=member())
    invoice = replace(basket, channel=SaleChannel.INVOICE)
    refused = why_not_another_reward(invoice, programme())
    assert refused is not None
    assert refused.reason is Refusal.INVOICES_EARN_ONLY
    assert price_sale(invoice, PricingTerms(programme=programme())).points_to_earn == 10
    online = replace(basket, channel=SaleChannel.ONLINE)
    assert why_not_another_reward(online, programme()) is None
    assert price_sale(online, PricingTerms(programme=programme())).points_to_earn == 10


def test_points_have_the_name_that_the_shop_gives_them() -> None:
    # row 184
    assert checked_points_name(" étoile ", "étoiles\x07") == PointsName("étoile", "étoiles")
    for one, many in (("", "x"), ("x", " "), ("x" * 31, "x")):
        assert isinstance(checked_points_name(one, many), Refused)


def test_every_difference_that_a_member_could_notice_is_named() -> None:
    # row 119
    old = programme(AmountRule(100), COFFEE, PIE)
    gone = named("tier gone")
    old = replace(old, tiers=(*old.tiers, RewardTier(gone, "Ancienne", 5, AmountOffSale(100))))
    new = replace(
        next_version(old, LATER),
        accrual=VisitRule(),
        expiry=MonthsToEnd(12),
        points_name=PointsName("étoile", "étoiles"),
        is_active=False,
        tiers=(
            replace(COFFEE, points=12, name="Grand café"),
            replace(PIE, points=20, terms=PercentageOffSale(150_000)),
            RewardTier(named("tier new"), "Nouvelle", 40, AmountOffSale(900)),
        ),
    )
    changes = differences(old, new)
    assert [(change.kind, change.tier_id) for change in changes] == [
        (ChangeKind.PAUSED, None),
        (ChangeKind.RULE, None),
        (ChangeKind.EXPIRY, None),
        (ChangeKind.POINTS_NAME, None),
        (ChangeKind.TIER_REMOVED, gone),
        (ChangeKind.TIER_DEARER, COFFEE.id),
        (ChangeKind.TIER_RENAMED, COFFEE.id),
        (ChangeKind.TIER_CHEAPER, PIE.id),
        (ChangeKind.TIER_TERMS, PIE.id),
        (ChangeKind.TIER_ADDED, named("tier new")),
    ]
    dearer = changes[5]
    assert dearer.params == {"before": 10, "after": 12, "name": "Grand café"}
    assert changes[1].params["after"]["kind"] == "visit"
    resumed = differences(new, replace(next_version(new, LATER), is_active=True))
    assert [change.kind for change in resumed] == [ChangeKind.RESUMED]


def test_the_order_on_the_page_and_the_version_number_are_no_difference() -> None:
    old = programme(None, COFFEE, PIE)
    assert differences(old, replace(next_version(old, LATER), tiers=(PIE, COFFEE))) == ()


def test_who_has_no_points_is_not_told_of_what_they_cannot_lose() -> None:
    # row 119
    old = programme(None, COFFEE)
    (removed,) = differences(old, version(remove_tier(old, COFFEE.id, LATER)))
    (added,) = differences(programme(), programme(None, COFFEE))
    assert [removed.concerns(balance) for balance in (0, 1)] == [False, True]
    assert [added.concerns(balance) for balance in (0, 1)] == [True, True]


def test_tier_ids_are_unique() -> None:
    with pytest.raises(InvalidValueError):
        programme(None, COFFEE, RewardTier(UUID(str(COFFEE.id)), "Double", 5, AmountOffSale(100)))
