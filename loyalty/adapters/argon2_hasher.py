"""Password hashing with Argon2id."""

import argon2
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2PasswordHasher:
    """Argon2id with the parameters of RFC 9106's low-memory choice: 64 MiB, three passes.

    Args:
        time_cost: Passes over the memory.
        memory_kib: Memory of one hash.
    """

    def __init__(self, time_cost: int = 3, memory_kib: int = 65_536) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=2)
        self._of_nobody = self._argon2.hash("nobody's password")

    def hash(self, password: str) -> str:
        return self._argon2.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        is_usable = password_hash is not None and password_hash.startswith("$argon2")
        stored = password_hash if password_hash is not None and is_usable else self._of_nobody
        try:
            return self._argon2.verify(stored, password) and is_usable
        except (VerificationError, InvalidHashError):
            return False
