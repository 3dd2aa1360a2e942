"""What members answer by SMS: stop, start, not me, help."""

from uuid import uuid4

import pytest

from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.contact.replies import ReplyMeaning
from loyalty.domain.message import MessageKind
from loyalty.services.enrol import enrol
from loyalty.services.receive_reply import InboundSms, receive_reply
from loyalty.services.tokens import token_hash
from tests.contract.loyalty.delivering.gateway import DAY, Gateway
from tests.fakes.shop import CAMILLE, enrolment, evidence


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
