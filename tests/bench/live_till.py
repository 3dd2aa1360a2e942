"""A till page without a browser: signs in by its cookie, reads the live stream, notes when bytes come."""

import http.client
import queue
import socket
import threading
import time

_LANE = 1


class LiveTill:
    """One open stream of lane 1."""

    def __init__(self, port: int, session_token: str) -> None:
        self._headers = {"Cookie": f"comptoir_session={session_token}; comptoir_lane={_LANE}"}
        self._port = port
        self._events: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        headers = {**self._headers, "Host": f"127.0.0.1:{port}", "Accept": "text/event-stream"}
        lines = [
            f"GET /till/{_LANE}/events HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = self._socket.recv(4096)
        if not status.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the stream was refused: {status!r}")
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
        self._socket.close()

    def _read(self) -> None:
        """Notes the time of the bytes, then takes them apart: reading them is not the station's work."""
        unread = b""
        try:
            while piece := self._socket.recv(65536):
                at = time.perf_counter()
                unread += piece
                while (end := unread.find(b"\n\n")) >= 0:
                    event, unread = unread[:end], unread[end + 2 :]
                    self._events.put((at, event.decode()))
        except OSError:
            return
