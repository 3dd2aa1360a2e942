"""A new device asks to join, and the station's answers (over HTTPS, before there is a certificate).

Three calls: the device commits to its key, shows it, then asks until staff have decided. What makes it safe
is the short code that staff type from the device's screen at the station (:mod:`messaging.pairing_code`), not
the connection: nothing that is sent is secret.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from messaging.model import DeviceName, Line, Message, UtcTime, example

Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ORIGIN_PATTERN = r"https?://[A-Za-z0-9.:\[\]-]{1,120}"
"""Scheme, host and port, and nothing that would lead further."""
Origin = Annotated[str, StringConstraints(pattern=rf"^{ORIGIN_PATTERN}$")]
Hex64 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

_ID = "0192f3c0-0000-7000-8000-000000000050"
_NONCE = "00112233445566778899aabbccddeeff"


class PairingRequested(Message):
    """The first call: what the device commits itself to, and what it says it is."""

    model_config = example(
        v=1,
        id=_ID,
        commitment="ab" * 32,
        model="Raspberry Pi 5",
        release="1.0.0",
    )

    id: UUID
    commitment: Hex64
    model: Line
    release: Line


class PairingRevealed(Message):
    """The second call: the certificate request and the random number. The private key never leaves."""

    model_config = example(
        v=1,
        id=_ID,
        csr_pem="-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n",
        nonce=_NONCE,
    )

    id: UUID
    csr_pem: Annotated[str, Field(min_length=1, max_length=4096)]
    nonce: Hex32


class PairingLookedAt(Message):
    """The third call, every second: has anybody decided? The random number shows who asks."""

    model_config = example(v=1, id=_ID, nonce=_NONCE)

    id: UUID
    nonce: Hex32


class PairingAnswered(Message):
    """Waiting, accepted with what the device needs, or refused.

    The short code is derived on both sides and never sent.

    Attributes:
        pages: Where phones of staff open the station's pages. A code on the new device's screen leads there,
            with the digits; the address stands below it, for people to see where they are sent.
    """

    model_config = example(
        v=1,
        id=_ID,
        state="accepted",
        expires_at="2026-11-24T10:20:30Z",
        attempts_left=5,
        shop="Maison Lumen",
        ca_pem="-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
        station_nonce=_NONCE,
        pages="https://comptoir.local:8443",
        device="s0001.k02",
        lane=2,
        certificate_pem="-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
        seal_public_key="c2VhbCBwdWJsaWMga2V5IG9mIHRoZSBzdGF0aW9uISE=",
        card_keys=["a2V5IHRvIHZlcmlmeSBjYXJkcywgcHVibGljIHBhcnQ="],
        broker_host="comptoir.local",
        broker_port=8883,
    )

    id: UUID
    state: Literal["waiting", "accepted", "refused", "expired"]
    expires_at: UtcTime
    attempts_left: Annotated[int, Field(ge=0, le=5)]
    shop: Line = "?"
    ca_pem: str | None = None
    station_nonce: Hex32 | None = None
    pages: Origin | None = None
    device: DeviceName | None = None
    lane: Annotated[int, Field(ge=1)] | None = None
    certificate_pem: str | None = None
    seal_public_key: str | None = None
    card_keys: Annotated[tuple[str, ...], Field(max_length=16)] = ()
    broker_host: str | None = None
    broker_port: Annotated[int, Field(ge=1, le=65535)] | None = None
