import pytest

from loyalty.domain.message import MessageState
from loyalty.ports.messages import GatewayOutcome
from loyalty.services.context import ServiceContext
from loyalty.services.enrol import enrol
from loyalty.services.send_messages import send_queued
from tests.fakes.loyalty import InMemoryDatabase, ScriptedGateway
from tests.fakes.shop import counter, enrolment, evidence

ACCEPTED, REFUSED, UNKNOWN = GatewayOutcome.ACCEPTED, GatewayOutcome.REFUSED, GatewayOutcome.UNKNOWN


@pytest.fixture(autouse=True)
def welcome(database: InMemoryDatabase, ctx: ServiceContext) -> None:
    """One message is queued."""
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        enrol(uow, ctx, evidence(None), enrolment())
        assert shop
        uow.commit()


def state(database: InMemoryDatabase) -> tuple[MessageState, int]:
    with database.reading() as uow:
        message = uow.messages.recent(1)[0]
        return message.state, message.attempts


def test_a_message_goes_out_once(database: InMemoryDatabase, ctx: ServiceContext) -> None:
    gateway = ScriptedGateway(ACCEPTED)
    assert [send_queued(database.unit_of_work, ctx, gateway) for _ in range(3)] == [1, 0, 0]
    assert len(gateway.sent) == 1
    assert state(database) == (MessageState.SENT, 1)


def test_a_sure_refusal_is_tried_again_three_times(database: InMemoryDatabase, ctx: ServiceContext) -> None:
    gateway = ScriptedGateway(REFUSED)
    for _ in range(5):
        send_queued(database.unit_of_work, ctx, gateway)
    assert len(gateway.sent) == 3
    assert state(database) == (MessageState.REFUSED, 3)


def test_a_final_refusal_is_not_tried_again(database: InMemoryDatabase, ctx: ServiceContext) -> None:
    gateway = ScriptedGateway(REFUSED, is_final=True)
    for _ in range(2):
        send_queued(database.unit_of_work, ctx, gateway)
    assert len(gateway.sent) == 1
    assert state(database) == (MessageState.REFUSED, 1)


def test_an_unknown_outcome_waits_for_a_person(database: InMemoryDatabase, ctx: ServiceContext) -> None:
    gateway = ScriptedGateway(UNKNOWN)
    for _ in range(3):
        send_queued(database.unit_of_work, ctx, gateway)
    assert len(gateway.sent) == 1
    assert state(database) == (MessageState.UNKNOWN, 1)


def test_a_message_in_flight_when_the_process_dies_is_not_sent_again(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    class DyingGateway(ScriptedGateway):
        def send(self, message: object) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_queued(database.unit_of_work, ctx, DyingGateway())  # type: ignore[arg-type]
    gateway = ScriptedGateway(ACCEPTED)
    assert send_queued(database.unit_of_work, ctx, gateway) == 0
    assert state(database) == (MessageState.UNKNOWN, 1)
