from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.contact.delivery import (
    WAITED_FOR,
    RetryPolicy,
    SendingRules,
    SendLater,
    SendNever,
    SendNow,
    Suppression,
    SuppressionReason,
    country_of,
    judge,
)
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.sms_limits import SmsLimits, SmsUsage
from loyalty.domain.message import MessageKind
from tests.fakes.messages import email, sms

NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
RULES = SendingRules(SmsLimits(frozenset({"FR"})), "Europe/Paris")
FRESH = SmsUsage()


def verdict(message, now=NOON, suppression=None, usage=FRESH, rules=RULES):
    return judge(message, rules=rules, suppression=suppression, usage=usage, now=now)


def stopped(reason=SuppressionReason.OPTED_OUT):
    return Suppression("+33612345678", reason, "sms_reply", NOON)


def message(kind=MessageKind.POINTS_EARNED, **changes):
    return sms(kind=kind, queued_at=NOON, **changes)


def test_a_message_by_day_goes_at_its_price():
    assert verdict(message()) == SendNow(8)
    assert verdict(message(body="ê" * 71)) == SendNow(16)
    assert verdict(email(queued_at=NOON)) == SendNow(0)


@pytest.mark.parametrize("kind", MessageKind)
def test_an_opt_out_stops_every_message_but_the_answer_to_it(kind):
    # row 160, X7
    expected = SendNow(8) if kind in {MessageKind.OPTED_OUT, MessageKind.HELP} else SendNever("opted_out")
    assert verdict(message(kind), suppression=stopped()) == expected


@pytest.mark.parametrize("kind", MessageKind)
def test_a_number_that_is_not_the_members_hears_nothing_more(kind):
    # row 199
    assert verdict(message(kind), suppression=stopped(SuppressionReason.NOT_ME)) == SendNever("not_me")


@pytest.mark.parametrize("kind", MessageKind)
def test_quiet_hours_hold_back_what_nobody_waits_for(kind):
    # row 193
    night = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23:30 in Paris
    morning = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    expected = SendNow(8) if kind in WAITED_FOR else SendLater(morning, "quiet_hours")
    assert verdict(message(kind), now=night) == expected


def test_a_shop_without_quiet_hours_sends_at_night():
    rules = replace(RULES, quiet_hours=None)
    assert isinstance(verdict(message(), now=NOON + timedelta(hours=12), rules=rules), SendNow)


def test_what_is_worthless_by_now_is_dropped():
    # row 207
    code = message(MessageKind.ONE_TIME_CODE, expires_at=NOON + timedelta(minutes=5))
    assert verdict(code, now=NOON + timedelta(minutes=5)) == SendNever("expired")
    assert isinstance(verdict(code, now=NOON + timedelta(minutes=4)), SendNow)
    assert verdict(message(), now=NOON + timedelta(days=8)) == SendNever("stale")


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (SmsUsage(to_number_this_hour=3), SendNever("sms_number_limit")),
        (SmsUsage(to_number_today=8), SendNever("sms_number_limit")),
        (SmsUsage(by_device_this_hour=30), SendLater(NOON + timedelta(hours=1), "sms_device_limit")),
        (SmsUsage(by_shop_today=500), SendLater(datetime(2026, 3, 2, 23, 0, tzinfo=UTC), "sms_shop_limit")),
        (
            SmsUsage(cost_today_minor=49_93),
            SendLater(datetime(2026, 3, 2, 23, 0, tzinfo=UTC), "sms_budget_spent"),
        ),
    ],
)
def test_each_cap_holds_and_what_is_nobodys_fault_waits(usage, expected):
    # row 207
    assert verdict(message(), usage=usage) == expected
    assert verdict(email(queued_at=NOON), usage=usage) == SendNow(0)


def test_a_country_that_the_shop_did_not_allow_gets_nothing():
    # row 207
    assert verdict(message(to="+15145550123")) == SendNever("sms_country_not_allowed")
    assert verdict(message(MessageKind.OPTED_OUT, to="+15145550123")) == SendNever("sms_country_not_allowed")
    dearer = replace(RULES, limits=SmsLimits(frozenset({"CA"})), segment_cost_minor_by_country={"CA": 3})
    assert verdict(message(to="+15145550123"), rules=dearer) == SendNow(3)


def test_the_answer_to_stop_goes_out_whatever_the_caps_say():
    assert verdict(message(MessageKind.OPTED_OUT), usage=SmsUsage(to_number_today=99)) == SendNow(8)


def test_countries_are_told_apart_by_the_whole_number():
    assert [country_of(number) for number in ("+15145550123", "+12125550123", "+33612345678", "+999")] == [
        "CA",
        "US",
        "FR",
        None,
    ]


def test_pauses_grow_to_a_limit_and_attempts_end():
    # row 193
    pauses = [RetryPolicy().retry_at(attempts, NOON) for attempts in range(1, 7)]
    minutes = [(at - NOON) / timedelta(minutes=1) for at in pauses if at is not None]
    assert minutes == [1, 4, 16, 64, 240]
    assert pauses[-1] is None


def test_a_provider_that_asks_for_more_time_gets_it():
    assert RetryPolicy().retry_at(1, NOON, asked_s=600.0) == NOON + timedelta(minutes=10)
    assert RetryPolicy().retry_at(4, NOON, asked_s=1.0) == NOON + timedelta(minutes=64)


@given(
    hour=st.integers(0, 24 * 14),
    kind=st.sampled_from(list(MessageKind)),
    start=st.integers(0, 23),
    length=st.integers(1, 23),
)
def test_a_message_that_waits_always_waits_for_later_and_then_may_go(hour, kind, start, length):
    # row 193; the fortnight holds the night in which clocks change
    rules = replace(RULES, quiet_hours=QuietHours(time(start), time((start + length) % 24)))
    now = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(hours=hour)
    queued = sms(kind=kind, queued_at=now)
    found = verdict(queued, now=now, rules=rules)
    if isinstance(found, SendLater):
        assert now < found.at <= now + timedelta(hours=24)
        assert verdict(queued, now=found.at, rules=rules) == SendNow(8)
