"""Tells systemd how the process is: ready, alive, what it does, that it stops.

Speaks to ``NOTIFY_SOCKET`` through sdnotify; without systemd every call does nothing.
"""

import os

from sdnotify import SystemdNotifier


class ServiceNotifier:
    """systemd's view of this process (sd_notify(3)). May be called from any thread."""

    def __init__(self) -> None:
        self._systemd = SystemdNotifier()

    def ready(self) -> None:
        self._systemd.notify("READY=1")

    def alive(self) -> None:
        """Feed the watchdog; call at least twice per ``WatchdogSec``."""
        self._systemd.notify("WATCHDOG=1")

    def status(self, text: str) -> None:
        self._systemd.notify(f"STATUS={text}")

    def stopping(self) -> None:
        self._systemd.notify("STOPPING=1")


def watchdog_interval_s() -> float | None:
    """Half of systemd's watchdog time in seconds; None where no watchdog is set."""
    usec = os.environ.get("WATCHDOG_USEC", "")
    return int(usec) / 2_000_000 if usec.isdigit() and int(usec) > 0 else None
