"""The socket on which the update agent asks how the device is: one JSON object a line each way.

For the agent's account alone (mode 0660, the group of the folder). It can ask, start a trial scan, and get
a certificate of its own; nothing else.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

from device.errors import AgentDoorError
from device.line_door import LineDoor, Manners
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.local.for_agent import CertificateGiven, CertificateWanted, DeviceAnswered, DeviceAsked

_MANNERS = Manners(umask=0o117, longest_line=4096, quiet_s=20.0, error=AgentDoorError)

Answer = Callable[[str], DeviceAnswered]
Certify = Callable[[CertificateWanted], CertificateGiven]


class AgentDoor(LineDoor):
    """Listens; each question has a thread of its own.

    Args:
        path: Of the socket.
        answer: Says how a part is.
        certify: Gets the agent its certificate.
    """

    def __init__(self, path: Path, answer: Answer, certify: Certify) -> None:
        def answered(line: bytes) -> bytes:
            with contextlib.suppress(MessagingError):
                return encode(certify(decode(line, CertificateWanted)))
            try:
                question = decode(line, DeviceAsked)
            except MessagingError as error:
                return encode(DeviceAnswered(state="failed", detail=error.code))
            return encode(answer(question.ask))

        too_long = encode(DeviceAnswered(state="failed", detail="line too long"))
        super().__init__("agent door", path, answered, _MANNERS, too_long)
