"""``[device.signals]``: the pins of light and beeper, by their BCM numbers, and the tones."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from runtime.config import Section

Pin = Annotated[int, Field(ge=0, le=27)]
TonesMs = Annotated[tuple[Annotated[int, Field(ge=20, le=2000)], ...], Field(max_length=9)]


class SignalSettings(Section):
    """Light and beeper; tones are milliseconds, on and off in turn.

    Attributes:
        green_pin: Of the light for what was taken.
        red_pin: Of the light for what was refused; both shine for what waits for the station.
        beeper_pin: Of an active beeper; without it a counter is silent.
        light_ms: How long a light stays.
        answer_within_ms: After so long without the station's answer a code counts as kept for later.
        noticed_tones_ms: When a code was read.
        good_tones_ms: When the station took it.
        kept_tones_ms: When it is kept for later.
        bad_tones_ms: When it was refused.
        staff_tones_ms: When staff are needed, because nothing can be kept.
    """

    green_pin: Pin = 17
    red_pin: Pin = 27
    beeper_pin: Pin | None = None
    light_ms: Annotated[int, Field(ge=200, le=10_000)] = 1500
    answer_within_ms: Annotated[int, Field(ge=200, le=10_000)] = 2000
    noticed_tones_ms: TonesMs = (40,)
    good_tones_ms: TonesMs = (80, 60, 80)
    kept_tones_ms: TonesMs = (250,)
    bad_tones_ms: TonesMs = (700,)
    staff_tones_ms: TonesMs = (200, 100, 200, 100, 200)

    @model_validator(mode="after")
    def _pins_of_their_own(self) -> Self:
        pins = [pin for pin in (self.green_pin, self.red_pin, self.beeper_pin) if pin is not None]
        if len(set(pins)) != len(pins):
            raise ValueError("two parts have the same pin")
        return self
