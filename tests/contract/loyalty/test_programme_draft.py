"""The shop's one draft of its programme: stored whole, changed by one at a time, published as it was looked at."""

from dataclasses import replace

import pytest

from loyalty.domain.accrual import ItemRule, VisitRule
from loyalty.domain.accrual.grants import Grant
from loyalty.domain.audit import AuditAction
from loyalty.domain.expiry import MonthsToEnd
from loyalty.domain.group import DiscountScope, ScopeKind
from loyalty.domain.programme import MAX_TIERS, PointsName
from loyalty.domain.programme_draft import MAX_STEPS
from loyalty.domain.programme_edit import TierDraft
from loyalty.domain.rewards import FreeItem, PercentageOffSale
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.draft_programme import OpenDraft, change_draft, discard_draft, open_draft, publish_draft
from loyalty.services.publish_programme import (
    Published,
    switched,
    with_expiry,
    with_new_tier,
    with_points_name,
    with_reward_limit,
    with_rule,
)
from runtime.ids import new_id
from tests.fakes.shop import counter


@pytest.fixture
def shop(database, ctx):
    with database.unit_of_work() as uow:
        made = counter(uow, ctx)
        uow.commit()
    return made


def only(item_id):
    return DiscountScope(ScopeKind.ITEM, frozenset({item_id}))


def changed(database, ctx, shop, change, expected=None):
    with database.unit_of_work() as uow:
        draft = change_draft(uow, ctx, shop.staff, change, expected=expected)
        uow.commit()
    return draft


def test_a_draft_is_stored_whole_and_outlives_the_process(database, ctx, shop):
    # row 119
    item = new_id()
    steps = (
        with_rule(ctx, ItemRule((Grant(item, 3),))),
        with_expiry(ctx, MonthsToEnd(6)),
        with_points_name(ctx, "grain", "grains"),
        with_reward_limit(ctx, 2),
        with_new_tier(ctx, TierDraft("Un café offert", 12, FreeItem(only(item), 1, 300))),
        switched(ctx, is_active=False),
    )
    revision = None
    for change in steps:
        draft = changed(database, ctx, shop, change, revision)
        assert isinstance(draft, OpenDraft)
        revision = draft.revision
    with database.reading() as uow:
        found = open_draft(uow, ctx)
        current = uow.programme.current()
    assert found == draft
    assert found.base == current
    programme = found.programme
    assert programme.accrual == ItemRule((Grant(item, 3),))
    assert (programme.expiry, programme.points_name) == (MonthsToEnd(6), PointsName("grain", "grains"))
    assert (programme.max_rewards_per_sale, programme.is_active) == (2, False)
    assert programme.tiers[-1].terms == FreeItem(only(item), 1, 300)
    kinds = [[change.kind.value for change in step.changes] for step in found.stored.steps]
    assert kinds == [["rule"], ["expiry"], ["points_name"], [], ["tier_added"], ["paused"]]
    assert {step.staff_id for step in found.stored.steps} == {shop.staff.id}


def test_who_looked_at_an_older_draft_changes_publishes_and_discards_nothing(database, ctx, shop):
    # row 119
    first = changed(database, ctx, shop, switched(ctx, is_active=False))
    second = changed(database, ctx, shop, with_rule(ctx, VisitRule(3)), first.revision)
    assert second.revision != first.revision
    for late in (None, first.revision, new_id()):
        assert changed(database, ctx, shop, with_rule(ctx, VisitRule(4)), late) == Refused(
            Refusal.DRAFT_CHANGED_MEANWHILE
        )
        with database.unit_of_work() as uow:
            assert publish_draft(uow, ctx, shop.staff, expected=late) == Refused(
                Refusal.DRAFT_CHANGED_MEANWHILE
            )
            refused = discard_draft(uow, ctx, shop.staff, expected=late)
            assert refused == Refused(Refusal.DRAFT_CHANGED_MEANWHILE)
            assert not uow.drafts.save(second.stored, late)
    with database.unit_of_work() as uow:
        published = publish_draft(uow, ctx, shop.staff, expected=second.revision)
        assert isinstance(published, Published)
        assert published.version.accrual == VisitRule(3)
        assert publish_draft(uow, ctx, shop.staff, expected=second.revision) is None
        assert discard_draft(uow, ctx, shop.staff, expected=second.revision) is None
        uow.commit()
    with database.reading() as uow:
        assert uow.drafts.get() is None


def test_only_who_may_change_the_programme_touches_the_draft(database, ctx, shop):
    # row 211
    with database.unit_of_work() as uow:
        cashier, _ = uow.staff.by_login("caisse")
        for deed in (
            lambda: change_draft(uow, ctx, cashier, switched(ctx, is_active=False), expected=None),
            lambda: publish_draft(uow, ctx, cashier, expected=None),
            lambda: discard_draft(uow, ctx, cashier, expected=None),
        ):
            with pytest.raises(PermissionDeniedError):
                deed()


def test_what_is_refused_leaves_the_draft_as_it_was_and_discarding_is_noted(database, ctx, shop):
    # row 140
    revision = None
    with database.reading() as uow:
        before = len(uow.programme.current().tiers)
    for number in range(MAX_TIERS - before):
        tier = TierDraft(f"Avantage {number}", 10 + number, PercentageOffSale(100_000))
        revision = changed(database, ctx, shop, with_new_tier(ctx, tier), revision).revision
    sixteenth = TierDraft("Un de trop", 5, PercentageOffSale(100_000))
    refused = changed(database, ctx, shop, with_new_tier(ctx, sixteenth), revision)
    assert refused.reason is Refusal.TOO_MANY_TIERS
    with database.unit_of_work() as uow:
        assert uow.drafts.get().revision == revision
        assert discard_draft(uow, ctx, shop.staff, expected=revision) is None
        (deed,) = uow.audit.of_subject("programme:1")
        uow.commit()
    assert (deed.action, deed.params) == (AuditAction.DRAFT_DISCARDED, {"changes": "tier_added"})


def test_only_the_newest_steps_are_remembered(database, ctx, shop):
    revision = None
    for count in range(MAX_STEPS + 3):
        draft = changed(database, ctx, shop, with_rule(ctx, VisitRule(count + 1)), revision)
        revision = draft.revision
    assert len(draft.stored.steps) == MAX_STEPS
    with database.reading() as uow:
        assert replace(open_draft(uow, ctx)) == draft
