import pytest

from loyalty.domain.contact.sending_choices import SendingChoices
from loyalty.domain.contact.sms_limits import SmsLimits, SmsUsage, why_not_send
from loyalty.domain.why import Refusal
from loyalty.errors import InvalidValueError

LIMITS = SmsLimits(
    countries=frozenset({"CA"}),
    per_number_an_hour=3,
    per_number_a_day=8,
    per_device_an_hour=30,
    per_shop_a_day=500,
    cost_a_day_minor=5000,
)


def test_a_message_within_all_limits_goes_out() -> None:
    # row 207
    assert why_not_send(LIMITS, SmsUsage(2, 7, 29, 499, 4990), "CA", 10) is None


@pytest.mark.parametrize(
    ("usage", "reason"),
    [
        (SmsUsage(to_number_this_hour=3), Refusal.SMS_NUMBER_LIMIT),
        (SmsUsage(to_number_today=8), Refusal.SMS_NUMBER_LIMIT),
        (SmsUsage(by_device_this_hour=30), Refusal.SMS_DEVICE_LIMIT),
        (SmsUsage(by_shop_today=500), Refusal.SMS_SHOP_LIMIT),
        (SmsUsage(cost_today_minor=4991), Refusal.SMS_BUDGET_SPENT),
    ],
)
def test_each_cap_stops_the_next_message_by_itself(usage: SmsUsage, reason: Refusal) -> None:
    # row 207
    refused = why_not_send(LIMITS, usage, "CA", 10)
    assert refused is not None
    assert refused.reason is reason


@pytest.mark.parametrize("country", ["FR", "", None])
def test_a_number_of_a_country_that_the_shop_did_not_choose_gets_nothing(country: str | None) -> None:
    # row 207
    refused = why_not_send(LIMITS, SmsUsage(), country, 10)
    assert refused is not None
    assert refused.reason is Refusal.SMS_COUNTRY_NOT_ALLOWED


def test_a_cap_that_is_not_set_stops_nothing() -> None:
    endless = SmsLimits(frozenset({"CA"}), None, None, None, None, None)
    assert why_not_send(endless, SmsUsage(10**6, 10**6, 10**6, 10**6, 10**9), "CA", 10) is None


def test_a_ceiling_lowers_and_never_raises() -> None:
    # part of row 207
    ceiling = SmsLimits(frozenset({"CA", "US"}), 5, 5, None, 400, None)
    wide = SmsLimits(frozenset({"CA", "RU"}), 3, 9, 40, None, 100)
    assert wide.within(ceiling) == SmsLimits(frozenset({"CA"}), 3, 5, 40, 400, 100)
    assert wide.within(SmsLimits(frozenset(), None, None, None, None, None)) == wide


@pytest.mark.parametrize(
    "limits",
    [
        SmsLimits(frozenset({"fr"})),
        SmsLimits(frozenset(), per_shop_a_day=0),
        SmsLimits(frozenset(), cost_a_day_minor=-1),
    ],
)
def test_choices_that_cannot_be_meant_are_refused(limits: SmsLimits) -> None:
    with pytest.raises(InvalidValueError):
        SendingChoices(limits, None)
