"""A link to a broker that is not there."""

import queue


class FakeLink:
    """Satisfies ``device.uplink.Link``; keeps what was published."""

    def __init__(self):
        self.is_connected = False
        self.is_full = False
        self.published = queue.Queue()
        self.goodbye = None

    def start(self):
        pass

    def stop(self, goodbye=None):
        self.goodbye = goodbye

    def publish(self, topic, payload, *, retain=False):
        if not self.is_connected or self.is_full:
            return False
        self.published.put((topic, payload, retain))
        return True

    def next(self, branch, timeout_s=5):
        """The payload next published on a branch; others are passed over."""
        while True:
            topic, payload, _ = self.published.get(timeout=timeout_s)
            if topic.endswith(f"/{branch}"):
                return payload
