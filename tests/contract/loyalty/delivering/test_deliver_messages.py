"""Each message goes out once, within its limits; an unknown outcome waits for a person."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from loyalty.domain.contact.delivery import Decision, SendingRules
from loyalty.domain.contact.sms_limits import SmsLimits
from loyalty.domain.message import MessageKind, MessageState
from loyalty.errors import ConflictError, PermissionDeniedError, UnknownIdError
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from loyalty.services.decide_message import decide_message, undecided_messages
from loyalty.services.deliver_messages import default_rules
from tests.contract.loyalty.delivering.gateway import ACCEPTED, REFUSED, UNKNOWN, Gateway, cashier, owner
from tests.fakes.shop import CAMILLE, IDRIS


def test_a_message_goes_out_once(dispatch, queue, stored):
    # row 193
    message, gateway = queue(), Gateway()
    rounds = [dispatch(gateway).deliver_due() for _ in range(3)]
    assert [done.accepted for done in rounds] == [1, 0, 0]
    assert len(gateway.sent) == 1
    assert (stored(message).state, stored(message).attempts) == (MessageState.SENT, 1)


def test_the_same_event_is_told_once_for_ever(dispatch, queue):
    # X7
    first = queue(event_key="points_earned:1")
    queue(event_key="points_earned:1")
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    queue(event_key="points_earned:1")
    dispatch(gateway).deliver_due()
    assert [message.id for message in gateway.sent] == [first.id]


def test_a_refusal_is_tried_again_after_growing_pauses_and_then_given_up(dispatch, queue, stored, clock):
    # row 193
    message, gateway = queue(), Gateway(REFUSED)
    way = dispatch(gateway)
    for minutes in (0, 1, 4, 16, 64, 240, 240):
        clock.advance(60 * minutes - 1)
        way.deliver_due()
        clock.advance(1)
        done = way.deliver_due()
    assert len(gateway.sent) == 6
    assert done.next_due_at is None
    assert (stored(message).state, stored(message).detail) == (MessageState.REFUSED, "status 429")


def test_a_final_refusal_is_not_tried_again(dispatch, queue, stored, clock):
    message = queue()
    gateway = Gateway(GatewayAnswer(GatewayOutcome.REFUSED, "status 400", is_final=True))
    dispatch(gateway).deliver_due()
    clock.advance(86_400)
    dispatch(gateway).deliver_due()
    assert len(gateway.sent) == 1
    assert stored(message).state is MessageState.REFUSED


def test_the_next_round_is_known_without_asking_all_the_time(dispatch, queue, clock):
    queue()
    done = dispatch(Gateway(REFUSED)).deliver_due()
    assert done.next_due_at == clock.now() + timedelta(minutes=1)


@pytest.mark.parametrize("raises", [False, True])
def test_an_unknown_outcome_is_never_sent_again_by_itself(dispatch, queue, stored, clock, raises):
    # row 193
    class Raising(Gateway):
        def send(self, message):
            super().send(message)
            raise RuntimeError("a plug-in")

    message, gateway = queue(), Raising() if raises else Gateway(UNKNOWN)
    for _ in range(3):
        dispatch(gateway).deliver_due()
        clock.advance(86_400)
    assert len(gateway.sent) == 1
    assert stored(message).state is MessageState.UNKNOWN


def test_a_person_sends_it_again_or_gives_it_up_and_is_remembered(database, ctx, dispatch, queue, stored):
    # row 193
    again, never = queue(), queue(IDRIS)
    dispatch(Gateway(UNKNOWN)).deliver_due()
    with database.unit_of_work() as uow:
        staff = owner(uow)
        assert {shown.id for shown in undecided_messages(uow, staff)} == {again.id, never.id}
        decide_message(uow, ctx, again.id, Decision.SEND_AGAIN, staff)
        decide_message(uow, ctx, never.id, Decision.GIVE_UP, staff)
        uow.commit()
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    assert [message.id for message in gateway.sent] == [again.id]
    assert (stored(never).state, stored(never).detail) == (MessageState.DROPPED, "given_up")
    with database.reading() as uow:
        (decision,) = uow.deliveries.decisions_of(never.id)
        assert (decision.staff_id, decision.decision) == (staff.id, Decision.GIVE_UP)
        assert undecided_messages(uow, staff) == []


def test_only_who_may_decide_sees_and_decides(database, ctx, dispatch, queue):
    message = queue()
    dispatch(Gateway(UNKNOWN)).deliver_due()
    with database.unit_of_work() as uow:
        with pytest.raises(PermissionDeniedError):
            undecided_messages(uow, cashier(uow))
        with pytest.raises(PermissionDeniedError):
            decide_message(uow, ctx, message.id, Decision.SEND_AGAIN, cashier(uow))


def test_a_decision_is_taken_once(database, ctx, dispatch, queue):
    message = queue()
    dispatch(Gateway(UNKNOWN)).deliver_due()
    with database.unit_of_work() as uow:
        decide_message(uow, ctx, message.id, Decision.SEND_AGAIN, owner(uow))
        with pytest.raises(ConflictError):
            decide_message(uow, ctx, message.id, Decision.SEND_AGAIN, owner(uow))
        with pytest.raises(UnknownIdError):
            decide_message(uow, ctx, uuid4(), Decision.GIVE_UP, owner(uow))


def test_quiet_hours_delay_until_the_morning_of_the_shop(dispatch, queue, stored, clock):
    # row 193
    clock.set_wall(datetime(2026, 3, 2, 21, 30, tzinfo=UTC))
    later, now = queue(), queue(IDRIS, kind=MessageKind.WELCOME)
    gateway = Gateway()
    done = dispatch(gateway).deliver_due()
    assert [message.id for message in gateway.sent] == [now.id]
    assert done.next_due_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    clock.set_wall(datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    dispatch(gateway).deliver_due()
    assert stored(later).state is MessageState.SENT


def test_the_demo_neither_sleeps_nor_counts(dispatch, queue, clock):
    clock.set_wall(datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
    for _ in range(12):
        queue()
    assert dispatch(Gateway(), rules_of=default_rules).deliver_due().accepted == 12


def test_what_members_wait_for_goes_first(dispatch, queue):
    queue()
    code = queue(IDRIS, kind=MessageKind.ONE_TIME_CODE)
    gateway = Gateway()
    dispatch(gateway).deliver_due(limit=1)
    assert [message.id for message in gateway.sent] == [code.id]


def test_one_number_gets_no_more_than_its_share(dispatch, queue, stored, clock):
    # row 207
    messages = [queue() for _ in range(5)]
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    assert len(gateway.sent) == 3
    assert {stored(message).detail for message in messages[3:]} == {"sms_number_limit"}
    clock.advance(3601)
    queue()
    dispatch(gateway).deliver_due()
    assert len(gateway.sent) == 4


def test_caps_count_what_may_have_gone_out_and_not_what_was_refused(dispatch, queue):
    # row 207
    gateway = Gateway(UNKNOWN, UNKNOWN, UNKNOWN, ACCEPTED)
    for _ in range(4):
        queue()
    dispatch(gateway).deliver_due()
    assert len(gateway.sent) == 3
    gateway = Gateway(REFUSED)
    for _ in range(4):
        queue(IDRIS)
    dispatch(gateway).deliver_due()
    assert len(gateway.sent) == 4


def test_one_kiosk_the_shop_and_the_budget_have_their_caps(dispatch, queue, stored, clock):
    # row 207
    def rules(shop):
        return SendingRules(
            SmsLimits(frozenset({"FR"}), per_device_an_hour=1, per_shop_a_day=2), shop.timezone
        )

    first, second = queue(device="s0001.k01"), queue(IDRIS, device="s0001.k01")
    gateway = Gateway()
    way = dispatch(gateway, rules_of=rules)
    way.deliver_due()
    assert (stored(first).state, stored(second).detail) == (MessageState.SENT, "sms_device_limit")
    clock.advance(3601)
    third = queue()
    assert way.deliver_due().accepted == 1
    way.deliver_due()
    assert {stored(message).detail for message in (second, third)} == {"", "sms_shop_limit"}
    clock.set_wall(datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    way.deliver_due()
    assert len(gateway.sent) == 3

    def poor(shop):
        return SendingRules(
            SmsLimits(frozenset({"FR"}), cost_a_day_minor=20), shop.timezone, segment_cost_minor=8
        )

    held = queue(IDRIS, body="ê" * 80)
    dispatch(gateway, rules_of=poor).deliver_due()
    assert stored(held).detail == "sms_budget_spent"


def test_messages_that_no_device_caused_count_for_none(dispatch, queue):
    def rules(shop):
        return SendingRules(SmsLimits(frozenset({"FR"}), per_device_an_hour=1), shop.timezone)

    queue()
    queue(IDRIS)
    assert dispatch(Gateway(), rules_of=rules).deliver_due().accepted == 2


def test_a_message_that_was_being_sent_when_the_station_stopped_waits_for_a_person(
    database, dispatch, queue, stored, clock
):
    # row 193
    message = queue()
    with database.unit_of_work() as uow:
        assert uow.deliveries.claim(message.id, "s0001.station", clock.now(), 8)
        uow.commit()
    gateway = Gateway()
    dispatch(gateway, courier="s0002.station").deliver_due()
    assert stored(message).state is MessageState.SENDING
    dispatch(gateway).deliver_due()
    assert gateway.sent == []
    assert (stored(message).state, stored(message).detail) == (MessageState.UNKNOWN, "interrupted")


def test_what_waits_or_is_being_sent_can_be_held_for_a_person_and_nothing_else(
    database, dispatch, queue, stored, clock
):
    # part of row 205
    sent = queue()
    dispatch(Gateway()).deliver_due()
    sending, waiting = queue(IDRIS), queue()
    with database.unit_of_work() as uow:
        assert uow.deliveries.claim(sending.id, "s0009.station", clock.now(), 8)
        assert uow.deliveries.hold_all(clock.now(), "restored") == 2
        uow.commit()
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    assert gateway.sent == []
    assert stored(sent).state is MessageState.SENT
    for each in (sending, waiting):
        assert (stored(each).state, stored(each).detail) == (MessageState.UNKNOWN, "restored")


def test_two_couriers_at_once_send_each_message_once(dispatch, queue):
    # row 193
    messages = [queue(number) for number in (CAMILLE, IDRIS) for _ in range(3)]
    together = threading.Barrier(2)

    class Slow(Gateway):
        def send(self, message):
            if len(self.sent) < 1:
                together.wait(5)
            return super().send(message)

    gateways = [Slow(), Slow()]
    couriers = [
        threading.Thread(target=dispatch(gateway, courier=f"s000{number}.station").deliver_due)
        for number, gateway in enumerate(gateways)
    ]
    for courier in couriers:
        courier.start()
    for courier in couriers:
        courier.join(20)
    sent = [message.id for gateway in gateways for message in gateway.sent]
    assert sorted(sent) == sorted(message.id for message in messages)
