"""What members are told: each event once, in the shop's words, to the number of their account."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from loyalty.domain.channel import Channel
from loyalty.domain.consent import ConsentChannel
from loyalty.domain.message import MessageKind
from loyalty.domain.sms_length import SmsAlphabet
from loyalty.services import tell_news
from loyalty.services.deliver_messages import MessageDispatch
from loyalty.services.enrol import enrol
from loyalty.services.opt_out import (
    LinkChoice,
    Statement,
    choose_by_link,
    opt_out_page,
    resume_messages,
    stop_messages,
)
from loyalty.services.preview_messages import preview_messages
from loyalty.services.queue_message import queue_message
from tests.fakes.loyalty_events import ScriptedGateway
from tests.fakes.shop import CAMILLE, UNKNOWN, counter, enrolment, evidence


@pytest.fixture
def uow(database, ctx):
    with database.unit_of_work() as unit:
        counter(unit, ctx)
        yield unit


@pytest.fixture
def member(uow):
    return uow.customers.member_by_phone(CAMILLE)


def tell_all(uow, ctx, member):
    """Everything that there is to tell, with events that stay the same."""
    programme = uow.programme.current()
    tier = programme.tiers[0]
    identity = member.account.id
    return {
        MessageKind.FIRST_POINT: tell_news.queue_first_points(uow, ctx, member, points=3),
        MessageKind.TIER_REACHED: tell_news.queue_tier_reached(
            uow, ctx, member, tier, cause="sale:1", balance=34
        ),
        MessageKind.PROGRAMME_CHANGED: tell_news.queue_programme_changed(uow, ctx, member, programme),
        MessageKind.POINTS_EXPIRING: tell_news.queue_points_expiring(
            uow, ctx, member, points=4, expires_on=date(2026, 4, 1)
        ),
        MessageKind.REDEMPTION_CONFIRMED: tell_news.queue_redemption_confirmed(
            uow, ctx, member, tier, redemption_id=identity, balance=4
        ),
        MessageKind.ONE_TIME_CODE: tell_news.queue_one_time_code(
            uow, ctx, member, code_id=identity, digits="482913", device="s0001.k01"
        ),
        MessageKind.BIRTHDAY: tell_news.queue_birthday(
            uow, ctx, member, year=2026, gift="10 points", until=date(2026, 4, 1)
        ),
    }


def test_every_event_is_told_once(uow, ctx, member):
    # rows 118, 119, 158, 159, X7
    assert all(tell_all(uow, ctx, member).values())
    assert not any(tell_all(uow, ctx, member).values())
    told = [message for message in uow.messages.recent(50) if message.customer_id == member.customer.id]
    assert sorted(message.kind for message in told) == sorted(tell_all(uow, ctx, member))
    assert {message.to for message in told} == {CAMILLE}


def test_the_texts_say_what_happened(uow, ctx, member):
    # rows 118, 119, 159, 184, 206
    tell_all(uow, ctx, member)
    bodies = {message.kind: message.body for message in uow.messages.recent(50)}
    assert "482913" in bodies[MessageKind.ONE_TIME_CODE]
    assert "01/04/2026" in bodies[MessageKind.POINTS_EXPIRING]
    assert uow.programme.current().tiers[0].name.split()[0] in bodies[MessageKind.TIER_REACHED]
    assert "10 points" in bodies[MessageKind.BIRTHDAY]
    assert "https://lumen.example/s/" in bodies[MessageKind.FIRST_POINT]


def test_a_code_that_could_not_go_out_in_time_does_not_go_out_at_all(database, ctx, clock):
    # row 207
    with database.unit_of_work() as unit:
        counter(unit, ctx)
        member = unit.customers.member_by_phone(CAMILLE)
        tell_news.queue_one_time_code(unit, ctx, member, code_id=uuid4(), digits="482913", device=None)
        unit.commit()
    clock.advance(301)
    gateway = ScriptedGateway()
    MessageDispatch(database.unit_of_work, ctx, gateway, courier="s0001.station").deliver_due()
    assert gateway.sent == []


def test_a_name_typed_at_the_kiosk_never_reaches_the_message(uow, ctx):
    # row 207
    name = "Cliquez http://evil.example"
    enrol(uow, ctx, evidence(None), enrolment(UNKNOWN, name=name))
    (welcome,) = (message for message in uow.messages.recent(50) if message.to == UNKNOWN)
    assert welcome.kind is MessageKind.WELCOME
    assert "evil" not in welcome.body
    assert welcome.device == "s0001.k01"


def test_an_account_without_a_number_is_told_nothing(uow, ctx, member):
    # row 199
    uow.accounts.detach_number(member.account.id)
    alone = uow.customers.member(member.customer.id)
    assert not any(tell_all(uow, ctx, alone).values())
    assert not queue_message(uow, ctx, alone, MessageKind.HELP, "help:1")


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_shop_sees_every_message_and_its_price_before_any_is_sent(uow, ctx, language):
    previews = preview_messages(uow, ctx, language)
    assert [preview.kind for preview in previews] == [
        kind for kind in MessageKind if kind is not MessageKind.RECEIPT
    ]
    assert all(preview.body.startswith("Maison Lumen") for preview in previews)
    assert {preview.length.alphabet for preview in previews} == {SmsAlphabet.GSM_7}
    assert all(preview.length.segments in (1, 2) for preview in previews)


@pytest.fixture
def by_mail(uow, ctx, member):
    """The member who agreed to the programme, has a mailbox and no number."""
    enrol(uow, ctx, evidence(None), enrolment(CAMILLE))
    customer = replace(
        member.customer, email_address="camille@example.org", version=member.customer.version + 1
    )
    uow.customers.save(customer)
    uow.accounts.detach_number(member.account.id)
    return uow.customers.member(member.customer.id)


def test_a_member_without_a_number_is_told_by_e_mail(uow, ctx, by_mail):
    # rows 159, 160, X7
    told = tell_all(uow, ctx, by_mail)
    assert {kind for kind, is_told in told.items() if not is_told} == {MessageKind.ONE_TIME_CODE}
    assert not any(tell_all(uow, ctx, by_mail).values())
    letters = [message for message in uow.messages.recent(50) if message.to == "camille@example.org"]
    assert len(letters) == len(told) - 1
    for letter in letters:
        assert letter.body.endswith(letter.opt_out_link)
        assert f'href="{letter.opt_out_link}"' in letter.html
        page = opt_out_page(uow, letter.opt_out_link.rsplit("/", 1)[1])
        assert (page.gets_messages, page.is_mailbox) == (True, True)


def test_leaving_by_the_link_of_an_e_mail_stops_every_way(uow, ctx, by_mail):
    # rows 160, X7
    queue_message(uow, ctx, by_mail, MessageKind.BIRTHDAY, "b:1", params={"gift": "1", "date": "2026-04-01"})
    link = uow.messages.recent(1)[0].opt_out_link.rsplit("/", 1)[1]
    assert choose_by_link(uow, ctx, link, LinkChoice.STOP)
    assert uow.suppressions.of("camille@example.org") is not None
    assert not any(tell_all(uow, ctx, by_mail).values())
    assert choose_by_link(uow, ctx, link, LinkChoice.START)
    assert any(tell_all(uow, ctx, by_mail).values())


def test_leaving_by_sms_stops_the_mailbox_too(uow, ctx, member):
    # X7
    customer = replace(
        member.customer, email_address="camille@example.org", version=member.customer.version + 1
    )
    uow.customers.save(customer)
    both = uow.customers.member(customer.id)
    stop_messages(uow, ctx, CAMILLE, both, Statement(ConsentChannel.SMS_REPLY, "STOP"))
    assert uow.suppressions.of("camille@example.org") is not None
    assert resume_messages(uow, ctx, CAMILLE, both, Statement(ConsentChannel.SMS_REPLY, "START"))
    assert uow.suppressions.of(CAMILLE) is None
    assert uow.suppressions.of("camille@example.org") is not None


def test_a_shop_that_sends_no_sms_writes_to_the_mailbox(uow, ctx, member):
    enrol(uow, ctx, evidence(None), enrolment(CAMILLE))
    customer = replace(
        member.customer, email_address="camille@example.org", version=member.customer.version + 1
    )
    uow.customers.save(customer)
    both = uow.customers.member(customer.id)
    params = {"points": 1, "balance": 2}
    mail_alone = replace(ctx, open_channels=frozenset({Channel.EMAIL}))
    assert queue_message(uow, mail_alone, both, MessageKind.POINTS_EARNED, "p:1", params=params)
    assert queue_message(uow, ctx, both, MessageKind.POINTS_EARNED, "p:2", params=params)
    newest, before = uow.messages.recent(2)
    assert (before.to, newest.to) == ("camille@example.org", CAMILLE)


def test_a_date_is_the_shops_day_not_the_worlds(uow, ctx, member):
    # the change is at 00:30 in Paris, which is the day before in UTC
    version = uow.programme.current()
    night = type(version)(
        2, datetime(2026, 5, 31, 22, 30, tzinfo=UTC), version.accrual, version.points_name, version.tiers
    )
    tell_news.queue_programme_changed(uow, ctx, member, night)
    assert "01/06/2026" in uow.messages.recent(1)[0].body
