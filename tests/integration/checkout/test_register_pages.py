"""Registers are set up on a page: the key shown once, lanes and rights changed, shut out at once."""

import html
import re

from checkout.api.operations import ROOT
from loyalty.domain.audit import AuditAction
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import Desk, desk
from tests.integration.checkout.registers import make_companion, make_register, till

HERE = "/settings/registers"
KEY = re.compile(r"register_[0-9a-f]{32}_[A-Za-z0-9_-]+")


async def shown_key(owner: Desk) -> str:
    page = await owner.page(f"{HERE}?done=key")
    found = KEY.findall(page)
    assert len(found) == 1
    return str(found[0])


def test_a_register_is_made_and_its_key_shown_once(counter: Counter) -> None:
    # part of row 195
    make_companion(counter)
    lane = str(counter.shop.lane.id)

    async def story() -> None:
        async with desk(counter) as owner:
            assert "No register has been set up yet." in await owner.page(HERE)
            form = {"new-name": "Caisse avant", "new-lane": lane, "new-certificate": "s0001.pos-front"}
            made = await owner.fill(HERE, **form)
            assert (made.status_code, made.headers["location"]) == (303, f"{HERE}?done=key")
            key = await shown_key(owner)
            again = await owner.page(f"{HERE}?done=key")
            assert key not in again
            assert "The key was shown already" in again
            assert "Not heard yet" in again
            with counter.database.reading() as unit:
                register = unit.registers.all()[0]
                assert unit.audit.of_subject(f"register:{register.id}")[0].action is (
                    AuditAction.REGISTER_ADDED
                )
            headers = {"authorization": f"Bearer {key}"}
            assert (await owner.get(f"{ROOT}/lanes/1", headers=headers)).status_code == 200
            assert "Last heard" in await owner.page(HERE)
            renewed = await owner.fill(f"{HERE}/{register.id}/key")
            assert renewed.headers["location"] == f"{HERE}?done=key"
            other = await shown_key(owner)
            assert (await owner.get(f"{ROOT}/lanes/1", headers=headers)).status_code == 401
            gone = await owner.fill(f"{HERE}/{register.id}/revoke")
            assert gone.headers["location"] == f"{HERE}?done=saved"
            answer = await owner.get(f"{ROOT}/lanes/1", headers={"authorization": f"Bearer {other}"})
            assert answer.status_code == 401
            page = await owner.page(HERE)
            assert "Shut out" in page

    run(story())


def test_what_was_typed_stays_beside_its_fault(counter: Counter) -> None:
    make_register(counter, "Caisse avant", certificate="s0001.pos-a")
    lane = str(counter.shop.lane.id)

    async def story() -> None:
        async with desk(counter) as owner:
            for form, fault in (
                ({"new-name": "", "new-lane": lane}, "name"),
                ({"new-name": "caisse avant", "new-lane": lane}, "This name is taken already"),
                ({"new-name": "B"}, "Choose one of these"),
                ({"new-name": "B", "new-lane": lane, "new-certificate": "k01"}, "s0001.pos-front"),
                (
                    {"new-name": "B", "new-lane": lane, "new-certificate": "s0001.pos-a"},
                    "The register Caisse avant has this certificate",
                ),
            ):
                answer = await owner.fill(HERE, **form)
                assert answer.status_code == 422, form
                assert fault in html.unescape(answer.text)
                assert f'value="{form["new-name"]}"' in answer.text

    run(story())


def test_a_changed_register_has_its_lanes_at_once(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter)

    async def story() -> None:
        async with desk(counter) as owner, till(counter, made) as pos:
            assert (await pos.get("/lanes/1")).status_code == 200
            await owner.fill("/settings/lanes", **{"new-number": "2"})
            counter.settle()
            with counter.database.reading() as unit:
                second = unit.lanes.by_number(2)
            assert second is not None
            prefix = f"{made.register.id}-"
            changed = await owner.fill(
                f"{HERE}/{made.register.id}",
                **{f"{prefix}name": "Arrière", f"{prefix}lane": str(second.id), f"{prefix}confirms": "1"},
            )
            assert changed.headers["location"] == f"{HERE}?done=saved"
            assert (await pos.get("/lanes/1")).json()["code"] == "lane_not_bound"
            assert (await pos.get("/lanes/2")).status_code == 200
            assert (await pos.get("/")).json()["name"] == "Arrière"

    run(story())


def test_the_accounts_of_registers_stand_among_no_people(counter: Counter) -> None:
    made = make_register(counter, "Caisse tierce")

    async def story() -> None:
        async with desk(counter) as owner:
            assert "Caisse tierce" not in await owner.page("/staff")
            assert (await owner.get(f"/staff/{made.register.staff_id}")).status_code == 404
            for path in ("/staff/roles", "/staff/new"):
                assert "register:account" not in await owner.page(path)

    run(story())
