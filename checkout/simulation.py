"""The device's simulation socket, for the demo's page: one JSON object a line, one answer a line."""

import json
import socket
from pathlib import Path
from typing import Any

from checkout.errors import SimulationError

_TIMEOUT_S = 5.0


def ask_simulation(path: Path, **request: object) -> dict[str, Any]:
    """One request on a connection of its own, and its answer. Blocks.

    Raises:
        SimulationError: The socket does not answer, or says no.
    """
    try:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(_TIMEOUT_S)
            peer.connect(str(path))
            peer.sendall(json.dumps(request).encode() + b"\n")
            with peer.makefile("rb") as lines:
                answer = json.loads(lines.readline() or b"{}")
    except (OSError, ValueError) as error:
        raise SimulationError("the device's simulation does not answer") from error
    if not isinstance(answer, dict) or not answer.get("ok"):
        reason = answer.get("error", "?") if isinstance(answer, dict) else "?"
        raise SimulationError(f"the device's simulation refused: {str(reason)[:200]}")
    return answer
