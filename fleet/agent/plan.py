"""What to do about what the trusted keys say: pure decisions, each refusal with its reason."""

from dataclasses import dataclass

from fleet.agent.floor import Floor
from fleet.agent.machine import Machine
from fleet.agent.signed_source import SignedRelease
from fleet.documents.release import Release, Wheel
from fleet.documents.rollout import Rollout

_MB = 1024 * 1024


@dataclass(frozen=True)
class Plan:
    """A release that shall run here."""

    signed: SignedRelease
    rollout: Rollout
    wheels: tuple[Wheel, ...]

    @property
    def release(self) -> Release:
        return self.signed.release


@dataclass(frozen=True)
class Rejected:
    """A release that shall not run here, and why; told to the desk, not tried again by itself."""

    release: str
    reason: str


def judge(
    signed: SignedRelease,
    rollout: Rollout,
    *,
    floor: Floor,
    machine: Machine,
    running: Release | None,
    free_bytes: int,
    bytes_to_fetch: int,
) -> Plan | Rejected:
    """Whether a signed release may be installed on this machine now."""
    release = signed.release
    wheels = release.wheels_for(machine.arch, machine.python)
    if release.seq < floor.seq:
        return Rejected(release.id, f"floor: {release.id} is number {release.seq}, the floor is {floor.seq}")
    if not wheels:
        return Rejected(release.id, f"machine: not made for {machine.arch} with Python {machine.python}")
    lacking = machine.lacks(release.needs.libraries)
    if lacking:
        return Rejected(release.id, f"libraries: {', '.join(lacking)} missing")
    if running is not None and release.outbox.writes not in running.outbox.reads:
        return Rejected(
            release.id, f"outbox: {running.id} could not read format {release.outbox.writes} after going back"
        )
    needed = release.needs.free_mb * _MB + bytes_to_fetch
    if free_bytes < needed:
        return Rejected(release.id, f"space: {free_bytes // _MB} MB free, {needed // _MB} MB needed")
    return Plan(signed, rollout, wheels)
