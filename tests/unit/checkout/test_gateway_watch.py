"""A way to members that is closed is seen after three refusals in a row, and is open again at the first yes."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from checkout.messages.gateway_watch import GatewayWatch
from loyalty.domain.channel import Channel
from loyalty.domain.message import MemberMessage, MessageKind
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ACCEPTED = GatewayAnswer(GatewayOutcome.ACCEPTED)
REFUSED = GatewayAnswer(GatewayOutcome.REFUSED)
WRONG_NUMBER = GatewayAnswer(GatewayOutcome.REFUSED, is_final=True)


class Gateway:
    """Answers what it is told to."""

    def __init__(self) -> None:
        self.answer: GatewayAnswer | None = ACCEPTED

    def send(self, message: MemberMessage) -> GatewayAnswer:
        if self.answer is None:
            raise OSError("no route")
        return self.answer


def sms(to: str = "+33611223344") -> MemberMessage:
    return MemberMessage(
        id=uuid4(),
        event_key="k",
        kind=MessageKind.WELCOME,
        to=to,
        language="fr",
        body="Bonjour",
        queued_at=NOW,
        customer_id=uuid4(),
    )


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def watch(gateway: Gateway, clock: FakeClock) -> GatewayWatch:
    return GatewayWatch(gateway, clock)


@pytest.mark.parametrize("answer", [REFUSED, GatewayAnswer(GatewayOutcome.UNKNOWN)])
def test_three_in_a_row_close_a_way_since_the_first_of_them(
    watch: GatewayWatch, gateway: Gateway, clock: FakeClock, answer: GatewayAnswer
) -> None:
    changes: list[set[Channel]] = []
    watch.on_change = lambda: changes.append(set(watch.away()))
    gateway.answer = answer
    for _ in range(3):
        watch.send(sms())
        clock.advance(60)
    assert watch.away() == {Channel.SMS: NOW}
    watch.send(sms())
    gateway.answer = ACCEPTED
    watch.send(sms())
    assert watch.away() == {}
    assert changes == [{Channel.SMS}, set()]


def test_a_gateway_that_raises_is_no_open_way(watch: GatewayWatch, gateway: Gateway) -> None:
    gateway.answer = None
    for _ in range(3):
        with pytest.raises(OSError, match="no route"):
            watch.send(sms())
    assert set(watch.away()) == {Channel.SMS}


def test_wrong_numbers_close_nothing_and_channels_are_counted_apart(
    watch: GatewayWatch, gateway: Gateway
) -> None:
    gateway.answer = WRONG_NUMBER
    for _ in range(5):
        watch.send(sms())
    gateway.answer = REFUSED
    for address in ("a@lumen.example", "+33611223344", "a@lumen.example", "+33611223344", "a@lumen.example"):
        watch.send(sms(address))
    assert set(watch.away()) == {Channel.EMAIL}
