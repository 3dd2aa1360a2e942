"""``python -m tests.fuzz TARGET SECONDS``: guided by coverage where atheris is installed, else by chance alone."""

import random
import sys
import tempfile
import time
from pathlib import Path

try:
    import atheris
except ImportError:
    atheris = None

if atheris is not None:
    with atheris.instrument_imports(include=["codes", "device", "messaging"]):
        from tests.fuzz.targets import SEEDS, TARGETS
else:
    from tests.fuzz.targets import SEEDS, TARGETS


def main(name: str, seconds: int) -> None:
    target = TARGETS[name]
    if atheris is None:
        print(f"{name}: {_by_chance(name, seconds)} inputs by chance, nothing found")
        return
    folder = Path(tempfile.mkdtemp())
    for number, seed in enumerate(SEEDS[name]):
        (folder / str(number)).write_bytes(seed)
    atheris.Setup(
        [
            name,
            str(folder),
            f"-max_total_time={seconds}",
            "-max_len=600",
            "-verbosity=0",
            "-print_final_stats=1",
        ],
        target,
    )
    atheris.Fuzz()


def _by_chance(name: str, seconds: int) -> int:
    """Seeds with bytes changed, cut out and put in."""
    chance, tried, end_s = random.Random(1), 0, time.monotonic() + seconds
    while time.monotonic() < end_s:
        data = bytearray(chance.choice(SEEDS[name]))
        for _ in range(chance.randrange(12)):
            place = chance.randrange(len(data) + 1)
            data[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        TARGETS[name](bytes(data))
        tried += 1
    return tried


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
