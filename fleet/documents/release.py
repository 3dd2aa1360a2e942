"""A release: its wheels by digest, what it needs, and what must be well for it to stay."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

ReleaseId = Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", max_length=40)]
"""``major.minor.patch``."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

WheelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.+!]+(-[A-Za-z0-9_.+!]+){4,5}\.whl$")]

CheckName = Literal["process", "broker", "screen", "outbox", "scan"]
"""What the trial looks at: the device process, its link to the broker, the drawn screen, its database, and a
scan whose sale of nothing the station completed (row 178)."""

ALL_CHECKS: tuple[CheckName, ...] = ("process", "broker", "screen", "outbox", "scan")


class Document(BaseModel):
    """Base of the signed documents: strict, frozen; a newer release may add fields."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Wheel(Document):
    """One wheel, stored under its digest."""

    name: WheelName
    sha256: Sha256
    length: Annotated[int, Field(gt=0)]


class Machine(Document):
    """The wheels that one kind of machine installs, by name.

    ``arch`` as ``uname -m`` says, ``python`` as in ``3.11``.
    """

    arch: Literal["x86_64", "aarch64"]
    python: Annotated[str, StringConstraints(pattern=r"^3\.[0-9]+$")]
    wheels: Annotated[tuple[WheelName, ...], Field(min_length=1)]


class Needs(Document):
    """What the machine must have besides: room, and libraries of the system."""

    free_mb: Annotated[int, Field(ge=0)] = 300
    libraries: tuple[str, ...] = ()


class OutboxFormat(Document):
    """The device's database: the version this release writes, and those it can read.

    A release is only tried where the one it replaces reads what it writes, so that going back loses nothing.
    """

    writes: Annotated[int, Field(ge=0)] = 1
    reads: tuple[int, ...] = (1,)


class Health(Document):
    """How long everything must be well before a trial is a success, and when it is given up."""

    settle_s: Annotated[float, Field(ge=0)] = 60
    timeout_s: Annotated[float, Field(gt=0)] = 600
    checks: tuple[CheckName, ...] = ALL_CHECKS


class Release(Document):
    """The manifest of one release; signed by the offline role ``releases``.

    Attributes:
        seq: Grows with each release; what is older than a device's floor is refused.
        min_seq: The floor that this release raises: nothing older is installed afterwards.
    """

    v: Literal[1] = 1
    kind: Literal["app"] = "app"
    id: ReleaseId
    seq: Annotated[int, Field(ge=1)]
    min_seq: Annotated[int, Field(ge=0)] = 0
    built_at_s: Annotated[int, Field(ge=0)]
    """Seconds of Unix time; no clock that shows less is right."""
    wheels: Annotated[tuple[Wheel, ...], Field(min_length=1)]
    machines: Annotated[tuple[Machine, ...], Field(min_length=1)]
    needs: Needs = Needs()
    outbox: OutboxFormat = OutboxFormat()
    health: Health = Health()

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        names = [wheel.name for wheel in self.wheels]
        if len(set(names)) != len(names):
            raise ValueError("a wheel stands twice")
        missing = {name for machine in self.machines for name in machine.wheels} - set(names)
        if missing:
            raise ValueError(f"wheels without digest: {', '.join(sorted(missing))}")
        if self.min_seq > self.seq:
            raise ValueError("min_seq is above seq")
        return self

    def wheels_for(self, arch: str, python: str) -> tuple[Wheel, ...]:
        """What this kind of machine installs; empty where the release is not made for it."""
        for machine in self.machines:
            if (machine.arch, machine.python) == (arch, python):
                wanted = set(machine.wheels)
                return tuple(wheel for wheel in self.wheels if wheel.name in wanted)
        return ()


def release_path(release_id: str) -> str:
    """Where a release's manifest stands among the signed targets."""
    return f"releases/{release_id}.json"
