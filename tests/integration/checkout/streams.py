"""A live stream of the station, read as a page reads it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from checkout.web.app import behind_door, create_app
from loyalty.services.sign_in import session_of
from tests.integration.checkout.counter import Counter
from tests.patience import PATIENCE_S

# --- streams ----------------------------------------------------------------------------------------


@asynccontextmanager
async def stream_of(counter: Counter, token: str, last: str = "") -> AsyncIterator[Any]:
    """An open stream as pairs of id and data, read from the bare ASGI application."""
    app = behind_door(create_app(counter.web), counter.web)
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    gone = asyncio.Event()
    headers = [
        (b"host", b"127.0.0.1:8080"),
        (b"accept", b"text/event-stream"),
        (b"cookie", f"comptoir_session={token}; comptoir_lane=1".encode()),
        *([(b"last-event-id", last.encode())] if last else []),
    ]
    scope = {"type": "http", "method": "GET", "path": "/till/1/events", "raw_path": b"/till/1/events",
             "query_string": b"", "headers": headers, "scheme": "http", "server": ("127.0.0.1", 8080),
             "client": ("127.0.0.1", 1), "http_version": "1.1", "root_path": ""}  # fmt: skip

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    task = asyncio.create_task(app(scope, receive, sent.put))
    start = await asyncio.wait_for(sent.get(), PATIENCE_S)
    assert start["status"] == 200

    async def events() -> AsyncIterator[tuple[str, dict[str, Any]]]:
        while True:
            message = await asyncio.wait_for(sent.get(), PATIENCE_S)
            if not message.get("more_body", False):
                return
            text = message["body"].decode()
            if "data: " in text:
                fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
                yield fields["id"], json.loads(fields["data"])

    try:
        yield events()
    finally:
        gone.set()
        await asyncio.wait_for(task, PATIENCE_S)


def looking(looks: list[bool]) -> Callable[..., Any]:
    """Looks a session up and notes that it did: a second is too short for a slow machine, a look is not."""

    def look(*asked: Any) -> Any:
        session = session_of(*asked)
        looks.append(session is not None)
        return session

    return look
