"""Reads what the file gateway wrote, for the demo's page."""

import json
import os
from pathlib import Path
from typing import Any

_TAIL_BYTES = 256 * 1024


def read_messages(folder: Path, limit: int = 50) -> list[dict[str, Any]]:
    """The newest messages, newest first; a line that is cut off is left out."""
    try:
        with (folder / "messages.jsonl").open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            lines = file.read().splitlines()
    except OSError:
        return []
    messages: list[dict[str, Any]] = []
    for line in reversed(lines):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            messages.append(found)
        if len(messages) == limit:
            break
    return messages
