"""When unanswered events are sent again."""

import math
from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.outbox import StoredEvent
from device.resending import FIRST_PAUSE_S, GIVEN_UP_S, LONGEST_PAUSE_S, SILENT_S, WINDOW, Resending
from runtime.ids import new_id


def event(seq=1, waited_s=0.0):
    return StoredEvent(new_id(), seq, b"payload", waited_s)


def sendings_until(resending, end_s):
    """What is sent again until then while nothing is answered."""
    again = []
    while (now := resending.next_s()) < end_s:
        for one in resending.due(now).send:
            resending.sent(one, now)
            again.append(one.id)
    return again


@pytest.fixture
def resending():
    subject = Resending()
    subject.connected()
    return subject


def test_an_answered_event_is_never_due(resending):
    one = event()
    resending.sent(one, 0.0)
    resending.answered(one.id, 0.1)
    assert resending.due(1e6).send == ()
    assert resending.next_s() is None


def test_pauses_grow_to_five_minutes(resending):
    # row 167
    one, now, pauses = event(), 0.0, []
    resending.sent(one, now)
    for _ in range(14):
        due_s = resending.next_s()
        assert resending.due(due_s - 0.01).send == ()
        assert resending.due(due_s).send == (one,)
        pauses.append(due_s - now)
        now = due_s
        resending.sent(one, now)
    assert pauses[0] == pytest.approx(FIRST_PAUSE_S)
    assert pauses[1] == pytest.approx(2 * FIRST_PAUSE_S)
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE_S)


def test_what_pauses_for_long_is_due_once_the_station_comes_and_what_pauses_shortly_is_not(resending):
    # part of row 167: a broker without the station's session drops what it gets
    lost, fresh = event(1), event(2)
    for _ in range(8):
        resending.sent(lost, 100.0)
    resending.sent(fresh, 101.0)
    assert resending.due(101.1).send == ()

    resending.station_began()

    assert resending.due(101.1).send == (lost,)
    assert resending.due(101.3).send == (lost, fresh)


def test_while_nothing_is_answered_one_event_at_a_time_is_sent_again(resending):
    # part of row 167: a hundred copies of a hundred events would wait before the station when it is back
    events = [event(seq) for seq in range(100)]
    for one in events:
        resending.sent(one, 0.0)
    copies = sendings_until(resending, 3600.0)
    assert len(copies) < 25
    assert len(set(copies)) == len(copies), "each time another one"


def test_what_a_later_event_overtook_is_sent_again_at_once_and_what_came_later_is_not(resending):
    lost, between, later, last = (event(seq) for seq in range(4))
    for one in (lost, between, later, last):
        resending.sent(one, 0.0)
    resending.answered(between.id, 0.5)
    assert resending.due(0.5).send == (lost,)
    resending.sent(lost, 0.5)
    resending.answered(later.id, 0.6)
    assert resending.due(0.6).send == (), "it is on its way again"
    assert resending.next_s() == 0.6 + 2 * 0.6


def test_the_pause_grows_with_the_time_that_answers_take_and_falls_with_it(resending):
    for seq, took_s in enumerate((20.0, *[0.01] * 12)):
        one = event(seq)
        resending.sent(one, 100.0 * seq)
        resending.answered(one.id, 100.0 * seq + took_s)
        waiting = event(1000 + seq)
        resending.sent(waiting, 100.0 * seq + 50)
        due_s = resending.next_s() - (100.0 * seq + 50)
        if seq == 0:
            assert due_s == 40.0
        resending.answered(waiting.id, 100.0 * seq + 50.01)
    assert due_s == pytest.approx(FIRST_PAUSE_S)


def test_an_answer_to_an_event_sent_twice_says_nothing_of_how_long_answers_take(resending):
    one = event()
    resending.sent(one, 0.0)
    resending.sent(one, 100.0)
    resending.answered(one.id, 100.1)
    resending.sent(event(2), 200.0)
    assert resending.next_s() == 200.0 + 2 * FIRST_PAUSE_S


def test_an_event_that_is_never_answered_costs_a_few_sendings_however_much_else_is(resending):
    never, sendings = event(), 0
    resending.sent(never, 0.0)
    for second in range(1, 3600):
        other = event(second)
        resending.sent(other, float(second))
        resending.answered(other.id, second + 0.01)
        for again in resending.due(second + 0.5).send:
            assert again is never
            resending.sent(again, second + 0.5)
            sendings += 1
    assert 5 < sendings < 25


def test_beside_an_event_that_is_never_answered_another_has_the_time_that_answers_take(resending):
    never, slow, live = event(1), event(2), event(3)
    resending.sent(never, 0.0)
    resending.sent(slow, 0.0)
    resending.answered(slow.id, 20.0)
    resending.sent(live, 100.0)
    assert resending.due(139.9).send == (never,)
    assert resending.due(140.0).send == (never, live)


@given(
    service_s=st.floats(0.001, 5.0),
    kept=st.lists(st.booleans(), min_size=1, max_size=200),
    away_s=st.floats(0, 2000),
)
@settings(max_examples=60)
def test_a_station_of_any_speed_works_off_what_waits_whatever_the_broker_dropped(service_s, kept, away_s):
    # row 167: answered all, and with so few copies that they cannot fill the queue they wait in
    resending, queue, now, free_s, sendings = Resending(), deque(), 0.0, away_s, 0
    resending.connected()
    waiting = {one.id: one for one in (event(seq) for seq in range(len(kept)))}
    outcomes = iter(kept)

    def send(one):
        nonlocal sendings
        sendings += 1
        resending.sent(one, now)
        if next(outcomes, True):
            queue.append(one.id)

    for one in waiting.values():
        send(one)
    while waiting:
        due_s = resending.next_s()
        answer_s = max(free_s, now) + service_s if queue else math.inf
        assert min(due_s, answer_s) < 1e6
        if answer_s <= due_s:
            now = free_s = answer_s
            answered = queue.popleft()
            waiting.pop(answered, None)
            resending.answered(answered, now)
        else:
            now = due_s
        for again in resending.due(now).send:
            send(again)
    dropped = kept.count(False)
    assert sendings <= 2 * len(kept) + 3 * dropped + 20


def test_a_new_connection_begins_anew(resending):
    one = event()
    resending.sent(one, 0.0)
    resending.last_pulled_seq = 1
    before = resending.connection
    resending.connected()
    assert not resending.is_out(one.id)
    assert resending.last_pulled_seq == 0
    assert resending.connection == before + 1


def test_a_day_unanswered_while_connected_ends_in_quarantine(resending):
    one, now = event(), 0.0
    resending.sent(one, now)
    for _ in range(1000):
        now = resending.next_s()
        due = resending.due(now)
        if due.quarantine:
            break
        for again in due.send:
            resending.sent(again, now)
    assert due.quarantine == (one.id,)
    assert due.send == ()
    assert GIVEN_UP_S <= now <= GIVEN_UP_S + LONGEST_PAUSE_S


def test_time_waited_before_a_restart_counts(resending):
    one = event(waited_s=GIVEN_UP_S - 0.1)
    resending.sent(one, 0.0)
    assert resending.due(FIRST_PAUSE_S).quarantine == (one.id,)


def test_long_waits_are_saved_and_short_ones_are_not(resending):
    one, now = event(), 0.0
    resending.sent(one, now)
    saved = []
    for _ in range(12):
        now = resending.next_s()
        due = resending.due(now)
        saved += due.save_waits
        resending.sent(one, now)
    assert saved
    assert saved[0][1] > 60
    assert len(saved) < 6


def test_the_backlog_goes_out_in_a_window(resending):
    for seq in range(WINDOW):
        resending.sent(event(seq), 0.0)
    assert resending.room == 0
    resending.sent(event(WINDOW + 1), 0.0)
    assert resending.room == 0


def test_the_station_is_silent_once_nothing_it_was_sent_is_answered_for_ten_seconds(resending):
    assert resending.silent_at_s is None
    resending.sent(event(1), 5.0)
    resending.sent(event(2), 9.0)
    assert resending.silent_at_s == 5.0 + SILENT_S
    resending.answered(new_id(), 9.5)
    assert resending.silent_at_s is None


def test_one_event_that_is_never_answered_makes_no_silence(resending):
    never_answered = event()
    resending.sent(never_answered, 0.0)
    resending.answered(new_id(), 1.0)
    resending.sent(never_answered, 20.0)
    assert resending.silent_at_s is None


def test_a_silence_ends_with_the_connection(resending):
    resending.sent(event(), 0.0)
    resending.connected()
    assert resending.silent_at_s is None
