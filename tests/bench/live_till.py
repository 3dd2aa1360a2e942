"""A till page without a browser: signs in by its cookie, reads the live stream, notes when bytes come."""

import http.client
import queue
import threading
import time

_LANE = 1


class LiveTill:
    """One open stream of lane 1."""

    def __init__(self, port: int, session_token: str) -> None:
        self._headers = {"Cookie": f"comptoir_session={session_token}; comptoir_lane={_LANE}"}
        self._port = port
        self._events: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
        self._stream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._stream.request(
            "GET", f"/till/{_LANE}/events", headers={**self._headers, "Accept": "text/event-stream"}
        )
        answer = self._stream.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the stream was refused: {answer.status} {answer.read()[:200]!r}")
        self._answer = answer
        threading.Thread(target=self._read, name="live-till", daemon=True).start()

    def open_sale(self) -> None:
        """Touch "new sale"."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        headers = {**self._headers, "Origin": f"http://127.0.0.1:{self._port}"}
        connection.request("POST", f"/till/{_LANE}/open", headers=headers)
        answer = connection.getresponse()
        if answer.status != 303:
            raise RuntimeError(f"no sale was opened: {answer.status} {answer.read()[:200]!r}")
        connection.close()

    def wait_for(self, text: str) -> float:
        """When the first event that holds the text had come, on ``perf_counter``'s scale."""
        while True:
            at, event = self._events.get(timeout=20)
            if text in event:
                return at

    def close(self) -> None:
        self._stream.close()

    def _read(self) -> None:
        try:
            while line := self._answer.readline():
                if line.startswith(b"data: "):
                    self._events.put((time.perf_counter(), line.decode()))
        except (OSError, ValueError, AttributeError):
            return
