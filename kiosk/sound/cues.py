"""Short sounds, reckoned here: no file to ship, and as loud as the shop wants."""

import io
import math
import wave
from enum import StrEnum
from functools import lru_cache

RATE_HZ = 22_050
_ATTACK_S = 0.004
_LOUDEST = 0.8 * 32_767


class Cue(StrEnum):
    """What has happened, told apart by tune and not by pitch alone."""

    TOUCH = "touch"
    READ = "read"
    GOOD = "good"
    ATTENTION = "attention"
    REFUSED = "refused"


_TUNES: dict[Cue, tuple[tuple[float, float], ...]] = {
    Cue.TOUCH: ((880.0, 0.03),),
    Cue.READ: ((660.0, 0.07), (990.0, 0.10)),
    Cue.GOOD: ((523.0, 0.09), (659.0, 0.09), (784.0, 0.18)),
    Cue.ATTENTION: ((784.0, 0.12), (0.0, 0.08), (784.0, 0.12)),
    Cue.REFUSED: ((330.0, 0.14), (262.0, 0.22)),
}
"""Hertz and seconds of each tone; 0 Hz is a rest."""


@lru_cache(maxsize=16)
def cue_wave(cue: Cue, volume_percent: int) -> bytes:
    """The cue as a WAV file: 16 bits, one channel."""
    samples = bytearray()
    for pitch_hz, length_s in _TUNES[cue]:
        count = round(length_s * RATE_HZ)
        for at in range(count):
            swell = min(1.0, at / (_ATTACK_S * RATE_HZ)) * (1 - at / count) ** 1.5
            height = math.sin(2 * math.pi * pitch_hz * at / RATE_HZ) * swell
            value = round(height * _LOUDEST * volume_percent / 100)
            samples += value.to_bytes(2, "little", signed=True)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(bytes(samples))
    return file.getvalue()
