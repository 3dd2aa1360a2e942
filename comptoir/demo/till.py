"""The till page of the demo as a browser uses it: cookies, forms, the state as data, the live stream."""

import html
import queue
import re
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx

from comptoir.demo.supervisor import DemoError

State = dict[str, Any]

_LANE = 1
_LINK = re.compile(r"/s/[A-Za-z0-9_-]{20,100}")


class Till:
    """Lane 1 of the demo, signed in by the demo's own address.

    Args:
        origin: Scheme, host and port of the station's pages.
        entrance: Path with the token of this run.
    """

    def __init__(self, origin: str, entrance: str) -> None:
        self._web = httpx.Client(
            base_url=origin, headers={"origin": origin}, follow_redirects=True, timeout=20, trust_env=False
        )
        self._get(entrance)
        self._goods = {
            html.unescape(name): UUID(item)
            for item, name in re.findall(
                r'name="item" value="([0-9a-f-]{36})"><span>([^<]+)</span>', self._get(f"/till/{_LANE}").text
            )
        }

    def close(self) -> None:
        self._web.close()

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._web.cookies.jar)

    def state(self) -> State:
        """What the page shows, as data."""
        return dict(self._get(f"/till/{_LANE}/state").json())

    def post(self, path: str, **form: object) -> None:
        """Touch a button of the till.

        Raises:
            DemoError: It was refused.
        """
        answer = self._web.post(f"/till/{_LANE}{path}", data={k: str(v) for k, v in form.items()})
        if answer.status_code != httpx.codes.OK:
            why = answer.headers.get("x-refused", "")
            raise DemoError(f"the till refused {path}: {answer.status_code} {why}")

    def open_sale(self, *goods: str) -> State:
        """A new sale with these items in it."""
        self.post("/open")
        for name in goods:
            if name not in self._goods:
                raise DemoError(f"the catalogue has no « {name} »")
            self.post("/lines", item=self._goods[name])
        return self.wait_for(lambda state: len(state["sale"]["lines"]) == len(goods), "the items")

    def pay(self) -> State:
        """Take the exact amount in cash; the state with the receipt."""
        sale = self.state()["sale"]
        self.post("/pay", sale=sale["id"], total=sale["total_minor"])
        return self.wait_for(lambda state: state["sale"]["receipt"] is not None, "the receipt")

    def wait_for(self, seen: Callable[[State], object], what: str, timeout_s: float = 20.0) -> State:
        """Look until it is seen.

        Raises:
            DemoError: It was not seen in time.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            state = self.state()
            if state["sale"] is not None and seen(state):
                return state
            if time.monotonic() > deadline:
                raise DemoError(f"the till never showed {what}")
            time.sleep(0.05)

    def demo(self, path: str, **form: object) -> httpx.Response:
        """Use a button of the demo's page."""
        answer = self._web.post(f"/demo/{path}", data={k: str(v) for k, v in form.items()})
        if answer.is_error:
            raise DemoError(f"the demo's page refused {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def status_link(self, timeout_s: float = 20.0) -> str:
        """Path of the status page in the newest message on the member's phone.

        Raises:
            DemoError: No such message came.
        """
        deadline = time.monotonic() + timeout_s
        while (found := _LINK.search(self._get("/demo/messages").text)) is None:
            if time.monotonic() > deadline:
                raise DemoError("no message with a link reached the member's phone")
            time.sleep(0.1)
        return found.group(0)

    def page(self, path: str) -> str:
        return self._get(path).text

    def _get(self, path: str) -> httpx.Response:
        answer = self._web.get(path)
        if answer.is_error:
            raise DemoError(f"{path.partition('?')[0]} answers {answer.status_code}")
        return answer


class LiveTill:
    """One open stream of a lane; notes when each event's bytes had come."""

    def __init__(self, origin: str, cookies: str) -> None:
        self._events: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
        self._web = httpx.Client(base_url=origin, headers={"cookie": cookies}, trust_env=False, timeout=60)
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._read, name="live-till", daemon=True)
        self._thread.start()
        if not self._opened.wait(20):
            raise DemoError("the till's live stream was refused")

    def wait_for(self, text: str, timeout_s: float = 20.0) -> float:
        """When the first event that holds the text had come, on ``perf_counter``'s scale.

        Raises:
            DemoError: None came in time.
        """
        try:
            while True:
                at, event = self._events.get(timeout=timeout_s)
                if text in event:
                    return at
        except queue.Empty:
            raise DemoError("the till's live stream did not bring what was waited for") from None

    def close(self) -> None:
        self._web.close()

    def _read(self) -> None:
        try:
            headers = {"accept": "text/event-stream"}
            with self._web.stream("GET", f"/till/{_LANE}/events", headers=headers) as answer:
                if answer.is_error:
                    return
                self._opened.set()
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        self._events.put((time.perf_counter(), line))
        except (httpx.HTTPError, RuntimeError, OSError):
            return
