"""The outbox on a real SQLite file."""

import sqlite3
import threading

import pytest

from device.errors import OutboxError, OutboxFullError
from device.outbox import Outbox
from runtime.ids import new_id


@pytest.fixture
def path(tmp_path):
    return tmp_path / "device" / "outbox.db"


@pytest.fixture
def outbox(path):
    outbox = Outbox(path, most_events=10)
    yield outbox
    outbox.close()


def store(outbox, event_id=None):
    return outbox.store(event_id or new_id(), lambda seq: f"payload {seq}".encode())


def test_events_are_numbered_in_order_and_survive_a_restart(outbox, path):
    # row 167
    stored = [store(outbox) for _ in range(3)]
    assert [event.seq for event in stored] == [1, 2, 3]
    outbox.close()
    again = Outbox(path)
    assert again.queued_after(0, 10) == stored
    assert again.queued == 3
    assert store(again).seq == 4
    again.close()


def test_numbers_are_never_used_twice_also_when_all_events_were_answered(outbox, path):
    for _ in range(3):
        outbox.answered([store(outbox).id])
    outbox.close()
    again = Outbox(path)
    assert store(again).seq == 4
    again.close()


def test_the_file_is_written_through_to_the_disk(outbox, path):
    mode = sqlite3.connect(path)
    assert mode.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    mode.close()
    assert outbox._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_event_stays_until_it_is_answered(outbox):
    first, second = store(outbox), store(outbox)
    outbox.answered([first.id, new_id()])
    assert outbox.queued_after(0, 10) == [second]
    assert outbox.queued == 1


def test_the_same_id_is_stored_once_also_after_it_was_answered(outbox):
    # row 167
    event_id = new_id()
    assert store(outbox, event_id) is not None
    assert store(outbox, event_id) is None
    outbox.answered([event_id])
    assert store(outbox, event_id) is None
    assert outbox.queued == 0


def test_a_full_outbox_refuses_loudly_and_takes_again_when_there_is_room(outbox):
    stored = [store(outbox) for _ in range(10)]
    with pytest.raises(OutboxFullError):
        store(outbox)
    assert outbox.queued == 10
    outbox.answered([stored[0].id])
    assert store(outbox).seq == 11


def test_an_event_that_cannot_be_made_uses_up_no_number(outbox):
    def broken(seq):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        outbox.store(new_id(), broken)
    assert store(outbox).seq == 1
    assert outbox.queued == 1


def test_quarantined_events_are_kept_and_sent_no_more(outbox, path):
    event = store(outbox)
    outbox.quarantine(event.id)
    assert (outbox.queued, outbox.quarantined) == (0, 1)
    assert outbox.queued_after(0, 10) == []
    outbox.close()
    again = Outbox(path)
    assert (again.queued, again.quarantined) == (0, 1)
    again.answered([event.id])
    assert again.quarantined == 0
    again.close()


def test_what_was_given_up_is_released_for_another_day(outbox):
    given_up, queued = store(outbox), store(outbox)
    outbox.waited(given_up.id, 90_000.0)
    outbox.quarantine(given_up.id)
    assert outbox.release() == 1
    assert (outbox.queued, outbox.quarantined) == (2, 0)
    assert [(one.id, one.waited_s) for one in outbox.queued_after(0, 10)] == [
        (given_up.id, 0.0),
        (queued.id, 0.0),
    ]
    assert outbox.release() == 0


def test_the_time_an_event_has_waited_survives_a_restart(outbox, path):
    event = store(outbox)
    outbox.waited(event.id, 3600.0)
    outbox.close()
    again = Outbox(path)
    assert again.queued_after(0, 1)[0].waited_s == 3600.0
    again.close()


def test_settings_are_kept(outbox):
    assert outbox.kept("desired") is None
    outbox.keep("desired", b"one")
    outbox.keep("desired", b"two")
    assert outbox.kept("desired") == b"two"


@pytest.mark.parametrize("damage", [b"not a database, not at all" * 100, None])
def test_a_damaged_file_is_put_aside_and_the_counter_goes_on(path, damage):
    path.parent.mkdir()
    if damage is None:
        Outbox(path).close()
        whole = path.read_bytes()
        damage = whole[:100] + b"\xff" * (len(whole) - 100)
    path.write_bytes(damage)
    outbox = Outbox(path)
    assert outbox.was_damaged
    assert path.with_name("outbox.db.damaged").read_bytes() == damage
    assert store(outbox).seq == 1
    outbox.close()


def test_a_file_of_a_newer_release_is_left_alone(path, outbox):
    outbox._db.execute("PRAGMA user_version = 99")
    outbox.close()
    with pytest.raises(OutboxError, match="newer"):
        Outbox(path)


def test_a_place_that_cannot_be_written_is_an_error_with_its_path(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match="file"):
        Outbox(tmp_path / "file" / "outbox.db")


def test_threads_that_store_at_once_get_numbers_of_their_own(path):
    outbox = Outbox(path)
    seqs = []

    def work():
        for _ in range(20):
            seqs.append(store(outbox).seq)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seqs) == list(range(1, 81))
    outbox.close()
