"""The form of what tablets trust: an authority that can vouch for the station's own names and nothing else.

The root's key lives only while it is used: it signs one issuing authority and is forgotten. Both bear the
name constraints (RFC 5280, 4.2.1.10): some systems apply those of a root that somebody installed, all apply
those of what it signed. So whoever steals the station gets no certificate for a bank out of it.
"""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

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

_EVERY_ADDRESS = ("0.0.0.0/0", "::/0")

KeyPair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def web_authority(label: str, names: Sequence[str], now: datetime) -> tuple[x509.Certificate, KeyPair]:
    """The root that tablets trust, and the issuing authority with its key.

    Args:
        label: What tablets call it.
        names: Host names and IP addresses that it may vouch for, at least one.
        now: From when on they hold.
    """
    root_key, issuing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, issuing_name = named(label[:64]), named(f"{label}, issuing"[:64])
    constraints = _constraints(names)
    root = (
        _authority(root_name, root_name, root_key.public_key(), root_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(constraints, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuing = (
        _authority(issuing_name, root_name, issuing_key.public_key(), root_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(constraints, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return root, (issuing, issuing_key)


def web_certificate(
    key: ec.EllipticCurvePrivateKey, names: Sequence[str], issuer: KeyPair, now: datetime
) -> x509.Certificate:
    """The web server's certificate for these names."""
    authority, authority_key = issuer
    usage = key_usage(signs_certificates=False)
    return (
        _builder(named(names[0][:64]), authority.subject, key.public_key(), authority_key.public_key(), now)
        .not_valid_after(now + timedelta(days=LEAF_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectAlternativeName([alternative(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _constraints(names: Sequence[str]) -> x509.NameConstraints:
    general = [alternative(name) for name in names]
    hosts: list[x509.GeneralName] = [each for each in general if isinstance(each, x509.DNSName)]
    addresses: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_network(each.value))
        for each in general
        if isinstance(each, x509.IPAddress)
    ]
    excluded: list[x509.GeneralName] = []
    if not addresses:
        excluded += [x509.IPAddress(ipaddress.ip_network(each)) for each in _EVERY_ADDRESS]
    if not hosts:
        excluded.append(x509.DNSName(""))
    return x509.NameConstraints([*hosts, *addresses], excluded or None)


def _authority(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    now: datetime,
) -> x509.CertificateBuilder:
    return (
        _builder(subject, issuer, key, issuer_key, now)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(key_usage(signs_certificates=True), critical=True)
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    now: datetime,
) -> x509.CertificateBuilder:
    return begun(subject, issuer, key, issuer_key).not_valid_before(now - SLACK)
