"""Staff see what devices run, begin a rollout, stop it, and read why something went back."""

from typing import Any

import pytest

from checkout.fleet_desk.why_not import why_text
from checkout.words import words_for
from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission
from tests.fakes.fleet_desk import DeskBeside
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, plain
from tests.integration.checkout.test_lane_settings import send

HERE = "/updates"
GOOD = {"release": "1.0.1", "stages": "10, 100", "soak_hours": "0", "opens": "02:00", "closes": "05:00"}


def look(counter: Counter, language: str = "en") -> str:
    return plain(raw(counter, language))


def raw(counter: Counter, language: str = "en") -> str:
    answers: list[str] = []

    async def story() -> None:
        answers.append((await desk(counter).get(HERE, headers={"accept-language": language})).text)

    run(story())
    return answers[0]


@pytest.fixture
def beside(counter: Counter) -> DeskBeside:
    return DeskBeside(counter, "1.0.0", "1.0.1")


def test_a_station_without_a_desk_says_so(counter: Counter) -> None:
    assert "This station decides no updates" in look(counter)


def test_a_rollout_is_begun_watched_and_stopped(counter: Counter, beside: DeskBeside) -> None:
    begun = send(counter, HERE, **GOOD)
    assert begun.headers["location"] == f"{HERE}?done=saved"
    beside.report("s0001.k01", target="1.0.1", stage="downloading", bytes_done=5, bytes_total=10)

    page = look(counter)
    assert "Release 1.0.1" in page
    assert "Downloading" in page
    assert [each.percent for each in beside.publisher.documents] == [10.0]

    beside.went_back("s0001.k01", "1.0.1", "health: scan: the station did not answer")
    page = look(counter)
    assert "health: scan: the station did not answer" in page
    assert "A code was not read, or its sale not completed" in page
    assert "Un code n’a pas été lu, ou sa vente n’a pas abouti" in look(counter, "fr")
    assert "line 2" in page
    assert "Stopped by itself: 1 failed and 0 silent of 1." in page
    assert beside.publisher.documents[-1].state == "halted"
    with counter.database.reading() as unit:
        deeds = [
            each
            for each in unit.audit.of_subject("rollout:roll-1")
            if each.action is AuditAction.UPDATE_DECIDED
        ]
    assert [dict(each.params) for each in deeds] == [{"deed": "start", "release": "1.0.1"}]


def test_pause_and_go_on(counter: Counter, beside: DeskBeside) -> None:
    send(counter, HERE, **GOOD)
    for deed, state in (("pause", "paused"), ("resume", "running"), ("halt", "halted")):
        assert send(counter, f"{HERE}/1/{deed}").status_code == 303
        beside.fleet.turn()
        assert beside.publisher.documents[-1].state == state
    assert send(counter, f"{HERE}/1/resume").status_code == 422
    assert send(counter, f"{HERE}/1/explode").status_code == 422
    assert send(counter, f"{HERE}/99/halt").status_code == 422


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stages", "50, 10"),
        ("stages", ""),
        ("soak_hours", "-1"),
        ("opens", "25:00"),
        ("closes", "x"),
        ("release", ""),
    ],
)
def test_what_is_wrong_is_shown_beside_its_field_and_kept(
    counter: Counter, beside: DeskBeside, name: str, value: str
) -> None:
    answer = send(counter, HERE, **{**GOOD, name: value})

    assert answer.status_code == 422
    assert "10, 100" in answer.text or name == "stages"
    assert beside.fleet.desk.store.rollouts() == []


def test_a_stopped_release_is_told_and_not_proposed(counter: Counter, beside: DeskBeside) -> None:
    assert '<option value="1.0.1" selected>1.0.1</option>' in raw(counter)
    send(counter, HERE, **{**GOOD, "stages": "100"})
    beside.went_back("s0001.k01", "1.0.1", "health: scan: read nothing")

    seen = raw(counter)
    assert '<option value="1.0.0" selected>1.0.0</option>' in seen
    told = "1.0.1 stopped by itself: 1 failed and 0 silent of 1. <q>A code was not read, or its sale not completed</q>"
    assert told in plain(seen)
    assert "A device that went back from a release does not try it again by itself." in plain(seen)
    assert "Devices that run it keep it" not in plain(seen), "none does"

    send(counter, HERE, **{**GOOD, "release": "1.0.0"})
    send(counter, f"{HERE}/2/halt")
    seen = raw(counter)
    assert "1.0.0 was stopped by hand." in plain(seen)
    assert '<option value="">Choose a release</option>' in seen
    assert " selected" not in seen[seen.index('name="release"') : seen.index("</select>")]
    answer = send(counter, HERE, **{**GOOD, "release": ""})
    assert (answer.status_code, "Choose one of these" in answer.text) == (422, True)

    send(counter, HERE, **{**GOOD, "stages": "100"})
    beside.report("s0001.k02", running="1.0.1")
    counter.clock.advance(60)
    beside.fleet.turn()
    beside.report("s0001.k02", running="1.0.1")
    assert '<option value="1.0.1" selected>1.0.1</option>' in raw(counter)


def test_an_open_page_is_told_only_what_is_new(counter: Counter, beside: DeskBeside) -> None:
    seen = raw(counter)
    digest = seen[seen.index("?seen=") + 6 :][:16]
    answers: list[int] = []

    async def story() -> None:
        browser = desk(counter)
        answers.append((await browser.get(f"{HERE}?seen={digest}")).status_code)
        beside.report("s0001.k01")
        answers.append((await browser.get(f"{HERE}?seen={digest}")).status_code)

    run(story())
    assert answers == [204, 200]


def test_an_unsigned_release_is_refused(counter: Counter, beside: DeskBeside) -> None:
    answer = send(counter, HERE, **{**GOOD, "release": "9.9.9"})

    assert answer.status_code == 422
    assert "9.9.9 is not signed" in answer.text


def test_a_device_is_held_and_let_go(counter: Counter, beside: DeskBeside) -> None:
    send(counter, HERE, **GOOD)
    beside.report("s0001.k01")
    assert send(counter, f"{HERE}/devices/s0001.k01/hold").status_code == 303
    beside.fleet.turn()
    assert beside.publisher.documents[-1].holds == ("s0001.k01",)
    send(counter, f"{HERE}/devices/s0001.k01/let-go")
    beside.fleet.turn()
    assert beside.publisher.documents[-1].holds == ()
    assert send(counter, f"{HERE}/devices/s0009.k01/hold").status_code == 422


def test_who_may_not_manage_devices_sees_nothing(counter: Counter, beside: DeskBeside) -> None:
    add_staff(counter, "ben", Permission.SELL)
    answers: list[Any] = []

    async def story() -> None:
        browser = desk(counter, "ben")
        answers.append(await browser.get(HERE))
        answers.append(await browser.fill(HERE, **GOOD))

    run(story())
    assert [each.status_code for each in answers] == [403, 403]


def test_the_page_speaks_french(counter: Counter, beside: DeskBeside) -> None:
    send(counter, HERE, **GOOD)

    assert "Mises à jour" in look(counter, "fr")


def test_a_report_from_the_broker_reaches_the_desk_and_the_bell_rings(
    counter: Counter, beside: DeskBeside
) -> None:
    rung: list[tuple[str, int]] = []

    def ring(channel: str, bell: Any) -> bool:
        rung.append((channel, bell.number))
        return len(rung) > 1  # the broker is away the first time

    beside.fleet.when_ringing(ring)
    send(counter, HERE, **{**GOOD, "soak_hours": "5"})
    beside.fleet.turn()
    beside.fleet.turn()
    beside.fleet.turn()

    assert rung == [("stable", 1), ("stable", 1)]


def test_a_turn_that_fails_is_told_on_the_page(counter: Counter, beside: DeskBeside) -> None:
    send(counter, HERE, **GOOD)

    def refuse(_rollout: object) -> None:
        raise OSError("the disk is full")

    beside.publisher.publish = refuse  # type: ignore[method-assign,assignment]
    beside.fleet.turn()

    assert "the disk is full" in look(counter)


def test_the_page_says_what_is_wanted_what_runs_and_since_when(counter: Counter, beside: DeskBeside) -> None:
    beside.report("s0001.k01", running="1.0.0")
    send(counter, HERE, **{**GOOD, "stages": "100"})
    counter.clock.advance(3600)
    beside.report("s0001.k01", running="1.0.0")

    page = look(counter)
    row = page[page.index("s0001.k01") :]
    assert row.index("1.0.1") < row.index("1.0.0") < row.index("since ")

    assert '<strong class="bad-text">1.0.0</strong>' in raw(counter)
    beside.report("s0001.k01", running="1.0.0", target="1.0.1", stage="staged")
    assert '<strong class="bad-text">' not in raw(counter), "it is on its way, which is no fault"

    counter.clock.advance(3600)
    beside.report("s0001.k01", running="1.0.1")
    assert beside.fleet.desk.store.device("s0001.k01").running_since == counter.clock.now()  # type: ignore[union-attr]
    assert "depuis" in look(counter, "fr")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("health: screen: black", "Its screen was not drawn"),
        ("health: never well for long enough", "It was not well for long enough"),
        ("space: 12 MB free, 40 MB needed", "Its disk has not enough room"),
        ("start: it ended or hung at every try", "It did not start"),
        ("of another release", ""),
    ],
)
def test_a_reason_is_told_in_words(reason: str, text: str) -> None:
    assert why_text(words_for("en", "FR"), reason) == text
