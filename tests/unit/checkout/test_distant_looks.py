"""What staff asked to see of a device: parts in any order, late ones dropped, all of it forgotten in time."""

from datetime import timedelta

import pytest

from checkout.fleet_desk.distant_looks import ANSWERED_WITHIN, KEPT, DistantLooks
from messaging.station.distant_look import MOST_BYTES, LookAnswered, LookAsked, in_parts
from runtime.ids import new_id
from tests.fakes.clock import FakeClock

JPEG = b"\xff\xd8\xff" + bytes(range(256)) * 200
K01 = "s0001.k01"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sent() -> list[tuple[str, LookAsked]]:
    return []


@pytest.fixture
def looks(clock: FakeClock, sent: list[tuple[str, LookAsked]]) -> DistantLooks:
    def send(name: str, asked: LookAsked, expires_s: int) -> bool:
        assert expires_s == ANSWERED_WITHIN.total_seconds()
        sent.append((name, asked))
        return not name.startswith("s0001.k09")

    return DistantLooks(send, clock)


def test_parts_come_in_any_order_and_twice(looks: DistantLooks) -> None:
    asked = looks.ask(K01, "picture")
    parts = in_parts(asked.look, JPEG, 600)
    assert len(parts) > 2
    for part in (*reversed(parts[1:]), parts[1]):
        looks.answered(K01, part)
        waiting = looks.of(K01, "picture")
        assert waiting is not None
        assert waiting.is_waiting
    looks.answered(K01, parts[0])
    whole = looks.of(K01, "picture")
    assert whole is not None
    assert (whole.content, whole.allowed_s, whole.why_not) == (JPEG, 600, None)


def test_nothing_stays_longer_than_a_quarter_of_an_hour(looks: DistantLooks, clock: FakeClock) -> None:
    asked = looks.ask(K01, "log")
    for part in in_parts(asked.look, b"text"):
        looks.answered(f"{K01}-fleet", part)
    clock.advance(KEPT.total_seconds() - 1)
    assert looks.of(K01, "log") is not None
    clock.advance(1)
    assert looks.of(K01, "log") is None


def test_silence_is_told_and_an_answer_of_an_earlier_question_is_dropped(
    looks: DistantLooks, clock: FakeClock
) -> None:
    first = looks.ask(K01, "picture")
    second = looks.ask(K01, "picture")
    for part in in_parts(first.look, JPEG):
        looks.answered(K01, part)
    looks.answered("s0001.k02", LookAnswered(id=second.look, refused="in_use"))
    looks.answered(f"{K01}-fleet", LookAnswered(id=second.look, refused="in_use"))
    waiting = looks.of(K01, "picture")
    assert waiting is not None
    assert waiting.is_waiting
    clock.advance((ANSWERED_WITHIN + timedelta(seconds=1)).total_seconds())
    silent = looks.of(K01, "picture")
    assert silent is not None
    assert silent.why_not == "silent"


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (LookAnswered(id=new_id(), refused="in_use"), "in_use"),
        (LookAnswered(id=new_id(), data="bm8gcGljdHVyZQ=="), "unreadable"),
        (LookAnswered(id=new_id(), data="*"), "unreadable"),
    ],
)
def test_a_refusal_and_what_is_no_picture_say_why(looks: DistantLooks, part: LookAnswered, why: str) -> None:
    asked = looks.ask(K01, "picture")
    looks.answered(K01, part.model_copy(update={"id": asked.look}))
    told = looks.of(K01, "picture")
    assert told is not None
    assert told.why_not == why


def test_without_a_broker_it_says_so_at_once(looks: DistantLooks, sent: list[tuple[str, LookAsked]]) -> None:
    assert looks.ask("s0001.k09", "log").why_not == "away"
    assert sent[0][0] == "s0001.k09-fleet"


def test_the_longest_answer_fits_and_only_so_many_are_kept(looks: DistantLooks, clock: FakeClock) -> None:
    assert len(in_parts(new_id(), b"x" * MOST_BYTES)) == 24
    for number in range(100, 160):
        looks.ask(f"s0001.k{number}", "picture")
        clock.advance(0.01)
    assert looks.of("s0001.k100", "picture") is None
    assert looks.of("s0001.k159", "picture") is not None
