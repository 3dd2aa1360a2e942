"""A kiosk that draws nothing: talks to the device process over the real socket."""

import queue

from messaging.local.to_kiosk import TO_KIOSK
from messaging.local_socket import LocalClient


class FakeKiosk:
    """The kiosk's end of the local socket."""

    def __init__(self, path):
        self.messages = queue.Queue()
        self.connected = queue.Queue()
        self._client = LocalClient(path, self._on_frame, self.connected.put)
        self._client.start()
        assert self.connected.get(timeout=10)

    def _on_frame(self, frame):
        self.messages.put(TO_KIOSK.validate_json(frame))

    def say(self, message):
        assert self._client.send(message)

    def until(self, kind, timeout_s=15):
        """The next message of a kind; others are passed over."""
        while (message := self.messages.get(timeout=timeout_s)).kind != kind:
            pass
        return message

    def stop(self):
        self._client.stop()
