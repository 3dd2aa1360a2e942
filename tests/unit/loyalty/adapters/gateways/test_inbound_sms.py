"""Signed answers of members: taken once checked, and nothing else is."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.adapters.gateways.inbound_sms import MAX_BODY_BYTES, Rejection, SignedSmsReader, signature_of
from loyalty.adapters.gateways.settings import InboundSmsSettings
from loyalty.domain.contact.replies import ReplyMeaning, reply_meaning
from loyalty.services.receive_reply import InboundSms, receive_reply
from runtime.errors import ConfigurationError
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import counter, service_context

SECRET = "a-secret-of-the-provider"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
BODY = json.dumps({"id": "m1", "from": "+33612345678", "text": "ARRÊT"}).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("secrets")
    (path / "secret").write_text(SECRET)
    (path / "old").write_text("the-secret-of-last-year")
    return path


@pytest.fixture(scope="module")
def reader(folder):
    return SignedSmsReader(InboundSmsSettings(secret_file=folder / "secret"))


def signed(body=BODY, at=NOW, secret=SECRET):
    stamp = str(int(at.timestamp()))
    return {"X-Timestamp": stamp, "X-Signature": signature_of(secret, stamp, body).hex()}


def test_a_signed_answer_is_read(reader):
    # row 196
    assert reader.read(signed(), BODY, NOW) == InboundSms("m1", "+33612345678", "ARRÊT", NOW)


def test_header_names_count_in_any_case(reader):
    headers = {name.upper(): value for name, value in signed().items()}
    assert isinstance(reader.read(headers, BODY, NOW), InboundSms)


@pytest.mark.parametrize("offset_s", [-299, 0, 299])
def test_the_clock_of_the_provider_may_be_a_little_off(reader, offset_s):
    at = datetime.fromtimestamp(NOW.timestamp() + offset_s, UTC)
    assert isinstance(reader.read(signed(at=at), BODY, NOW), InboundSms)


@pytest.mark.parametrize("offset_s", [-301, 301, -86_400])
def test_a_recorded_post_that_is_played_again_later_is_not_taken(reader, offset_s):
    # row 196
    at = datetime.fromtimestamp(NOW.timestamp() + offset_s, UTC)
    assert reader.read(signed(at=at), BODY, NOW) is Rejection.OUT_OF_TIME


def test_a_post_whose_time_was_refreshed_by_somebody_else_is_not_taken(reader):
    old = signed(at=datetime(2026, 3, 1, tzinfo=UTC))
    assert (
        reader.read({**old, "X-Timestamp": signed()["X-Timestamp"]}, BODY, NOW) is Rejection.SIGNATURE_WRONG
    )


def test_another_secret_or_another_body_is_not_taken(reader):
    # row 196
    assert reader.read(signed(secret="not-the-secret-at-all"), BODY, NOW) is Rejection.SIGNATURE_WRONG
    assert reader.read(signed(), BODY.replace(b"678", b"679"), NOW) is Rejection.SIGNATURE_WRONG


@pytest.mark.parametrize("missing", ["X-Timestamp", "X-Signature"])
def test_a_post_without_a_signature_is_not_taken(reader, missing):
    headers = signed()
    del headers[missing]
    assert reader.read(headers, BODY, NOW) is Rejection.NOT_SIGNED


@pytest.mark.parametrize("signature", ["", "zz", "00", "é", "=", "a" * 10_000])
def test_a_signature_that_is_none_is_not_taken(reader, signature):
    headers = {**signed(), "X-Signature": signature}
    assert reader.read(headers, BODY, NOW) in {Rejection.SIGNATURE_WRONG, Rejection.NOT_SIGNED}


@pytest.mark.parametrize("stamp", ["now", "-1", "1e9", "٣", "9" * 40, "1772445600.5"])
def test_a_time_that_is_none_is_not_taken(reader, stamp):
    headers = {"X-Timestamp": stamp, "X-Signature": signature_of(SECRET, stamp, BODY).hex()}
    assert reader.read(headers, BODY, NOW) is Rejection.OUT_OF_TIME


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {"id": "m1"},
        {"id": "", "from": "+33612345678", "text": "STOP"},
        {"id": "x" * 300, "from": "+33612345678", "text": "STOP"},
        {"id": "m1", "from": "CAISSE", "text": "STOP"},
        {"id": "m1", "from": "0612345678", "text": "STOP"},
        {"id": "m1", "from": "+33612345678", "text": ["STOP"]},
        {"id": True, "from": "+33612345678", "text": "STOP"},
        None,
    ],
)
def test_a_signed_post_that_is_no_message_is_not_taken(reader, document):
    body = json.dumps(document).encode()
    assert reader.read(signed(body), body, NOW) is Rejection.MALFORMED


def test_a_post_that_is_too_large_is_not_even_checked(reader):
    assert reader.read({}, b"x" * (MAX_BODY_BYTES + 1), NOW) is Rejection.TOO_LARGE


def test_a_provider_with_its_own_names_in_a_form_is_read(folder):
    reader = SignedSmsReader(
        InboundSmsSettings(
            secret_file=folder / "secret",
            body="form",
            id_field="MessageSid",
            sender_field="From",
            text_field="Body",
            number_style="digits",
            signature_header="X-Hub-Signature-256",
            signature_prefix="sha256=",
            signature_encoding="base64",
            separator="",
        )
    )
    body = urlencode({"MessageSid": "SM1", "From": "33612345678", "Body": "pas moi"}).encode()
    stamp = str(int(NOW.timestamp()))
    signature = base64.b64encode(signature_of(SECRET, stamp, body, "")).decode()
    headers = {"X-Timestamp": stamp, "X-Hub-Signature-256": f"sha256={signature}"}
    assert reader.read(headers, body, NOW) == InboundSms("SM1", "+33612345678", "pas moi", NOW)
    bare = {**headers, "X-Hub-Signature-256": signature}
    assert reader.read(bare, body, NOW) is Rejection.SIGNATURE_WRONG


def test_the_secret_before_is_taken_while_the_provider_changes_over(folder):
    reader = SignedSmsReader(
        InboundSmsSettings(secret_file=folder / "secret", previous_secret_file=folder / "old")
    )
    assert isinstance(reader.read(signed(secret="the-secret-of-last-year"), BODY, NOW), InboundSms)
    assert isinstance(reader.read(signed(), BODY, NOW), InboundSms)


def test_a_short_secret_is_a_fault_of_the_configuration_and_is_not_shown(tmp_path):
    (tmp_path / "short").write_text("geheim")
    with pytest.raises(ConfigurationError) as failed:
        SignedSmsReader(InboundSmsSettings(secret_file=tmp_path / "short"))
    assert "geheim" not in str(failed.value)


@given(
    body=st.binary(max_size=300),
    headers=st.dictionaries(st.sampled_from(["X-Timestamp", "X-Signature"]), st.text()),
)
def test_whatever_a_stranger_posts_is_not_taken(reader, body, headers):
    # row 196
    assert isinstance(reader.read(headers, body, NOW), Rejection)


@given(
    document=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "from", "text", "x"]), inner)
        ),
    )
)
def test_whatever_the_provider_signs_never_breaks_the_reader(reader, document):
    body = json.dumps(document).encode()
    read = reader.read(signed(body), body, NOW)
    assert isinstance(read, InboundSms | Rejection)


SURROGATES = st.text(st.characters(exclude_categories=()), max_size=40)
"""Any text that JSON can hold, halves of characters among it."""


@given(
    message_id=SURROGATES, text=SURROGATES, sender=st.sampled_from(["+33612345678", "+33612000001", "", "x"])
)
def test_half_an_emoji_in_an_answer_breaks_nothing_and_stop_counts(reader, message_id, text, sender):
    # part of row 160
    document = {"id": f"m{message_id}", "from": sender, "text": f"STOP {text}"}
    body = json.dumps(document).encode()
    read = reader.read(signed(body), body, NOW)
    if sender.startswith("+") and len(document["id"]) <= 200:
        assert isinstance(read, InboundSms)
        assert reply_meaning(read.text) is ReplyMeaning.OPT_OUT
        with InMemoryDatabase().unit_of_work() as uow:
            shop = counter(uow, service_context(FakeClock()))
            assert receive_reply(uow, shop.ctx, read).meaning is ReplyMeaning.OPT_OUT
            assert receive_reply(uow, shop.ctx, read).is_repeated
            assert uow.suppressions.of(sender) is not None
    else:
        assert read is Rejection.MALFORMED


@given(
    body=st.binary(max_size=200),
    stamp=st.text(max_size=20),
    style=st.sampled_from(["json", "form"]),
    encoding=st.sampled_from(["hex", "base64"]),
)
def test_bytes_of_any_kind_that_are_signed_never_break_the_reader(folder, body, stamp, style, encoding):
    # part of row 196
    settings = InboundSmsSettings(secret_file=folder / "secret", body=style, signature_encoding=encoding)
    for signature in (stamp, signature_of(SECRET, str(int(NOW.timestamp())), body).hex()):
        headers = {"X-Timestamp": str(int(NOW.timestamp())), "X-Signature": signature}
        assert isinstance(SignedSmsReader(settings).read(headers, body, NOW), InboundSms | Rejection)
    headers = {"X-Timestamp": stamp, "X-Signature": "00"}
    assert isinstance(SignedSmsReader(settings).read(headers, body, NOW), Rejection)
