"""The staff's pages about the programme: what they show, change, refuse and keep."""

import asyncio
import re
from pathlib import Path

import pytest

from loyalty.domain.accrual import CategoryRule, ItemRule, TaxMode, VisitRule
from loyalty.domain.audit import AuditAction
from loyalty.domain.expiry import MonthsToEnd
from loyalty.domain.rewards import FreeItem, PercentageOffItems
from loyalty.domain.staff import Permission
from loyalty.services.publish_programme import publish_change, switched
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter, make_counter
from tests.integration.checkout.desk import (
    a_promotion,
    a_reward,
    amount_rule,
    desk,
    draft_token,
    fields_of,
    points_fields,
    programme,
)

# --- the programme ---------------------------------------------------------------------------------


def test_the_programme_is_shown_in_words_in_both_languages(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            english = await browser.page("/programme")
            assert "1 point for each 1,00 € spent" in english
            assert "Tax counts, a tip never does" in english
            assert "25% off the whole sale, at most 30,00 €" in english
            french = await browser.page("/programme", "fr")
            assert "1 point par tranche de 1,00 €" in french
            assert "25 % de remise sur toute la vente, au plus 30,00 €" in french

    run(story())


def test_the_tax_choice_is_changed_previewed_and_published_as_a_new_version(counter: Counter) -> None:
    # rows 119, 132, 133
    async def story() -> None:
        async with desk(counter) as browser:
            form = await browser.page("/programme/change/rule")
            assert 'value="before_tax"' in form
            assert (await browser.fill("/programme/change/rule", **amount_rule())).status_code == 303
            draft = await browser.page("/programme/change")
            assert "1 point for each 5,00 € spent · Tax does not count" in draft
            assert programme(counter).version == 1, "nothing is in force before it is published"
            preview = await browser.page("/programme/publish")
            assert "Points are earned in another way" in preview
            assert re.search(r'class="value">3<', preview), "three members are concerned"
            published = await browser.fill("/programme/publish")
            assert published.headers["location"] == "/programme?done=published"
            versions = await browser.page("/programme/versions")
            assert versions.index("Version 2") < versions.index("Version 1")

    run(story())
    now = programme(counter)
    assert (now.version, now.accrual.tax_mode) == (2, TaxMode.BEFORE_TAX)  # type: ignore[union-attr]


def test_a_visit_rule_with_boundary_and_exclusions(counter: Counter) -> None:
    # rows 128, 129
    # X5
    mug = counter.item("Tasse en grès")

    async def story() -> None:
        async with desk(counter) as browser:
            answer = await browser.fill(
                "/programme/change/rule", earn_by="visit", minimum="5,00", boundary="more_than",
                visit_points="1", tax_mode="before_tax", excluded_item=str(mug),
            )  # fmt: skip
            assert answer.status_code == 303
            text = await browser.page("/programme/change")
            assert "1 point for each visit of more than 5,00 €" in text
            assert "Earns nothing: Tasse en grès" in text
            await browser.fill("/programme/publish")

    run(story())
    assert programme(counter).accrual == VisitRule(1, 500, excluded_item_ids=(mug,))


def test_points_for_items_and_for_categories(counter: Counter) -> None:
    # rows 120, 131
    coffee, latte = counter.item("Café filtre"), counter.item("Café crème")
    with counter.database.reading() as unit:
        shelf = unit.catalogue.categories()[1]

    async def story() -> None:
        async with desk(counter) as browser:
            none = await browser.fill("/programme/change/rule", earn_by="item")
            assert none.status_code == 422
            assert "Give points to at least one of them" in none.text
            form = {"earn_by": "item", f"item-{coffee}": "1", f"item-{latte}": "2"}
            assert (await browser.fill("/programme/change/rule", **form)).status_code == 303
            await browser.fill("/programme/publish")
            rule = programme(counter).accrual
            assert isinstance(rule, ItemRule)
            assert {grant.id: grant.points for grant in rule.grants} == {coffee: 1, latte: 2}
            form = {"earn_by": "category", f"category-{shelf.id}": "3", "excluded_item": str(coffee)}
            assert (await browser.fill("/programme/change/rule", **form)).status_code == 303
            await browser.fill("/programme/publish", base="2")

    run(story())
    rule = programme(counter).accrual
    assert isinstance(rule, CategoryRule)
    assert rule.excluded_item_ids == (coffee,)


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        (amount_rule(tranche="0"), "tranche", "An amount from 0,01 € to 1 000,00 €"),
        (amount_rule(tranche="-5"), "tranche", "An amount from"),
        (amount_rule(tranche="5,005"), "tranche", "An amount from"),
        (amount_rule(tranche="99999999999"), "tranche", "An amount from"),
        (amount_rule(tranche_points="0"), "tranche_points", "A number from 1 to 1 000"),
        (amount_rule(tranche_points="1.5"), "tranche_points", "A number from 1 to 1 000"),
        (amount_rule(tranche_points="٣"), "tranche_points", "A number from 1 to 1 000"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_kept(
    counter: Counter, form: dict[str, str], field: str, sentence: str
) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            answer = await browser.fill("/programme/change/rule", **form)
            assert answer.status_code == 422
            assert sentence in answer.text
            assert f'id="{field}-fault"' in answer.text
            assert 'aria-invalid="true"' in answer.text
            for value in form.values():
                assert f'value="{value}"' in answer.text
            assert 'role="alert"' in answer.text

    run(story())


def test_points_name_expiry_and_limit(counter: Counter) -> None:
    # rows 164, 184
    # X11
    async def story() -> None:
        async with desk(counter) as browser:
            wrong = await browser.fill(
                "/programme/change/points", points_one="", points_many="grains", expiry="months_to_end",
                months="0", limit="x",
            )  # fmt: skip
            assert wrong.status_code == 422
            assert wrong.text.count('class="fault"') == 3
            right = await browser.fill(
                "/programme/change/points", points_one="grain", points_many="grains", expiry="months_to_end",
                months="12", days="365", limit="",
            )  # fmt: skip
            assert right.status_code == 303
            assert "They last 12 months, to the end of that month" in await browser.page("/programme/change")
            await browser.fill("/programme/publish")
            assert "grains" in await browser.page("/programme")

    run(story())
    now = programme(counter)
    assert (now.points_name.many, now.expiry, now.max_rewards_per_sale) == ("grains", MonthsToEnd(12), None)


def test_a_reward_of_every_kind_with_its_ceiling(counter: Counter) -> None:
    # rows 136, 139
    coffee = counter.item("Café filtre")
    with counter.database.reading() as unit:
        shelf = unit.catalogue.categories()[0]
    forms = [
        a_reward(name="A", amount="2,50"),
        a_reward(name="B", kind="percentage_off_sale", rate="12,5", ceiling="10"),
        a_reward(name="C", kind="free_item", scope="item", item=str(coffee), units="1"),
        a_reward(name="D", kind="amount_off_items", scope="category", category=str(shelf.id), units="2"),
        a_reward(name="E", kind="percentage_off_items", scope="category", category=str(shelf.id), rate="20",
                 units=""),
    ]  # fmt: skip

    async def story() -> None:
        async with desk(counter) as browser:
            for form in forms:
                answer = await browser.fill("/programme/change/rewards/new", **form)
                assert answer.status_code == 303, answer.text[-3000:]
            text = await browser.page("/programme/change")
            assert "12,5% off the whole sale, at most 10,00 €" in text
            assert "Free: 1 of Café filtre" in text
            assert "20% off everything of Café" in text
            await browser.fill("/programme/publish")

    run(story())
    tiers = {tier.name: tier.terms for tier in programme(counter).tiers}
    assert isinstance(tiers["C"], FreeItem)
    assert isinstance(tiers["E"], PercentageOffItems)
    assert tiers["E"].units is None


def test_the_sixteenth_reward_and_the_101st_character_are_refused_and_what_was_typed_is_kept(
    counter: Counter,
) -> None:
    # rows 140, 141
    async def story() -> None:
        async with desk(counter) as browser:
            long = "x" * 101
            refused = await browser.fill("/programme/change/rewards/new", **a_reward(name=long))
            assert refused.status_code == 422
            assert "The name has 101 characters; at most 100 fit" in refused.text
            assert f'value="{long}"' in refused.text
            assert 'value="2,50"' in refused.text
            kept = await browser.fill("/programme/change/rewards/new", **a_reward(name="y" * 100))
            assert kept.status_code == 303
            for number in range(10):
                await browser.fill("/programme/change/rewards/new", **a_reward(name=f"R{number}"))
            sixteenth = await browser.fill("/programme/change/rewards/new", **a_reward(name="Le seizième"))
            assert sixteenth.status_code == 422
            assert "There are 15 rewards already. Delete one before you create another." in sixteenth.text
            assert 'value="Le seizième"' in sixteenth.text
            overview = await browser.page("/programme/change")
            assert "15 of 15" in overview
            tier = re.findall(r"/programme/change/rewards/([0-9a-f-]{36})/remove", overview)[0]
            assert (await browser.fill(f"/programme/change/rewards/{tier}/remove")).status_code == 303
            now = await browser.fill("/programme/change/rewards/new", **a_reward(name="Le seizième"))
            assert now.status_code == 303

    run(story())


def test_a_changed_reward_keeps_its_id_and_the_preview_names_every_difference(counter: Counter) -> None:
    # row 119
    first = programme(counter).tiers[0]

    async def story() -> None:
        async with desk(counter) as browser:
            path = f"/programme/change/rewards/{first.id}"
            assert 'value="2 € offerts"' in await browser.page(path, "fr")
            await browser.fill(path, **a_reward(name="3 € offerts", points="12", amount="3"))
            preview = await browser.page("/programme/publish")
            assert "“3 € offerts” costs 12 points instead of 10 points" in preview
            assert "“2 € offerts” is now called “3 € offerts”" in preview
            assert "“3 € offerts” gives something else: 3,00 € off the whole sale" in preview
            await browser.fill("/programme/publish")

    run(story())
    assert programme(counter).tiers[0].id == first.id


def test_the_draft_is_shared_says_who_changed_what_and_outlives_the_station(
    counter: Counter, tmp_path: Path
) -> None:
    # row 119
    add_staff(counter, "colleague", Permission.MANAGE_PROGRAMME)

    async def story() -> None:
        async with desk(counter) as mine, desk(counter, "colleague") as theirs:
            await mine.fill("/programme/change/rule", **amount_rule())
            shared = await theirs.page("/programme/change")
            assert "1 point for each 5,00 €" in shared
            assert "Changed last by Lucie" in shared
            await theirs.fill("/programme/change/rewards/new", **a_reward())
            assert "the last one is by colleague" in await mine.page("/programme")

    run(story())
    kept, tiers = draft_token(counter), len(programme(counter).tiers)
    counter.station.stop()
    counter.database.close()
    again = make_counter(tmp_path, counter.clock)

    async def next_morning() -> None:
        async with desk(again) as browser:
            page = await browser.page("/programme/change")
            assert "New reward: “Un café offert” for 15 points" in page
            assert page.index("<strong>colleague</strong>") < page.index("<strong>Lucie</strong>")
            published = await browser.fill("/programme/publish", draft=kept)
            assert published.headers["location"] == "/programme?done=published"
            twice = await browser.fill("/programme/publish", draft=kept)
            assert twice.headers["location"] == "/programme?done=unchanged"
            assert "wait to be published" not in await browser.page("/programme")

    try:
        run(next_morning())
        assert programme(again).version == 2
        assert len(programme(again).tiers) == tiers + 1
    finally:
        again.station.stop()
        again.database.close()


def test_who_was_overtaken_at_the_draft_is_told_by_whom_and_puts_it_on_top(counter: Counter) -> None:
    # row 119
    add_staff(counter, "colleague", Permission.MANAGE_PROGRAMME)

    async def story() -> None:
        async with desk(counter) as mine, desk(counter, "colleague") as theirs:
            seen, faster = draft_token(counter), "colleague"
            await theirs.fill("/programme/change/switch")
            for path, form in (
                ("/programme/change/rule", amount_rule()),
                ("/programme/change/rewards/new", a_reward()),
                ("/programme/change/points", points_fields()),
            ):
                late = await mine.fill(path, draft=seen, **form)
                assert late.status_code == 409
                assert "A colleague has changed the draft in the meantime" in late.text
                assert f"Changed last by {faster}" in late.text
                faster = "Lucie"
                fields = fields_of(late.text)
                assert fields["draft"] == draft_token(counter)
                assert (await mine.fill(path, **form | {"draft": fields["draft"]})).status_code == 303
            for path in ("/programme/change/switch", "/programme/change/discard"):
                late = await mine.fill(path, draft=seen)
                assert late.headers["location"] == "/programme/change?refused=overtaken"
            assert "so nothing was done" in await mine.page("/programme/change?refused=overtaken")
            late = await mine.fill("/programme/publish", draft=seen)
            assert late.status_code == 409
            whole = await mine.page("/programme/publish")
            assert "Un café offert" in whole
            assert "switched off" in whole

    run(story())
    assert programme(counter).version == 1


def test_a_version_that_was_published_elsewhere_keeps_the_draft_from_being_published(
    counter: Counter,
) -> None:
    # row 119
    async def story() -> None:
        async with desk(counter) as browser:
            await browser.fill("/programme/change/rule", **amount_rule())
            with counter.database.unit_of_work() as unit:
                change = switched(counter.station.ctx, is_active=False)
                publish_change(unit, counter.station.ctx, counter.shop.staff, change)
                unit.commit()
            late = await browser.fill("/programme/publish")
            assert late.status_code == 409
            assert "A colleague has published version 2 in the meantime" in late.text
            await browser.fill("/programme/change/discard")
            assert "Switched off" in await browser.page("/programme")

    run(story())
    assert programme(counter).version == 2
    with counter.database.reading() as unit:
        (deed,) = [
            each for each in unit.audit.of_subject("programme:1") if each.params == {"changes": "rule"}
        ]
    assert deed.action is AuditAction.DRAFT_DISCARDED


def test_a_draft_that_comes_back_to_where_it_began_is_none(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            for _ in range(2):
                await browser.fill("/programme/change/switch")
            assert "None yet." in await browser.page("/programme/change")
            assert "wait to be published" not in await browser.page("/programme")

    run(story())


def test_what_staff_type_is_escaped_on_every_page(counter: Counter) -> None:
    evil = '<script>alert(1)</script>"\u202e'

    async def story() -> None:
        async with desk(counter) as browser:
            await browser.fill("/programme/change/rewards/new", **a_reward(name=evil))
            await browser.fill("/promotions/new", **a_promotion(name=evil))
            for path in (
                "/programme/change",
                "/programme/publish",
                "/promotions",
                "/programme/try?programme=draft",
            ):
                text = await browser.page(path)
                assert "<script>" not in text
                assert "\u202e" not in text
                assert " style=" not in text

    run(story())
    assert asyncio.iscoroutinefunction(story)
