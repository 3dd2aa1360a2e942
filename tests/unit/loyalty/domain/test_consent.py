from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from loyalty.domain.channel import Channel
from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    channels_given_by_own_hand,
    current_consents,
    raised_consents,
)
from runtime.ids import new_id

START = datetime(2026, 3, 2, tzinfo=UTC)
CUSTOMER = new_id()


def entry(purpose: ConsentPurpose, state: ConsentState, day: int) -> ConsentEntry:
    return ConsentEntry(
        new_id(), CUSTOMER, purpose, state, START + timedelta(days=day), "w1", "…", ConsentChannel.KIOSK
    )


def test_the_latest_statement_of_each_purpose_is_in_force() -> None:
    # row 176
    entries = [
        entry(ConsentPurpose.MARKETING_SMS, ConsentState.WITHDRAWN, 2),
        entry(ConsentPurpose.MARKETING_SMS, ConsentState.GRANTED, 1),
        entry(ConsentPurpose.PROGRAMME, ConsentState.GRANTED, 1),
    ]
    assert current_consents(entries) == {
        ConsentPurpose.MARKETING_SMS: ConsentState.WITHDRAWN,
        ConsentPurpose.PROGRAMME: ConsentState.GRANTED,
    }


def test_the_programme_box_says_nothing_about_marketing() -> None:
    # X9
    current = current_consents([entry(ConsentPurpose.PROGRAMME, ConsentState.GRANTED, 1)])
    assert ConsentPurpose.MARKETING_SMS not in current
    assert ConsentPurpose.MARKETING_EMAIL not in current


def test_only_ticked_boxes_that_are_not_granted_yet_are_raised() -> None:
    # X16
    current = {ConsentPurpose.PROGRAMME: ConsentState.GRANTED}
    ticked = [ConsentPurpose.PROGRAMME, ConsentPurpose.MARKETING_SMS]
    assert raised_consents(ticked, current) == [ConsentPurpose.MARKETING_SMS]
    assert raised_consents([], current) == []


@pytest.mark.parametrize("channel", ConsentChannel)
def test_an_agreement_to_news_without_staff_is_by_the_customer_s_own_hand(channel: ConsentChannel) -> None:
    # part of row 11
    said = replace(entry(ConsentPurpose.MARKETING_EMAIL, ConsentState.GRANTED, 1), channel=channel)
    is_own = channel.value in {"kiosk", "status_page", "link", "sms_reply"}
    assert channels_given_by_own_hand([said]) == ({Channel.EMAIL} if is_own else set())


def test_a_later_word_to_staff_or_a_withdrawal_ends_it() -> None:
    # part of row 11
    said = entry(ConsentPurpose.MARKETING_SMS, ConsentState.GRANTED, 1)
    told = replace(entry(ConsentPurpose.MARKETING_SMS, ConsentState.GRANTED, 2), channel=ConsentChannel.STAFF)
    out = entry(ConsentPurpose.MARKETING_SMS, ConsentState.WITHDRAWN, 3)
    assert channels_given_by_own_hand([said]) == {Channel.SMS}
    assert channels_given_by_own_hand([told, said]) == set()
    assert channels_given_by_own_hand([out, said]) == set()
    assert channels_given_by_own_hand([entry(ConsentPurpose.PROGRAMME, ConsentState.GRANTED, 1)]) == set()
