"""Bytes from the wire: an event, or the reason why it is none; never an exception."""

import uuid

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from checkout.subscribers.reading import ReadEvent, UnreadableEvent, read_event
from messaging.codec import encode
from messaging.events import seal_event
from messaging.events.code_read import CodeRead
from messaging.seal import Opener, Sealer
from runtime.ids import new_id
from tests.fakes.clock import FakeClock

KEY = bytes(range(32))
OPENER = Opener(KEY)
SEALER = Sealer(X25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw())


def payload() -> bytes:
    return encode(
        seal_event(
            CodeRead(text="000123456", symbology="Code128", source="scanner"),
            SEALER,
            event_id=new_id(),
            device="s0001.k01",
            seq=1,
            boot=uuid.uuid4(),
            mono_ms=1,
            wall=FakeClock().now(),
            clock_certain=True,
            session=new_id(),
            sale=None,
        )
    )


GOOD = payload()


def test_a_good_event_is_read() -> None:
    event = read_event("s0001.k01", GOOD, OPENER)
    assert isinstance(event, ReadEvent)
    assert isinstance(event.body, CodeRead)


@given(st.binary(max_size=400))
def test_any_bytes_are_an_event_or_a_reason(junk: bytes) -> None:
    assert isinstance(read_event("s0001.k01", junk, OPENER), UnreadableEvent)


@given(st.integers(0, len(GOOD) - 1))
def test_an_event_cut_anywhere_is_no_event(length: int) -> None:
    assert isinstance(read_event("s0001.k01", GOOD[:length], OPENER), UnreadableEvent)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_an_event_with_one_byte_changed_is_refused_or_says_the_same(place: int, change: int) -> None:
    changed = bytearray(GOOD)
    changed[place] ^= change
    event = read_event("s0001.k01", bytes(changed), OPENER)
    if isinstance(event, ReadEvent):  # a byte outside the sealed and the bound part: sequence, times
        assert event.body == read_event("s0001.k01", GOOD, OPENER).body  # type: ignore[union-attr]
        assert event.envelope.session == read_event("s0001.k01", GOOD, OPENER).envelope.session  # type: ignore[union-attr]
