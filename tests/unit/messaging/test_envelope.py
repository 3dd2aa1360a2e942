from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from messaging.codec import encode
from messaging.errors import MalformedMessageError, OversizedMessageError, SealError
from messaging.events import EventEnvelope, open_body, seal_event
from messaging.events.code_read import CodeRead
from messaging.events.number_typed import NumberTyped
from messaging.seal import Opener, Sealer
from runtime.ids import boot_id, new_id
from tests.fakes.clock import FakeClock

KEY = X25519PrivateKey.generate()
OPENER = Opener(KEY.private_bytes_raw())
SEALER = Sealer(KEY.public_key().public_bytes_raw())
NUMBER = NumberTyped(phone_number="+33612345678", language="fr")


def sealed(body: NumberTyped | CodeRead = NUMBER) -> EventEnvelope:
    return seal_event(
        body,
        SEALER,
        event_id=new_id(),
        device="s0001.k01",
        seq=1,
        boot=boot_id(),
        mono_ms=5,
        wall=FakeClock().now(),
        clock_certain=True,
        session=new_id(),
        sale=None,
    )


def test_the_station_reads_what_the_device_sealed() -> None:
    assert open_body(sealed(), OPENER) == NUMBER


def test_nothing_personal_is_readable_in_what_lies_on_disk_or_at_the_broker() -> None:
    # row 210
    payload = encode(sealed())
    assert b"612345678" not in payload
    with pytest.raises(SealError):
        open_body(sealed(), Opener(X25519PrivateKey.generate().private_bytes_raw()))


@pytest.mark.parametrize("field", ["id", "session", "sale"])
def test_a_body_cannot_be_moved_to_another_header(field: str) -> None:
    with pytest.raises(SealError):
        open_body(sealed().model_copy(update={field: uuid4()}), OPENER)


def test_a_body_under_another_type_or_an_unknown_one_is_refused() -> None:
    with pytest.raises(SealError):
        open_body(sealed().model_copy(update={"type": "code_read"}), OPENER)
    with pytest.raises(MalformedMessageError, match="unknown event type"):
        open_body(sealed().model_copy(update={"type": "points_granted"}), OPENER)


def test_the_longest_code_still_fits_an_event() -> None:
    encode(sealed(CodeRead(text="é" * 512, symbology="QRCode", source="camera")))


def test_a_body_that_fits_no_event_is_refused_before_it_is_queued() -> None:
    huge = CodeRead.model_construct(text="1" * 10_000, symbology="QRCode", source="camera")
    with pytest.raises(OversizedMessageError):
        sealed(huge)


@pytest.mark.parametrize("text", ["", "!", "c2hvcnQ=", "A" * 200])
def test_junk_in_place_of_a_seal_is_a_seal_error(text: str) -> None:
    with pytest.raises(SealError):
        OPENER.open(text, b"header")
