"""Hashing of staff passwords."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Slow on purpose. Any thread; never inside the station's writer."""

    def hash(self, password: str) -> str: ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether they match; with no hash it takes as long and is False, so that time tells nothing."""
