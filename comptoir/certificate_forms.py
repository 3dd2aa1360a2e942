"""The form of the shop's certificates: pure functions from names and keys to X.509 objects (RFC 5280).

All keys are EC P-256. What a device checks (the authority's and the broker's certificates) is valid from
1970 on: a device that lost its clock must still reach the station that tells it the time (row 203).
"""

import ipaddress
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
LEAF_DAYS = 90
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SLACK = timedelta(hours=1)
"""A client certificate holds a little before it was made: clocks in a shop differ."""

Revoked = tuple[int, datetime]
"""Serial number and time of revocation."""


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def authority_certificate(key: ec.EllipticCurvePrivateKey, label: str, now: datetime) -> x509.Certificate:
    """A self-signed authority that may sign leaves and revocation lists, and no further authority."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label)])
    return (
        _builder(name, name, key.public_key(), key.public_key())
        .not_valid_before(_EPOCH)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
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
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    return _leaf(
        _builder(name, authority.subject, key.public_key(), authority_key.public_key())
        .not_valid_before(_EPOCH)
        .add_extension(
            x509.SubjectAlternativeName([_alternative(text) for text in addresses]), critical=False
        )
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
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    return _leaf(
        _builder(name, authority.subject, public_key, authority_key.public_key())
        .not_valid_before(now - _SLACK)
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
        .last_update(now - _SLACK)
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


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _leaf(
    builder: x509.CertificateBuilder, authority_key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    return (
        builder.not_valid_after(now + timedelta(days=LEAF_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .sign(authority_key, hashes.SHA256())
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)  # refuses what is not ASCII
