"""Which address a message takes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.channel import Channel
from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.contact.reach import BY_PHONE_ALONE, address_for
from loyalty.domain.message import MessageKind

NUMBER, MAILBOX = "+33612345678", "zoe@example.org"
BOTH = frozenset(Channel)
AGREED = {ConsentPurpose.PROGRAMME: ConsentState.GRANTED}


def reach(kind=MessageKind.POINTS_EARNED, number=NUMBER, mailbox=MAILBOX, consents=AGREED, channels=BOTH):
    return address_for(
        kind, phone_number=number, email_address=mailbox, consents=consents, open_channels=channels
    )


def test_a_member_with_both_gets_an_sms():
    assert reach() == NUMBER


def test_a_member_without_a_number_gets_an_e_mail():
    assert reach(number=None) == MAILBOX


def test_a_shop_without_sms_writes_e_mail_and_to_who_has_none_as_before():
    assert reach(channels={Channel.EMAIL}) == MAILBOX
    assert reach(channels={Channel.EMAIL}, mailbox=None) == NUMBER


def test_a_shop_without_e_mail_writes_none():
    assert reach(number=None, channels={Channel.SMS}) is None


@pytest.mark.parametrize(
    "consents",
    [
        {},
        {ConsentPurpose.MARKETING_EMAIL: ConsentState.GRANTED},
        {ConsentPurpose.PROGRAMME: ConsentState.WITHDRAWN},
        {**AGREED, ConsentPurpose.PROGRAMME_MESSAGES: ConsentState.WITHDRAWN},
    ],
)
def test_e_mail_needs_its_own_consent(consents):
    # X9
    assert reach(number=None, consents=consents) is None
    assert reach(consents=consents, channels={Channel.EMAIL}) == NUMBER


def test_consent_to_advertising_by_sms_is_none_to_e_mail_nor_the_other_way():
    # X9
    advertising = {ConsentPurpose.MARKETING_SMS: ConsentState.GRANTED}
    assert reach(number=None, consents=advertising) is None


@pytest.mark.parametrize("kind", sorted(BY_PHONE_ALONE))
def test_what_proves_the_phone_or_answers_it_never_goes_elsewhere(kind):
    # part of row 207
    for number, channels in product((NUMBER, None), (BOTH, {Channel.EMAIL}, {Channel.SMS})):
        assert reach(kind, number=number, channels=channels) == number


@given(text=st.text(max_size=40), channels=st.sets(st.sampled_from(Channel)))
def test_what_is_no_mailbox_is_never_written_to(text, channels):
    found = reach(number=None, mailbox=text, channels=channels)
    assert found is None or ("@" in found and Channel.EMAIL in channels)
