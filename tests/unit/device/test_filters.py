"""Repeats and noise."""

import pytest

from device.filters import NoiseFilter, RepeatFilter
from device.readings import Misread, MisreadReason, Reading
from runtime.ids import new_id


def reading(text="M-1"):
    return Reading(text, None, "camera", "camera", 0.0)


def test_a_code_shown_continuously_is_one(clock):
    repeats = RepeatFilter(clock)
    assert not repeats.is_repeat(reading(), None)
    session = new_id()
    repeats.opened(reading(), session)
    for _ in range(100):
        clock.advance(0.1)
        assert repeats.is_repeat(reading(), session)
    clock.advance(3.0)
    assert not repeats.is_repeat(reading(), session)


def test_another_code_is_no_repeat(clock):
    repeats = RepeatFilter(clock)
    assert not repeats.is_repeat(reading("M-1"), None)
    assert not repeats.is_repeat(reading("M-2"), None)
    assert repeats.is_repeat(reading("M-1"), None)


def test_a_session_that_began_since_may_read_the_same_code_at_once(clock):
    # row 171
    repeats = RepeatFilter(clock)
    first, second = new_id(), new_id()
    assert not repeats.is_repeat(reading(), first)
    assert not repeats.is_repeat(reading(), second)
    assert repeats.is_repeat(reading(), second)


def test_a_card_left_in_view_after_its_session_opens_no_other(clock):
    repeats = RepeatFilter(clock)
    session = new_id()
    assert not repeats.is_repeat(reading(), session)
    for _ in range(50):
        clock.advance(1.0)
        assert repeats.is_repeat(reading(), None)


def test_the_same_fault_again_is_told_once(clock):
    repeats = RepeatFilter(clock)
    fault = Misread(MisreadReason.NOT_UTF8, "camera", "camera", 0.0)
    assert not repeats.is_repeat(fault, None)
    assert repeats.is_repeat(fault, None)


def test_what_was_seen_long_ago_is_forgotten(clock):
    repeats = RepeatFilter(clock)
    for number in range(1000):
        repeats.is_repeat(reading(f"M-{number}"), None)
    assert len(repeats._seen) <= 32


@pytest.mark.parametrize(("text", "is_noise"), [("1", True), (" 7 ", True), ("", True), ("123", False)])
def test_one_or_two_characters_are_noise(text, is_noise):
    assert NoiseFilter().is_noise(reading(text)) is is_noise
