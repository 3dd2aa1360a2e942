"""Whose turn it is at the counter."""

import pytest

from device.session_book import HEADLESS_IDLE_S, KIOSK_IDLE_S, ORPHAN_IDLE_S, SessionBook
from runtime.ids import new_id


@pytest.fixture
def book(clock):
    return SessionBook(clock)


def test_a_scan_opens_a_session_and_the_next_scan_belongs_to_it(book):
    session = book.for_scan()
    assert book.current == session
    assert book.for_scan() == session


def test_without_a_kiosk_quiet_ends_the_session(book, clock):
    session = book.for_scan()
    book.spoke(session)
    clock.advance(HEADLESS_IDLE_S - 1)
    assert book.expired() is None
    book.for_scan()
    clock.advance(HEADLESS_IDLE_S)
    ended = book.expired()
    assert (ended.id, ended.has_events) == (session, True)
    assert book.current is None
    assert book.expired() is None


def test_a_scan_belongs_to_the_session_that_the_kiosk_began(book):
    session = new_id()
    assert book.started(session) is None
    assert book.for_scan() == session


def test_a_touch_by_another_customer_ends_the_session_before(book):
    # row 171
    scanned = book.for_scan()
    book.spoke(scanned)
    ended = book.started(new_id())
    assert (ended.id, ended.has_events) == (scanned, True)


def test_the_kiosk_saying_again_which_session_runs_changes_nothing(book):
    session = new_id()
    book.started(session)
    book.spoke(session)
    assert book.started(session) is None
    assert book.closed(session).has_events


def test_closing_a_session_that_is_over_or_was_silent_tells_the_station_nothing(book):
    assert not book.closed(new_id()).has_events
    session = new_id()
    book.started(session)
    assert not book.closed(session).has_events
    assert book.current is None


def test_a_frozen_kiosk_does_not_keep_a_session_for_ever(book, clock):
    book.kiosk_came()
    book.for_scan()
    clock.advance(HEADLESS_IDLE_S + 1)
    assert book.expired() is None
    clock.advance(KIOSK_IDLE_S)
    assert book.expired() is not None


def test_a_session_whose_kiosk_hung_up_ends_soon_unless_the_kiosk_says_it_runs_on(book, clock):
    book.kiosk_came()
    session = new_id()
    book.started(session)
    book.kiosk_left()
    clock.advance(ORPHAN_IDLE_S - 1)
    book.kiosk_came()
    book.started(session)
    clock.advance(ORPHAN_IDLE_S)
    assert book.expired() is None
    book.kiosk_left()
    clock.advance(ORPHAN_IDLE_S)
    assert book.expired().id == session
