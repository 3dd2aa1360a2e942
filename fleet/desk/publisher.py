"""Signs rollouts with the desk's online keys, and keeps the repository fresh."""

from fleet.documents.rollout import Rollout
from fleet.signing.keys import KeyRing
from fleet.signing.publish import publish_rollout, published_releases, published_rollout
from fleet.signing.repository import Repository
from fleet.signing.roles import ROLES, ROLLOUT, SNAPSHOT, TIMESTAMP
from runtime.clock import Clock


class SigningPublisher:
    """One thread at a time.

    Args:
        repository: That the web server serves.
        ring: The online keys.
        clock: Says what ends soon.
    """

    def __init__(self, repository: Repository, ring: KeyRing, clock: Clock) -> None:
        self._repository = repository
        self._ring = ring
        self._clock = clock

    def published(self, channel: str) -> Rollout | None:
        return published_rollout(self._repository, channel)

    def publish(self, rollout: Rollout) -> None:
        with self._repository.locked():
            publish_rollout(self._repository, rollout, self._ring)

    def releases(self) -> list[str]:
        return [each.id for each in published_releases(self._repository)]

    def keep_fresh(self) -> None:
        """Nothing that devices check may come near its end while the desk runs."""
        if self._has_aged(ROLLOUT.name) or self._has_aged(SNAPSHOT.name):
            with self._repository.locked():
                self._repository.renew(ROLLOUT.name, self._ring)
                self._repository.seal(self._ring)
        elif self._has_aged(TIMESTAMP.name):
            with self._repository.locked():
                self._repository.stamp(self._ring)

    def _has_aged(self, role: str) -> bool:
        left = self._repository.ends_at(role) - self._clock.now()
        return left < ROLES[role].holds / 2
