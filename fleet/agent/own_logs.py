"""The last lines of the device's processes for staff elsewhere: bounded, and washed once more.

The processes log no secret and nobody's data; what other programs of the machine write into the same place
is washed here by the same rule, and of keys and passwords only the name stays.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable

from messaging.station.distant_look import LookAnswered, LookAsked, in_parts
from runtime.logs import mask

_log = logging.getLogger(__name__)

Tell = Callable[[Iterable[LookAnswered]], object]
"""Publishes an answer."""

MOST_BYTES = 48 * 1024
_LONGEST_LINE = 2_000
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL)
_NAMED_SECRET = re.compile(
    r"(?i)(\b[\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization|psk)[\w-]*[\"']?\s*[:=]\s*)"
    r"(?:(?:bearer|basic)\s+)?(\"[^\"\n]*\"|'[^'\n]*'|[^\s,;}]+)"
)
_LONG_BLOB = re.compile(r"(?<![\w/+=-])[A-Za-z0-9_+/=-]{64,}(?![\w/+=-])")
_HEX = re.compile(r"[0-9a-f]{64}")


def washed(text: str) -> str:
    """The newest whole lines of the text, at most ``MOST_BYTES`` in UTF-8, without what must not leave."""
    text = _KEY_BLOCK.sub("<key>", text)
    lines = [_washed_line(line) for line in text.splitlines()]
    kept: list[str] = []
    left = MOST_BYTES
    for line in reversed(lines):
        left -= len(line.encode("utf-8", "replace")) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def _washed_line(line: str) -> str:
    line = _NAMED_SECRET.sub(r"\1<secret>", line[:_LONGEST_LINE])
    # Hashes of releases and blobs are what one looks for; everything else so long may open something.
    line = _LONG_BLOB.sub(lambda found: found[0] if _HEX.fullmatch(found[0]) else "<long>", line)
    return mask(line)


class OwnLogs:
    """Answers on a thread of its own, one question at a time; ``asked`` from any.

    Args:
        tail: Gives the last lines.
    """

    def __init__(self, tail: Callable[[], str]) -> None:
        self._tail = tail
        self._turn = threading.Lock()

    def asked(self, look: LookAsked, tell: Tell) -> None:
        """Never blocks; who asks while an answer is made is not answered."""
        if not self._turn.acquire(blocking=False):
            _log.warning("asked for logs too often")
            return
        threading.Thread(target=self._run, args=(look, tell), name="own logs", daemon=True).start()

    def answer(self, look: LookAsked) -> list[LookAnswered]:
        """The lines in parts, or why there are none."""
        text = washed(self._tail()) if look.what == "log" else ""
        if not text:
            return [LookAnswered(id=look.id, refused="no_log" if look.what == "log" else "no_screen")]
        _log.info("the last lines were given", extra={"look": str(look.id), "characters": len(text)})
        return in_parts(look.id, text.encode("utf-8", "replace"))

    def _run(self, look: LookAsked, tell: Tell) -> None:
        try:
            answers = self.answer(look)
        finally:
            self._turn.release()  # before it is told: who has the answer may ask again
        tell(answers)
