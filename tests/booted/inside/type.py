"""type.py DEVICE: write the eight-byte reports on standard input to a gadget; print the seconds it took."""

import os
import sys
import time

reports = sys.stdin.buffer.read()
device = os.open(sys.argv[1], os.O_RDWR)
started_s = time.monotonic()
for start in range(0, len(reports), 8):
    os.write(device, reports[start : start + 8])
print(f"{time.monotonic() - started_s:.3f}")
