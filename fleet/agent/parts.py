"""What the agent needs of its machine and of the shop: ports, so that tests and the demo put in theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from fleet.agent.signed_source import SignedRelease
from fleet.documents.release import CheckName, Wheel
from fleet.documents.rollout import Rollout


@dataclass(frozen=True)
class CheckResult:
    """How one check ended. ``absent``: this device has no such part (a scanner without a screen).

    ``release`` is what the process runs that was asked about: empty where it was started from none,
    None where nobody answered.
    """

    name: CheckName
    state: Literal["ok", "failed", "absent"]
    detail: str = ""
    release: str | None = None


class State(Protocol):
    """One verified state of the repository; ``fleet.agent.signed_source.Look``."""

    def rollout(self, channel: str) -> Rollout | None: ...

    def release(self, release_id: str) -> SignedRelease | None: ...


class Source(Protocol):
    """Where verified documents come from; ``fleet.agent.signed_source.SignedSource``."""

    def look(self) -> State: ...


class Environments(Protocol):
    """Fills a release's folder from stored wheels; ``fleet.agent.environment.UvEnvironments``."""

    def build(self, folder: Path, wheels: Sequence[Wheel]) -> None: ...


class Services(Protocol):
    """The processes that run out of a release, beside the agent itself."""

    def restart(self) -> None:
        """Start them anew; each takes the release that the launcher picks."""

    def log_tail(self) -> str:
        """The last lines they and the agent wrote."""


class Counter(Protocol):
    """What the device process says of the counter."""

    def is_quiet(self) -> bool:
        """Whether nobody is served: no session, no open sale."""

    def check(self, name: CheckName) -> CheckResult: ...
