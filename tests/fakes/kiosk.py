"""A kiosk that draws nothing: talks to the device process over the real socket."""

import queue
import threading

from messaging.local.to_kiosk import TO_KIOSK
from messaging.local_socket import LocalClient
from tests.patience import PATIENCE_S


class FakeKiosk:
    """The kiosk's end of the local socket."""

    def __init__(self, path):
        self.messages = queue.Queue()
        self.connected = queue.Queue()
        self._adopted = threading.Event()
        self._client = LocalClient(path, self._on_frame, self.connected.put)
        self._client.start()
        assert self.connected.get(timeout=PATIENCE_S)
        # Connected means queued at the listener; the device's first words mean that it knows of us.
        assert self._adopted.wait(PATIENCE_S)

    def _on_frame(self, frame):
        self._adopted.set()
        self.messages.put(TO_KIOSK.validate_json(frame))

    def say(self, message):
        assert self._client.send(message)

    def until(self, kind, timeout_s=PATIENCE_S):
        """The next message of a kind; others are passed over."""
        while (message := self.messages.get(timeout=timeout_s)).kind != kind:
            pass
        return message

    def stop(self):
        self._client.stop()
