"""Staff and roles through the pages: what staff see, what is refused, what counts at the next request."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from checkout.web import watch as session_watch
from loyalty.domain.staff import CASHIER_PERMISSIONS, Permission
from loyalty.services.sign_in import start_session
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.streams import looking
from tests.patience import PATIENCE_S

LONG = "une phrase assez longue"


def staff_id(counter: Counter, login: str) -> UUID:
    with counter.database.reading() as unit:
        found = unit.staff.by_login(login)
    assert found is not None
    return found[0].id


def role_id(counter: Counter, name: str) -> UUID:
    with counter.database.reading() as unit:
        return next(role.id for role in unit.staff.roles() if role.name == name)


@pytest.mark.parametrize("path", ["/staff", "/staff/new", "/staff/roles", "/staff/roles/new"])
def test_the_pages_of_staff_are_for_whoever_manages_staff(counter: Counter, path: str) -> None:
    # row 74
    add_staff(counter, "everything-else", *(set(Permission) - {Permission.MANAGE_STAFF}))

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("everything-else")
            assert (await browser.get(path)).status_code == 403
            assert (await browser.send_form(path)).status_code in (403, 405)
            assert 'href="/staff"' not in (await browser.get("/home")).text
            browser.sign_in()
            answer = await browser.get(path)
            assert answer.status_code == 200
            assert 'href="/staff"' in (await browser.get("/home")).text

    run(story())


def test_somebody_is_added_signs_in_and_is_shut_out_again(counter: Counter) -> None:
    # row 74
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            form = {"display_name": "Ana", "login": "Ana", "password": "court"}
            refused = await browser.send_form("/staff/new", **form)
            assert refused.status_code == 422
            assert 'id="password-fault"' in refused.text
            assert 'id="role-fault"' in refused.text
            assert 'value="Ana"' in refused.text
            assert f'value="{form["password"]}"' not in refused.text
            form |= {"password": LONG, "role": str(role_id(counter, "cashier"))}
            added = await browser.send_form("/staff/new", **form)
            assert added.status_code == 303
            one = added.headers["location"].partition("?")[0]
            again = await browser.send_form("/staff/new", **form)
            assert again.status_code == 422
            assert 'id="login-fault"' in again.text
            async with Browser(counter) as hers:
                entered = await hers.send_form("/sign-in", login="ANA", password=LONG)
                assert entered.status_code == 303
                assert (await hers.get("/till/1")).status_code == 200
                assert (await hers.get("/staff")).status_code == 403
                page = (await browser.get(one)).text
                assert page.count('name="session"') == 1
                shut = await browser.send_form(f"{one}/active", active="no")
                assert shut.status_code == 303
                assert (await hers.get("/till/1")).status_code == 401
                assert (await hers.send_form("/sign-in", login="ana", password=LONG)).status_code == 422
            assert (await browser.send_form(f"{one}/active", active="yes")).status_code == 303

    run(story())


def test_the_last_owner_stays_and_the_page_says_why(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            own = f"/staff/{staff_id(counter, 'demo')}"
            shut = await browser.send_form(f"{own}/active", active="no")
            demoted = await browser.send_form(f"{own}/role", role=str(role_id(counter, "cashier")))
            assert (shut.status_code, demoted.status_code) == (422, 422)
            assert "dernier propriétaire" in shut.text
            assert "dernier propriétaire" in demoted.text

    run(story())


def test_a_permission_taken_away_counts_at_the_next_request(counter: Counter) -> None:
    # part of row 211
    add_staff(counter, "desk", Permission.SELL, Permission.VIEW_CONTACT, Permission.VIEW_REPORTS)
    counter.sell("Café crème")

    async def story() -> None:
        async with Browser(counter) as owner, Browser(counter) as desk:
            owner.sign_in()
            desk.sign_in("desk")
            assert (await desk.get("/activity")).status_code == 200
            edit = f"/staff/roles/{role_id(counter, 'desk')}"
            saved = await owner.send_form(edit, name="desk", may=["sell", "no such permission"])
            assert saved.status_code == 303
            assert (await desk.get("/activity")).status_code == 403
            assert (await desk.get("/till/1")).status_code == 200

    run(story())


@pytest.mark.parametrize("taken", [Permission.VIEW_CONTACT, Permission.SELL])
def test_a_permission_taken_away_closes_the_live_stream_within_a_second(
    counter: Counter, taken: Permission, monkeypatch: pytest.MonkeyPatch
) -> None:
    # part of row 211
    looks: list[bool] = []
    monkeypatch.setattr(session_watch, "session_of", looking(looks))
    add_staff(counter, "desk", Permission.SELL, Permission.VIEW_CONTACT)
    left = {Permission.SELL, Permission.VIEW_CONTACT} - {taken}

    async def story() -> None:
        async with Browser(counter) as owner, Browser(counter) as desk:
            owner.sign_in()
            token = desk.sign_in("desk")
            stream = asyncio.create_task(desk.get("/till/1/events", headers={"accept": "text/event-stream"}))
            watch = desk.app.state.watch
            while not watch._tokens:  # until the stream is open
                assert not stream.done()
                await asyncio.sleep(0.01)
            assert next(iter(watch._tokens.values()))[0] == token
            edit = f"/staff/roles/{role_id(counter, 'desk')}"
            saved = await owner.send_form(edit, name="desk", may=[each.value for each in left])
            assert saved.status_code == 303
            before = len(looks)
            await asyncio.wait_for(stream, PATIENCE_S)
            assert len(looks) - before <= 2

    run(story())


def test_nobody_gives_what_they_do_not_hold(counter: Counter) -> None:
    add_staff(counter, "keeper", Permission.MANAGE_STAFF, Permission.SELL)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("keeper")
            refused = await browser.send_form("/staff/roles/new", name="Plus", may=["sell", "view_contact"])
            assert refused.status_code == 422
            assert 'id="may-fault"' in refused.text
            assert 'value="Plus"' in refused.text
            own = f"/staff/{staff_id(counter, 'keeper')}/role"
            raised = await browser.send_form(own, role=str(role_id(counter, "owner")))
            assert raised.status_code == 422
            owner = f"/staff/{staff_id(counter, 'demo')}"
            assert "/password" not in (await browser.get(owner)).text
            assert (await browser.send_form(f"{owner}/password", password=LONG)).status_code == 422

    run(story())


def test_a_role_is_copied_renamed_and_deleted_when_nobody_has_it(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            like = await browser.get("/staff/roles/new?like=cashier")
            assert like.text.count(" checked") == len(CASHIER_PERMISSIONS)
            made = await browser.send_form("/staff/roles/new", name="Vendeuse", may=["sell"])
            assert made.status_code == 303
            page = f"/staff/roles/{role_id(counter, 'Vendeuse')}"
            assert (await browser.send_form(page, name="Vendeur", may=["sell"])).status_code == 303
            gone = await browser.send_form(f"{page}/delete")
            assert gone.headers["location"] == "/staff/roles?done=deleted"
            used = await browser.send_form(f"/staff/roles/{role_id(counter, 'cashier')}/delete")
            assert "role_in_use" in used.headers["location"]
            assert "Quelqu’un a encore ce rôle" in (await browser.get(used.headers["location"])).text
            assert (await browser.get(page)).status_code == 404

    run(story())


def test_a_first_role_keeps_its_name_in_each_language_when_its_rights_change(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            page = f"/staff/roles/{role_id(counter, 'cashier')}"
            assert 'value="Caisse"' in (await browser.get(page)).text
            assert (await browser.send_form(page, name="Caisse", may=["sell"])).status_code == 303

    run(story())
    assert role_id(counter, "cashier")


def test_staff_are_linked_to_the_customer_who_they_are(counter: Counter) -> None:
    # part of row 206
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            hugo = f"/staff/{staff_id(counter, 'caisse')}"
            unknown = await browser.send_form(f"{hugo}/customer", member="06 99 99 99 99")
            assert unknown.status_code == 422
            assert 'id="member-fault"' in unknown.text
            assert (await browser.send_form(f"{hugo}/customer", member="000123456")).status_code == 303
            assert "Camille Moreau" in (await browser.get(hugo)).text
            assert (await browser.send_form(f"{hugo}/customer", go="unlink")).status_code == 303
            assert "Camille Moreau" not in (await browser.get(hugo)).text

    run(story())


def test_a_session_is_ended_from_the_page(counter: Counter) -> None:
    # part of row 211
    async def story() -> None:
        async with Browser(counter) as browser, Browser(counter) as hugo:
            browser.sign_in()
            hugo.sign_in("caisse")
            with counter.database.unit_of_work() as unit:
                found = unit.staff.by_login("caisse")
                assert found is not None
                session = start_session(unit, counter.station.ctx, found[0]).session
                unit.commit()
            page = f"/staff/{staff_id(counter, 'caisse')}"
            assert (await browser.get(page)).text.count('name="session"') == 2
            await browser.send_form(f"{page}/sessions", session=str(session.id))
            assert (await hugo.get("/till/1")).status_code == 200
            await browser.send_form(f"{page}/sessions")
            assert (await hugo.get("/till/1")).status_code == 401

    run(story())


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "\u202e\u0000", "x" * 5_000, "=cmd()", "O'Brien; DROP"]
)
def test_names_that_break_software_break_nothing(counter: Counter, name: str) -> None:
    # part of row 209
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            form: dict[str, Any] = {"login": name, "display_name": name, "password": LONG}
            form["role"] = str(role_id(counter, "cashier"))
            assert (await browser.send_form("/staff/new", **form)).status_code in (303, 422)
            assert (await browser.send_form("/staff/roles/new", name=name)).status_code in (303, 422)
            for path in ("/staff", "/staff/roles"):
                page = await browser.get(path)
                assert page.status_code == 200
                assert "<script>alert" not in page.text

    run(story())
