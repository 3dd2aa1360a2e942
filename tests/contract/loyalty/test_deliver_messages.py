"""Messages on their way: each once, at the right hour, within the limits; and the way out of them."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from loyalty.domain.consent import ConsentPurpose, ConsentState, current_consents
from loyalty.domain.contact.delivery import HELD_BY_RULES, Decision, SendingRules
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.replies import ReplyMeaning
from loyalty.domain.contact.sending_choices import SendingChoices
from loyalty.domain.contact.sms_limits import SmsLimits
from loyalty.domain.message import MessageKind, MessageState
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError, PermissionDeniedError, UnknownIdError
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from loyalty.services.decide_message import decide_message, undecided_messages
from loyalty.services.decide_settings import change_sending
from loyalty.services.deliver_messages import MessageDispatch, default_rules
from loyalty.services.enrol import enrol
from loyalty.services.opt_out import LinkChoice, choose_by_link, new_opt_out_link, opt_out_page
from loyalty.services.receive_reply import InboundSms, receive_reply
from loyalty.services.tokens import token_hash
from tests.fakes.messages import sms
from tests.fakes.shop import CAMILLE, IDRIS, counter, enrolment, evidence

ACCEPTED = GatewayAnswer(GatewayOutcome.ACCEPTED)
REFUSED = GatewayAnswer(GatewayOutcome.REFUSED, "status 429")
UNKNOWN = GatewayAnswer(GatewayOutcome.UNKNOWN, "no answer")
DAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Gateway:
    """Answers in turn, the last answer for ever."""

    def __init__(self, *answers):
        self.answers = list(answers) or [ACCEPTED]
        self.sent = []

    def send(self, message):
        self.sent.append(message)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def kinds(self):
        return [message.kind for message in self.sent]


@pytest.fixture
def shop(database, ctx):
    """A shop whose queue is empty."""
    with database.unit_of_work() as uow:
        made = counter(uow, ctx)
        uow.commit()
    return made


@pytest.fixture
def dispatch(database, ctx):
    def make(gateway, **options):
        options = {"courier": "s0001.station", "rules_of": as_a_real_shop, **options}
        return MessageDispatch(database.unit_of_work, ctx, gateway, **options)

    return make


@pytest.fixture
def queue(database, ctx, shop):
    def put(number=CAMILLE, **changes):
        with database.unit_of_work() as uow:
            member = uow.customers.member_by_phone(number)
            values = {"to": number, "customer_id": member.customer.id, "queued_at": ctx.clock.now()}
            message = sms(**{**values, **changes})
            uow.messages.queue(message)
            uow.commit()
        return message

    return put


@pytest.fixture
def stored(database):
    def get(message):
        with database.reading() as uow:
            return uow.deliveries.get(message.id)

    return get


def as_a_real_shop(shop):
    return default_rules(replace(shop, is_demo=False))


def owner(uow):
    return next(member for member in uow.staff.all() if member.role.name == "owner")


def cashier(uow):
    return next(member for member in uow.staff.all() if member.role.name == "cashier")


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


def reply(text, number=CAMILLE, message_id=None):
    return InboundSms(message_id or str(uuid4()), number, text, DAY)


@pytest.fixture
def say(database, ctx, shop):
    def receive(text, number=CAMILLE, message_id=None):
        with database.unit_of_work() as uow:
            result = receive_reply(uow, ctx, reply(text, number, message_id))
            uow.commit()
        return result

    return receive


@pytest.fixture
def consents(database):
    def of(number):
        with database.reading() as uow:
            customer = uow.customers.member_by_phone(number).customer
            return current_consents(uow.consents.of_customer(customer.id))

    return of


@pytest.mark.parametrize("word", ["STOP", "arret", "ARRÊT", "Stop svp", "baja"])
def test_stop_ends_every_message_and_is_answered_once(database, ctx, dispatch, queue, say, consents, word):
    # rows 160, 193, X7
    waiting = queue()
    assert say(word).meaning is ReplyMeaning.OPT_OUT
    say(word)
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    queue(kind=MessageKind.WELCOME)
    dispatch(gateway).deliver_due()
    assert gateway.kinds == [MessageKind.OPTED_OUT]
    assert "START" in gateway.sent[0].body
    assert consents(CAMILLE)[ConsentPurpose.PROGRAMME_MESSAGES] is ConsentState.WITHDRAWN
    with database.reading() as uow:
        assert uow.deliveries.get(waiting.id).detail == "opted_out"


def test_start_brings_back_the_programme_and_never_advertising(database, ctx, dispatch, queue, say, consents):
    # rows 160, 193, X9
    with database.unit_of_work() as uow:
        enrol(uow, ctx, evidence(None), enrolment(CAMILLE, marketing=True))
        uow.commit()
    assert consents(CAMILLE)[ConsentPurpose.MARKETING_SMS] is ConsentState.GRANTED
    say("STOP")
    say("START")
    found = consents(CAMILLE)
    assert found[ConsentPurpose.PROGRAMME_MESSAGES] is ConsentState.GRANTED
    assert found[ConsentPurpose.MARKETING_SMS] is ConsentState.WITHDRAWN
    message, gateway = queue(), Gateway()
    dispatch(gateway).deliver_due()
    assert message.id in {sent.id for sent in gateway.sent}


def test_start_without_a_stop_does_nothing(dispatch, say):
    assert say("START").meaning is ReplyMeaning.OPT_IN
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    assert gateway.sent == []


def test_the_same_inbound_message_has_its_effect_once(database, dispatch, say):
    # row 196
    assert not say("STOP", message_id="m1").is_repeated
    say("START", message_id="m2")
    repeated = say("STOP", message_id="m1")
    assert (repeated.meaning, repeated.is_repeated) == (ReplyMeaning.OPT_OUT, True)
    with database.reading() as uow:
        assert uow.suppressions.of(CAMILLE) is None


def test_not_me_detaches_the_number_and_the_next_holder_starts_anew(database, ctx, dispatch, queue, say):
    # row 199
    with database.unit_of_work() as uow:
        before = uow.customers.member_by_phone(CAMILLE)
        token = "t" * 43
        uow.status_links.add(token_hash(token), before.customer.id, ctx.clock.now())
        uow.commit()
    waiting = queue()
    assert say("Ce n’est pas moi !").meaning is ReplyMeaning.NOT_ME
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    assert gateway.sent == []
    with database.unit_of_work() as uow:
        assert uow.deliveries.get(waiting.id).detail == "not_me"
        assert uow.customers.member_by_phone(CAMILLE) is None
        kept = uow.customers.member(before.customer.id)
        assert (kept.account.phone_number, kept.account.balance) == (None, before.account.balance)
        assert kept.customer.phone_number is None
        assert uow.status_links.customer_of(token_hash(token)) is None
        assert all(card.revoked_at for card in uow.cards.of_customer(before.customer.id))
        enrol(uow, ctx, evidence(None), enrolment(CAMILLE))
        uow.commit()
    with database.reading() as uow:
        newcomer = uow.customers.member_by_phone(CAMILLE)
        assert newcomer.customer.id != before.customer.id
        assert newcomer.account.balance == 0


def test_who_said_not_me_is_not_written_to_again_until_they_say_start_as_a_new_member(
    database, ctx, dispatch, say
):
    # row 199
    say("not me")
    say("START")
    with database.unit_of_work() as uow:
        enrol(uow, ctx, evidence(None), enrolment(CAMILLE))
        uow.commit()
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    assert gateway.sent == []
    say("START")
    dispatch(gateway).deliver_due()
    assert gateway.kinds == [MessageKind.OPTED_IN]


def test_help_is_answered_once_a_day_and_strangers_get_no_answer(dispatch, say, clock):
    for _ in range(3):
        say("AIDE")
    for text in ("HELP", "STOP", "START", "bonjour"):
        say(text, number="+33611111111")
    say("Merci, à demain !")
    gateway = Gateway()
    dispatch(gateway).deliver_due()
    assert gateway.kinds == [MessageKind.HELP]


@pytest.fixture
def link(database, ctx, shop):
    with database.unit_of_work() as uow:
        member = uow.customers.member_by_phone(CAMILLE)
        address = new_opt_out_link(uow, ctx, customer_id=member.customer.id, address=CAMILLE)
        uow.commit()
    return address.removeprefix("https://lumen.example/o/")


@pytest.fixture
def choose(database, ctx, link):
    def click(choice, token=None):
        with database.unit_of_work() as uow:
            done = choose_by_link(uow, ctx, token or link, choice)
            uow.commit()
        return done

    return click


def test_the_link_is_unguessable_and_only_its_hash_is_kept(database, link):
    # row 160
    assert len(link) >= 43
    with database.reading() as uow:
        assert uow.opt_out_links.find(link.encode()) is None
        assert uow.opt_out_links.find(token_hash(link)).address == CAMILLE
        assert opt_out_page(uow, "x" * 43) is None


def test_looking_at_the_page_changes_nothing(database, link):
    with database.reading() as uow:
        assert opt_out_page(uow, link).gets_messages
        assert opt_out_page(uow, link).gets_messages


def test_the_link_stops_and_brings_back(database, dispatch, queue, choose, link, consents):
    # rows 160, 193
    assert choose(LinkChoice.STOP)
    assert choose(LinkChoice.STOP)
    gateway = Gateway()
    queue()
    dispatch(gateway).deliver_due()
    assert gateway.sent == []
    assert consents(CAMILLE)[ConsentPurpose.PROGRAMME_MESSAGES] is ConsentState.WITHDRAWN
    assert choose(LinkChoice.START)
    queue()
    dispatch(gateway).deliver_due()
    assert len(gateway.sent) == 1
    with database.reading() as uow:
        assert opt_out_page(uow, link).gets_messages


def test_after_not_me_the_link_is_good_for_nothing(database, choose, link):
    # row 199
    assert choose(LinkChoice.NOT_ME)
    assert choose(LinkChoice.NOT_ME)
    assert not choose(LinkChoice.START)
    with database.reading() as uow:
        page = opt_out_page(uow, link)
        assert (page.gets_messages, page.is_detached) == (False, True)


def test_an_unknown_link_does_nothing(choose):
    assert not choose(LinkChoice.STOP, token="x" * 43)


def test_what_the_shop_chooses_holds_from_the_next_message_on_and_never_above_the_ceiling(
    database, ctx, dispatch, queue, stored
):
    # row 207
    def rules(shop):
        ceiling = SmsLimits(frozenset(), per_number_an_hour=2, per_device_an_hour=None, per_shop_a_day=None)
        return replace(as_a_real_shop(shop), ceiling=ceiling)

    first, gateway = queue(), Gateway()
    way = dispatch(gateway, rules_of=rules)
    way.deliver_due()
    assert stored(first).state is MessageState.SENT
    generous = SmsLimits(frozenset({"BE"}), per_number_an_hour=50, per_shop_a_day=2)
    with database.unit_of_work() as uow:
        chosen = SendingChoices(generous, QuietHours(time(12), time(13)))
        with pytest.raises(PermissionDeniedError):
            change_sending(uow, ctx, cashier(uow), chosen, expected=0)
        assert isinstance(change_sending(uow, ctx, owner(uow), chosen, expected=0), SendingChoices)
        assert isinstance(change_sending(uow, ctx, owner(uow), chosen, expected=0), Refused)
        uow.commit()
    messages = [queue(), queue(IDRIS), queue()]
    way.deliver_due()
    assert [stored(message).state for message in messages] == [
        MessageState.SENT,
        MessageState.QUEUED,
        MessageState.DROPPED,
    ]
    assert stored(messages[1]).detail == "sms_shop_limit"
    with database.reading() as uow:
        assert [message.id for message in uow.deliveries.held(9)] == [messages[1].id]
        assert [deed.params["changes"] for deed in uow.audit.of_subject("messages:sending")] == [
            "limits, quiet_hours"
        ]
    wider = SendingChoices(replace(generous, per_shop_a_day=9), None)
    with database.unit_of_work() as uow:
        change_sending(uow, ctx, owner(uow), wider, expected=1)
        uow.commit()
    assert stored(messages[1]).due_at is None
    assert way.deliver_due().accepted == 1


def test_other_rules_do_not_hurry_what_a_provider_asked_to_wait(dispatch, queue, stored, database):
    message = queue()
    dispatch(Gateway(REFUSED)).deliver_due()
    with database.unit_of_work() as uow:
        assert uow.deliveries.release(HELD_BY_RULES) == 0
        uow.commit()
    assert stored(message).due_at is not None
