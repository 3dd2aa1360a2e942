"""Looks for stations in the shop's network (mDNS, DNS-SD)."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from zeroconf import Error as ZeroconfError
from zeroconf import ServiceBrowser, ServiceStateChange, Zeroconf

from messaging.topics import PAIRING_SERVICE

_log = logging.getLogger(__name__)
_ASK_MS = 2000
_MOST = 6


@dataclass(frozen=True)
class FoundStation:
    """A station that announced itself. Whoever says so may lie: the code tells."""

    shop: str
    address: str
    """As in ``https://192.168.1.10:8082``."""


class StationSearch:
    """From :meth:`start` to :meth:`stop`.

    Args:
        on_change: Called on a thread of its own when the list changed.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._lock = threading.Lock()
        self._found: dict[str, FoundStation] = {}
        self._zeroconf: Zeroconf | None = None

    @property
    def found(self) -> tuple[FoundStation, ...]:
        with self._lock:
            return tuple(self._found[name] for name in sorted(self._found))[:_MOST]

    def start(self) -> None:
        """Look; without a network nothing is found, and an address can be typed."""
        try:
            self._zeroconf = Zeroconf()
            ServiceBrowser(self._zeroconf, PAIRING_SERVICE, handlers=[self._heard])
        except (OSError, ZeroconfError) as error:
            _log.warning("no station can be looked for", extra={"why": str(error)})

    def stop(self) -> None:
        looking, self._zeroconf = self._zeroconf, None
        if looking is not None:
            looking.close()

    def _heard(
        self,
        zeroconf: Zeroconf,
        service_type: str,  # noqa: ARG002 - the library names its arguments
        name: str,
        state_change: ServiceStateChange,
    ) -> None:
        if state_change is ServiceStateChange.Removed:
            self._gone(name)
        else:
            self._look(zeroconf, name)

    def _look(self, zeroconf: Zeroconf, name: str) -> None:
        info = zeroconf.get_service_info(PAIRING_SERVICE, name, timeout=_ASK_MS)
        addresses = info.parsed_addresses() if info is not None else []
        if info is None or not addresses or info.port is None:
            return
        said = {key: value or b"" for key, value in (info.properties or {}).items()}
        scheme = "https" if said.get(b"tls") == b"1" else "http"
        shop = "".join(char for char in said.get(b"shop", b"").decode(errors="replace") if char.isprintable())
        station = FoundStation(shop[:60] or addresses[0], f"{scheme}://{addresses[0]}:{info.port}")
        with self._lock:
            self._found[name] = station
        self._on_change()

    def _gone(self, name: str) -> None:
        with self._lock:
            self._found.pop(name, None)
        self._on_change()
