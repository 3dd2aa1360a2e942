"""A device asks for its next certificate before the one it has ends, over HTTPS, at the door for devices.

The request is signed by the key of the certificate it has, and the request within by the new key: nothing
that is sent is secret, and whoever repeats it gets a certificate for a key that he does not hold.
"""

from typing import Annotated, Literal

from pydantic import Field

from messaging.model import Message, example

Pem = Annotated[str, Field(min_length=1, max_length=4096)]
Signature = Annotated[str, Field(min_length=1, max_length=256)]


class RenewalRequested(Message):
    """The certificate that is held, a request for the new key, and its signature by the old one (Base64)."""

    model_config = example(
        v=1,
        certificate_pem="-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
        csr_pem="-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n",
        signature="MEUCIQ…",
    )

    certificate_pem: Pem
    csr_pem: Pem
    signature: Signature


class AgentCertificateRequested(RenewalRequested):
    """A device that joined asks for the certificate of its own update agent, whose key made the request.

    Signed by the device's key over another text than a renewal, so that neither can be taken for the other.
    """


class RenewalAnswered(Message):
    """The next certificate, or why there is none: then staff have to accept the device once more."""

    model_config = example(
        v=1, certificate_pem="-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n", refused=None
    )

    certificate_pem: Pem | None = None
    refused: (
        Literal["malformed", "unknown", "revoked", "expired", "too_early", "too_many", "not_possible"] | None
    ) = None
