"""Asks the device process of this machine how it is, over its own socket."""

import socket
from pathlib import Path

from fleet.agent.parts import CheckResult
from fleet.documents.release import CheckName
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.local.for_agent import CertificateGiven, CertificateWanted, DeviceAnswered, DeviceAsked
from messaging.model import Message

_LONGEST_LINE = 16 * 1024


class CounterSocket:
    """One connection a question, so that a device process that restarts is no trouble.

    Args:
        path: Of the device process' socket for the agent.
        timeout_s: For one answer; a scan waits for the station.
    """

    def __init__(self, path: Path, timeout_s: float = 10.0) -> None:
        self._path = path
        self._timeout_s = timeout_s

    def check(self, name: CheckName) -> CheckResult:
        try:
            answer = self._ask(DeviceAsked(ask=name))
        except (OSError, MessagingError) as error:
            return CheckResult(name, "failed", f"the device process does not answer ({type(error).__name__})")
        return CheckResult(name, answer.state, answer.detail, answer.release)

    def is_quiet(self) -> bool:
        """Also where the device process is dead: then an update can only help."""
        try:
            return self._ask(DeviceAsked(ask="quiet")).state == "ok"
        except (OSError, MessagingError):
            return True

    def name(self) -> str:
        """What the device is called; empty where it does not answer, or has not joined."""
        try:
            return self._ask(DeviceAsked(ask="name")).detail
        except (OSError, MessagingError):
            return ""

    def certificate(self, wanted: CertificateWanted) -> CertificateGiven:
        """Let the device vouch for the agent's key.

        Raises:
            OSError: It does not answer.
            MessagingError: What it answers is none.
        """
        return decode(self._line(wanted), CertificateGiven)

    def _ask(self, question: DeviceAsked) -> DeviceAnswered:
        return decode(self._line(question), DeviceAnswered)

    def _line(self, question: Message) -> bytes:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(self._timeout_s)
            peer.connect(str(self._path))
            peer.sendall(encode(question) + b"\n")
            with peer.makefile("rb") as answers:
                return answers.readline(_LONGEST_LINE).strip()
