"""The staff corner at the device: the code, its limits, readings that are tests."""

import pytest

from device.outbox import Outbox
from device.readings import Misread, MisreadReason, Reading
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.layout_check import played_layout
from device.scanners.layouts import LAYOUTS
from device.scanners.typist import keystrokes
from device.staff_corner import StaffCorner
from messaging.local.to_kiosk import DeviceStatus, ReadingShown, StaffAnswered
from messaging.self_test import LAYOUT_TEST_TEXT, SELF_TEST_TEXT
from messaging.staff_code import verifier_of
from tools.scenes import STATUS

VERIFIER = verifier_of("482913")


class Corner:
    """A corner with what it says and keeps."""

    def __init__(self, clock, path, verifier=VERIFIER):
        self.said = []
        self.restarts = 0
        self.outbox = Outbox(path, 10)
        self.corner = StaffCorner(
            clock=clock,
            outbox=self.outbox,
            verifier=lambda: verifier,
            status=lambda: STATUS,
            layouts={"scanner": "us"},
            to_kiosk=lambda message: self.said.append(message) or True,
            restart=self._restart,
        )

    def _restart(self):
        self.restarts += 1

    def answer(self):
        return next(m for m in reversed(self.said) if isinstance(m, StaffAnswered))


@pytest.fixture
def at(clock, tmp_path):
    corner = Corner(clock, tmp_path / "outbox.db")
    yield corner
    corner.outbox.close()


def test_the_right_code_opens_and_shows_the_state(at):
    at.corner.typed("482913")
    assert at.answer().admitted
    assert at.said[-1] == STATUS
    assert at.corner.is_open


def test_five_wrong_codes_close_it_for_a_while_also_for_the_right_one(at, clock):
    for left in (4, 3, 2, 1):
        at.corner.typed("000000")
        assert (at.answer().admitted, at.answer().tries_left) == (False, left)
    at.corner.typed("000000")
    assert at.answer().wait_s == 300
    at.corner.typed("482913")
    assert not at.answer().admitted
    clock.advance(301)
    at.corner.typed("482913")
    assert at.answer().admitted


def test_each_wrong_code_after_that_makes_the_wait_longer(at, clock):
    for _ in range(5):
        at.corner.typed("000000")
    clock.advance(301)
    at.corner.typed("000000")
    assert at.answer().wait_s == 600


def test_pulling_the_plug_gives_no_new_tries(clock, tmp_path):
    first = Corner(clock, tmp_path / "outbox.db")
    for _ in range(5):
        first.corner.typed("000000")
    first.outbox.close()
    again = Corner(clock, tmp_path / "outbox.db")
    again.corner.typed("482913")
    assert not again.answer().admitted
    assert again.answer().wait_s == 300
    again.outbox.close()


def test_without_a_code_of_the_shop_nobody_gets_in(clock, tmp_path):
    bare = Corner(clock, tmp_path / "outbox.db", verifier=None)
    bare.corner.typed("482913")
    assert (bare.answer().admitted, bare.answer().is_set) == (False, False)
    bare.outbox.close()


def test_it_closes_by_itself_when_the_screen_is_silent(at, clock):
    at.corner.typed("482913")
    clock.advance(9)
    at.corner.stays()
    clock.advance(9)
    assert at.corner.is_open
    clock.advance(2)
    assert not at.corner.is_open
    at.said.clear()
    at.corner.stays()
    assert at.said == []


def test_readings_are_tests_only_while_it_is_open(at):
    # part of row 179
    read = Reading(SELF_TEST_TEXT, "QRCode", "scanner", "scanner", 0.0)
    assert not at.corner.took(read)
    at.corner.typed("482913")
    assert at.corner.took(read)
    assert at.said[-1] == ReadingShown(
        reader="scanner", text=SELF_TEST_TEXT, symbology="QRCode", verdict="good"
    )
    assert at.corner.took(Misread(MisreadReason.HALF_CODE, "scanner", "scanner", 0.0))
    assert at.said[-1].verdict == "misread"
    assert at.corner.took(Reading("3017620422003", "EAN13", "scanner", "scanner", 0.0))
    assert at.said[-1].verdict == "other"
    at.corner.left()
    assert not at.corner.took(read)


@pytest.mark.parametrize("text", [SELF_TEST_TEXT, LAYOUT_TEST_TEXT])
@pytest.mark.parametrize("played", LAYOUTS)
@pytest.mark.parametrize("configured", LAYOUTS)
def test_the_keyboard_that_a_scanner_plays_is_found_from_the_test_code(played, configured, text):
    # part of row 179
    decoder = KeyDecoder(KeyRules(LAYOUTS[configured]))
    read = None
    for key, value in keystrokes(text, LAYOUTS[played]):
        read = decoder.feed(key, value, 0.0) or read
    alike = {"us", "uk"} if text == SELF_TEST_TEXT and played in ("us", "uk") else {played}
    assert played_layout(read, configured) in alike
    if configured in alike:
        assert played_layout(read, configured) == configured


def test_a_scanner_with_another_keyboard_is_told(at):
    # part of row 179
    decoder = KeyDecoder(KeyRules(LAYOUTS["us"]))
    read = None
    for key, value in keystrokes(SELF_TEST_TEXT, LAYOUTS["fr"]):
        read = decoder.feed(key, value, 0.0) or read
    at.corner.typed("482913")
    at.corner.took(Reading(read, None, "scanner", "scanner", 0.0))
    told = at.said[-1]
    assert (told.verdict, told.layout, told.configured) == ("layout", "fr", "us")


def test_only_staff_restart_it(at):
    at.corner.restart()
    assert at.restarts == 0
    at.corner.typed("482913")
    at.corner.restart()
    assert at.restarts == 1


def test_the_state_is_told_again_while_the_screen_shows_it(at):
    at.corner.typed("482913")
    at.corner.stays()
    assert [type(m) for m in at.said].count(DeviceStatus) == 2
