"""Answers that leave on a beat."""

import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from checkout.even_pace import BEAT_S, EvenPace, next_beat_s

SECONDS = st.floats(0, 10**6)


@given(asked_s=SECONDS, known=st.floats(0, BEAT_S * 0.99), unknown=st.floats(0, BEAT_S * 0.99))
def test_however_long_two_answers_took_within_a_beat_they_leave_at_the_same_moment(
    asked_s: float, known: float, unknown: float
) -> None:
    # row 170
    assert next_beat_s(asked_s, asked_s + known) == next_beat_s(asked_s, asked_s + unknown)


@given(asked_s=SECONDS, took_s=st.floats(0, 5))
def test_an_answer_leaves_after_it_is_ready_and_waits_for_a_beat_at_most(
    asked_s: float, took_s: float
) -> None:
    waits_s = next_beat_s(asked_s, asked_s + took_s) - asked_s

    assert waits_s >= took_s - 1e-6
    assert waits_s <= max(took_s, 0) + BEAT_S + 1e-6


def test_answers_leave_in_the_order_of_their_beats_and_a_broken_one_stops_none() -> None:
    pace = EvenPace()
    pace.start()
    left: list[str] = []
    done = threading.Event()

    def broken() -> None:
        raise OSError("no link")

    now_s = time.monotonic()
    pace.hold(now_s, lambda: left.append("second"))
    pace.hold(now_s - BEAT_S / 2, lambda: left.append("first"))
    pace.hold(now_s, broken)
    pace.hold(now_s, lambda: left.append("third"))
    pace.hold(now_s, done.set)
    assert done.wait(30)
    pace.hold(time.monotonic(), lambda: left.append("at the end"))
    pace.stop()

    assert left == ["first", "second", "third", "at the end"]
    assert time.monotonic() - now_s >= BEAT_S
