"""Frames for the customer's screen: only while they are shown, and nothing of them stays."""

import stat

import numpy as np

from device.camera.frames import Frame
from device.camera.preview import HEADER, Preview


def test_frames_lie_in_the_file_only_while_they_are_wanted(tmp_path):
    # part of row 201
    told = []
    path = tmp_path / "preview"
    preview = Preview(path, (1280, 720), lambda message: told.append(message) or True)
    grey = np.zeros((720, 1280), np.uint8)
    grey[:, :640] = 200
    preview.frame(Frame(grey, 0.0))
    assert not path.exists()

    preview.want(True)
    assert (told[0].file, told[0].width, told[0].height) == (str(path), 640, 360)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    preview.frame(Frame(grey, 0.1))
    raw = path.read_bytes()
    assert HEADER.unpack_from(raw) == (1, 1)
    picture = np.frombuffer(raw, np.uint8, offset=HEADER.size).reshape(360, 640)
    assert picture[10, 10] == 200
    assert picture[10, 600] == 0

    kept = path.open("rb")
    preview.want(False)
    assert not path.exists()
    assert set(kept.read()) == {0}  # whoever still has it open sees nothing of anybody
    kept.close()
    preview.want(False)


def test_a_camera_that_gives_another_size_shows_nothing_rather_than_a_torn_picture(tmp_path):
    preview = Preview(tmp_path / "preview", (640, 480), lambda message: True)
    preview.want(True)
    preview.frame(Frame(np.ones((720, 1280), np.uint8), 0.0))
    assert HEADER.unpack_from((tmp_path / "preview").read_bytes()) == (0, 0)
    preview.want(False)


def test_a_folder_that_takes_no_file_is_a_camera_without_preview(tmp_path):
    told = []
    preview = Preview(tmp_path / "none" / "preview", (640, 480), told.append)
    preview.want(True)
    assert told == []
