"""Real sound through the real programs, into a file instead of a loudspeaker."""

import logging
import time
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.sound.cues import RATE_HZ, Cue
from kiosk.sound.player import Player

_PLENTY_S = 60.0


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that ALSA writes."""
    file = tmp_path / "heard.wav"
    described = tmp_path / "asound.conf"
    described.write_text(
        f'pcm.!default {{ type plug slave.pcm "kept" }}\n'
        f'pcm.kept {{ type file slave.pcm {{ type null }} file "{file}" format "wav" }}\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(described))
    return file


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PLENTY_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def loudness(file: Path) -> list[int]:
    """Nothing until all is played: only then the file says how long it is."""
    if not file.exists() or file.stat().st_size < 44:
        return []
    with wave.open(str(file)) as reader:
        width = 2 * reader.getnchannels()
        frames = reader.readframes(10**8)
    return [
        abs(int.from_bytes(frames[at : at + 2], "little", signed=True)) for at in range(0, len(frames), width)
    ]


def test_a_cue_is_played_as_loud_as_asked(heard: Path) -> None:
    # part of row 190
    player = Player("default", 30)
    player.cue(Cue.GOOD)
    until(lambda: len(loudness(heard)) >= RATE_HZ * 0.3)
    player.stop()

    assert 32_767 * 0.15 < max(loudness(heard)) <= 32_767 * 0.3


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Votre numéro de mobile"),
        ("en", "Your mobile number"),
        ("es", "Tu número de móvil"),
        ("ar", "رقم هاتفكم"),
    ],
)
def test_a_text_is_spoken_in_each_language(heard: Path, language: str, text: str) -> None:
    # part of rows 189, 190
    player = Player("default", 80)
    player.say(text, language)
    until(lambda: bool(loudness(heard)))
    player.stop()

    levels = loudness(heard)
    assert max(levels) > 2_000
    assert sum(level > 500 for level in levels) > 4_000


def test_a_device_that_is_not_there_costs_the_sound_and_is_told_once(
    heard: Path, caplog: pytest.LogCaptureFixture
) -> None:
    del heard
    with caplog.at_level(logging.WARNING, logger="kiosk.sound.player"):
        player = Player("no-such-device", 50)
        player.cue(Cue.TOUCH)
        until(lambda: bool(caplog.records))
        player.cue(Cue.TOUCH)
        player.stop()

    assert [record.getMessage() for record in caplog.records] == ["no sound"]


def test_without_volume_nothing_is_started_and_with_it_the_next_sound_is_heard(heard: Path) -> None:
    # part of row 190
    player = Player("default", 50)
    player.set_volume(0)
    player.cue(Cue.GOOD)
    player.say("Bonjour", "fr")
    assert player._jobs.empty()
    player.set_volume(30)
    player.cue(Cue.GOOD)
    until(lambda: len(loudness(heard)) >= RATE_HZ * 0.3)
    player.stop()
    assert 0 < max(loudness(heard)) <= 32_767 * 0.3
