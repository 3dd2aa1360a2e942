"""What the station and the signing process say to each other over their Unix socket, a line of JSON each.

The authority's key lies with the signing process alone: whoever takes the web process over can ask for
certificates of new devices, and cannot carry the key away.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from messaging.model import DeviceName, Message, example
from messaging.station.renewal import AgentCertificateRequested, RenewalRequested

MAX_LINE_BYTES = 32 * 1024


class DeviceCertificateAsked(Message):
    """A certificate for a new device of a lane, under the next free name."""

    model_config = example(
        v=1, kind="device_certificate_asked", csr_pem="-----BEGIN CERTIFICATE REQUEST-----\n…", lane=2
    )

    kind: Literal["device_certificate_asked"] = "device_certificate_asked"
    csr_pem: Annotated[str, Field(min_length=1, max_length=4096)]
    lane: Annotated[int, Field(ge=1, le=999)]


class RevocationAsked(Message):
    """A device is to be shut out at once."""

    model_config = example(v=1, kind="revocation_asked", device="s0001.k02")

    kind: Literal["revocation_asked"] = "revocation_asked"
    device: DeviceName


class RenewalAsked(RenewalRequested):
    """The next certificate of a device or agent, as it asked itself; the signing process checks all of it."""

    model_config = example(
        v=1,
        kind="renewal_asked",
        certificate_pem="-----BEGIN CERTIFICATE-----\n…",
        csr_pem="-----BEGIN CERTIFICATE REQUEST-----\n…",
        signature="MEUCIQ…",
    )

    kind: Literal["renewal_asked"] = "renewal_asked"


class AgentCertificateAsked(AgentCertificateRequested):
    """A certificate for a device's update agent, as the device asked; the signing process checks it all."""

    model_config = example(
        v=1,
        kind="agent_certificate_asked",
        certificate_pem="-----BEGIN CERTIFICATE-----\n…",
        csr_pem="-----BEGIN CERTIFICATE REQUEST-----\n…",
        signature="MEUCIQ…",
    )

    kind: Literal["agent_certificate_asked"] = "agent_certificate_asked"


class AuthorityAsked(Message):
    """Which authority it is."""

    model_config = example(v=1, kind="authority_asked")

    kind: Literal["authority_asked"] = "authority_asked"


SignerAsked = DeviceCertificateAsked | RenewalAsked | AgentCertificateAsked | RevocationAsked | AuthorityAsked

SIGNER_ASKED: TypeAdapter[SignerAsked] = TypeAdapter(Annotated[SignerAsked, Field(discriminator="kind")])


class SignerAnswered(Message):
    """What came of it; ``refused`` names why not."""

    model_config = example(v=1, refused=None, ca_pem="-----BEGIN CERTIFICATE-----\n…", device="s0001.k02")

    refused: str | None = None
    ca_pem: str | None = None
    device: DeviceName | None = None
    certificate_pem: str | None = None
    seal_public_key: str | None = None
    card_keys: tuple[str, ...] = ()
