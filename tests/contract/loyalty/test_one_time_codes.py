"""Codes by SMS: who holds the phone is the member, for one session and one deed."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.domain.channel import Channel
from loyalty.domain.consent import ConsentChannel
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.message import MessageKind, MessageState
from loyalty.domain.sale import Sale
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.attach import Identified
from loyalty.services.deliver_messages import MessageDispatch
from loyalty.services.identify import identify_by_number
from loyalty.services.one_time_codes import (
    MAX_A_MEMBER_AN_HOUR,
    MAX_A_SESSION,
    CodePurpose,
    enter_code,
    enter_code_at_till,
    is_code_awaited,
    request_code,
    send_code_at_till,
)
from loyalty.services.opt_out import Statement, stop_messages
from loyalty.services.redeem import choose_reward, redeem_by_staff
from loyalty.services.staff_at_sale import detach_member
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.loyalty_events import ScriptedGateway
from tests.fakes.shop import CAMILLE, UNKNOWN, ZOE, counter, evidence, service_context


@pytest.fixture
def shop(database, ctx):
    with database.unit_of_work() as uow:
        yield counter(uow, ctx)


class AtKiosk:
    """A customer who typed a number at the kiosk of a lane with a sale."""

    def __init__(self, shop, number=ZOE):
        self.shop = shop
        self.sale = shop.sale("Tasse en grès")
        self.header = evidence(self.sale)
        identify_by_number(shop.uow, shop.ctx, self.header, number)

    def ask(self, purpose=CodePurpose.REDEEM, header=None):
        return request_code(self.shop.uow, self.shop.ctx, header or self.header, purpose)

    def enter(self, challenge, digits, header=None):
        return enter_code(self.shop.uow, self.shop.ctx, header or self.header, challenge.id, digits)

    def redeem(self, header=None):
        tier = self.shop.uow.programme.current().tiers[0]
        return choose_reward(self.shop.uow, header or self.header, tier.id)


def sent_codes(shop):
    """The digits that went out, newest first."""
    codes = [m for m in shop.uow.messages.recent(50) if m.kind is MessageKind.ONE_TIME_CODE]
    return ["".join(char for char in m.body if char.isdigit())[:6] for m in codes]


def wrong(digits):
    return f"{(int(digits) + 1) % 10**6:06d}"


def test_the_digits_of_the_sms_let_a_typed_number_redeem(shop):
    # rows 169, 207
    kiosk = AtKiosk(shop)
    assert kiosk.redeem().reason is Refusal.NO_MEMBER
    challenge = kiosk.ask()
    (digits,) = sent_codes(shop)
    message = next(m for m in shop.uow.messages.recent(5) if m.kind is MessageKind.ONE_TIME_CODE)
    assert (message.to, message.device) == (ZOE, "s0001.k01")
    assert challenge.valid_for == timedelta(minutes=5)
    found = kiosk.enter(challenge, digits)
    assert isinstance(found, Identified)
    assert (found.trust, found.method) == (Trust.PROVEN, IdentificationMethod.ONE_TIME_CODE)
    changed = kiosk.redeem()
    assert isinstance(changed, Sale)
    assert changed.rewards[0].confirmed_by is None


def test_five_tries_and_five_minutes(shop, clock):
    # row 207
    kiosk = AtKiosk(shop)
    challenge = kiosk.ask()
    (digits,) = sent_codes(shop)
    for left in (4, 3, 2, 1, 0):
        assert kiosk.enter(challenge, wrong(digits)) == Refused(Refusal.CODE_WRONG, {"tries_left": left})
    assert kiosk.enter(challenge, digits).reason is Refusal.CODE_LOCKED
    second = kiosk.ask()
    clock.advance(300)
    assert kiosk.enter(second, sent_codes(shop)[0]).reason is Refusal.CODE_EXPIRED
    assert kiosk.redeem().reason is Refusal.NO_MEMBER


def test_a_code_is_good_once(shop):
    kiosk = AtKiosk(shop)
    challenge = kiosk.ask()
    (digits,) = sent_codes(shop)
    assert isinstance(kiosk.enter(challenge, digits), Identified)
    assert kiosk.enter(challenge, digits).reason is Refusal.CODE_USED


def test_another_session_gets_nothing_by_it(shop):
    # row 207
    kiosk = AtKiosk(shop)
    challenge = kiosk.ask()
    (digits,) = sent_codes(shop)
    elsewhere = evidence(kiosk.sale)
    identify_by_number(shop.uow, shop.ctx, elsewhere, ZOE)
    assert kiosk.enter(challenge, digits, elsewhere).reason is Refusal.CODE_FOR_ANOTHER_ACTION
    assert isinstance(kiosk.enter(challenge, digits), Identified)
    assert kiosk.redeem(elsewhere).reason is Refusal.NO_MEMBER


def test_another_sale_gets_nothing_by_it(shop):
    # row 207
    kiosk = AtKiosk(shop)
    challenge = kiosk.ask()
    (digits,) = sent_codes(shop)
    assert isinstance(kiosk.enter(challenge, digits), Identified)
    shop.pay(kiosk.sale)
    after = shop.sale("Tasse en grès")
    header = replace(kiosk.header, session_id=new_id(), sale_id=after.id)
    identify_by_number(shop.uow, shop.ctx, header, ZOE)
    assert kiosk.redeem(header).reason is Refusal.NO_MEMBER
    same_session = uow_trust(shop, kiosk.header.session_id, after.id)
    assert same_session is not Trust.PROVEN


def uow_trust(shop, session_id, sale_id):
    return shop.uow.identifications.trust_in_session(
        session_id, shop.member(ZOE).customer.id, sale_id=sale_id
    )


def test_a_code_for_the_history_gives_no_reward_and_the_other_way_round(shop):
    # row 207
    kiosk = AtKiosk(shop)
    challenge = kiosk.ask(CodePurpose.HISTORY)
    assert isinstance(kiosk.enter(challenge, sent_codes(shop)[0]), Identified)
    assert uow_trust(shop, kiosk.header.session_id, None) is Trust.PROVEN
    assert kiosk.redeem().reason is Refusal.NO_MEMBER
    other = AtKiosk(shop) if shop.uow.sales.open_in_lane(shop.shop.lane.id) is None else kiosk
    redeem = other.ask()
    assert isinstance(other.enter(redeem, sent_codes(shop)[0]), Identified)
    assert uow_trust(shop, other.header.session_id, other.sale.id) is Trust.PROVEN


def test_known_and_unknown_numbers_get_the_same_answers(shop):
    # rows 170, 207
    answers = []
    for number in (ZOE, UNKNOWN):
        sale = shop.uow.sales.open_in_lane(shop.shop.lane.id) or shop.sale("Tasse en grès")
        header = evidence(sale)
        identify_by_number(shop.uow, shop.ctx, header, number)
        challenge = request_code(shop.uow, shop.ctx, header, CodePurpose.REDEEM)
        told = [type(challenge), challenge.valid_for]
        digits = wrong(sent_codes(shop)[0])
        told += [enter_code(shop.uow, shop.ctx, header, challenge.id, digits) for _ in range(6)]
        told += [type(request_code(shop.uow, shop.ctx, header, CodePurpose.REDEEM)) for _ in range(5)]
        answers.append(told)
    assert answers[0] == answers[1]
    assert answers[0][-1] is Refused


def test_one_member_is_sent_three_codes_an_hour_however_many_are_asked_for(shop, clock):
    # row 207
    kiosk = AtKiosk(shop)
    for _ in range(4):
        header = evidence(kiosk.sale)
        identify_by_number(shop.uow, shop.ctx, header, ZOE)
        assert not isinstance(kiosk.ask(header=header), Refused)
    assert len(sent_codes(shop)) == MAX_A_MEMBER_AN_HOUR
    clock.advance(3601)
    kiosk.ask()
    assert len(sent_codes(shop)) == MAX_A_MEMBER_AN_HOUR + 1


def test_a_session_asks_five_times(shop):
    kiosk = AtKiosk(shop, UNKNOWN)
    asked = [kiosk.ask() for _ in range(MAX_A_SESSION + 1)]
    assert [isinstance(each, Refused) for each in asked] == [False] * MAX_A_SESSION + [True]


def test_who_said_stop_gets_no_code(shop):
    # rows 160, X7
    kiosk = AtKiosk(shop)
    said = Statement(ConsentChannel.SMS_REPLY, "STOP")
    stop_messages(shop.uow, shop.ctx, ZOE, shop.member(ZOE), said)
    assert not isinstance(kiosk.ask(), Refused)
    assert sent_codes(shop) == []


def test_what_is_wrong_is_said_whoever_asks(shop):
    sale = shop.sale("Tasse en grès")
    no_sale = evidence(None)
    assert request_code(shop.uow, shop.ctx, no_sale, CodePurpose.REDEEM).reason is Refusal.SALE_UNKNOWN
    stranger = evidence(sale, device="s0001.k99")
    assert request_code(shop.uow, shop.ctx, stranger, CodePurpose.REDEEM).reason is Refusal.LANE_UNKNOWN
    assert enter_code(shop.uow, shop.ctx, stranger, new_id(), "123456").reason is Refusal.LANE_UNKNOWN
    assert enter_code(shop.uow, shop.ctx, no_sale, new_id(), "123456").reason is Refusal.CODE_EXPIRED
    shop.uow.sessions.end(no_sale.session_id, no_sale.device, "idle", shop.ctx.clock.now())
    assert request_code(shop.uow, shop.ctx, no_sale, CodePurpose.HISTORY).reason is Refusal.SESSION_ENDED
    assert enter_code(shop.uow, shop.ctx, no_sale, new_id(), "123456").reason is Refusal.SESSION_ENDED


def test_who_left_the_sale_meanwhile_redeems_nothing(shop):
    kiosk = AtKiosk(shop)
    challenge = kiosk.ask()
    (digits,) = sent_codes(shop)
    detach_member(shop.uow, kiosk.sale.id, shop.staff)
    assert kiosk.enter(challenge, digits).reason is Refusal.ANOTHER_MEMBER


# --- at the till ---------------------------------------------------------------------------------------


def test_staff_send_a_code_and_type_what_is_read_out(shop, clock):
    # rows 169, 207
    kiosk = AtKiosk(shop)
    sale, tier = kiosk.sale, shop.uow.programme.current().tiers[0]
    seller = replace(shop.cashier, role=replace(shop.cashier.role, permissions=frozenset({"sell"})))
    with pytest.raises(PermissionDeniedError):
        redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, seller)
    assert not is_code_awaited(shop.uow, shop.now(sale), clock.now())
    assert enter_code_at_till(shop.uow, shop.ctx, sale.id, "123456", seller).reason is Refusal.CODE_EXPIRED
    send_code_at_till(shop.uow, shop.ctx, sale.id, seller)
    assert is_code_awaited(shop.uow, shop.now(sale), clock.now())
    (digits,) = sent_codes(shop)
    refused = enter_code_at_till(shop.uow, shop.ctx, sale.id, wrong(digits), seller)
    assert refused == Refused(Refusal.CODE_WRONG, {"tries_left": 4})
    assert isinstance(enter_code_at_till(shop.uow, shop.ctx, sale.id, digits, seller), Identified)
    assert shop.now(sale).member.trust is Trust.PROVEN
    assert not is_code_awaited(shop.uow, shop.now(sale), clock.now())
    assert isinstance(redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, seller), Sale)


def test_staff_are_told_why_none_goes_out(shop):
    sale = AtKiosk(shop).sale

    def send(ctx=shop.ctx):
        return send_code_at_till(shop.uow, ctx, sale.id, shop.cashier)

    no_sms = replace(shop.ctx, open_channels=frozenset({Channel.EMAIL}))
    assert send(no_sms).reason is Refusal.SMS_NOT_SET_UP
    for _ in range(MAX_A_MEMBER_AN_HOUR):
        assert not isinstance(send(), Refused)
    assert send().reason is Refusal.TOO_MANY_CODES
    said = Statement(ConsentChannel.SMS_REPLY, "STOP")
    stop_messages(shop.uow, shop.ctx, ZOE, shop.member(ZOE), said)
    assert send().reason is Refusal.ADDRESS_GETS_NOTHING
    shop.uow.accounts.detach_number(shop.member(ZOE).account.id)
    assert send().reason is Refusal.NO_NUMBER
    detach_member(shop.uow, sale.id, shop.staff)
    assert send().reason is Refusal.NO_MEMBER


def test_a_code_for_one_member_proves_no_other(shop):
    kiosk = AtKiosk(shop)
    send_code_at_till(shop.uow, shop.ctx, kiosk.sale.id, shop.cashier)
    (digits,) = sent_codes(shop)
    detach_member(shop.uow, kiosk.sale.id, shop.staff)
    identify_by_number(shop.uow, shop.ctx, evidence(shop.now(kiosk.sale)), CAMILLE)
    refused = enter_code_at_till(shop.uow, shop.ctx, kiosk.sale.id, digits, shop.cashier)
    assert refused.reason is Refusal.CODE_EXPIRED


# --- what is kept -----------------------------------------------------------------------------------


def test_digits_are_kept_as_a_digest_and_leave_no_trace_once_sent(database, ctx, caplog):
    # row 207
    caplog.set_level(logging.DEBUG)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        kiosk = AtKiosk(shop)
        challenge = kiosk.ask()
        (digits,) = sent_codes(shop)
        code = uow.one_time_codes.lock(challenge.id)
        assert digits.encode() not in code.digest
        uow.commit()
    gateway = ScriptedGateway()
    MessageDispatch(database.unit_of_work, ctx, gateway, courier="s0001.station").deliver_due()
    assert digits in next(m.body for m in gateway.sent if m.kind is MessageKind.ONE_TIME_CODE)
    with database.reading() as uow:
        kept = next(m for m in uow.messages.recent(20) if m.kind is MessageKind.ONE_TIME_CODE)
    assert (kept.state, kept.body) == (MessageState.SENT, "")
    assert digits not in caplog.text
    assert ctx.code_key.hex() not in repr(ctx)


def test_old_codes_go_and_so_do_those_of_a_forgotten_person(shop, clock):
    # part of row 176
    kiosk = AtKiosk(shop)
    mine, customer_id = kiosk.ask(), shop.member(ZOE).customer.id
    shop.uow.one_time_codes.forget(customer_id)
    assert shop.uow.one_time_codes.lock(mine.id) is None
    later = kiosk.ask()
    assert shop.uow.one_time_codes.purge(clock.now()) == 0
    clock.advance(1)
    assert shop.uow.one_time_codes.purge(clock.now()) == 1
    assert shop.uow.one_time_codes.lock(later.id) is None


@settings(max_examples=25, deadline=None)
@given(typed=st.lists(st.from_regex(r"[0-9]{6}", fullmatch=True), max_size=12))
def test_whatever_is_typed_more_than_five_times_proves_nothing(typed):
    # row 207
    clock = FakeClock()
    with InMemoryDatabase().unit_of_work() as uow:
        shop = counter(uow, service_context(clock))
        kiosk = AtKiosk(shop)
        challenge = kiosk.ask()
        (digits,) = sent_codes(shop)
        proven = [isinstance(kiosk.enter(challenge, each), Identified) for each in typed]
        assert proven == [
            each == digits and digits not in typed[:place] and place < 5 for place, each in enumerate(typed)
        ]
