"""The signing roles: who may say what, how many must agree, how long it holds (ADR 0020)."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Role:
    """One role of the repository.

    Attributes:
        keys: How many keys it has.
        threshold: How many of them must sign.
        holds: How long a signature is good for.
        is_online: Whether its keys lie on the desk's machine; the others lie on sticks in a safe.
    """

    name: str
    keys: int
    threshold: int
    holds: timedelta
    is_online: bool


ROOT = Role("root", 3, 2, timedelta(days=365), is_online=False)
TARGETS = Role("targets", 2, 1, timedelta(days=180), is_online=False)
RELEASES = Role("releases", 1, 1, timedelta(days=90), is_online=False)
ROLLOUT = Role("rollout", 1, 1, timedelta(days=7), is_online=True)
SNAPSHOT = Role("snapshot", 1, 1, timedelta(days=7), is_online=True)
TIMESTAMP = Role("timestamp", 1, 1, timedelta(days=1), is_online=True)

ALL_ROLES: tuple[Role, ...] = (ROOT, TARGETS, RELEASES, ROLLOUT, SNAPSHOT, TIMESTAMP)

DELEGATED_PATHS = {RELEASES.name: "releases/*.json", ROLLOUT.name: "rollout/*.json"}
"""Which documents each delegated role may sign."""


ROLES = {role.name: role for role in ALL_ROLES}
"""By name."""
