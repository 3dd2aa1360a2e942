"""Runs a station that is killed after the commit of a register's first order and before the answer."""

import os
import signal
import sys
from pathlib import Path

from checkout.bootstrap import run
from checkout.configuration import CheckoutSettings
from checkout.station import Station
from runtime.config import load_section


def _die(_station: Station, _told: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    # Of HTTP the first thing after the commit, of MQTT the publishing of the answer.
    Station.follow_register = _die  # type: ignore[method-assign]
    Station._answer_register = _die  # type: ignore[method-assign]
    sys.exit(run(load_section(Path(sys.argv[1]), "checkout", CheckoutSettings)))


if __name__ == "__main__":
    main()
