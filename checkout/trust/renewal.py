"""Takes up a renewed certificate in a running server: new connections have it, open ones go on."""

import logging
import ssl
import threading
from pathlib import Path

_log = logging.getLogger(__name__)
LOOK_EVERY_S = 30.0


class CertificateWatch:
    """Looks at the files of a server's certificate and loads them again when they were replaced.

    Args:
        context: Of the listening server.
        certificate_file: With the chain.
        key_file: May be the same file.
    """

    def __init__(self, context: ssl.SSLContext, certificate_file: Path, key_file: Path) -> None:
        self._context = context
        self._files = (certificate_file, key_file)
        self._seen = self._state()

    def run(self, stopping: threading.Event) -> None:
        """Look until ``stopping`` is set."""
        while not stopping.wait(LOOK_EVERY_S):
            self.look()

    def look(self) -> bool:
        """Load what is new; True where something was. What cannot be loaded leaves the old one in force."""
        state = self._state()
        if state is None or state == self._seen:
            return False
        try:
            self._context.load_cert_chain(*self._files)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            _log.error("the renewed web certificate cannot be used", extra={"detail": str(error)})
            return False
        self._seen = state
        _log.info("a renewed web certificate is in use")
        return True

    def _state(self) -> tuple[tuple[int, int], ...] | None:
        try:
            stats = [path.stat() for path in self._files]
        except OSError:
            return None
        return tuple((stat.st_ino, stat.st_mtime_ns) for stat in stats)
