"""One customer's time at the kiosk is over."""

from typing import Literal

from messaging.model import Message, example


class SessionEnded(Message):
    """Why the session ended; whatever arrives later for it is a late event (rows 170, 171)."""

    model_config = example(v=1, kind="session_ended", reason="idle")

    kind: Literal["session_ended"] = "session_ended"
    reason: Literal["done", "idle", "left", "paid", "restarted"]
