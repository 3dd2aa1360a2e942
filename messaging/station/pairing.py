"""A new device asks to join, and the station's answer (over HTTPS, before there is a certificate)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from messaging.model import DeviceName, Line, Message, UtcTime, example

ShortCode = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class PairingRequested(Message):
    """A certificate request; the private key never leaves the device."""

    model_config = example(
        v=1,
        id="0192f3c0-0000-7000-8000-000000000050",
        csr_pem="-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n",
        model="Raspberry Pi 5",
        release="1.0.0",
    )

    id: UUID
    csr_pem: Annotated[str, Field(min_length=1, max_length=4096)]
    model: Line
    release: Line


class PairingAnswered(Message):
    """What the device polls for: waiting with the code to compare, accepted with what it needs, or refused.

    The short code is derived on both sides from both keys and the station's CA; it is not sent.
    """

    model_config = example(
        v=1,
        id="0192f3c0-0000-7000-8000-000000000050",
        state="accepted",
        expires_at="2026-11-24T10:20:30Z",
        attempts_left=5,
        device="s0001.k02",
        lane=2,
        certificate_pem="-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
        ca_pem="-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
        seal_public_key="c2VhbCBwdWJsaWMga2V5IG9mIHRoZSBzdGF0aW9uISE=",
        card_keys=["a2V5IHRvIHZlcmlmeSBjYXJkcywgcHVibGljIHBhcnQ="],
        broker_host="comptoir.local",
        broker_port=8883,
    )

    id: UUID
    state: Literal["waiting", "accepted", "refused", "expired"]
    expires_at: UtcTime
    attempts_left: Annotated[int, Field(ge=0, le=5)]
    device: DeviceName | None = None
    lane: Annotated[int, Field(ge=1)] | None = None
    certificate_pem: str | None = None
    ca_pem: str | None = None
    seal_public_key: str | None = None
    card_keys: Annotated[tuple[str, ...], Field(max_length=16)] = ()
    broker_host: str | None = None
    broker_port: Annotated[int, Field(ge=1, le=65535)] | None = None
