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
_PORTAL = "a sign-in page of the network may stand before it"
_WHY: tuple[tuple[type[BaseException], str], ...] = (
    (urllib3.exceptions.NameResolutionError, "its name is not known in this network"),
    (urllib3.exceptions.SSLError, f"its certificate is not to be believed: the clock is wrong, or {_PORTAL}"),
    (urllib3.exceptions.NewConnectionError, "nobody answers at that address"),
    (urllib3.exceptions.ConnectTimeoutError, "it does not answer in time"),
    (urllib3.exceptions.ReadTimeoutError, "it falls silent"),
    (urllib3.exceptions.IncompleteRead, "it ends too early"),
    (urllib3.exceptions.DecodeError, "what it packed cannot be unpacked"),
    (urllib3.exceptions.ProtocolError, "the connection breaks"),
)
"""The narrower before the wider."""


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
        """The bytes of a file from ``start`` on; where ranges do not work, the skipped ones are read too.

        Raises:
            FetchError: Anything else came than the whole rest of the file; ``fields["status"]`` holds
                what the server said, if it said something.
        """
        url = path if "://" in path else f"{self.base}/{path}"
        began_s = self._clock.monotonic_s()
        response = self._answer(url, start)
        if start and not _is_rest(response, start):
            # A server that gets ranges wrong would else never give the rest.
            response.close()
            response = self._answer(url, 0)
        try:
            skip = _bytes_to_skip(response, url, start)
            yield from self._pieces(response, url, skip, began_s)
        finally:
            response.close()
            response.release_conn()

    def _answer(self, url: str, start: int) -> urllib3.BaseHTTPResponse:
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            return self._ask(url, headers)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise FetchError(f"{url} cannot be reached: {_why(error)}") from error

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


def _is_rest(response: urllib3.BaseHTTPResponse, start: int) -> bool:
    """Whether the answer is the rest that was asked for, or the whole."""
    if response.status == 206:
        is_plain = response.headers.get("Content-Encoding", "identity").lower() == "identity"
        return is_plain and response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
    return response.status != 416


def _bytes_to_skip(response: urllib3.BaseHTTPResponse, url: str, start: int) -> int:
    if start and response.status == 206 and _is_rest(response, start):
        return 0
    status = response.status
    if 300 <= status < 400:
        raise FetchError(f"{url} sends elsewhere ({status}), which is not followed; {_PORTAL}", status=status)
    if status != 200:
        raise FetchError(f"{url} answered {status}", status=status)
    if response.headers.get("Content-Type", "").lower().startswith("text/html"):
        raise FetchError(f"{url} is a web page instead of the file; {_PORTAL}")
    return start


def _check_complete(response: urllib3.BaseHTTPResponse, url: str) -> None:
    left = getattr(response, "length_remaining", 0)
    if left:
        raise FetchError(f"{url} ended {left} bytes too early")


def _why(error: BaseException) -> str:
    for kind, words in _WHY:
        if isinstance(error, kind):
            return words
    return type(error).__name__
