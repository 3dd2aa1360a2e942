"""The simulated camera's scene."""

import numpy as np
import pytest

from device.camera.scene import code_picture
from device.camera.simulated_frames import SimulatedFrames
from device.decoding.formats import COUNTER_FORMATS
from device.decoding.looks import FrameLook
from device.errors import CameraError

CARD = "CM1" + "MFRGGZDF" * 18


@pytest.fixture
def frames(clock):
    frames = SimulatedFrames((640, 480), 1000, clock)
    frames.start()
    return frames


def test_a_picture_is_held_for_its_time_and_can_be_read_by_the_real_decoder(frames, clock):
    look = FrameLook(COUNTER_FORMATS)
    assert look(frames.next_frame(1).grey) == []
    frames.show(code_picture(CARD), seconds=2.0)
    assert [found.text for found in look(frames.next_frame(1).grey)] == [CARD]
    clock.advance(1.9)
    assert [found.text for found in look(frames.next_frame(1).grey)] == [CARD]
    clock.advance(0.2)
    assert look(frames.next_frame(1).grey) == []


def test_frames_differ_by_noise_as_a_sensor_makes_them_differ(frames):
    first, second = frames.next_frame(1).grey, frames.next_frame(1).grey
    difference = np.abs(first.astype(int) - second)
    assert 0 < difference.mean() < 8


@pytest.mark.parametrize("shape", [(1, 1), (3000, 20), (5, 4000)])
def test_pictures_of_any_shape_can_be_held_up(frames, shape):
    frames.show(np.zeros(shape, dtype=np.uint8))
    assert frames.next_frame(1).grey.shape == (480, 640)


def test_unplugged_it_fails_until_it_is_plugged_in_and_started_again(frames):
    frames.unplug()
    with pytest.raises(CameraError):
        frames.next_frame(1)
    with pytest.raises(CameraError):
        frames.start()
    frames.plug()
    assert frames.start().startswith("simulated")


@pytest.mark.parametrize("text", ["José Núñez", "点茗"])
def test_a_text_beyond_ascii_is_drawn_so_that_it_can_be_read(frames, text):
    frames.show(code_picture(text))
    assert [found.text for found in FrameLook(COUNTER_FORMATS)(frames.next_frame(1).grey)] == [text]
