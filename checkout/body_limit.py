"""A body longer than a door lets in is not read on; pure ASGI, for the doors of all listeners."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


def limited(receive: Receive, limit: int) -> Receive:
    """Receives as before until more than ``limit`` bytes came: then it seems that the client left."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                # A body longer than announced: the rest is not read, the page sees a client that left.
                return {"type": "http.disconnect"}
        return message

    return counted
