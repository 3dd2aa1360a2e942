"""Structured logs: one JSON object a line on standard error, which journald keeps.

Personal data never reaches a log: log calls name ids and codes, and as a second net every text is
masked where it looks like a phone number, an e-mail address or a membership code (row 209).
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

_PHONE = re.compile(r"(?<![\w-])\+?\d[\d .()-]{7,}\d(?![\w-])")
_ADDRESS = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_CARD = re.compile(r"\bCM1[A-Z2-7]{40,}\b")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def mask(text: str) -> str:
    """The text with what looks like contact data or a card replaced, and control characters removed."""
    text = _CARD.sub("<card>", text)
    text = _EMAIL.sub("<e-mail>", text)
    text = _PHONE.sub(_number, text)
    return _CONTROL.sub("?", text)


def _number(match: re.Match[str]) -> str:
    """An address of a machine stays readable; what else is that many digits may be somebody's phone."""
    return match.group() if _ADDRESS.fullmatch(match.group()) else "<number>"


class JsonFormatter(logging.Formatter):
    """Renders a record as one line of JSON; ``extra`` fields become members."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "time": when,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        for key, value in vars(record).items():
            if key not in _STANDARD and not key.startswith("_"):
                line[key] = mask(value) if isinstance(value, str) else value
        if record.exc_info:
            line["traceback"] = mask("".join(traceback.format_exception(*record.exc_info)))
        return json.dumps(line, default=lambda value: mask(str(value)), ensure_ascii=False)


def set_up_logs(level: str = "INFO") -> None:
    """Send the root logger to standard error as JSON lines. Call once, from a process's bootstrap."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
