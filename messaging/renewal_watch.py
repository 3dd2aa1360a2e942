"""Looks at a process's own certificate a few times a day and renews it in time."""

import http.client
import logging
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from messaging.errors import RenewalError
from messaging.renewing import OwnCertificate
from messaging.station.renewal import AgentCertificateRequested, RenewalAnswered, RenewalRequested
from runtime.clock import Clock
from runtime.config import ConfiguredPath, Section

_log = logging.getLogger(__name__)

_FIRST_S = 60.0
_EVERY_S = 6 * 3600.0
_AGAIN_S = 1800.0
_QUIET_S = 20.0
_TIMEOUT_S = 10.0
_LONGEST_ANSWER = 64 * 1024
LOUD_BEFORE = timedelta(days=14)
"""So near its end, a certificate that was not renewed is everybody's business."""


class RenewalSettings(Section):
    """How a process renews its certificate.

    Attributes:
        door: Address of the station's door for devices, as in ``https://192.168.1.10:8082``.
        folder: Where the renewed certificate lies; private, of the process's own.
    """

    door: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")]
    folder: ConfiguredPath = Path("/var/lib/comptoir-device/identity")


class RenewalWatch:
    """Runs on a worker of its own.

    Args:
        own: The certificate.
        door: See :class:`RenewalSettings`.
        clock: Says when it is due.
        tell: Told whether all is well with it, and until when it holds.
        take_up: Starts the process anew, so that it uses the new one; False where that would disturb now.
    """

    def __init__(
        self,
        own: OwnCertificate,
        door: str,
        clock: Clock,
        tell: Callable[[bool, str], None],
        take_up: Callable[[], bool],
    ) -> None:
        self._own = own
        self._door = door
        self._clock = clock
        self._tell = tell
        self._take_up = take_up

    def run(self, stopping: threading.Event) -> None:
        """Until stopped, or until the process starts anew."""
        wait_s = _FIRST_S
        while not stopping.wait(wait_s):
            wait_s = self.look()
            if wait_s == 0:
                while not self._take_up():
                    if stopping.wait(_QUIET_S):
                        return
                return

    def look(self) -> float:
        """Renew where it is due; seconds until the next look, 0 once a new one waits to be taken up."""
        now = self._clock.now()
        try:
            held = self._own.held()
            if self._own.is_due(now):
                held = self._own.renew(lambda asked: ask_door(self._door, asked))
                _log.info("certificate renewed", extra={"until": held.ends_at.isoformat()})
                return 0
        except RenewalError as error:
            _log.warning("the certificate was not renewed", extra={"why": error.message})
            self._tell(self._is_far_from_its_end(), f"not renewed: {error.message}"[:200])
            return _AGAIN_S
        is_well = now < held.ends_at - LOUD_BEFORE
        self._tell(is_well, f"until {held.ends_at.date().isoformat()}")
        return _EVERY_S

    def _is_far_from_its_end(self) -> bool:
        try:
            return self._clock.now() < self._own.held().ends_at - LOUD_BEFORE
        except RenewalError:
            return False


def ask_door(door: str, asked: RenewalRequested) -> RenewalAnswered:
    """Put the request to a station. Nothing in it is secret, and the answer proves itself.

    Raises:
        RenewalError: It does not answer, or what answers is no station.
    """
    parts = urlsplit(door)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        # Whose certificate the door shows does not matter: ours is checked against the authority we have.
        context = ssl._create_unverified_context()  # noqa: S323
        connection = http.client.HTTPSConnection(host, parts.port, timeout=_TIMEOUT_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=_TIMEOUT_S)
    try:
        headers = {"content-type": "application/json"}
        path = "/pairing/agent" if isinstance(asked, AgentCertificateRequested) else "/pairing/renew"
        connection.request("POST", path, asked.model_dump_json().encode(), headers)
        answer = connection.getresponse()
        content = answer.read(_LONGEST_ANSWER + 1)
        if answer.status != http.client.OK or len(content) > _LONGEST_ANSWER:
            raise RenewalError(f"the station's door answers {answer.status}")
        return RenewalAnswered.model_validate_json(content)
    except (OSError, http.client.HTTPException) as error:
        raise RenewalError("the station's door does not answer") from error
    except ValidationError as error:
        raise RenewalError("what answers there is no station") from error
    finally:
        connection.close()
