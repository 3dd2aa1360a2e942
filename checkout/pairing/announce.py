"""Tells the shop's network where the station is, so that nobody types an address (mDNS, DNS-SD)."""

import fcntl
import logging
import socket
from typing import TYPE_CHECKING

from messaging.topics import PAIRING_SERVICE

if TYPE_CHECKING:
    from zeroconf import Zeroconf

_log = logging.getLogger(__name__)
_ANY_OUTSIDE = "192.0.2.1"
"""An address of documentation (RFC 5737): nothing is sent to it, only the way there is asked for."""

_LOOPBACK = "127.0.0.1"
_ADDRESS_OF_INTERFACE = 0x8915
"""``SIOCGIFADDR`` (netdevice(7)); the answer holds the address from its 20th byte on."""

_REQUEST_BYTES = 256


class Announcement:
    """From :meth:`start` to :meth:`stop`. A network that takes no multicast is a station to be typed.

    Args:
        shop: Name of the shop, for who looks at the list.
        station: Name in the station's certificate.
    """

    def __init__(self, shop: str, station: str) -> None:
        self._shop = shop
        self._station = station
        self._zeroconf: Zeroconf | None = None

    def start(self, port: int, *, is_secure: bool) -> None:
        """Announce the door at this port."""
        # Megabytes of a library for a station that takes devices in.
        from zeroconf import Error as ZeroconfError  # noqa: PLC0415
        from zeroconf import ServiceInfo, Zeroconf  # noqa: PLC0415

        info = ServiceInfo(
            PAIRING_SERVICE,
            f"{self._station.replace('.', '-')}.{PAIRING_SERVICE}",
            port=port,
            addresses=[socket.inet_aton(address) for address in own_addresses()],
            properties={"shop": self._shop[:60], "tls": "1" if is_secure else "0"},
        )
        try:
            self._zeroconf = Zeroconf()
            self._zeroconf.register_service(info, cooperating_responders=True)
        except (OSError, ZeroconfError) as error:
            _log.warning("the station is not announced", extra={"why": str(error)})
            self.stop()

    def stop(self) -> None:
        told, self._zeroconf = self._zeroconf, None
        if told is not None:
            told.close()


def own_addresses() -> list[str]:
    """The IPv4 address by which this machine reaches its network; without a way out, those of its cables."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_ANY_OUTSIDE, 9))
            return [str(probe.getsockname()[0])]
        except OSError:
            return _of_cables(probe) or [_LOOPBACK]


def _of_cables(probe: socket.socket) -> list[str]:
    """A shop's network may end at its walls: no route leads anywhere, and devices are there all the same."""
    found = []
    for _, name in socket.if_nameindex():
        try:
            answer = fcntl.ioctl(probe, _ADDRESS_OF_INTERFACE, name.encode().ljust(_REQUEST_BYTES, b"\0"))
        except OSError:  # has none
            continue
        address = socket.inet_ntoa(answer[20:24])
        if not address.startswith("127."):
            found.append(address)
    return found
