"""Whether a device is there: retained, and its last will."""

from typing import Literal
from uuid import UUID

from messaging.model import Message, example


class Presence(Message):
    """Retained on the device's own topic; ``state`` offline is set by the broker as last will."""

    model_config = example(v=1, state="online", boot="6f1c9c2e-2f7b-4a3e-9f63-0f6f4a0c1d11", release="1.0.0")

    state: Literal["online", "offline"]
    boot: UUID
    release: str
