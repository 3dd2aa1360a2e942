"""The key of a register of another make: what it opens, and until when."""

import pytest

from loyalty.services.keep_lanes import LaneDraft, add_lane
from loyalty.services.keep_registers import make_new_key, revoke_register
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.registers import make_companion, make_register, till


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "key_missing"),
        ("Basic abc", "key_missing"),
        ("Bearer", "key_missing"),
        ("Bearer x", "key_wrong"),
        ("Bearer register_00000000000000000000000000000000_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "key_wrong"),
        ("Bearer " + "é" * 60, "key_wrong"),
        ("Bearer " + "a" * 5000, "key_wrong"),
    ],
)
def test_without_a_good_key_nothing_opens(counter: Counter, header: str, code: str) -> None:
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            for path in ("/", "/lanes/1", "/lanes/1/events", "/lanes/1/sales/T-1"):
                answer = await pos.http.get(f"http://127.0.0.1:8080/api/v1{path}", headers=sent(header))
                assert (answer.status_code, answer.json()["code"]) == (401, code)
                assert answer.headers["www-authenticate"] == "Bearer"

    def sent(value: str) -> dict[bytes, bytes]:
        return {b"authorization": value.encode("latin-1")} if value else {}

    run(story())


def test_a_key_opens_its_lanes_until_it_is_replaced_or_revoked(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter)
    ctx, owner = counter.station.ctx, counter.shop.staff
    with counter.database.unit_of_work() as unit:
        add_lane(unit, ctx, LaneDraft(2, "", is_training=False), owner)
        unit.commit()
    counter.station.settings_changed()
    counter.settle()

    async def story() -> None:
        async with till(counter, made) as pos:
            for path in ("/lanes/2", "/lanes/3", "/lanes/2/events"):
                answer = await pos.get(path)
                assert (answer.status_code, answer.json()["code"]) == (403, "lane_not_bound")
            answer = await pos.post("/lanes/2/sales", {"reference": "T-1", "total_minor": 5})
            assert (answer.status_code, answer.json()["code"]) == (403, "lane_not_bound")
            with counter.database.unit_of_work() as unit:
                renewed = make_new_key(unit, ctx, made.register.id, owner)
                unit.commit()
            assert (await pos.get("/lanes/1")).status_code == 401
            pos.key = renewed.key  # type: ignore[union-attr]
            assert (await pos.get("/lanes/1")).status_code == 200
            with counter.database.unit_of_work() as unit:
                revoke_register(unit, ctx, made.register.id, owner)
                unit.commit()
            assert (await pos.get("/lanes/1")).status_code == 401

    run(story())
