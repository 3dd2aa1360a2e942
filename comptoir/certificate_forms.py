"""The form of the shop's certificates: pure functions from names and keys to X.509 objects (RFC 5280).

All keys are EC P-256. What a device checks (the authority's and the broker's certificates) is valid from
1970 on: a device that lost its clock must still reach the station that tells it the time (row 203).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from comptoir.certificate_pieces import (
    AUTHORITY_DAYS,
    LEAF_DAYS,
    SLACK,
    alternative,
    begun,
    key_usage,
    named,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Revoked = tuple[int, datetime]
"""Serial number and time of revocation."""


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def authority_certificate(key: ec.EllipticCurvePrivateKey, label: str, now: datetime) -> x509.Certificate:
    """A self-signed authority that may sign leaves and revocation lists, and no further authority."""
    name = named(label)
    return (
        begun(name, name, key.public_key(), key.public_key())
        .not_valid_before(_EPOCH)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def server_certificate(
    key: ec.EllipticCurvePrivateKey,
    addresses: Sequence[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """The broker's certificate, good for these host names and IP addresses.

    Raises:
        ValueError: No address is given, or one is no host name.
    """
    if not addresses:
        raise ValueError("a server certificate needs at least one address")
    name = named("broker")
    return _leaf(
        begun(name, authority.subject, key.public_key(), authority_key.public_key())
        .not_valid_before(_EPOCH)
        .add_extension(x509.SubjectAlternativeName([alternative(text) for text in addresses]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False),
        authority_key,
        now,
    )


def client_certificate(
    key: ec.EllipticCurvePrivateKey,
    common_name: str,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """The certificate of a station, device, update agent or POS; its name is its user name at the broker."""
    return client_certificate_for(key.public_key(), common_name, authority, authority_key, now)


def client_certificate_for(
    public_key: ec.EllipticCurvePublicKey,
    common_name: str,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """The same for a key that is kept elsewhere: a device that was paired."""
    name = named(common_name)
    return _leaf(
        begun(name, authority.subject, public_key, authority_key.public_key())
        .not_valid_before(now - SLACK)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False),
        authority_key,
        now,
    )


def revocation_list(
    revoked: Iterable[Revoked],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.CertificateRevocationList:
    """The list of serial numbers that no longer count.

    Its next update is as far as the authority's end: the broker refuses **everybody** once that time has
    passed, and the list is a local file that is rewritten at each revocation anyway.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(now - SLACK)
        .next_update(authority.not_valid_after_utc)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
    )
    for serial, when in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority_key, hashes.SHA256())


def _leaf(
    builder: x509.CertificateBuilder, authority_key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    return (
        builder.not_valid_after(now + timedelta(days=LEAF_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(signs_certificates=False), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
