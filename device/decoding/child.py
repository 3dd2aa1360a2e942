"""The decoder's process: ``python -m device.decoding.child SOCKET MEMORY PIXELS FORMATS``.

Reads one request after the other from the socket, looks at the picture in the shared memory and answers
with the codes as JSON. It ends when the socket closes, when memory runs away, and (SIGALRM) when one
picture takes too long, so that no orphan is left spinning in C code.
"""

import json
import mmap
import resource
import signal
import socket
import struct
import sys

import numpy as np

from device.decoding.looks import FrameLook, StillLook

REQUEST = struct.Struct("<BII")
"""Kind, width and height of the picture in the shared memory."""

ANSWER = struct.Struct("<I")
"""Length in bytes of the JSON that follows."""

FRAME, STILL = 0, 1
FRAME_LIMIT_S, STILL_LIMIT_S = 4.0, 30.0
"""After so long on one picture the process ends itself; its parent gave up before."""

_MEMORY_BYTES = 4 * 1024**3
_MOST_CODES = 16


def main(arguments: list[str]) -> None:
    """Serve until the parent hangs up."""
    socket_number, memory_number, most_pixels = (int(word) for word in arguments[:3])
    formats = frozenset(arguments[3].split(","))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the parent decides
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pixels = np.frombuffer(mmap.mmap(memory_number, most_pixels, prot=mmap.PROT_READ), dtype=np.uint8)
    looks: dict[int, tuple[FrameLook | StillLook, float]]
    looks = {FRAME: (FrameLook(formats), FRAME_LIMIT_S), STILL: (StillLook(formats), STILL_LIMIT_S)}
    with socket.socket(fileno=socket_number) as parent:
        parent.sendall(ANSWER.pack(0))  # ready
        while len(request := parent.recv(REQUEST.size, socket.MSG_WAITALL)) == REQUEST.size:
            kind, width, height = REQUEST.unpack(request)
            look, limit_s = looks[kind]
            signal.setitimer(signal.ITIMER_REAL, limit_s)
            finds = look(pixels[: width * height].reshape(height, width))
            signal.setitimer(signal.ITIMER_REAL, 0)
            answer = json.dumps([vars(found) for found in finds[:_MOST_CODES]]).encode()
            parent.sendall(ANSWER.pack(len(answer)) + answer)


if __name__ == "__main__":
    main(sys.argv[1:])
