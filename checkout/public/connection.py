"""Connections from outside: none lives long, and no address holds many (row 196)."""

import asyncio
from collections import Counter

from uvicorn.protocols.http.h11_impl import H11Protocol

LIFETIME_S = 30.0
"""Pages are short: whoever is still connected then is slow on purpose, or opens a new connection."""
MAX_FROM_ONE_ADDRESS = 24


def short_lived(proxies: frozenset[str], lifetime_s: float = LIFETIME_S) -> type[H11Protocol]:
    """The protocol class for one listener; addresses in ``proxies`` may hold any number of connections."""
    held: Counter[str] = Counter()

    class ShortLivedProtocol(H11Protocol):
        """HTTP/1.1 that ends by itself. On the listener's loop."""

        _end: asyncio.TimerHandle | None = None
        _holder: str | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            address = self.client[0] if self.client is not None else ""
            self._end = self.loop.call_later(lifetime_s, transport.abort)
            if address not in proxies:
                self._holder = address
                held[address] += 1
                if held[address] > MAX_FROM_ONE_ADDRESS:
                    transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            if self._end is not None:
                self._end.cancel()
            if self._holder is not None:
                held[self._holder] -= 1
                if held[self._holder] == 0:
                    del held[self._holder]

    return ShortLivedProtocol
