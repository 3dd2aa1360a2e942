"""What C code can do to the decoder's process, done for real: it crashes, spins, eats memory."""

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from device.decoding import process
from device.decoding.formats import COUNTER_FORMATS
from device.errors import DecoderError
from tests.fakes.pictures import placed, qr

CARD = placed(qr("CM1ABC"))
HURT = placed(qr("HURT"))

_CHILD = """
    import ctypes, mmap, sys
    from device.decoding import child
    from device.decoding.looks import FrameLook

    class Hurt(FrameLook):
        def __call__(self, grey):
            finds = super().__call__(grey)
            if any(found.text == "HURT" for found in finds):
                {deed}
            return finds

    child.FrameLook = Hurt
    {setting}
    child.main(sys.argv[1:])
"""
_SEGFAULT = "ctypes.string_at(0)"
_SPIN = "ctypes.CDLL(None).pause()"
_LEAK = "kept = [mmap.mmap(-1, 2**28) for _ in range(1000)]"


@pytest.fixture
def hurt_by(tmp_path, monkeypatch):
    """A decoder whose process does a deed when it reads HURT."""
    made = []

    def make(deed, setting="pass", timeout_s=1.0):
        script = tmp_path / "child.py"
        script.write_text(textwrap.dedent(_CHILD).format(deed=deed, setting=setting))
        popen = subprocess.Popen

        def started(command, **options):
            assert command[1:3] == ["-m", "device.decoding.child"]
            return popen([sys.executable, str(script), *command[3:]], **options)

        monkeypatch.setattr(process.subprocess, "Popen", started)
        decoder = process.DecoderProcess(COUNTER_FORMATS, 640 * 480, frame_timeout_s=timeout_s)
        made.append(decoder)
        return decoder

    yield make
    for decoder in made:
        decoder.close()


def texts(finds):
    return [found.text for found in finds]


@pytest.mark.parametrize(
    ("deed", "setting", "why"),
    [
        (_SEGFAULT, "pass", "status -11"),
        ("ctypes.CDLL(None).abort()", "pass", "status -6"),
        (_SPIN, "pass", "hung"),
        (_LEAK, "child._MEMORY_BYTES = 2**30", "status 1"),
        ("sys.exit(0)", "pass", "status 0"),
    ],
    ids=["segfault", "abort", "spin", "leak", "exit"],
)
def test_a_picture_that_hurts_costs_itself_and_the_next_is_read(hurt_by, deed, setting, why):
    decoder = hurt_by(deed, setting, timeout_s=5.0 if deed == _LEAK else 1.0)
    assert texts(decoder.look_at_frame(CARD)) == ["CM1ABC"]
    first = decoder.pid
    with pytest.raises(DecoderError, match=why):
        decoder.look_at_frame(HURT)
    assert decoder.pid is None
    assert texts(decoder.look_at_frame(CARD)) == ["CM1ABC"]
    assert decoder.pid != first


def test_a_child_whose_parent_is_gone_ends_itself_when_it_spins(hurt_by):
    decoder = hurt_by(_SPIN, "child.FRAME_LIMIT_S = 0.3", timeout_s=20.0)
    with pytest.raises(DecoderError, match="status -14"):  # SIGALRM
        decoder.look_at_frame(HURT)


def test_many_frames_leave_the_child_as_small_as_it_was(hurt_by):
    decoder = hurt_by("pass")
    empty = np.full((480, 640), 120, dtype=np.uint8)

    def resident_kib():
        lines = Path(f"/proc/{decoder.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    for _ in range(20):
        decoder.look_at_frame(CARD)
        decoder.look_at_frame(empty)
    before = resident_kib()
    for _ in range(120):
        decoder.look_at_frame(CARD)
        decoder.look_at_frame(empty)
    assert resident_kib() - before < 20_000
