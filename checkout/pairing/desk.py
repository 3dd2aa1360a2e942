"""The devices that knock: each waits five minutes for somebody to type the code that its screen shows.

In memory only: a restart of the station sends them back to their first call.
"""

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from messaging.pairing_code import new_nonce, opens, short_code
from messaging.signing import SignerAnswered
from messaging.station.pairing import (
    PairingAnswered,
    PairingLookedAt,
    PairingRequested,
    PairingRevealed,
)
from runtime.clock import Clock

VALID_FOR = timedelta(minutes=5)
MAX_ATTEMPTS = 5
MAX_WAITING = 8
MAX_AN_HOUR = 60
_KEPT_FOR = timedelta(minutes=10)

Decision = Literal["accepted", "wrong_code", "gone", "not_signed"]


@dataclass(frozen=True)
class Knocking:
    """One device that wants to join, as staff see it."""

    id: UUID
    model: str
    release: str
    at: datetime
    expires_at: datetime
    attempts_left: int = MAX_ATTEMPTS
    state: Literal["committed", "waiting", "accepted", "refused"] = "committed"


@dataclass(frozen=True)
class _Pairing:
    seen: Knocking
    commitment: str
    station_nonce: str
    nonce: str = ""
    csr_pem: str = ""
    code: str = ""
    answer: PairingAnswered | None = None


@dataclass(frozen=True)
class PairingPlace:
    """What every answer tells of the station."""

    shop: str
    ca_pem: str
    broker_host: str
    broker_port: int
    pages: str = ""
    """Where phones in the shop open the station's pages; empty where none can."""


class PairingDesk:
    """Any thread.

    Args:
        clock: Ends what waits.
        place: Of the station: asks for the authority's certificate, may raise ``SignerError``.
    """

    def __init__(self, clock: Clock, place: Callable[[], PairingPlace]) -> None:
        self._clock = clock
        self._place = place
        self._lock = threading.Lock()
        self._all: dict[UUID, _Pairing] = {}
        self._knocks: list[datetime] = []

    def knock(self, asked: PairingRequested) -> PairingAnswered | None:
        """The first call; None where too many knock.

        Raises:
            SignerError: Nobody could sign.
        """
        place, now = self._place(), self._clock.now()
        with self._lock:
            self._sweep(now)
            there = self._all.get(asked.id)
            if there is not None:
                same = hmac.compare_digest(there.commitment, asked.commitment)
                return self._told(there, place) if same and there.seen.state == "committed" else None
            waiting = sum(each.seen.state in {"committed", "waiting"} for each in self._all.values())
            if waiting >= MAX_WAITING or len(self._knocks) >= MAX_AN_HOUR:
                return None
            self._knocks.append(now)
            seen = Knocking(asked.id, asked.model, asked.release, now, now + VALID_FOR)
            pairing = self._all[asked.id] = _Pairing(seen, asked.commitment, new_nonce())
            return self._told(pairing, place)

    def reveal(self, shown: PairingRevealed) -> PairingAnswered | None:
        """The second call; None where this is none of what was committed to."""
        place, now = self._place(), self._clock.now()
        key = _public_key(shown.csr_pem)
        with self._lock:
            self._sweep(now)
            there = self._all.get(shown.id)
            if there is None or key is None or not opens(there.commitment, shown.id, key, shown.nonce):
                return None
            if there.seen.state == "committed" and now < there.seen.expires_at:
                code = short_code(
                    shown.id,
                    public_key_der=key,
                    ca_der=_certificate_der(place.ca_pem),
                    device_nonce=shown.nonce,
                    station_nonce=there.station_nonce,
                )
                there = self._all[shown.id] = replace(
                    there,
                    nonce=shown.nonce,
                    csr_pem=shown.csr_pem,
                    code=code,
                    seen=replace(there.seen, state="waiting"),
                )
            return self._told(there, place)

    def look(self, asked: PairingLookedAt) -> PairingAnswered | None:
        """The third call; None for who is not the device that knocked."""
        place, now = self._place(), self._clock.now()
        with self._lock:
            self._sweep(now)
            there = self._all.get(asked.id)
            if there is None or not there.nonce or not hmac.compare_digest(there.nonce, asked.nonce):
                return None
            return self._told(there, place)

    def waiting(self) -> tuple[Knocking, ...]:
        """Whose code can be typed now, oldest first."""
        now = self._clock.now()
        with self._lock:
            self._sweep(now)
            return tuple(
                each.seen
                for each in self._all.values()
                if each.seen.state == "waiting" and now < each.seen.expires_at
            )

    def accept(
        self, code: str, lane: int, sign: Callable[[str, int], SignerAnswered]
    ) -> tuple[Decision, str | None]:
        """Somebody typed the code from a device's screen: that device joins this lane.

        A code that fits no waiting device counts against all of them: nobody tries codes on a crowd.

        Args:
            code: Six digits.
            lane: Where it stands.
            sign: Asks for the certificate of a request; may raise ``SignerError``.

        Returns:
            What came of it, and the device's name.
        """
        now, place = self._clock.now(), self._place()
        with self._lock:
            self._sweep(now)
            open_ones = [
                each
                for each in self._all.values()
                if each.seen.state == "waiting" and now < each.seen.expires_at
            ]
            if not open_ones:
                return "gone", None
            right = [each for each in open_ones if hmac.compare_digest(each.code, code)]
            if len(right) != 1:
                for each in open_ones:
                    self._count_wrong(each)
                return "wrong_code", None
            signed = sign(right[0].csr_pem, lane)
            if signed.refused is not None or signed.device is None:
                return "not_signed", None
            self._settle(right[0], place, signed, lane, now)
            return "accepted", signed.device

    def refuse(self, pairing: UUID) -> None:
        """Staff want nothing of this device."""
        with self._lock:
            there = self._all.get(pairing)
            if there is not None and there.seen.state in {"committed", "waiting"}:
                self._all[pairing] = replace(there, seen=replace(there.seen, state="refused"))

    def _settle(
        self, there: _Pairing, place: PairingPlace, signed: SignerAnswered, lane: int, now: datetime
    ) -> None:
        seen = replace(there.seen, state="accepted", expires_at=now + VALID_FOR)
        answer = PairingAnswered(
            id=seen.id,
            state="accepted",
            expires_at=seen.expires_at,
            attempts_left=seen.attempts_left,
            shop=place.shop,
            ca_pem=signed.ca_pem,
            station_nonce=there.station_nonce,
            device=signed.device,
            lane=lane,
            certificate_pem=signed.certificate_pem,
            seal_public_key=signed.seal_public_key,
            card_keys=signed.card_keys,
            broker_host=place.broker_host,
            broker_port=place.broker_port,
        )
        self._all[seen.id] = replace(there, seen=seen, answer=answer)

    def _count_wrong(self, there: _Pairing) -> None:
        left = there.seen.attempts_left - 1
        state: Literal["waiting", "refused"] = "waiting" if left > 0 else "refused"
        self._all[there.seen.id] = replace(there, seen=replace(there.seen, attempts_left=left, state=state))

    def _told(self, there: _Pairing, place: PairingPlace) -> PairingAnswered:
        if there.answer is not None:
            return there.answer
        seen = there.seen
        is_over = self._clock.now() >= seen.expires_at
        state: Literal["waiting", "refused", "expired"] = (
            "refused" if seen.state == "refused" else "expired" if is_over else "waiting"
        )
        return PairingAnswered(
            id=seen.id,
            state=state,
            expires_at=seen.expires_at,
            attempts_left=seen.attempts_left,
            shop=place.shop,
            ca_pem=place.ca_pem,
            station_nonce=there.station_nonce,
            pages=place.pages or None,
        )

    def _sweep(self, now: datetime) -> None:
        self._all = {key: each for key, each in self._all.items() if now < each.seen.at + _KEPT_FOR}
        self._knocks = [at for at in self._knocks if now - at < timedelta(hours=1)]


def _public_key(csr_pem: str) -> bytes | None:
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode())
        if not request.is_signature_valid:
            return None
        return request.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, InvalidSignature):
        return None


def _certificate_der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
