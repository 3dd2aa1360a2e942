"""Who asks: the peer, or whom a stated proxy speaks for."""

import ipaddress
from collections.abc import Sequence

UNKNOWN = "unknown"
_IPV6_NETWORK_BITS = 64
"""One customer line has a whole /64 of addresses."""


def caller_of(peer: str | None, forwarded: Sequence[str], proxies: frozenset[str]) -> str:
    """The address to count by: IPv4 as it is, IPv6 as its /64.

    Args:
        peer: Address of the other end of the connection.
        forwarded: Values of all ``X-Forwarded-For`` headers, in order. Each proxy appends whom it heard from,
            so it is read from the right, and only as far as stated proxies stand there.
        proxies: Addresses of the proxies that are ours.
    """
    found = _parsed(peer or "")
    if found is None:
        return UNKNOWN
    heard = [part for value in forwarded for part in value.split(",")]
    while str(found) in proxies and heard:
        before = _parsed(heard.pop())
        if before is None:
            break
        found = before
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _IPV6_NETWORK_BITS), strict=False))
    return str(found)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
