"""Runs a station that is killed after the commit of its first event and before the answer."""

import os
import signal
import sys
import threading
from pathlib import Path

from checkout.assembly import assemble
from checkout.configuration import CheckoutSettings
from runtime.config import load_section


def main() -> None:
    station = assemble(load_section(Path(sys.argv[1]), "checkout", CheckoutSettings)).station
    station.intake._publish = lambda _taken: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
    station.start()
    threading.Event().wait(60)


if __name__ == "__main__":
    main()
