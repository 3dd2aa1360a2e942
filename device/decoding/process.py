"""The decoder as its users see it: a child process with a watchdog.

Frames go over in shared memory, never pickled. When the child dies or hangs, the picture at hand is lost,
the child is started again for the next one, and the device goes on.
"""

import contextlib
import json
import logging
import mmap
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import device
from device.decoding.child import ANSWER, FRAME, REQUEST, STILL
from device.decoding.found import Found
from device.decoding.zxing import Grey
from device.errors import DecoderError

_log = logging.getLogger(__name__)

FRAME_TIMEOUT_S, STILL_TIMEOUT_S, START_TIMEOUT_S = 2.0, 20.0, 60.0
_FRAMES_PER_LIFE = 50_000
"""Then the child is replaced: zbar is known to grow slowly when it reads codes for days."""

_DYING_S = 1.0
_LONGEST_ANSWER = 1024 * 1024


class DecoderProcess:
    """Decodes grey pictures in a child process. One thread at a time.

    Args:
        formats: Names of ``formats.ALL_FORMATS``.
        most_pixels: Of the largest picture that will be asked for.
        frame_timeout_s: After so long on a frame the child counts as hung.
        still_timeout_s: The same for a still picture.
    """

    def __init__(
        self,
        formats: Iterable[str],
        most_pixels: int,
        *,
        frame_timeout_s: float = FRAME_TIMEOUT_S,
        still_timeout_s: float = STILL_TIMEOUT_S,
    ) -> None:
        self._formats = ",".join(sorted(formats))
        self._most_pixels = most_pixels
        self._timeouts_s = {FRAME: frame_timeout_s, STILL: still_timeout_s}
        self._child: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._served = 0
        self._memory_number = os.memfd_create("comptoir-frame", os.MFD_CLOEXEC)
        os.ftruncate(self._memory_number, most_pixels)
        self._memory = mmap.mmap(self._memory_number, most_pixels)
        self._pixels = np.frombuffer(self._memory, dtype=np.uint8)

    @property
    def pid(self) -> int | None:
        """The child's process id; None while none runs."""
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Start the child and wait until it is ready; otherwise the first picture does.

        Raises:
            DecoderError: It does not start.
        """
        if self._child is not None:
            return
        ours, theirs = socket.socketpair()
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603 - our own module, fixed arguments
                [
                    *(sys.executable, "-m", "device.decoding.child"),
                    *(str(theirs.fileno()), str(self._memory_number), str(self._most_pixels), self._formats),
                ],
                pass_fds=(theirs.fileno(), self._memory_number),
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _search_path(), "OMP_NUM_THREADS": "1"},
            )
        self._socket = ours
        self._served = 0
        self._receive(START_TIMEOUT_S)

    def look_at_frame(self, grey: Grey) -> list[Found]:
        """What one camera frame shows, not yet judged by the agreement rule.

        Raises:
            DecoderError: The child died or hung; the next call starts another.
        """
        return self._look(FRAME, grey)

    def look_at_still(self, grey: Grey) -> list[Found]:
        """What a still picture shows and the agreement rule believes.

        Raises:
            DecoderError: As with a frame, or the picture has more pixels than agreed.
        """
        return self._look(STILL, grey)

    def stop(self) -> None:
        """End the child; the next picture would start it again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def close(self) -> None:
        """End the child and give the shared memory back; not usable afterwards."""
        self.stop()
        self._pixels = np.empty(0, dtype=np.uint8)
        with contextlib.suppress(BufferError):
            self._memory.close()
        os.close(self._memory_number)

    def _look(self, kind: int, grey: Grey) -> list[Found]:
        height, width = grey.shape
        if not 0 < grey.size <= self._most_pixels:
            raise DecoderError(f"a picture of {width}x{height} is more than was agreed")
        if self._served >= _FRAMES_PER_LIFE:
            self.stop()
        self.start()
        self._served += 1
        np.copyto(self._pixels[: grey.size].reshape(height, width), grey)
        try:
            self._link().sendall(REQUEST.pack(kind, width, height))
        except OSError as error:
            raise self._lost(error) from error
        return [Found(**fields) for fields in json.loads(self._receive(self._timeouts_s[kind]))]

    def _receive(self, timeout_s: float) -> bytes:
        deadline_s = time.monotonic() + timeout_s
        (length,) = ANSWER.unpack(self._exactly(ANSWER.size, deadline_s))
        if length > _LONGEST_ANSWER:
            raise self._lost()
        return self._exactly(length, deadline_s)

    def _exactly(self, count: int, deadline_s: float) -> bytes:
        link, chunks = self._link(), bytearray()
        while len(chunks) < count:
            try:
                link.settimeout(max(0.001, deadline_s - time.monotonic()))
                chunk = link.recv(count - len(chunks))
            except OSError as error:  # a time-out is one of them
                raise self._lost(error) from error
            if not chunk:
                raise self._lost()
            chunks += chunk
        return bytes(chunks)

    def _link(self) -> socket.socket:
        if self._socket is None:
            raise DecoderError("the decoder's process is not running")
        return self._socket

    def _lost(self, error: OSError | None = None) -> DecoderError:
        status = None
        if self._child is not None and not isinstance(error, TimeoutError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._child.wait(_DYING_S)  # its socket closes a moment before it is gone
        self.stop()
        why = "hung" if status is None else f"ended with status {status}"
        _log.warning("decoder process lost", extra={"why": why})
        return DecoderError(f"the decoder's process {why}")


def _search_path() -> str:
    """Where the child finds this package, also when it runs from a source tree elsewhere."""
    here = str(Path(device.__file__).resolve().parents[1])
    return os.pathsep.join(part for part in (here, os.environ.get("PYTHONPATH", "")) if part)
