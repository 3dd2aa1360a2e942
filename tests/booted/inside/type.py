"""type.py DEVICE [PAUSE]: write the eight-byte reports on standard input to a gadget; print the seconds it took.

After the release of an ENTER it pauses so many seconds, which do not count: nobody scans two cards at once.
"""

import os
import sys
import time

reports = sys.stdin.buffer.read()
device = os.open(sys.argv[1], os.O_RDWR)
pause_s = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
typed_s, started_s, enters = 0.0, time.monotonic(), False
for start in range(0, len(reports), 8):
    os.write(device, reports[start : start + 8])
    if enters:
        typed_s += time.monotonic() - started_s
        time.sleep(pause_s)
        started_s = time.monotonic()
    enters = reports[start + 2] == 40
print(f"{typed_s:.3f}")
