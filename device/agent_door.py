"""The socket on which the update agent asks how the device is: one JSON object a line each way.

For the agent's account alone (mode 0660, the group of the folder). It can ask and start a trial scan, nothing
else.
"""

from collections.abc import Callable
from pathlib import Path

from device.errors import AgentDoorError
from device.line_door import LineDoor, Manners
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.local.for_agent import DeviceAnswered, DeviceAsked

_MANNERS = Manners(umask=0o117, longest_line=4096, quiet_s=20.0, error=AgentDoorError)

Answer = Callable[[str], DeviceAnswered]


class AgentDoor(LineDoor):
    """Listens; each question has a thread of its own.

    Args:
        path: Of the socket.
        answer: Says how a part is.
    """

    def __init__(self, path: Path, answer: Answer) -> None:
        def answered(line: bytes) -> bytes:
            try:
                question = decode(line, DeviceAsked)
            except MessagingError as error:
                return encode(DeviceAnswered(state="failed", detail=error.code))
            return encode(answer(question.ask))

        too_long = encode(DeviceAnswered(state="failed", detail="line too long"))
        super().__init__("agent door", path, answered, _MANNERS, too_long)
