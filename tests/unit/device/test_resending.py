"""When unanswered events are sent again."""

import pytest

from device.outbox import StoredEvent
from device.resending import FIRST_PAUSE_S, GIVEN_UP_S, LONGEST_PAUSE_S, SILENT_S, WINDOW, Resending
from runtime.ids import new_id


def event(seq=1, waited_s=0.0):
    return StoredEvent(new_id(), seq, b"payload", waited_s)


@pytest.fixture
def resending():
    subject = Resending()
    subject.connected()
    return subject


def test_an_answered_event_is_never_due(resending):
    one = event()
    resending.sent(one, 0.0)
    resending.answered(one.id)
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


def test_what_pauses_for_long_is_due_once_the_station_speaks_and_what_pauses_shortly_is_not(resending):
    # part of row 167: a broker without the station's session drops what it gets
    lost, fresh = event(1), event(2)
    for _ in range(8):
        resending.sent(lost, 100.0)
    resending.sent(fresh, 101.0)
    assert resending.due(101.1).send == ()

    resending.station_spoke()

    assert resending.due(101.1).send == (lost,)


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
    resending.station_spoke()
    assert resending.silent_at_s is None


def test_one_event_that_is_never_answered_makes_no_silence(resending):
    never_answered = event()
    resending.sent(never_answered, 0.0)
    resending.station_spoke()
    resending.sent(never_answered, 20.0)
    assert resending.silent_at_s is None


def test_a_silence_ends_with_the_connection(resending):
    resending.sent(event(), 0.0)
    resending.connected()
    assert resending.silent_at_s is None
