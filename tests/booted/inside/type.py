"""type.py DEVICE [PAUSE]: write the eight-byte reports on standard input to a gadget; print the seconds it took.

``dd`` writes each code, a report at a time, and says how long that took: Python is too slow there. It goes before all
else that runs in the guest, as a scanner does that has a processor of its own. After the release of an ENTER it pauses
so many seconds, which do not count: nobody scans two cards at once.
"""

import re
import subprocess
import sys
import time

reports = sys.stdin.buffer.read()
device, pause_s = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
write = ["chrt", "--fifo", "10", "dd", "bs=8", f"of={device}", "conv=notrunc"]


def is_enter(at: int) -> bool:
    return reports[at + 2] == 40


typed_s, start = 0.0, 0
for end in range(8, len(reports) + 1, 8):
    # The report after that of ENTER is its release, and ends a code.
    if end == len(reports) or (end >= 16 and is_enter(end - 16)):
        told = subprocess.run(
            write, input=reports[start:end], check=True, capture_output=True
        ).stderr.decode()
        typed_s += float(re.search(r"copied, ([0-9.e-]+) s", told)[1])  # type: ignore[index]
        start = end
        time.sleep(pause_s)
print(f"{typed_s:.6f}")
