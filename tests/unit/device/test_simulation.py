"""The simulation door: strict, private, and harmless when abused."""

import base64
import io
import json
import socket
import stat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from device.errors import ScannerError, SimulationError
from device.simulation import SimulationDoor, answer


class FakeCounter:
    """Writes down what it was told."""

    def __init__(self):
        self.calls = []

    def type(self, text, reader, layout, *, press_enter):
        if "\x00" in text:
            raise ScannerError("the layout us has no key for U+0000")
        self.calls.append(("type", text, reader, layout, press_enter))

    def show_picture(self, encoded, seconds):
        self.calls.append(("show_picture", len(encoded), seconds))

    def show_code(self, text, seconds):
        self.calls.append(("show_code", text, seconds))

    def plug(self, reader, *, is_in):
        self.calls.append(("plug", reader, is_in))

    def touch(self, x, y):
        raise SimulationError("no kiosk is connected")

    def picture(self):
        return {"image_base64": "aGVq", "width": 1, "height": 1, "step": "idle", "texts": []}

    def status(self):
        return {"parts": {}}


def ask(**request):
    counter = FakeCounter()
    return answer(counter, json.dumps(request).encode()), counter.calls


def test_each_request_does_its_one_thing():
    assert ask(do="type", text="AB") == ({"ok": True}, [("type", "AB", None, None, True)])
    assert ask(do="type", text="AB", layout="fr", reader="usb", end=False)[1] == [
        ("type", "AB", "usb", "fr", False)
    ]
    assert ask(do="show_code", text="AB", seconds=1.5)[1] == [("show_code", "AB", 1.5)]
    assert ask(do="show_picture", png_base64="aGVq")[1] == [("show_picture", 3, 3.0)]
    assert ask(do="unplug")[1] == [("plug", None, False)]
    assert ask(do="plug", reader="camera")[1] == [("plug", "camera", True)]
    assert ask(do="mirror")[0]["image_base64"] == "aGVq"
    assert ask(do="status")[0] == {"ok": True, "parts": {}}


@pytest.mark.parametrize(
    "request_",
    [
        {}, {"do": "nonsense"}, {"do": "type"}, {"do": "type", "text": 5}, {"do": "type", "text": "A", "extra": 1},
        {"do": "type", "text": "A", "layout": "xx"}, {"do": "touch", "x": 2, "y": 0}, {"do": "touch", "x": 0.5},
        {"do": "show_picture", "png_base64": "%%%"}, {"do": "show_code", "text": ""},
        {"do": "show_code", "text": "A", "seconds": 1e9},
    ],
    ids=str,
)  # fmt: skip
def test_a_request_that_is_not_exactly_right_is_refused_with_a_reason(request_):
    answered, calls = ask(**request_)
    assert answered["ok"] is False
    assert answered["error"]
    assert calls == []


def test_what_the_counter_refuses_is_answered_with_its_code():
    assert ask(do="touch", x=0.5, y=0.5)[0] == {
        "ok": False, "error": "no kiosk is connected", "code": "simulation"
    }  # fmt: skip
    assert ask(do="type", text="\x00")[0]["code"] == "scanner"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_line_gets_an_answer(line):
    assert answer(FakeCounter(), line)["ok"] in {True, False}


def test_the_door_is_a_private_socket_that_answers_line_by_line(tmp_path):
    path = tmp_path / "run" / "simulation.sock"
    door = SimulationDoor(path, FakeCounter())
    door.start()
    try:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(10)
            peer.connect(str(path))
            lines = peer.makefile("rb")
            for request, ok in [
                (b'{"do": "status"}\n', True),
                (b"nonsense\n", False),
                (b'{"do": "plug"}\n', True),
            ]:
                peer.sendall(request)
                assert json.loads(lines.readline())["ok"] is ok
    finally:
        door.stop()
    assert not path.exists()


def test_a_picture_goes_over_the_door_whole(tmp_path):
    drawn = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (600, 800), dtype=np.uint8)).save(
        drawn, format="png"
    )
    counter = FakeCounter()
    line = json.dumps({"do": "show_picture", "png_base64": base64.b64encode(drawn.getvalue()).decode()})
    assert answer(counter, line.encode()) == {"ok": True}
    assert counter.calls == [("show_picture", len(drawn.getvalue()), 3.0)]


def test_a_socket_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SimulationError, match="listen"):
        SimulationDoor(tmp_path / "file" / "x.sock", FakeCounter()).start()
