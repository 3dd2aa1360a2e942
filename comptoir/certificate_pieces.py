"""What every certificate of ours is put together from (RFC 5280): names, key usage, identifiers, slack.

The form of each kind is its own module's: ``certificate_forms`` for the broker's, ``web_certificate_forms``
for what tablets trust.
"""

import ipaddress
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

AUTHORITY_DAYS = 3650
LEAF_DAYS = 90
"""Well below the 825 days beyond which iPadOS and macOS refuse a certificate."""
SLACK = timedelta(hours=1)
"""A certificate holds a little before it was made: clocks in a shop differ."""


def named(text: str) -> x509.Name:
    """A name of one common name.

    Raises:
        ValueError: It is empty or longer than 64 characters (X.520).
    """
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def alternative(text: str) -> x509.GeneralName:
    """An IP address, or a host name.

    Raises:
        ValueError: It is no ASCII.
    """
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    """A certificate with its parties, number and key identifiers; validity and uses are still to come."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """An authority signs certificates and their revocation, everybody else connections."""
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
