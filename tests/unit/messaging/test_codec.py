import contextlib
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from checkout.api.description import openapi_text
from messaging.catalogue import ALL_MESSAGES, MQTT_CHANNELS
from messaging.codec import MAX_PAYLOAD_BYTES, decode, encode, readable_id
from messaging.errors import MalformedMessageError, MessagingError, OversizedMessageError, UnknownVersionError
from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.model import example_of
from tools import message_docs


@pytest.mark.parametrize("model", ALL_MESSAGES, ids=lambda model: model.__name__)
def test_each_message_carries_a_valid_example_that_survives_the_wire(model: type[BaseModel]) -> None:
    message = model.model_validate_json(json.dumps(example_of(model)))
    assert decode(encode(message), model) == message


@pytest.mark.parametrize("model", ALL_MESSAGES, ids=lambda model: model.__name__)
def test_unknown_extra_fields_are_tolerated_and_other_versions_are_not(model: type[BaseModel]) -> None:
    fields = example_of(model)
    assert decode(json.dumps(fields | {"added_later": 1}).encode(), model)
    with pytest.raises(UnknownVersionError):
        decode(json.dumps(fields | {"v": 2}).encode(), model)


@pytest.mark.parametrize("model", ALL_MESSAGES, ids=lambda model: model.__name__)
def test_a_cut_message_is_malformed(model: type[BaseModel]) -> None:
    payload = json.dumps(example_of(model)).encode()
    with pytest.raises(MalformedMessageError):
        decode(payload[: len(payload) // 2], model)


@given(st.binary(max_size=400))
def test_junk_raises_nothing_but_the_declared_error(junk: bytes) -> None:
    for channel in MQTT_CHANNELS:
        with pytest.raises(MessagingError):
            decode(junk, channel.message)
    assert readable_id(junk) is None or isinstance(readable_id(junk), str)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_json_in_any_field_raises_nothing_but_the_declared_error(value: object) -> None:
    for model in ALL_MESSAGES:
        for name in example_of(model):
            payload = json.dumps(example_of(model) | {name: value}).encode()
            with contextlib.suppress(MessagingError):
                assert isinstance(decode(payload, model), model)


def test_the_size_limit_is_checked_before_anything_is_queued() -> None:
    with pytest.raises(OversizedMessageError):
        encode(CodeRead(text="1" * 512, symbology="QRCode", source="scanner"), limit_bytes=256)
    with pytest.raises(OversizedMessageError):
        decode(b" " * (MAX_PAYLOAD_BYTES + 1), CodeRead)


@pytest.mark.parametrize("name", ["Zoé\x00", "\u202eeoZ", "a\nb", "x" * 41])
def test_names_with_control_or_bidirectional_characters_do_not_pass(name: str) -> None:
    # row 209
    fields = example_of(ConsentGiven) | {"given_name": name}
    with pytest.raises(MalformedMessageError, match="given_name"):
        decode(json.dumps(fields).encode(), ConsentGiven)


def test_an_error_never_repeats_what_the_message_held() -> None:
    fields = example_of(ConsentGiven) | {"phone_number": "0612345678 secret"}
    with pytest.raises(MalformedMessageError) as caught:
        decode(json.dumps(fields).encode(), ConsentGiven)
    assert "0612345678" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_id_of_an_undecodable_message_is_found_where_it_can_be() -> None:
    known = UUID("0192f3c0-0000-7000-8000-000000000001")
    assert readable_id(json.dumps({"v": 9, "id": str(known)}).encode()) == str(known)
    assert readable_id(b'{"id": 7}') is None
    assert readable_id(b"[" * 5000) is None


def test_the_published_documents_are_those_of_the_models() -> None:
    # row 188
    assert (message_docs.DOCS / "messages.md").read_text(encoding="utf-8") == message_docs.markdown()
    assert (message_docs.DOCS / "asyncapi.json").read_text(encoding="utf-8") == message_docs.asyncapi_text()
    assert (message_docs.DOCS / "openapi.json").read_text(encoding="utf-8") == openapi_text()
