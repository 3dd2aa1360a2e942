"""Light and beeper on gpiozero's mock pins."""

import json
import time
from uuid import UUID

import pytest
from gpiozero.pins.mock import MockFactory

from device.errors import SignalError
from device.health import HealthBoard, PartState
from device.signals.gpio_outputs import GpioOutputs
from device.signals.meaning import Signal, signal_for
from device.signals.score import Step, score
from device.signals.settings import SignalSettings
from device.signals.signaller import Signaller
from messaging.local.to_kiosk import CodeNoticed, CodeRefused, EventNotStored, LinkChanged, ResultArrived

SOME = UUID("0192f3c0-0000-7000-8000-000000000001")
SETTINGS = SignalSettings(
    beeper_pin=22,
    light_ms=200,
    answer_within_ms=200,
    noticed_tones_ms=(20,),
    good_tones_ms=(20, 20, 20),
    kept_tones_ms=(30,),
    bad_tones_ms=(60,),
)
NOTICED = CodeNoticed(event_id=SOME, session=SOME, source="scanner", signature="none")


class Pins:
    """A machine's pins with what happened on them."""

    def __init__(self) -> None:
        self.factory = MockFactory()

    def states(self, number: int) -> list[bool]:
        return [bool(state.state) for state in self.factory.pin(number).states]

    def wait(self, number: int, states: list[bool]) -> None:
        until = time.monotonic() + 60
        while self.states(number) != states and time.monotonic() < until:
            time.sleep(0.005)
        assert self.states(number) == states


@pytest.fixture
def pins():
    made = Pins()
    yield made
    made.factory.reset()


@pytest.fixture
def playing(pins):
    board = HealthBoard()
    signaller = Signaller(SETTINGS, GpioOutputs(SETTINGS, pins.factory), board)
    signaller.start()
    yield signaller, board
    signaller.stop()


def result(outcome="accepted", kind="noted"):
    sent = ResultArrived.model_config["json_schema_extra"]["examples"][0]["result"]
    show = {"kind": kind} | ({"why": {"code": "unknown_code"}} if kind != "noted" else {})
    body = {"v": 1, "kind": "result_arrived", "result": {**sent, "outcome": outcome, "show": show}}
    return ResultArrived.model_validate_json(json.dumps(body))


@pytest.mark.parametrize(
    ("message", "signal"),
    [
        (NOTICED, Signal.NOTICED),
        (NOTICED.model_copy(update={"signature": "bad"}), Signal.BAD),
        (CodeRefused(reason="cut_off", source="scanner"), Signal.BAD),
        (EventNotStored(event_id=SOME, reason="outbox_full"), Signal.FETCH_STAFF),
        (LinkChanged(online=True, waiting_events=0), None),
        (result(), Signal.GOOD),
        (result(kind="not_recognised"), Signal.BAD),
        (result(outcome="refused"), Signal.BAD),
    ],
)
def test_messages_mean_signals(message, signal):
    assert signal_for(message) is signal


def test_every_signal_has_lights_and_tones_of_its_own():
    played = {
        signal: tuple(
            (step.green, step.red, step.beeper, step.duration_ms) for step in score(signal, SETTINGS)
        )
        for signal in Signal
    }

    assert len(set(played.values())) == len(Signal)


def test_a_code_that_the_station_takes_turns_the_light_green_with_two_beeps_and_then_all_is_off(
    playing, pins
):
    # row 194
    playing[0].tell(NOTICED)
    pins.wait(22, [False, True, False])
    playing[0].tell(result())

    pins.wait(17, [False, True, False])
    assert pins.states(22) == [False, True, False, True, False, True, False]
    assert pins.states(27) == [False]


def test_a_code_that_nobody_answers_is_shown_as_kept_for_later(playing, pins):
    playing[0].tell(NOTICED)

    pins.wait(27, [False, True, False])
    pins.wait(17, [False, True, False])
    assert pins.states(22) == [False, True, False, True, False]


def test_the_next_customer_does_not_wait_for_the_light_of_the_last(pins):
    slow = SETTINGS.model_copy(update={"light_ms": 10_000, "bad_tones_ms": (20,)})
    signaller = Signaller(slow, GpioOutputs(slow, pins.factory), HealthBoard())
    signaller.start()
    signaller.tell(CodeRefused(reason="cut_off", source="scanner"))
    pins.wait(27, [False, True])

    signaller.tell(result())

    pins.wait(27, [False, True, False])
    pins.wait(17, [False, True])
    signaller.stop()


def test_stopping_in_the_midst_of_a_signal_leaves_all_off(pins):
    signaller = Signaller(SETTINGS, GpioOutputs(SETTINGS, pins.factory), HealthBoard())
    signaller.start()
    signaller.tell(CodeRefused(reason="cut_off", source="scanner"))
    pins.wait(27, [False, True])

    signaller.stop()

    assert [bool(pins.factory.pin(number).state) for number in (17, 22, 27)] == [False] * 3


class BrokenOutputs:
    """Pins that fail until they are mended."""

    def __init__(self) -> None:
        self.is_broken = True
        self.shown: list[Step] = []

    def show(self, step: Step) -> None:
        if self.is_broken:
            raise SignalError("light and beeper cannot be switched: gone")
        self.shown.append(step)

    def close(self) -> None:
        pass


def test_a_light_that_fails_is_told_and_tried_again_with_the_next_signal():
    board, outputs = HealthBoard(), BrokenOutputs()
    changes = []
    board.on_change = lambda _part, health: changes.append(health.state)
    signaller = Signaller(SETTINGS, outputs, board)
    signaller.start()
    signaller.tell(result())
    _wait(lambda: changes == [PartState.OK, PartState.FAILED])
    outputs.is_broken = False

    signaller.tell(result())

    _wait(lambda: changes == [PartState.OK, PartState.FAILED, PartState.OK])
    signaller.stop()
    assert outputs.shown[0].green


def _wait(condition):
    until = time.monotonic() + 60
    while not condition() and time.monotonic() < until:
        time.sleep(0.005)
    assert condition()


def test_a_machine_without_pins_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("LG_WD", str(tmp_path))
    monkeypatch.chdir(tmp_path)  # where lgpio goes by itself, once imported; so the test's end leads back
    if _is_a_pi():
        pytest.skip("this machine has pins")
    with pytest.raises(SignalError, match="cannot be reached"):
        GpioOutputs(SETTINGS)


def _is_a_pi() -> bool:
    from pathlib import Path

    return Path("/proc/device-tree/system/linux,revision").exists()


def test_two_parts_on_one_pin_are_refused():
    with pytest.raises(ValueError, match="same pin"):
        SignalSettings(green_pin=5, red_pin=5)
