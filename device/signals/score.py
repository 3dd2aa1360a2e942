"""What is played for each signal: lights and beeper, step by step."""

from dataclasses import dataclass

from device.signals.meaning import Signal
from device.signals.settings import SignalSettings


@dataclass(frozen=True)
class Step:
    """Lights and beeper as they are for so long."""

    duration_ms: int
    green: bool = False
    red: bool = False
    beeper: bool = False


def score(signal: Signal, settings: SignalSettings) -> tuple[Step, ...]:
    """The steps of a signal; whoever plays them switches all off afterwards.

    A code that was noticed ends with the wait for the station, at the end of which it counts as kept.
    """
    green = signal in {Signal.GOOD, Signal.KEPT}
    red = signal in {Signal.BAD, Signal.KEPT, Signal.FETCH_STAFF}
    tones_ms = {
        Signal.NOTICED: settings.noticed_tones_ms,
        Signal.GOOD: settings.good_tones_ms,
        Signal.KEPT: settings.kept_tones_ms,
        Signal.BAD: settings.bad_tones_ms,
        Signal.FETCH_STAFF: settings.staff_tones_ms,
    }[signal]
    steps = [
        Step(tone_ms, green, red, beeper=place % 2 == 0) for place, tone_ms in enumerate(tones_ms) if tone_ms
    ]
    whole_ms = settings.answer_within_ms if signal is Signal.NOTICED else settings.light_ms
    rest_ms = whole_ms - sum(tones_ms)
    if rest_ms > 0:
        steps.append(Step(rest_ms, green, red))
    return tuple(steps)
