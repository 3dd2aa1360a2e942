"""How often somebody may ask, in memory that does not grow with the number of askers (row 196)."""

import hashlib
import secrets
import threading
from array import array

_WAYS = 3


class RateLimiter:
    """Lets a key through so many times a minute, with bursts of as many. Any thread.

    The keys are hashed with a secret of this process into a table of fixed size; each key has three places
    and is measured by the emptiest one (a count-min sketch over the generic cell rate algorithm, ITU-T
    I.371). Two keys that share all three places share their allowance: a flood can slow others down only
    once it comes from about as many addresses as the table has places, and nobody can choose whom.

    Args:
        a_minute: How often one key may come.
        places: Size of the table: eight bytes each.
    """

    def __init__(self, a_minute: int, *, places: int = 16_384) -> None:
        self._pause_s = 60.0 / a_minute
        self._burst_s = 60.0
        self._due = array("d", bytes(8 * places))
        self._secret = secrets.token_bytes(16)
        self._lock = threading.Lock()

    def wait_s(self, key: str, now_s: float) -> float:
        """0 lets the key through and counts it; otherwise how long it should wait.

        Args:
            key: Whom to count: an address, a hash of a link.
            now_s: Monotonic seconds.
        """
        places = self._places(key)
        with self._lock:
            due = max(now_s, min(self._due[place] for place in places))
            wait = due + self._pause_s - now_s - self._burst_s
            if wait > 0:
                return wait
            for place in places:
                self._due[place] = max(self._due[place], due + self._pause_s)
            return 0.0

    def _places(self, key: str) -> list[int]:
        digest = hashlib.blake2b(key.encode(), key=self._secret, digest_size=4 * _WAYS).digest()
        return [int.from_bytes(digest[4 * way : 4 * way + 4], "big") % len(self._due) for way in range(_WAYS)]
