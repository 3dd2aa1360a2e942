"""Cues: short, as loud as asked, told apart; and which change of the screen has which."""

import io
import wave
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.session import Session, Step, View
from kiosk.sound.choosing import cue_between
from kiosk.sound.cues import RATE_HZ, Cue, cue_wave
from messaging.local.from_kiosk import FromKiosk
from messaging.local.to_kiosk import PairingShown
from runtime.clock import SystemClock
from tools.scenes import SCENES, Actor


def samples(file: bytes) -> list[int]:
    with wave.open(io.BytesIO(file)) as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, RATE_HZ)
        frames = reader.readframes(reader.getnframes())
    return [int.from_bytes(frames[at : at + 2], "little", signed=True) for at in range(0, len(frames), 2)]


@given(cue=st.sampled_from(Cue), volume_percent=st.integers(0, 100))
def test_a_cue_is_short_and_never_louder_than_asked(cue: Cue, volume_percent: int) -> None:
    heard = samples(cue_wave(cue, volume_percent))

    assert 0.02 < len(heard) / RATE_HZ < 0.5
    assert max(map(abs, heard)) <= 32_767 * volume_percent / 100
    assert volume_percent == 0 or max(map(abs, heard)) > 32_767 * volume_percent / 100 * 0.5
    assert (heard[0], abs(heard[-1]) < 40) == (0, True), "it begins and ends without a crack"


def test_no_two_cues_sound_alike() -> None:
    assert len({cue_wave(cue, 50) for cue in Cue}) == len(Cue)


def cues_of(scene: str) -> list[Cue]:
    """Each cue from the opened shop to the end of a scene."""
    said: list[FromKiosk] = []
    session = Session(SystemClock(), said.append)
    views: list[View] = [session.view]
    session.listen(views.append)
    actor = Actor(session, said)
    next(found for found in SCENES if found.name == scene).play(actor)
    found = (cue_between(before, after) for before, after in pairwise(views))
    return [cue for cue in found if cue is not None]


@pytest.mark.parametrize(
    ("scene", "last"),
    [
        ("welcome", Cue.GOOD),
        ("thanks", Cue.GOOD),
        ("paid", Cue.GOOD),
        ("recognised", Cue.GOOD),
        ("number-changed", Cue.GOOD),
        ("welcome-used", Cue.GOOD),
        ("welcome-refused", Cue.REFUSED),
        ("not-recognised", Cue.REFUSED),
        ("code-refused", Cue.REFUSED),
        ("phone-wrong", Cue.REFUSED),
        ("code-wrong", Cue.REFUSED),
        ("staff-code-closed", Cue.REFUSED),
        ("problem", Cue.REFUSED),
        ("out-of-service", Cue.REFUSED),
        ("warning", Cue.ATTENTION),
        ("phone-part", Cue.TOUCH),
        ("languages-eased", Cue.TOUCH),
        ("scan-reading", Cue.READ),
        ("pairing-address", Cue.TOUCH),
    ],
)
def test_what_happens_is_heard(scene: str, last: Cue) -> None:
    # part of row 190
    assert cues_of(scene)[-1] is last


@pytest.mark.parametrize(
    ("stage", "cue"),
    [("asking", None), ("comparing", Cue.ATTENTION), ("accepted", Cue.GOOD), ("refused", Cue.REFUSED)],
)
def test_how_the_joining_goes_is_heard(stage: Any, cue: Cue | None) -> None:
    # part of row 190
    looking = View(step=Step.PAIRING)
    shown = PairingShown(stage=stage, code="482913" if stage == "comparing" else "")
    assert cue_between(looking, replace(looking, joining=replace(looking.joining, shown=shown))) is cue


@pytest.mark.parametrize("scene", ["idle", "idle-invited", "sale", "idle-offline", "training"])
def test_what_the_till_does_alone_is_silent(scene: str) -> None:
    assert cues_of(scene) == []
