"""The link in a message stops, brings back, and forgets."""

from dataclasses import replace
from datetime import time

import pytest

from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.contact.delivery import HELD_BY_RULES
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.sending_choices import SendingChoices
from loyalty.domain.contact.sms_limits import SmsLimits
from loyalty.domain.message import MessageState
from loyalty.domain.why import Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.decide_settings import change_sending
from loyalty.services.opt_out import LinkChoice, choose_by_link, new_opt_out_link, opt_out_page
from loyalty.services.tokens import token_hash
from tests.contract.loyalty.delivering.gateway import REFUSED, Gateway, as_a_real_shop, cashier, owner
from tests.fakes.shop import CAMILLE, IDRIS


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
