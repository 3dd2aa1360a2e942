"""How long each thing may take or stay."""

from dataclasses import dataclass

from kiosk.session.view import Step


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, but for ``max_numbers``.

    Attributes:
        idle_s: Quiet time after which the customer is warned.
        warn_s: Countdown of the warning.
        storing_s: For the device to keep an event; then the customer is sent to the staff.
        answer_s: For the station to answer a code; then the screen goes on without it.
        reward_s: For the station to answer a chosen reward.
        code_s: For the station to answer whatever concerns a one-time code or the history.
        code_again_s: For the message to come; then another code may be asked for.
        gone_s: How long the device process may be away before the screen closes.
        max_numbers: Phone numbers that are taken within ``numbers_within_s``, whoever types them. More than
            a queue of customers types, fewer than it takes to try out numbers.
        numbers_within_s: See ``max_numbers``.
    """

    idle_s: float = 45.0
    warn_s: float = 15.0
    storing_s: float = 5.0
    answer_s: float = 3.0
    reward_s: float = 5.0
    code_s: float = 6.0
    code_again_s: float = 30.0
    gone_s: float = 4.0
    max_numbers: int = 15
    numbers_within_s: float = 300.0


STAY_S: dict[Step, float] = {
    Step.THANKS: 10.0,
    Step.RECOGNISED: 8.0,
    Step.NOT_RECOGNISED: 20.0,
    Step.PAID: 10.0,
    Step.PROBLEM: 20.0,
    Step.NUMBER_CHANGED: 15.0,
}
"""Screens that only tell something go by themselves after this time without a touch (row 170)."""

MORE_TIME = 4
"""So many times longer for whoever asks for it (WCAG 2.2, 2.2.1)."""
