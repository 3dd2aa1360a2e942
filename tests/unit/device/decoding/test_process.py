"""The decoder's process: killed, hung, fed nonsense."""

import os
import signal
import threading

import numpy as np
import pytest

from device.decoding.formats import COUNTER_FORMATS
from device.decoding.process import DecoderProcess
from device.errors import DecoderError
from tests.fakes.pictures import placed, qr

CARD = placed(qr("CM1ABC"))


@pytest.fixture
def decoder():
    decoder = DecoderProcess(COUNTER_FORMATS, 640 * 480, frame_timeout_s=1.0)
    yield decoder
    decoder.close()


def texts(finds):
    return [found.text for found in finds]


def test_a_frame_is_decoded_in_another_process(decoder):
    assert texts(decoder.look_at_frame(CARD)) == ["CM1ABC"]
    assert decoder.pid not in {None, os.getpid()}
    assert texts(decoder.look_at_still(CARD)) == ["CM1ABC"]


def test_a_child_that_was_killed_is_replaced_for_the_next_frame(decoder):
    decoder.start()
    first = decoder.pid
    os.kill(first, signal.SIGSEGV)
    with pytest.raises(DecoderError):
        decoder.look_at_frame(CARD)
    assert texts(decoder.look_at_frame(CARD)) == ["CM1ABC"]
    assert decoder.pid != first


def test_a_child_that_hangs_is_killed_after_its_time_and_replaced(decoder):
    decoder.start()
    hung = decoder.pid
    os.kill(hung, signal.SIGSTOP)
    with pytest.raises(DecoderError, match="hung"):
        decoder.look_at_frame(CARD)
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)
    assert texts(decoder.look_at_frame(CARD)) == ["CM1ABC"]


def test_a_child_killed_in_the_midst_of_a_frame_is_an_error_and_no_more(decoder):
    decoder.start()
    child = decoder.pid
    os.kill(child, signal.SIGSTOP)
    killer = threading.Timer(0.1, os.kill, (child, signal.SIGKILL))
    killer.start()
    with pytest.raises(DecoderError):
        decoder.look_at_frame(CARD)
    killer.join()
    assert texts(decoder.look_at_frame(CARD)) == ["CM1ABC"]


def test_the_child_ends_when_its_parent_hangs_up(decoder):
    decoder.start()
    child = decoder._child
    decoder._socket.close()
    assert child.wait(10) == 0


@pytest.mark.parametrize("shape", [(481, 641), (0, 5)])
def test_a_picture_of_another_size_than_agreed_is_refused(decoder, shape):
    with pytest.raises(DecoderError, match="agreed"):
        decoder.look_at_frame(np.zeros(shape, dtype=np.uint8))


def test_a_view_into_a_larger_picture_is_decoded_too(decoder):
    wide = np.full((480, 1000), 120, dtype=np.uint8)
    wide[:, 100:740] = CARD
    assert texts(decoder.look_at_frame(wide[:, 100:740])) == ["CM1ABC"]


def test_the_child_is_replaced_after_a_long_life(decoder, monkeypatch):
    monkeypatch.setattr("device.decoding.process._FRAMES_PER_LIFE", 2)
    decoder.start()
    first = decoder.pid
    for _ in range(3):
        assert texts(decoder.look_at_frame(CARD)) == ["CM1ABC"]
    assert decoder.pid != first
