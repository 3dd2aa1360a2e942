"""A register of another make over HTTP: what applies, recorded once, given back, refused with a reason."""

import sqlite3
from typing import Any

import httpx

from checkout.api.keys import ApiLimits
from checkout.public.limits import RateLimiter
from loyalty.domain.staff import Permission
from loyalty.services.keep_lanes import LaneDraft, change_lane
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter, make_counter
from tests.integration.checkout.registers import API, Till, make_companion, make_register, till

TWO_CUPS = [{"name": "Tasse", "unit_price_minor": 1500, "quantity": 2, "barcode": "3700123400055"}]


def reference_of(counter: Counter, given_name: str) -> str:
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id(given_name))
    assert member is not None
    assert member.customer.reference_id is not None
    return member.customer.reference_id


def test_a_whole_sale_from_card_to_refund(counter: Counter) -> None:
    # row 195
    make_companion(counter)
    made = make_register(counter)
    before = counter.balance("Camille")

    async def story() -> None:
        async with till(counter, made) as pos:
            setup = (await pos.get("/")).json()
            assert setup["lanes"] == [{"number": 1, "training": False, "companion": True}]
            assert (setup["currency"], setup["name"]) == ("EUR", "Caisse avant")
            assert (await pos.get("/lanes/1")).json()["sale"] is None
            there = await pos.at_lane("/member", {"member": {"code": counter.card_of("Camille")}})
            assert there["sale"]["member"]["name"].startswith("Camille")
            assert there["sale"]["member"]["trust"] == 2
            there = await pos.at_lane("/sale", {"reference": "T-1", "lines": TWO_CUPS})
            sale = there["sale"]
            assert sale["subtotal_minor"] == 3000
            assert [each["kind"] for each in sale["discounts"]] == ["group"]
            assert sale["discounts"][0]["why"][0]["code"] == "group_discount"
            assert sale["total_minor"] == 3000 - sale["discounts"][0]["amount_minor"]
            assert sale["member"]["points"] == before
            tier = next(each for each in sale["member"]["rewards"] if each["state"] == "available")
            with_reward = await pos.at_lane("/rewards", {"tier": tier["tier"]})
            assert with_reward["sale"]["total_minor"] < sale["total_minor"]
            back = await pos.at_lane("/rewards/remove", {"tier": tier["tier"]})
            assert back["sale"]["total_minor"] == sale["total_minor"]
            order = {"reference": "T-1", "lines": TWO_CUPS, "charged_minor": sale["total_minor"]}
            assert await pos.refused("/sales", {**order, "charged_minor": 1}) == (409, "sale_changed")
            done = await pos.at_lane("/sales", order)
            assert done["points_earned"] == sale["points_to_earn"] > 0
            assert done["balance"] == before + done["points_earned"] == counter.balance("Camille")
            assert "pas une facture" in done["slip"]["title"]
            assert (await pos.get("/lanes/1/sales/T-1")).json() == done
            part = {"reference": "T-1", "refund": "R-1", "lines": [{"line": 1, "quantity": 1}]}
            first = await pos.at_lane("/refunds", part)
            assert first["amount_minor"] * 2 in {done["total_minor"], done["total_minor"] + 1}
            assert await pos.at_lane("/refunds", part) == first
            rest = await pos.at_lane("/refunds", {"reference": "T-1", "refund": "R-2", "whole": True})
            assert rest["is_whole"] is True
            assert first["amount_minor"] + rest["amount_minor"] == done["total_minor"]
            assert counter.balance("Camille") == before
            assert (await pos.get("/lanes/1/sales/T-1")).json()["returned"] == "all"

    run(story())


def test_the_same_sale_again_is_the_same_answer_and_another_body_a_conflict(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter)
    order = {
        "reference": "T-2",
        "total_minor": 2000,
        "member": {"code": counter.card_of("Camille")},
        "late": True,
    }
    before = counter.balance("Camille")

    async def story() -> None:
        async with till(counter, made) as pos:
            answers = [await pos.post("/lanes/1/sales", order) for _ in range(3)]
            assert {answer.content for answer in answers} == {answers[0].content}
            assert [answer.headers.get("idempotency-replayed") for answer in answers] == [
                None,
                "true",
                "true",
            ]
            earned = answers[0].json()["points_earned"]
            assert counter.balance("Camille") == before + earned
            assert earned > 0
            for other in ({"total_minor": 2001}, {"late": False}, {"member": None}):
                assert await pos.refused("/sales", {**order, **other}) == (409, "reference_used")
            named = {"idempotency-key": "one-refund"}
            back = {"reference": "T-2", "refund": "R-9", "amount_minor": 500}
            one = await pos.at_lane("/refunds", back, **named)
            assert await pos.at_lane("/refunds", back, **named) == one
            assert await pos.refused("/refunds", {**back, "amount_minor": 501}, **named) == (
                409,
                "reference_used",
            )
            assert await pos.refused("/refunds", {**back, "amount_minor": 501}) == (409, "reference_used")
            assert await pos.refused("/refunds", {**back, "refund": "R-10"}, **named) == (
                409,
                "reference_used",
            )

    run(story())


def test_a_restarted_station_still_knows_what_it_answered(counter: Counter, tmp_path: Any) -> None:
    make_companion(counter)
    made = make_register(counter)
    order = {"reference": "T-3", "total_minor": 2000, "member": {"code": counter.card_of("Camille")}}
    first: list[bytes] = []

    async def before() -> None:
        async with till(counter, made) as pos:
            first.append((await pos.post("/lanes/1/sales", order)).content)

    run(before())
    balance = counter.balance("Camille")
    counter.station.stop()
    again = make_counter(tmp_path, counter.clock)

    async def after() -> None:
        async with till(again, made) as pos:
            assert (await pos.post("/lanes/1/sales", order)).content == first[0]

    run(after())
    assert again.balance("Camille") == balance
    again.station.stop()
    again.database.close()


def test_a_lost_memory_of_answers_books_nothing_twice(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter)
    order = {"reference": "T-4", "total_minor": 2000, "member": {"code": counter.card_of("Camille")}}

    async def story() -> None:
        async with till(counter, made) as pos:
            first = await pos.at_lane("/sales", order)
            with counter.database.unit_of_work() as unit:
                assert unit.inbox.purge(counter.clock.now().replace(year=2030)) > 0
                unit.commit()
            assert await pos.at_lane("/sales", order) == first
            assert await pos.refused("/sales", {**order, "total_minor": 5}) == (409, "reference_used")

    run(story())
    with counter.database.reading() as unit:
        assert unit.sales.by_receipt_number(1) is not None
        assert unit.sales.by_receipt_number(2) is None


def test_nothing_tells_how_to_reach_a_member(counter: Counter) -> None:
    # rows 9, 195
    make_companion(counter)
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            await pos.at_lane("/member", {"member": {"code": counter.card_of("Camille")}})
            await pos.at_lane("/sale", {"reference": "T-1", "total_minor": 2000})
            texts = [(await pos.get("/lanes/1")).text]
            texts.append((await pos.post("/lanes/1/sales", {"reference": "T-1", "total_minor": 2000})).text)
            with counter.database.reading() as unit:
                member = unit.customers.member(counter.customer_id("Camille"))
            assert member is not None
            assert member.account is not None
            assert member.account.phone_number is not None
            for text in texts:
                assert member.account.phone_number[3:] not in text.replace(" ", "")
                assert "phone" not in text
                assert "@" not in text

    run(story())


def test_a_number_that_was_only_said_needs_a_cashier_who_may_confirm(counter: Counter) -> None:
    make_companion(counter)
    strict, trusted = make_register(counter, "A"), make_register(counter, "B", confirms=True)
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id("Camille"))
        programme = unit.programme.current()
    assert member is not None
    assert member.account is not None
    assert programme is not None
    phone, tier = member.account.phone_number, str(programme.tiers[0].id)

    async def story() -> None:
        async with till(counter, strict) as pos:
            await pos.at_lane("/member", {"member": {"phone_number": phone}})
            there = await pos.at_lane("/sale", {"reference": "T-1", "total_minor": 5000})
            assert there["sale"]["member"]["trust"] == 0
            assert there["sale"]["proposed"]["why"]["code"] == "group_discount_proposed"
            assert await pos.refused("/rewards", {"tier": tier}) == (403, "trust_too_low")
            assert await pos.refused("/discount") == (403, "permission_not_held")
            await pos.at_lane("/voids", {"reference": "T-1"})
        async with till(counter, trusted) as pos:
            await pos.at_lane("/member", {"member": {"phone_number": phone}})
            await pos.at_lane("/sale", {"reference": "T-1", "total_minor": 5000})
            there = await pos.at_lane("/discount")
            assert [each["kind"] for each in there["sale"]["discounts"]] == ["group"]
            there = await pos.at_lane("/rewards", {"tier": tier})
            assert {each["kind"] for each in there["sale"]["discounts"]} == {"group", "reward"}
            assert await pos.refused("/member", {"member": {"phone_number": "0612000000"}}) == (
                422,
                "not_recognised",
            )

    run(story())


def test_two_registers_at_one_lane_never_mix(counter: Counter) -> None:
    # part of rows 168, 171
    make_companion(counter)
    one, two = make_register(counter, "One"), make_register(counter, "Two")
    camille, zoe = counter.balance("Camille"), counter.balance("Zoé")

    async def story() -> None:
        async with till(counter, one) as first, till(counter, two) as second:
            await first.at_lane("/member", {"member": {"code": counter.card_of("Camille")}})
            await first.at_lane("/sale", {"reference": "T-1", "total_minor": 2000})
            there = await second.at_lane("/sale", {"reference": "T-1", "total_minor": 700})
            assert there["sale"]["member"] is None
            assert (await first.get("/lanes/1")).json()["sale"]["reference"] is None
            await second.at_lane("/member", {"member": {"code": counter.card_of("Zoé")}})
            ours = await first.at_lane("/sales", {"reference": "T-1", "total_minor": 2000})
            assert ours["has_member"] is True
            still = (await second.get("/lanes/1")).json()
            assert still["sale"]["reference"] == "T-1"
            assert still["sale"]["member"]["name"].startswith("Zoé")
            theirs = await second.at_lane("/sales", {"reference": "T-1", "total_minor": 700})
            assert ours["sale"] != theirs["sale"]
            assert counter.balance("Camille") == camille + ours["points_earned"]
            assert counter.balance("Zoé") == zoe + theirs["points_earned"]
            assert await second.refused("/refunds", {"reference": "T-9", "refund": "R", "whole": True}) == (
                404,
                "sale_unknown",
            )

    run(story())


def test_a_late_sale_leaves_the_lane_alone(counter: Counter) -> None:
    # part of row 171
    make_companion(counter)
    made = make_register(counter)
    before = counter.balance("Camille")

    async def story() -> None:
        async with till(counter, made) as pos:
            await pos.at_lane("/member", {"member": {"code": counter.card_of("Camille")}})
            late = await pos.at_lane("/sales", {"reference": "T-0", "total_minor": 900, "late": True})
            assert (late["has_member"], late["points_earned"]) == (False, 0)
            there = await pos.at_lane("/sale", {"reference": "T-1", "total_minor": 2000})
            assert there["sale"]["member"]["name"].startswith("Camille")
            other = await pos.at_lane("/sales", {"reference": "T-00", "total_minor": 300})
            assert other["has_member"] is False
            still = (await pos.get("/lanes/1")).json()["sale"]
            assert {**still, "version": 0} == {**there["sale"], "version": 0}
            done = await pos.at_lane("/sales", {"reference": "T-1", "total_minor": 2000})
            assert counter.balance("Camille") == before + done["points_earned"]

    run(story())


def test_a_member_may_come_after_the_sale_and_a_sale_may_be_undone(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter)
    before = counter.balance("Camille")
    reference = reference_of(counter, "Camille")

    async def story() -> None:
        async with till(counter, made) as pos:
            await pos.at_lane("/sales", {"reference": "T-1", "total_minor": 2000})
            late = await pos.at_lane("/member", {"reference": "T-1", "member": {"code": reference}})
            assert (late["has_member"], late["points_earned"] > 0) == (True, True)
            assert counter.balance("Camille") == before + late["points_earned"]
            undone = await pos.at_lane("/voids", {"reference": "T-1"})
            assert undone["points_taken"] == late["points_earned"]
            assert await pos.at_lane("/voids", {"reference": "T-1"}) == undone
            assert counter.balance("Camille") == before
            assert await pos.refused("/voids", {"reference": "T-2"}) == (404, "sale_unknown")

    run(story())


def test_in_training_everything_is_answered_and_nothing_booked(counter: Counter) -> None:
    # part of row 202
    make_companion(counter)
    made = make_register(counter)
    lane, ctx = counter.shop.lane, counter.station.ctx
    with counter.database.unit_of_work() as unit:
        draft = LaneDraft(lane.number, lane.device or "", is_training=True)
        change_lane(unit, ctx, lane.id, draft, counter.shop.staff)
        unit.commit()
    counter.station.settings_changed()
    counter.settle()
    before = counter.balance("Camille")

    async def story() -> None:
        async with till(counter, made) as pos:
            order = {"reference": "T-1", "total_minor": 2000, "member": {"code": counter.card_of("Camille")}}
            done = await pos.at_lane("/sales", order)
            assert (done["training"], done["points_earned"]) == (True, 0)
            assert "FORMATION" in done["slip"]["lines"][0].upper()
            assert counter.balance("Camille") == before
            back = await pos.at_lane("/refunds", {"reference": "T-1", "refund": "R-1", "whole": True})
            assert back["points_taken"] == 0
            assert counter.balance("Camille") == before

    run(story())


def test_each_deed_has_the_register_as_its_author(counter: Counter) -> None:
    # part of row 181
    make_companion(counter)
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            await pos.at_lane("/sales", {"reference": "T-1", "total_minor": 2000})
            await pos.at_lane("/refunds", {"reference": "T-1", "refund": "R-1", "whole": True})

    run(story())
    with counter.database.reading() as unit:
        account = unit.staff.get(made.register.staff_id)
        sale = unit.sales.by_receipt_number(1)
        assert account is not None
        assert sale is not None
        assert (account.display_name, account.role.permissions) == ("Caisse avant", frozenset())
        assert sale.opened_by == account.id
        assert unit.audit.of_subject(f"sale:{sale.id}")[-1].staff_id == account.id
        assert unit.registers.all()[0].last_used_at == counter.clock.now()
        assert Permission.SELL not in account.role.permissions


def test_who_comes_too_often_waits(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter)

    async def flood(pos: Till, key: str, times: int) -> list[int]:
        pos.key = key
        return [(await pos.get("/lanes/1")).status_code for _ in range(times)]

    async def story() -> None:
        limits = ApiLimits(requests=RateLimiter(20), wrong_keys=RateLimiter(10))
        async with till(counter, made, limits) as pos:
            assert (await flood(pos, "wrong", 11))[-1] == 429
            answer = await pos.get("/lanes/1")
            assert (answer.json()["code"], int(answer.headers["retry-after"]) > 0) == (
                "too_many_requests",
                True,
            )
            statuses = await flood(pos, made.key, 25)
            assert (statuses[0], statuses[19], statuses[-1]) == (200, 200, 429)

    run(story())


def test_an_order_without_a_reference_is_done_once_for_its_key(counter: Counter) -> None:
    make_companion(counter)
    made = make_register(counter, confirms=True)
    with counter.database.reading() as unit:
        programme = unit.programme.current()
    assert programme is not None
    tier = str(min(programme.tiers, key=lambda each: each.points).id)

    async def story() -> None:
        async with till(counter, made) as pos:
            await pos.at_lane("/member", {"member": {"code": counter.card_of("Camille")}})
            await pos.at_lane("/sale", {"reference": "T-1", "total_minor": 5000})
            key = {"idempotency-key": "a tap"}
            for _ in range(3):
                there = await pos.at_lane("/rewards", {"tier": tier}, **key)
                used = [each["used"] for each in there["sale"]["member"]["rewards"] if each["tier"] == tier]
                assert used == [1]
            assert await pos.refused("/rewards/remove", {"tier": tier}, **key) == (409, "reference_used")
            for bad in ("", "x" * 129):
                assert await pos.refused("/rewards", {"tier": tier}, **{"idempotency-key": bad}) == (
                    422,
                    "invalid_request",
                )

    run(story())


def test_what_is_kept_of_answers_names_nobody(counter: Counter, tmp_path: Any) -> None:
    # part of row 176
    make_companion(counter)
    made = make_register(counter)

    async def story() -> None:
        async with till(counter, made) as pos:
            named = {"member": {"code": counter.card_of("Camille")}}
            await pos.at_lane("/member", named, **{"idempotency-key": "k1"})
            await pos.at_lane("/sale", {"reference": "T-1", "total_minor": 2000}, **{"idempotency-key": "k2"})
            await pos.at_lane("/sales", {"reference": "T-1", "total_minor": 2000})

    run(story())
    customer = counter.customer_id("Camille")
    with sqlite3.connect(tmp_path / "comptoir.db") as database:
        kept = [row[0] for row in database.execute("SELECT result FROM processed_events")]
    database.close()
    assert len(kept) == 3
    assert sorted(map(bool, kept)) == [False, False, True]
    for text in kept:
        assert "Camille" not in text
        assert "Moreau" not in text
        assert str(customer) not in text


def test_a_vendor_is_told_what_is_wrong_with_a_request(counter: Counter) -> None:
    # part of row 195
    make_companion(counter)
    made = make_register(counter)
    key = {"authorization": f"Bearer {made.key}"}

    async def story() -> None:
        async with till(counter, made) as vendor:

            async def sent(body: str, **headers: str) -> httpx.Response:
                headers = {**key, "content-type": "application/json", **headers}
                return await vendor.http.post(f"{API}/lanes/1/sale", content=body.encode(), headers=headers)

            twice = await sent('{"reference": "T-1", "total_minor": 2000, "total_minor": 1}')
            assert twice.status_code == 422
            assert twice.json()["errors"] == [
                {
                    "at": "total_minor",
                    "code": "repeated_field",
                    "text": "This field stands twice in one object",
                }
            ]
            assert counter.till().sale is None, "neither of the two counts"
            line = '{"name": "Tasse", "unit_price_minor": 1, "quantity": 0}'
            none = await sent(f'{{"reference": "T-1", "lines": [{line}]}}', **{"accept-language": "fr"})
            assert [each["at"] for each in none.json()["errors"]] == ["lines.0.quantity"]
            assert none.json()["title"] == "Quelque chose manque ou ne va pas dans la demande"
            neither = await sent('{"reference": "T-1"}')
            assert neither.json()["errors"][0]["text"] == "either lines or a total"
            packed = await sent("{}", **{"content-encoding": "gzip"})
            assert (packed.status_code, packed.json()["code"]) == (415, "not_plain")
            large = await sent('{"reference": "' + "x" * 70_000 + '"}')
            assert (large.status_code, large.json()["code"]) == (413, "body_too_large")
            assert " " in large.json()["title"]
            other = await vendor.http.get(f"{API}/lanes/1/sale", headers=key)
            assert (other.status_code, other.headers["allow"]) == (405, "POST")

    run(story())
