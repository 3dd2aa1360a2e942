"""Reads from a web server that may be slow, cut the line or send something else than what was asked.

Beside the time between two reads there is an end for the whole, and a rate below which it is given up:
without them a server that drips holds an agent for ever.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import urllib3

from fleet.errors import FetchError
from runtime.clock import Clock

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Patience:
    """What a server may take.

    Attributes:
        connect_s: To answer the connection.
        gap_s: Between two pieces.
        whole_s: For one file, whatever its length.
        least_bytes_s: Below this rate, over ``rate_after_s``, the file is given up.
    """

    connect_s: float = 10.0
    gap_s: float = 20.0
    whole_s: float = 3600.0
    least_bytes_s: float = 1024.0
    rate_after_s: float = 30.0


class WebServer:
    """One server, by the address below which everything lies. Any thread.

    Args:
        base: As in ``https://updates.example.org/comptoir``.
        clock: Measures.
        patience: How long it is waited.
        ca_file: Authority to trust instead of the system's.
        alive: Called with every piece that comes.
    """

    def __init__(
        self,
        base: str,
        clock: Clock,
        patience: Patience | None = None,
        ca_file: str | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._alive = alive
        self.base = base.rstrip("/")
        self._clock = clock
        self._patience = patience or Patience()
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=self._patience.connect_s, read=self._patience.gap_s),
            retries=False,
            ca_certs=ca_file,
        )

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        """The bytes of a file from ``start`` on; from a server without ranges, the skipped ones are read too.

        Raises:
            FetchError: Anything else came than the whole rest of the file; ``fields["status"]`` holds
                what the server said, if it said something.
        """
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        url = path if "://" in path else f"{self.base}/{path}"
        began_s = self._clock.monotonic_s()
        try:
            response = self._ask(url, headers)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise FetchError(f"{url} cannot be reached: {_why(error)}") from error
        try:
            skip = _bytes_to_skip(response, url, start)
            yield from self._pieces(response, url, skip, began_s)
        finally:
            response.close()
            response.release_conn()

    def _ask(self, url: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request("GET", url, headers=headers, preload_content=False, redirect=False)
        except urllib3.exceptions.ProtocolError:
            # A server may close a connection it kept open just when it is used again: no fault of the file.
            return self._pool.request("GET", url, headers=headers, preload_content=False, redirect=False)

    def _pieces(
        self, response: urllib3.BaseHTTPResponse, url: str, skip: int, began_s: float
    ) -> Iterator[bytes]:
        received = 0
        while True:
            try:
                piece = response.read1(_CHUNK)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise FetchError(f"{url} broke off after {received} bytes: {_why(error)}") from error
            if not piece:
                _check_complete(response, url)
                return
            self._alive()
            received += len(piece)
            self._check_pace(url, received, self._clock.monotonic_s() - began_s)
            if skip >= len(piece):
                skip -= len(piece)
                continue
            yield piece[skip:]
            skip = 0

    def _check_pace(self, url: str, received: int, spent_s: float) -> None:
        patience = self._patience
        if spent_s > patience.whole_s:
            raise FetchError(f"{url} took longer than {patience.whole_s:.0f} s")
        if spent_s > patience.rate_after_s and received / spent_s < patience.least_bytes_s:
            raise FetchError(f"{url} comes too slowly: {received / spent_s:.0f} bytes a second")


def _bytes_to_skip(response: urllib3.BaseHTTPResponse, url: str, start: int) -> int:
    if start and response.status == 206:
        sent = response.headers.get("Content-Range", "")
        if not sent.startswith(f"bytes {start}-"):
            raise FetchError(f"{url} sent another range than was asked")
        return 0
    if response.status != 200:
        raise FetchError(f"{url} answered {response.status}", status=response.status)
    return start


def _check_complete(response: urllib3.BaseHTTPResponse, url: str) -> None:
    left = getattr(response, "length_remaining", 0)
    if left:
        raise FetchError(f"{url} ended {left} bytes too early")


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}"
