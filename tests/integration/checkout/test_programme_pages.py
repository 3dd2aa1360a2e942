"""The staff's pages about the programme: what they show, change, refuse and keep."""

import asyncio
import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete

from loyalty.adapters.sql import schema
from loyalty.domain.accrual import CategoryRule, ItemRule, TaxMode, VisitRule
from loyalty.domain.audit import AuditAction
from loyalty.domain.expiry import MonthsToEnd
from loyalty.domain.ledger import EntryKind
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.rewards import FreeItem, PercentageOffItems
from loyalty.domain.sale import SaleChannel
from loyalty.domain.staff import Permission
from loyalty.services.adjust_points import adjust_points
from loyalty.services.daily_digest import add_digest
from loyalty.services.publish_programme import publish_change, switched
from loyalty.services.take_order import Contact, OrderedItem, OrderTaken, PaidOrder, take_order
from messaging.events.code_read import CodeRead
from tests.integration.checkout.counter import Counter, make_counter
from tests.integration.checkout.test_web_security import OWN, Browser, add_staff, run

HTML = {"accept": "text/html"}
FRENCH = {"accept-language": "fr"}


def plain(text: str) -> str:
    """With ordinary spaces, to be compared."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


class Desk(Browser):
    """A signed-in browser that reads pages as people do."""

    async def page(self, path: str, language: str = "en") -> str:
        answer = await self.get(path, headers={**HTML, "accept-language": language})
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
        return plain(answer.text)

    async def fill(self, path: str, **form: Any) -> httpx.Response:
        headers = {"origin": OWN, **HTML, "accept-language": "en"}
        if path.startswith(("/programme/change/", "/programme/publish")):
            form.setdefault("draft", draft_token(self.counter))  # as the page that was just looked at has it
        answer = await self.post(path, data=form, headers=headers)
        answer._text = plain(answer.text)
        return answer


def draft_token(counter: Counter) -> str:
    """What the forms of the draft carry now."""
    with counter.database.reading() as unit:
        found = unit.drafts.get()
    return str(found.revision) if found is not None else ""


def desk(counter: Counter, login: str = "demo") -> Desk:
    made = Desk(counter)
    made.sign_in(login, lane=None)
    return made


def programme(counter: Counter) -> ProgrammeVersion:
    with counter.database.reading() as unit:
        found = unit.programme.current()
    assert found is not None
    return found


def amount_rule(**changed: str) -> dict[str, str]:
    return {"earn_by": "amount", "tranche": "5", "tranche_points": "1", "tax_mode": "before_tax", **changed}


def a_reward(**changed: Any) -> dict[str, Any]:
    return {"name": "Un café offert", "points": "15", "kind": "amount_off_sale", "amount": "2,50", **changed}


def points_fields(**changed: str) -> dict[str, str]:
    return {"points_one": "grain", "points_many": "grains", "expiry": "never", "limit": "", **changed}


def sell_to(counter: Counter, given_name: str, *items: str) -> None:
    sale = counter.sell(*items)
    card = CodeRead(text=counter.card_of(given_name), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    counter.pay()
    counter.settle()


# --- home ------------------------------------------------------------------------------------------


def test_home_shows_what_the_role_allows_and_nothing_else(counter: Counter) -> None:
    # row 211
    add_staff(counter, "books", Permission.VIEW_REPORTS)

    async def story() -> None:
        async with desk(counter) as browser:
            whole = await browser.page("/home")
            for path in (
                "/lanes",
                "/programme",
                "/promotions",
                "/activity",
                "/reports",
                "/points",
                "/health",
            ):
                assert f'href="{path}"' in whole
            assert (await browser.get("/")).headers["location"] == "/home"
        async with desk(counter, "books") as browser:
            part = await browser.page("/home")
            assert 'href="/activity"' in part
            for path in ("/lanes", "/programme", "/promotions", "/points"):
                assert f'href="{path}"' not in part
        async with desk(counter, "caisse") as browser:
            assert (await browser.get("/")).headers["location"] == "/till/1"

    run(story())


@pytest.mark.parametrize(
    "path",
    ["/programme", "/programme/versions", "/programme/change", "/programme/change/rule",
     "/programme/change/points", "/programme/change/rewards/new", "/programme/publish", "/programme/setup",
     "/programme/try", "/promotions", "/promotions/new", "/activity", "/activity.csv", "/reports",
     "/reports/months.csv", "/points"],
)  # fmt: skip
def test_a_page_is_refused_without_its_permission(counter: Counter, path: str) -> None:
    # row 211
    async def story() -> None:
        async with desk(counter, "caisse") as browser:
            assert (await browser.get(path)).status_code == 403

    run(story())


@pytest.mark.parametrize(
    "path",
    ["/programme/change/rule", "/programme/change/points", "/programme/change/rewards/new",
     "/programme/change/switch", "/programme/change/discard", "/programme/publish", "/programme/setup",
     "/promotions/new", "/points"],
)  # fmt: skip
def test_a_form_is_refused_without_its_permission_and_from_elsewhere(counter: Counter, path: str) -> None:
    # row 211
    async def story() -> None:
        async with desk(counter, "caisse") as browser:
            assert (await browser.send_form(path)).status_code == 403
        async with desk(counter) as browser:
            elsewhere = await browser.post(path, data={}, headers={"origin": "http://evil.example"})
            assert elsewhere.status_code == 403
            assert elsewhere.json() == {"error": "foreign_origin"}

    run(story())
    assert programme(counter).version == 1


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


# --- set-up ----------------------------------------------------------------------------------------


def forget_programme(counter: Counter) -> None:
    """Leave the shop as it was before its programme."""
    with counter.database._engine.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            if any(key.column.table is schema.programme_versions for key in table.foreign_keys):
                connection.execute(delete(table))
        connection.execute(delete(schema.programme_versions))
    with counter.database.unit_of_work() as unit:
        unit.shop.save(counter.shop.settings)  # every process reads the set-up anew
        unit.commit()


def fields_of(text: str) -> dict[str, Any]:
    """What a browser would send of a form: hidden fields, texts, chosen radios and ticks."""
    main = text[text.index("<main") :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        kind = re.search(r'type="(\w+)"', tag)
        if name is None or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            continue
        found.setdefault(name[1], value[1] if value else "")
    return found


def test_a_counter_is_led_through_a_few_questions(counter: Counter) -> None:
    # row 138
    forget_programme(counter)

    async def story() -> None:
        async with desk(counter) as browser:
            assert "Set up the programme" in await browser.page("/programme")
            assert "no programme yet" in await browser.page("/home")
            text = await browser.page("/programme/setup")
            assert "Step 1 of 6" in text

            async def step(go: str = "next", **changed: str) -> str:
                answer = await browser.fill("/programme/setup", **{**fields_of(text), **changed, "go": go})
                assert answer.status_code in (200, 303, 422), answer.status_code
                return answer.text

            text = await step(earn_by="visit")
            assert "Points for a visit" in text
            text = await step(visit_minimum="nothing")
            assert "An amount from 0,00 €" in text
            assert 'value="nothing"' in text
            text = await step(visit_minimum="5")
            text = await step(points_name_one="tampon", points_name_many="tampons")
            text = await step()
            assert "Give the reward a name" in text
            text = await step(reward_name="Café offert", reward_points="10")
            text = await step("back")
            assert 'value="Café offert"' in text
            text = await step()
            text = await step(expiry="never")
            assert "This is your programme" in text
            assert "1 tampon for each visit of more than 5,00 €" in text
            answer = await browser.fill("/programme/setup", **{**fields_of(text), "go": "publish"})
            assert answer.headers["location"] == "/programme?done=published"
            assert (await browser.get("/programme/setup")).headers["location"] == "/programme"

    run(story())
    made = programme(counter)
    assert made.version == 1
    assert made.accrual == VisitRule(1, 500)
    assert made.tiers[0].name == "Café offert"


# --- promotions ------------------------------------------------------------------------------------


def a_promotion(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Points doublés", "gives": "points_multiplier", "multiplier": "2", "first_day": "2026-11-24",
        "last_day": "2026-12-24", "hours": "always", "minimum": "", "goods": "all", "limit": "",
        "per": "all_time", **changed,
    }  # fmt: skip


def test_a_promotion_is_made_runs_and_is_cancelled(counter: Counter) -> None:
    # row 134
    async def story() -> None:
        async with desk(counter) as browser:
            assert "No promotion runs" in await browser.page("/promotions")
            windows = {"hours": "windows", "days_1": ["1", "2"], "start_1": "14:00", "end_1": "16:00"}
            await browser.fill("/promotions/new", **a_promotion(**windows))
            await browser.fill("/promotions/new", **a_promotion(name="À venir", first_day="2026-12-01",
                               gives="points_addition", points="10", minimum="20", limit="1", per="day"))  # fmt: skip
            text = await browser.page("/promotions")
            assert "Runs, not at this hour" in text
            assert "Planned" in text
            assert "Tuesday" in text
            assert "14:00" in text
            assert "1 time a day for each member" in text
            counter.clock.advance(3 * 3600)  # 14:00 in the shop
            assert "Runs now" in await browser.page("/promotions")
            first = re.findall(r"/promotions/([0-9a-f-]{36})/cancel", text)
            for each in first:
                assert (await browser.fill(f"/promotions/{each}/cancel")).status_code == 303
            assert (await browser.fill(f"/promotions/{first[0]}/cancel")).headers["location"].endswith("over")
            assert "Cancelled" in await browser.page("/promotions")

    run(story())


def test_the_eleventh_promotion_and_a_name_of_71_characters_are_refused(counter: Counter) -> None:
    # row 134
    async def story() -> None:
        async with desk(counter) as browser:
            long = await browser.fill("/promotions/new", **a_promotion(name="z" * 71))
            assert long.status_code == 422
            assert "The name has 71 characters; at most 70 fit." in long.text
            for number in range(10):
                answer = await browser.fill("/promotions/new", **a_promotion(name=f"P{number}"))
                assert answer.status_code == 303
            eleventh = await browser.fill("/promotions/new", **a_promotion(name="P10"))
            assert eleventh.status_code == 422
            assert "10 promotions run or are planned already" in eleventh.text
            assert 'value="P10"' in eleventh.text
            assert 'href="/promotions/new"' not in await browser.page("/promotions")

    run(story())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"multiplier": "1"}, "A number of more than 1 and at most 10"),
        ({"multiplier": "abc"}, "A number of more than 1 and at most 10"),
        ({"first_day": "2026-02-30"}, "This is no day of the calendar"),
        ({"last_day": "2026-11-01"}, "The last day is before the first one"),
        ({"first_day": "2026-11-01", "last_day": "2026-11-02"}, "This promotion is over already"),
        ({"hours": "windows"}, "Choose at least one"),
        ({"hours": "windows", "days_1": "1", "start_1": "25:00"}, "A time such as 14:30"),
        ({"goods": "items"}, "Choose at least one"),
        ({"limit": "31"}, "A number from 1 to 30"),
        ({"minimum": "-1"}, "An amount from"),
    ],
)
def test_a_promotion_that_cannot_be_is_refused_with_the_reason(
    counter: Counter, changed: dict[str, str], sentence: str
) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            answer = await browser.fill("/promotions/new", **a_promotion(**changed))
            assert answer.status_code == 422
            assert sentence in answer.text

    run(story())


# --- what would this sale earn ---------------------------------------------------------------------


def test_trying_a_sale_shows_every_reason_and_stores_nothing(counter: Counter) -> None:
    # row 173
    candle, coffee = counter.item("Bougie parfumée"), counter.item("Café filtre")
    tier = programme(counter).tiers[0].id
    group = counter.shop.group.id

    async def story() -> None:
        async with desk(counter) as browser:
            await browser.fill("/promotions/new", **a_promotion())
            query = f"item-{candle}=1&item-{coffee}=2&member=card&group={group}&tier={tier}&day=2026-11-24&time=15%3A00"
            text = await browser.page(f"/programme/try?{query}")
            assert "10% for the group “Amis de la maison”, on 29,00 €" in text
            assert "Reward for 10 points" in text
            assert "1 point for each 1,00 € of 24,10 €" in text
            assert "24 more points: promotion “Points doublés”, points × 2" in text
            assert "48 points" in text
            nobody = await browser.page(f"/programme/try?item-{candle}=1&member=none")
            assert "No points: the customer is not in the programme" in nobody
            typed = await browser.page(f"/programme/try?item-{candle}=1&member=typed&group={group}")
            assert "waits for your tap" in typed
            wrong = await browser.get(f"/programme/try?item-{candle}=-1", headers=HTML)
            assert wrong.status_code == 422
            assert (
                await browser.get("/programme/try?item-x=1&day=&tier=zz", headers=HTML)
            ).status_code == 200

    run(story())
    assert counter.till().sale is None
    assert counter.balance("Camille") == 34


# --- activity and reports --------------------------------------------------------------------------


def test_the_activity_names_day_member_kind_lane_and_why(counter: Counter) -> None:
    # rows 126, 173
    sell_to(counter, "Camille", "Bougie parfumée")

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/activity")
            assert "Camille Moreau" in text
            assert "06 12 00 00 01" in text
            assert "1 point for each 1,00 € of 21,60 €" in text
            assert "Lane 1" in text
            only = await browser.page("/activity?kind=earn&by=lane")
            assert only.count('class="entry"') == 1
            assert 'data-kind="earn"' in only
            assert "Idris" not in await browser.page("/activity?member=0612000001")
            assert "Camille" in await browser.page("/activity?member=000123456&by=day")
            for by in ("member", "kind", "day"):
                assert "<tbody>" in await browser.page(f"/activity?by={by}")
            assert "Nothing here" in await browser.page("/activity?from=2020-01-01&to=2020-01-02")
            for query, sentence in (
                ("member=nobody", "Nobody is found under this number"),
                ("from=2026-13-01", "This is no day of the calendar"),
                ("from=2026-11-24&to=2026-11-01", "The last day is before the first one"),
                ("from=2001-01-01", "At most a year at once"),
            ):
                answer = await browser.get(f"/activity?{query}", headers={**HTML, "accept-language": "en"})
                assert answer.status_code == 422
                assert sentence in answer.text

    run(story())


def test_what_invoices_earned_is_in_activity_reports_and_profile(counter: Counter) -> None:
    # row 126
    tasse = OrderedItem(counter.item("Tasse en grès"))
    with counter.database.unit_of_work() as unit:
        for number in ("2026-001", "2026-002"):
            order = PaidOrder(SaleChannel.INVOICE, number, (tasse,), Contact("06 12 00 00 02"))
            assert isinstance(take_order(unit, counter.station.ctx, order), OrderTaken)
        unit.commit()
    sell_to(counter, "Idris", "Tasse en grès")
    idris = counter.customer_id("Idris")

    async def story() -> None:
        async with desk(counter) as browser:
            entries = await browser.page(f"/activity?customer={idris}")
            assert entries.count("<span>Invoices</span>") == 2
            assert "9001" not in entries
            lane = re.search(r'<option value="([^"]+)">Invoices</option>', entries)
            assert lane is not None
            only = await browser.page(f"/activity?lane={lane[1]}&by=lane")
            assert only.count('class="entry"') == 2
            assert '<th scope="row" class="roomy">Invoices</th>' in only
            assert "Invoices" in (await browser.get("/activity.csv", headers={"accept-language": "en"})).text
            assert '<th scope="row">Invoices</th>' in await browser.page("/reports")
            profile = await browser.page(f"/customers/{idris}")
            assert "32 points in all by invoices" in profile
            assert "Factures" in await browser.page(f"/customers/{idris}", "fr")
            assert "by invoices" not in await browser.page(f"/customers/{counter.customer_id('Camille')}")

    run(story())


def test_activity_masks_contact_data_without_the_permission(counter: Counter) -> None:
    # row 9
    add_staff(counter, "books", Permission.VIEW_REPORTS)

    async def story() -> None:
        async with desk(counter, "books") as browser:
            for path in ("/activity", "/activity.csv", "/activity?by=member"):
                text = (await browser.get(path)).text
                assert "12 00 00" not in text
                assert "+336" not in text
                assert "Camille" not in text
                assert "•• 01" in text

    run(story())


def test_activity_as_csv_is_whole_and_holds_no_formula(counter: Counter) -> None:
    # row 209
    customer = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter) as browser:
            form = {"customer": str(customer), "direction": "add", "points": "5", "key": str(UUID(int=7)),
                    "reason": '=HYPERLINK("http://evil")\x07', "go": "book"}  # fmt: skip
            assert (await browser.fill("/points", **form)).status_code == 303
            answer = await browser.get("/activity.csv", headers={"accept-language": "en"})
            assert answer.headers["content-type"].startswith("text/csv")
            assert "attachment" in answer.headers["content-disposition"]
            rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
            assert len(rows) == 4
            assert rows[-1]["Points"] == "5"
            assert rows[-1]["By"] == "Lucie"
            for row in rows:
                for cell in row.values():
                    assert not cell.startswith(("=", "+", "@", "\t", "-"))
                    assert cell.isprintable()

    run(story())


def test_pages_of_activity_follow_each_other_without_gap_or_repetition(counter: Counter) -> None:
    customer = counter.customer_id("Zoé")

    async def story() -> None:
        async with desk(counter) as browser:
            for number in range(60):
                form = {"customer": str(customer), "direction": "add", "points": "1", "reason": f"n° {number}",
                        "key": str(UUID(int=number + 1)), "go": "book"}  # fmt: skip
                assert (await browser.fill("/points", **form)).status_code == 303
            seen: list[str] = []
            path: str | None = "/activity?kind=adjust"
            while path:
                text = await browser.page(path)
                seen += re.findall(r"n° \d+", text)
                following = re.search(r'href="(/activity\?[^"]*after=[^"]*)"', text)
                path = following[1].replace("&amp;", "&") if following else None
            assert len(seen) == len(set(seen)) == 60

    run(story())


def test_reports_count_the_visits_that_pricing_counts_and_the_points(counter: Counter) -> None:
    # row 166
    sell_to(counter, "Camille", "Bougie parfumée")
    sell_to(counter, "Idris", "Tasse en grès")
    counter.sell("Croissant")
    counter.pay()

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/reports")
            assert re.search(r"Visits that count, this month</dt><dd class=\"value\">2<", text)
            assert text.count("<svg") >= 3
            assert 'role="img"' in text
            assert "November 2026" in text
            answer = await browser.get("/reports/months.csv", headers={"accept-language": "en"})
            rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
            assert len(rows) == 12
            assert rows[-1]["Month"] == "2026-11"
            assert rows[-1]["Visits that count"] == "2"
            with counter.database.reading() as unit:
                booked = unit.reports.sums_by_kind(counter.clock.now() - timedelta(days=5), counter.clock.now()
                                                   + timedelta(days=1))  # fmt: skip
            issued = booked[EntryKind.EARN] + booked[EntryKind.OPENING]
            assert rows[-1]["Issued"] == str(issued)

    run(story())


def test_five_earning_visits_on_a_day_are_listed_as_unusual(counter: Counter) -> None:
    # row 185
    for _ in range(5):
        sell_to(counter, "Camille", "Tasse en grès")

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/reports")
            assert "5 visits on 24 November 2026" in text
            assert "Camille Moreau" in text

    run(story())


def test_the_digest_of_a_day_names_who_came_often_and_what_colleagues_did(counter: Counter) -> None:
    # row 185
    add_staff(counter, "books", Permission.VIEW_REPORTS)
    for _ in range(5):
        sell_to(counter, "Camille", "Tasse en grès")
    with counter.database.unit_of_work() as unit:
        customer_id = counter.customer_id("Idris")
        for key in ("a", "b"):
            adjust_points(
                unit, counter.station.ctx, customer_id, 1, counter.shop.staff, reason="geste", key=key
            )
        unit.commit()

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/reports/digest?day=2026-11-24")
            assert "Camille Moreau" in text
            assert "5 visits on 24 November 2026" in text
            row = re.search(r'<th scope="row" class="roomy">Lucie</th>(.*?)</tr>', text)
            assert row is not None
            assert re.findall(r">([^<>]+)</td>", row[1]) == ["0", "0,00 €", "0", "2"]
            assert "Nothing stood out" in await browser.page("/reports/digest")
            for day, sentence in (
                ("2026-13-01", "no day of the calendar"),
                ("2027-01-01", "A day up to today"),
            ):
                answer = await browser.get(
                    f"/reports/digest?day={day}", headers={**HTML, "accept-language": "en"}
                )
                assert answer.status_code == 422
                assert sentence in answer.text
            assert "stood out yesterday" not in await browser.page("/home")
        counter.clock.set_wall(counter.clock.now() + timedelta(days=1))
        with counter.database.unit_of_work() as unit:
            assert add_digest(unit, counter.station.ctx) == date(2026, 11, 24)
            unit.commit()
        async with desk(counter, "books") as browser:
            assert "Something stood out yesterday" in await browser.page("/home")
            text = await browser.page("/reports/digest")
            assert "5 visits on 24 November 2026" in text
            assert "Camille" not in text
            assert "12 00 00" not in text
        async with desk(counter, "caisse") as browser:
            assert (await browser.get("/reports/digest")).status_code == 403

    run(story())


# --- points by hand --------------------------------------------------------------------------------


def test_points_by_hand_are_looked_at_then_booked_once_with_their_reason(counter: Counter) -> None:
    # row 181
    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.page("/points?member=06+12+00+00+01")
            assert "Camille Moreau" in found
            form = fields_of(found) | {"points": "6", "direction": "take", "reason": "Erreur de caisse"}
            look = await browser.fill("/points", **form)
            assert "Is this right?" in look.text
            assert "New balance: 28 points" in look.text
            assert counter.balance("Camille") == 34
            for _ in range(2):
                assert (await browser.fill("/points", **form, go="book")).status_code == 303
            assert counter.balance("Camille") == 28
            assert "By hand: Erreur de caisse" in await browser.page("/activity")

    run(story())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"points": "0"}, "A number from 1 to 1 000 000"),
        ({"points": "999999999"}, "A number from 1 to 1 000 000"),
        ({"reason": " \x00 "}, "Say why"),
        ({"points": "35", "go": "book"}, "1 point missing"),
    ],
)
def test_points_by_hand_are_refused_with_the_reason(
    counter: Counter, changed: dict[str, str], sentence: str
) -> None:
    # row 181
    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.page("/points?member=000123456")
            form = fields_of(found) | {"points": "5", "direction": "take", "reason": "x", **changed}
            answer = await browser.fill("/points", **form)
            assert answer.status_code == 422
            assert sentence in answer.text

    run(story())
    assert counter.balance("Camille") == 34


def test_nobody_changes_their_own_points(counter: Counter) -> None:
    # row 206
    with counter.database.unit_of_work() as unit:
        unit.staff.link_customer(counter.shop.staff.id, counter.customer_id("Camille"))
        unit.commit()

    async def story() -> None:
        async with desk(counter) as browser:
            assert "Nobody changes the points of their own account" in await browser.page(
                "/points?member=000123456"
            )
            form = {"customer": str(counter.customer_id("Camille")), "direction": "add", "points": "5",
                    "key": str(UUID(int=7)), "reason": "x", "go": "book"}  # fmt: skip
            assert (await browser.fill("/points", **form)).status_code == 422

    run(story())
    assert counter.balance("Camille") == 34


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
