"""A gateway that writes messages to a file: for the demo, and to try out a shop before an SMS contract."""

import json
import threading
from pathlib import Path

from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome


class FileMessageGateway:
    """One JSON object a line in ``messages.jsonl``, readable by the owner only. Any thread.

    Args:
        folder: Made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = folder / "messages.jsonl"
        self._lock = threading.Lock()

    def send(self, message: MemberMessage) -> GatewayAnswer:
        line = {
            "id": str(message.id),
            "kind": message.kind.value,
            "to": message.to,
            "language": message.language,
            "body": message.body,
            "queued_at": message.queued_at.isoformat(),
        }
        try:
            with self._lock, self.path.open("a", encoding="utf-8") as file:
                self.path.chmod(0o600)
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            return GatewayAnswer(GatewayOutcome.REFUSED, error.strerror or type(error).__name__)
        return GatewayAnswer(GatewayOutcome.ACCEPTED)
