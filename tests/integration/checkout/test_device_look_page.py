"""Staff look at a device from afar: asked by a form, noted, shown with its time, forgotten."""

from typing import Any

import pytest

from checkout.fleet_desk.distant_looks import KEPT, DistantLooks
from checkout.web.pages.device_look import WHY_NOT
from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission
from messaging.station.distant_look import LookAnswered, LookAsked, in_parts
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, plain

HERE = "/devices/s0001.k01/look"
JPEG = b"\xff\xd8\xff" + b"picture" * 3000


@pytest.fixture
def asked(counter: Counter) -> list[tuple[str, LookAsked]]:
    sent: list[tuple[str, LookAsked]] = []

    def send(name: str, look: LookAsked, _expires_s: int) -> bool:
        sent.append((name, look))
        return True

    counter.station.looks = DistantLooks(send, counter.clock)
    return sent


def test_a_picture_and_lines_are_asked_for_shown_with_their_time_and_forgotten(
    counter: Counter, asked: list[tuple[str, LookAsked]]
) -> None:
    async def story() -> None:
        async with desk(counter) as owner:
            assert "only while staff at the device let its screen be seen" in await owner.page(HERE)
            assert f"{HERE}" in await owner.page("/devices")
            assert (await owner.fill(HERE, what="picture")).status_code == 303
            assert "the picture comes in a moment" in await owner.page(HERE)
            for part in in_parts(asked[-1][1].id, JPEG, 600):
                counter.station.looks.answered("s0001.k01", part)
            page = plain(await owner.page(HERE))
            assert "for 10 more minutes" in page
            assert "The station forgets it at" in page
            file = f"{HERE}/picture?id={asked[-1][1].id}"
            assert file in page
            got = await owner.get(file)
            assert (got.content, got.headers["content-type"]) == (JPEG, "image/jpeg")
            assert "no-store" in got.headers["cache-control"]
            assert (await owner.get(f"{HERE}/picture?id=other")).status_code == 404

            assert (await owner.fill(HERE, what="log")).status_code == 303
            assert asked[-1][0] == "s0001.k01-fleet"
            for part in in_parts(asked[-1][1].id, b"<b>started</b>"):
                counter.station.looks.answered("s0001.k01-fleet", part)
            assert "&lt;b&gt;started&lt;/b&gt;" in await owner.page(HERE)

            counter.clock.advance(KEPT.total_seconds())
            assert (await owner.get(file)).status_code == 404
            gone = await owner.page(HERE)
            assert "started" not in gone
            assert "/look/picture" not in gone

    run(story())
    with counter.database.reading() as unit:
        deeds = unit.audit.of_subject("device:s0001.k01")
    assert [(each.action, dict(each.params)) for each in sorted(deeds, key=lambda each: each.at)] == [
        (AuditAction.DEVICE_LOOKED_AT, {"what": "picture"}),
        (AuditAction.DEVICE_LOOKED_AT, {"what": "log"}),
    ]


def test_every_reason_is_told_in_words(counter: Counter, asked: list[tuple[str, LookAsked]]) -> None:
    async def story() -> None:
        async with desk(counter) as owner:
            for why in ("not_allowed", "in_use", "no_screen", "no_answer"):
                await owner.fill(HERE, what="picture")
                answer = LookAnswered(id=asked[-1][1].id, refused=why)  # type: ignore[arg-type]
                counter.station.looks.answered("s0001.k01", answer)
                assert plain(WHY_NOT[why]) in plain(await owner.page(HERE))

    run(story())


def test_who_may_not_manage_devices_and_what_is_no_device(
    counter: Counter, asked: list[tuple[str, LookAsked]]
) -> None:
    add_staff(counter, "ben", Permission.SELL)

    async def story() -> None:
        async with desk(counter, "ben") as seller:
            answers: list[Any] = [await seller.get(HERE), await seller.fill(HERE, what="picture")]
            assert [each.status_code for each in answers] == [403, 403]
        async with desk(counter) as owner:
            assert (await owner.get("/devices/s0001.k77/look")).status_code == 404
            assert (await owner.fill("/devices/s0001.k77/look", what="log")).status_code == 404
            assert (await owner.fill(HERE, what="everything")).status_code == 422

    run(story())
    assert asked == []
