"""Counts what a gateway refuses, so that a way that is closed is seen before members ask (row 14)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome, MessageGateway
from runtime.clock import Clock

FAILURES_IN_A_ROW = 3
"""One refusal is an hour's mood of a provider; three in a row are a way that is closed."""


@dataclass(frozen=True)
class _Streak:
    failures: int
    since: datetime


class GatewayWatch:
    """Hands messages on to a gateway and remembers, by channel, whether it takes any. Any thread.

    A final refusal says something of the message or its address, so it neither opens nor closes a way.

    Args:
        gateway: The way out.
        clock: For since when.
    """

    def __init__(self, gateway: MessageGateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._lock = threading.Lock()
        self._streaks: dict[Channel, _Streak] = {}
        self.on_change: Callable[[], None] = lambda: None
        """Called on the sending thread when a way was lost or came back."""

    def send(self, message: MemberMessage) -> GatewayAnswer:
        channel = channel_of(message.to)
        try:
            answer = self._gateway.send(message)
        except Exception:
            self._note(channel, failed=True)
            raise
        if answer.outcome is GatewayOutcome.ACCEPTED or not answer.is_final:
            self._note(channel, failed=answer.outcome is not GatewayOutcome.ACCEPTED)
        return answer

    def away(self) -> dict[Channel, datetime]:
        """The ways that take nothing any more, and since when."""
        with self._lock:
            return {
                channel: streak.since
                for channel, streak in self._streaks.items()
                if streak.failures >= FAILURES_IN_A_ROW
            }

    def _note(self, channel: Channel | None, *, failed: bool) -> None:
        if channel is None:
            return
        before = self.away()
        with self._lock:
            streak = self._streaks.pop(channel, None)
            if failed:
                since = streak.since if streak is not None else self._clock.now()
                self._streaks[channel] = _Streak((streak.failures if streak else 0) + 1, since)
        if before.keys() != self.away().keys():
            self.on_change()
