"""What can go wrong with releases, rollouts and updates."""

from typing import ClassVar

from runtime.errors import ComptoirError


class FleetError(ComptoirError):
    """Root of the errors of releases and updates."""

    code: ClassVar[str] = "fleet"


class SigningKeyError(FleetError):
    """A signing key is missing, cannot be read, or is none of the role it shall sign for."""

    code: ClassVar[str] = "signing_key"


class ReleaseError(FleetError):
    """A release cannot be built, signed or published as asked."""

    code: ClassVar[str] = "release"


class RolloutError(FleetError):
    """A rollout cannot be started or changed as asked."""

    code: ClassVar[str] = "rollout"


class FetchError(FleetError):
    """Bytes could not be fetched: the server is away, slow, cut the line, or sent something else."""

    code: ClassVar[str] = "fetch"


class UntrustedError(FleetError):
    """What was fetched is not what the trusted keys signed, is old, or is not meant for us."""

    code: ClassVar[str] = "untrusted"


class InstallError(FleetError):
    """A release cannot be installed on this machine."""

    code: ClassVar[str] = "install"


class AgentIdentityError(FleetError):
    """The agent of a device that joined by itself has no certificate yet."""

    code: ClassVar[str] = "agent_identity"


class AgentRunsError(FleetError):
    """Another update agent works on this device at the moment."""

    code: ClassVar[str] = "agent_runs"


class DiskError(FleetError):
    """The device's disk refused to read, keep or make safe what an update needs."""

    code: ClassVar[str] = "disk"
