"""Who should run which release now: stages in percent, window, pins and holds; signed by the online role."""

import hashlib
import re
from datetime import time
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from fleet.documents.release import Document, ReleaseId

_CHANNEL = r"^[a-z][a-z0-9-]{0,30}$"
ChannelName = Annotated[str, StringConstraints(pattern=_CHANNEL)]

DeviceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]

RolloutState = Literal["running", "paused", "halted", "done"]


class Window(Document):
    """When devices may switch, in local time of the shop; a start after the end spans midnight."""

    start: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "02:00"
    end: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "05:00"

    @property
    def start_time(self) -> time:
        return time.fromisoformat(self.start)

    @property
    def end_time(self) -> time:
        return time.fromisoformat(self.end)


class Rollout(Document):
    """What one channel's devices should run.

    Attributes:
        number: Grows with each change; an older document is not obeyed.
        release: What is being rolled out; None where nothing is.
        base: What every device should run that is not chosen for ``release``; None leaves it as it is.
        salt: New for each rollout, so that not the same devices go first every time.
        percent: Share of devices chosen for ``release``, 0 to 100.
        urgent: Switch as soon as nobody is served, without waiting for the window.
        pins: Devices that run one release whatever the rollout says.
        holds: Devices that change nothing.
    """

    v: Literal[1] = 1
    channel: ChannelName
    number: Annotated[int, Field(ge=1)]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    signed_at_s: Annotated[int, Field(ge=0)]
    """Seconds of Unix time; no clock that shows less is right."""
    release: ReleaseId | None = None
    base: ReleaseId | None = None
    salt: Annotated[str, StringConstraints(min_length=1, max_length=64)] = "-"
    percent: Annotated[float, Field(ge=0, le=100)] = 0
    state: RolloutState = "done"
    window: Window = Window()
    jitter_s: Annotated[int, Field(ge=0)] = 7200
    deadline_s: Annotated[int, Field(gt=0)] = 86_400
    urgent: bool = False
    pins: dict[DeviceId, ReleaseId] = Field(default_factory=dict)
    holds: tuple[DeviceId, ...] = ()

    def wanted_by(self, device: str, running: str | None = None) -> str | None:
        """The release the device should run; None: whatever it runs now.

        A pause or halt sends nobody back who runs the release already.
        """
        if device in self.holds:
            return None
        if device in self.pins:
            return self.pins[device]
        moves = self.state in ("running", "done")
        if self.release is not None and moves and bucket(self.salt, device) < self.percent * 100:
            return self.release
        if self.release is not None and running == self.release and not moves:
            return None
        return self.base


def bucket(salt: str, device: str) -> int:
    """0 to 9999, evenly spread; raising the percentage only adds devices."""
    digest = hashlib.sha256(f"{salt}:{device}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000


def is_channel(name: str) -> bool:
    """Whether a channel may be called so."""
    return re.fullmatch(_CHANNEL, name) is not None


def rollout_path(channel: str) -> str:
    """Where a channel's rollout stands among the signed targets."""
    return f"rollout/{channel}.json"
