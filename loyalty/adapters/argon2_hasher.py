"""Password hashing with Argon2id."""

import base64
import threading

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

_LANES = 2


class Argon2PasswordHasher:
    """Argon2id with the parameters of RFC 9106's low-memory choice: 64 MiB, three passes. Any thread.

    One hash at a time: several people who sign in at once cost a small machine the memory of one. Making the
    hasher costs none, so that the station's start does not take more than its work.

    Args:
        time_cost: Passes over the memory.
        memory_kib: Memory of one hash.
    """

    def __init__(self, time_cost: int = 3, memory_kib: int = 65_536) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=_LANES)
        self._of_nobody = _hash_of_nothing(time_cost, memory_kib)
        self._one_at_a_time = threading.Lock()

    def hash(self, password: str) -> str:
        with self._one_at_a_time:
            return self._argon2.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        is_usable = password_hash is not None and password_hash.startswith("$argon2")
        stored = password_hash if password_hash is not None and is_usable else self._of_nobody
        try:
            with self._one_at_a_time:
                return self._argon2.verify(stored, password) and is_usable
        except (VerificationError, InvalidHashError):
            return False


def _hash_of_nothing(time_cost: int, memory_kib: int) -> str:
    """What no password is known to have, and takes as long to compare: who is not here answers no sooner."""
    salt, digest = (base64.b64encode(bytes(size)).decode("ascii").rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={memory_kib},t={time_cost},p={_LANES}${salt}${digest}"
