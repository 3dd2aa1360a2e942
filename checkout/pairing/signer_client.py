"""Asks the signing process."""

import socket
from pathlib import Path

from pydantic import BaseModel, ValidationError

from checkout.errors import SignerError
from messaging.signing import MAX_LINE_BYTES, SignerAnswered

_TIMEOUT_S = 5.0


class SignerClient:
    """One connection for each question. Any thread; blocks for some milliseconds.

    Args:
        path: Of the signing process's socket.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def ask(self, question: BaseModel) -> SignerAnswered:
        """The answer.

        Raises:
            SignerError: The signing process is not there, or answers what is none.
        """
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
                link.settimeout(_TIMEOUT_S)
                link.connect(str(self._path))
                link.sendall(question.model_dump_json().encode() + b"\n")
                with link.makefile("rb") as answers:
                    line = answers.readline(MAX_LINE_BYTES + 1)
            return SignerAnswered.model_validate_json(line)
        except (OSError, ValidationError) as error:
            raise SignerError("the signing process does not answer", path=str(self._path)) from error
