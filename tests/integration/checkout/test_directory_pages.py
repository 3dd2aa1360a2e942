"""The pages of the directory: search, filters, views, groups, their discounts and who may see what."""

import json
import re
from datetime import date
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from uuid import UUID

import pytest

from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.filters import FILTERS, Comparator, FilterSet, filters_to_json
from loyalty.domain.filters.visits import Visits
from loyalty.domain.group import Group, ScopeKind
from loyalty.domain.message import MessageKind, MessageState
from loyalty.services.deliver_messages import MessageDispatch
from loyalty.services.follow_groups import follow_slice
from loyalty.services.tell_news import queue_birthday
from messaging.events.code_read import CodeRead
from runtime.ids import new_id
from tests.bench.figures import wait_until
from tests.fakes.loyalty_events import ScriptedGateway
from tests.integration.checkout.browser import OWN, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, Desk, desk, sell_to
from tests.patience import PATIENCE_S

UNTIL = date(2026, 12, 24)
TWICE = json.dumps(filters_to_json(FilterSet((Visits(Comparator.AT_LEAST, 2),))))


def groups_of(counter: Counter) -> dict[str, Group]:
    with counter.database.reading() as unit:
        return {group.name: group for group in unit.groups.all()}


def names_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/customers/[^"]*">([^<]*)</a>', page)


async def look(browser: Desk, path: str) -> str:
    return await browser.page(path, "fr")


async def post(browser: Desk, path: str, **fields: object) -> tuple[int, str]:
    headers = {**HTML, "origin": OWN, "accept-language": "fr"}
    answer = await browser.post(path, data=fields, headers=headers)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_the_directory_finds_filters_and_shows_customers(counter: Counter) -> None:
    # rows 4, 5, 6, 44
    for _ in range(2):
        sell_to(counter, "Camille", "Croissant")
    sell_to(counter, "Idris", "Croissant")

    async def story() -> None:
        async with desk(counter) as browser:
            page = await look(browser, "/customers")
            assert names_in(page) == ["Idris Benali", "Camille Moreau", "Zoé Lefèvre"]
            assert names_in(await look(browser, "/customers?q=mor")) == ["Camille Moreau"]
            found = await look(browser, "/customers/found?q=06%2012%2000%2000%2003")
            assert names_in(found) == ["Zoé Lefèvre"]
            assert "<html" not in found
            page = await look(browser, "/customers?add=visits")
            assert "Afficher les clients" in page
            typed = {"add": "visits", "comparator": "at_least", "visits": "2", "period": "last"}
            typed |= {"period_count": "1", "period_unit": "weeks", "filters": ""}
            answer = await browser.get(f"/customers/filter?{urlencode(typed)}", headers=HTML)
            assert answer.status_code == 303
            page = await look(browser, answer.headers["location"])
            assert names_in(page) == ["Camille Moreau"]
            assert "Visites" in page
            assert "depuis 1 semaine" in page
            again = {"add": "enrolled", "is_enrolled": "no", "filters": TWICE}
            answer = await browser.get(f"/customers/filter?{urlencode(again)}", headers=HTML)
            page = await look(browser, answer.headers["location"])
            assert names_in(page) == []
            assert "Personne ne répond" in page

    run(story())


def test_what_is_wrong_in_a_filter_stays_typed_with_its_fault(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            typed = {"add": "visits", "comparator": "at_least", "visits": "douze", "period": "always"}
            answer = await browser.get(f"/customers/filter?{urlencode(typed)}", headers=HTML)
            assert answer.status_code == 422
            assert 'value="douze"' in answer.text
            assert 'aria-invalid="true"' in answer.text
            for bad in ("{", "[]", '{"v":9,"all":[]}', '{"v":1,"all":[{"kind":"x"}]}', "[" * 5000, "\x00"):
                answer = await browser.get(f"/customers?filters={quote(bad)}", headers=HTML)
                assert answer.status_code == 200
                assert len(names_in(answer.text)) == 3
            for after in ("x", "9" * 30, f"{'9' * 17}~{new_id()}", f"-~{new_id()}"):
                assert (
                    await browser.get(f"/customers?after={quote(after)}", headers=HTML)
                ).status_code == 200

    run(story())


def test_every_filter_has_a_form_and_a_sentence(counter: Counter) -> None:
    # rows 4, 47, 48
    with counter.database.unit_of_work() as unit:
        unit.profiles.save_custom_field(CustomField(new_id(), "Végan", FieldKind.TOGGLE))
        unit.profiles.save_custom_field(
            CustomField(new_id(), "Lait", FieldKind.SELECTION, ("vache", "avoine"))
        )
        unit.commit()

    async def story() -> None:
        async with desk(counter) as browser:
            page = await look(browser, "/customers")
            keys = re.findall(
                r'<option value="([a-z_]+(?::[0-9a-f-]+)?)"', page.split('id="add"')[1].split("</select>")[0]
            )
            assert {key.partition(":")[0] for key in keys} == set(FILTERS)
            assert "Végan" in page
            assert "Lait" in page
            for key in keys:
                form = await look(browser, f"/customers?add={key}")
                fields: list[tuple[str, str]] = [("add", key), ("filters", "")]
                panel = form.split('class="form filter-form"')[1].split("</form>")[0]
                for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)"', panel)[:1]:
                    fields.append((name, value))
                fields += re.findall(r'type="radio" name="([^"]+)" value="([^"]*)" checked', panel)
                fields += [(name, "1") for name in re.findall(r'<input class="input" id="([a-z_]+)"', panel)]
                fields += [("comparator", "at_least"), ("month", "3"), ("last_four", "4242")]
                answer = await browser.get(f"/customers/filter?{urlencode(fields)}", headers=HTML)
                assert answer.status_code == 303, (key, answer.text[:200])
                page = await look(browser, answer.headers["location"])
                assert 'class="filter-chip on"' in page, key

    run(story())


def test_filters_become_a_smart_group_whose_discount_counts_at_the_till(counter: Counter) -> None:
    # rows 45, 57, 61, 73, 111, part of row 69
    for _ in range(2):
        sell_to(counter, "Idris", "Croissant")

    async def story() -> None:
        async with desk(counter) as browser:
            status, where = await post(
                browser, "/customers/save-group", filters=TWICE, name="Habitués du matin"
            )
            assert status == 303
            path = where.partition("?")[0]
            page = await look(browser, where)
            assert names_in(page) == ["Idris Benali"]
            status, _ = await post(browser, f"{path}/discounts", rate="20", scope="whole_sale")
            assert status == 303
            candle = counter.item("Bougie parfumée")
            status, _ = await post(
                browser, f"{path}/discounts", rate="30", scope="item", item_ids=str(candle)
            )
            assert status == 303
            status, text = await post(browser, f"{path}/discounts", rate="120", scope="whole_sale")
            assert status == 422
            assert 'value="120"' in text
            status, text = await post(browser, f"{path}/discounts", rate="5", scope="category")
            assert status == 422
            form = await look(browser, f"{path}/edit")
            kept = re.search(r'name="filters" value="([^"]*)"', form)
            assert kept is not None
            fields = {"filters": TWICE, "f0_comparator": "more_than", "f0_visits": "5", "f0_period": "always"}
            status, text = await post(browser, f"{path}/edit", **{**fields, "f0_visits": "x"})
            assert status == 422
            status, text = await post(browser, f"{path}/edit", **{**fields, "remove": "0"})
            assert status == 422
            assert "au moins un filtre" in text
            assert (await post(browser, f"{path}/edit", **fields))[0] == 303

    run(story())
    group = groups_of(counter)["Habitués du matin"]
    assert [(each.rate_ppm, each.scope.kind) for each in group.discounts] == [
        (200_000, ScopeKind.WHOLE_SALE),
        (300_000, ScopeKind.ITEM),
    ]
    with counter.database.reading() as unit:
        assert unit.groups.smart()[group.id] == FilterSet((Visits(Comparator.MORE_THAN, 5),))


def test_manual_groups_are_made_filled_emptied_and_put_away(counter: Counter) -> None:
    # rows 49, 50, 51, 53, 54
    zoe = counter.customer_id("Zoé")

    async def story() -> None:
        async with desk(counter) as browser:
            assert (await post(browser, "/groups/new", name="  "))[0] == 422
            status, where = await post(browser, "/groups/new", name="Voisins")
            assert status == 303
            assert (await post(browser, "/groups/new", name="voisins"))[0] == 422
            path = where.partition("?")[0]
            group_id = path.rpartition("/")[2]
            status, _ = await post(browser, "/customers/choose", filters="", group=group_id)
            assert status == 422
            status, where = await post(
                browser, "/customers/choose", filters="", group=group_id, customer=str(zoe)
            )
            assert status == 303
            assert names_in(await look(browser, where)) == ["Zoé Lefèvre"]
            status, _ = await post(
                browser, "/customers/choose", customer=str(zoe), group="", group_name="Ski"
            )
            assert status == 303
            assert set(groups_of(counter)) >= {"Voisins", "Ski"}
            assert (await post(browser, f"{path}/members/{zoe}/remove"))[0] == 303
            assert names_in(await look(browser, path)) == []
            assert (await post(browser, f"{path}/name", name="Ski"))[0] == 422
            assert (await post(browser, f"{path}/name", name="Voisines"))[0] == 303
            assert (await post(browser, f"{path}/archive"))[0] == 303
            assert "Voisines" not in groups_of(counter)
            assert (await browser.get(path, headers=HTML)).status_code == 404
            assert (await browser.get(f"/groups/{new_id()}", headers=HTML)).status_code == 404

    run(story())


def test_ready_made_groups_follow_the_kind_of_business(counter: Counter) -> None:
    # rows 58, 59, 60, 61, 62, 63, 64, 65
    async def story() -> None:
        async with desk(counter) as browser:
            page = await look(browser, "/groups")
            presets = re.findall(r'name="preset" value="([a-z_]+)"', page)
            assert len(presets) == 7
            for preset in presets:
                status, where = await post(browser, "/groups/ready-made", preset=preset, business="transport")
                assert status == 303, preset
                assert "Modifier le groupe" in await look(browser, where)
            assert (await post(browser, "/groups/ready-made", preset=presets[0], business=""))[0] == 422
            page = await look(browser, "/groups")
            assert "Visites\u00a0: plus de 2, depuis le début" in page.replace(" :", "\u00a0:")
            assert "Est venu, au cours des 6 dernières semaines" in page

    run(story())


def test_who_joined_and_left_is_shown(counter: Counter) -> None:
    # row 177, part of row 69
    async def story() -> None:
        async with desk(counter) as browser:
            _, where = await post(browser, "/customers/save-group", filters=TWICE, name="Deux fois")
            _follow(counter)
            for _ in range(2):
                sell_to(counter, "Zoé", "Croissant")
            _follow(counter)
            page = await look(browser, where.partition("?")[0])
            assert "Arrivée" in page
            assert "Zoé Lefèvre" in page
            assert "par ce qui s’est passé" in page
            trend = page.split('id="trend"')[1].split("</table>")[0]
            latest = re.findall(r'<td class="number">(\d+)</td>', trend)[:3]
            assert latest == ["1", "0", "1"], "joined, left, in the group"
            assert "Départs" in trend

    run(story())


def test_a_group_identifies_follows_and_rewards_who_an_automatic_message_brought_back(
    counter: Counter,
) -> None:
    # row 69
    sell_to(counter, "Zoé", "Croissant")
    for name in ("Camille", "Idris"):
        with counter.database.unit_of_work() as unit:
            member = unit.customers.member(counter.customer_id(name))
            assert member is not None
            assert queue_birthday(unit, counter.station.ctx, member, year=2026, gift="10 points", until=UNTIL)
            unit.commit()
    dispatch = MessageDispatch(
        counter.database.unit_of_work, counter.station.ctx, ScriptedGateway(), courier="c"
    )
    dispatch.deliver_due()
    wait_until(lambda: _birthdays_sent(counter) == 2, "two letters of a birthday", PATIENCE_S)
    counter.clock.advance(3600)
    sell_to(counter, "Camille", "Croissant")

    async def story() -> None:
        async with desk(counter) as browser:
            typed = [("add", "message_received"), ("filters", ""), ("messages", "birthday")]
            typed += [("period", "last"), ("period_count", "8"), ("period_unit", "weeks")]
            found = {}
            for since in ("whatever", "came", "stayed_away"):
                fields = urlencode([*typed, ("since", since), ("days", "14")])
                answer = await browser.get(f"/customers/filter?{fields}", headers=HTML)
                assert answer.status_code == 303, answer.text
                found[since] = answer.headers["location"]
            assert names_in(await look(browser, found["whatever"])) == ["Camille Moreau", "Idris Benali"]
            assert names_in(await look(browser, found["stayed_away"])) == ["Idris Benali"]
            page = await look(browser, found["came"])
            assert names_in(page) == ["Camille Moreau"]
            assert (
                "A reçu : Anniversaire, au cours des 8 dernières semaines, et est venu dans les 14 jours"
                in page
            )
            filters = parse_qs(urlsplit(found["came"]).query)["filters"][0]
            status, where = await post(browser, "/customers/save-group", filters=filters, name="Revenus")
            assert status == 303
            path = where.partition("?")[0]
            _follow(counter)
            assert (await post(browser, f"{path}/discounts", rate="20", scope="whole_sale"))[0] == 303
            sell_to(counter, "Idris", "Croissant")
            _follow(counter)
            page = await look(browser, path)
            assert names_in(page) == ["Idris Benali", "Camille Moreau"]
            trend = page.split('id="trend"')[1].split("</table>")[0]
            assert re.findall(r'<td class="number">(\d+)</td>', trend)[:3] == ["1", "0", "2"]

    run(story())
    brought_back_minor = _price(counter, "Idris")
    counter.clock.advance(8 * 7 * 24 * 3600)
    _follow(counter)
    assert brought_back_minor * 100 == _price(counter, "Idris") * 80, "then the message is too long ago"


def _birthdays_sent(counter: Counter) -> int:
    """By whoever sent them: the station has a courier of its own."""
    with counter.database.reading() as unit:
        told = [each for each in unit.messages.recent(20) if each.kind is MessageKind.BIRTHDAY]
    return sum(each.state is MessageState.SENT for each in told)


def _price(counter: Counter, given_name: str) -> int:
    """What a candle costs this member; the sale is given up."""
    sale = counter.sell("Bougie parfumée")
    card = CodeRead(text=counter.card_of(given_name), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    shown = counter.till().sale
    assert shown is not None
    total_minor = shown.total_minor
    assert counter.do(lambda till: till.void(sale)) is None
    return total_minor


def _follow(counter: Counter) -> None:
    for _ in range(20):
        with counter.database.unit_of_work() as unit:
            done = follow_slice(unit, counter.station.ctx)
            unit.commit()
        if not done:
            return


@pytest.mark.parametrize("path", ["/customers", "/customers/found?q=camille", "/groups"])
def test_a_cashier_sees_masked_numbers_and_changes_no_group(counter: Counter, path: str) -> None:
    # rows 8, 9
    group_id = groups_of(counter)["Amis de la maison"].id

    async def story() -> None:
        async with desk(counter, "caisse") as browser:
            page = await look(browser, path)
            assert "06 12 00 00 01" not in page
            assert "/customers/choose" not in page
            assert "ready-made" not in page
            shown = await look(browser, f"/groups/{group_id}")
            assert "06 12 00 00 01" not in shown
            assert "•• 01" in shown
            for where in (
                "/groups/new",
                f"/groups/{group_id}/name",
                f"/groups/{group_id}/discounts",
                "/customers/choose",
            ):
                assert (await post(browser, where, name="x"))[0] == 403, where

    run(story())


def test_views_are_kept_and_removed(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            assert (await post(browser, "/customers/save-view", filters=TWICE, view_name=""))[0] == 422
            assert (await post(browser, "/customers/save-view", filters=TWICE, view_name="Fidèles"))[0] == 303
            page = await look(browser, "/customers")
            found = re.search(r"/customers/views/([0-9a-f-]+)/remove", page)
            assert found is not None
            assert "Fidèles" in page
            assert (await post(browser, f"/customers/views/{UUID(found[1])}/remove"))[0] == 303
            assert "Fidèles" not in await look(browser, "/customers")

    run(story())
