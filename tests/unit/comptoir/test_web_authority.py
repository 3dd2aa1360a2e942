import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.verification import (
    DNSName,
    IPAddress,
    PolicyBuilder,
    Store,
    VerificationError,
)
from hypothesis import given
from hypothesis import strategies as st

from comptoir import web_certificate_forms as forms
from comptoir.errors import CertificateError
from comptoir.web_authority import WebAuthority
from tests.fakes.clock import FakeClock

NAMES = ("station.local", "192.168.1.10")


@pytest.fixture
def web(tmp_path: Path, clock: FakeClock) -> WebAuthority:
    return WebAuthority(tmp_path / "web", tmp_path / "handed", clock)


def verify(root: x509.Certificate, chain: list[x509.Certificate], name: str, at: datetime) -> None:
    """As a browser does.

    Raises:
        VerificationError: It would warn.
    """
    try:
        subject: DNSName | IPAddress = IPAddress(ip_address(name))
    except ValueError:
        subject = DNSName(name)
    verifier = PolicyBuilder().store(Store([root])).time(at).build_server_verifier(subject)
    verifier.verify(chain[0], chain[1:])


def test_each_name_is_vouched_for_from_the_root_alone(
    web: WebAuthority, tmp_path: Path, clock: FakeClock
) -> None:
    # part of row 197
    trust = web.ensure(NAMES, label="Boulangerie du Coin")
    root = x509.load_pem_x509_certificate((tmp_path / "handed" / "ca.pem").read_bytes())
    chain = x509.load_pem_x509_certificates((tmp_path / "handed" / "server.pem").read_bytes())
    for name in NAMES:
        verify(root, chain, name, clock.now())
    with pytest.raises(VerificationError):
        verify(root, chain, "bank.example", clock.now())
    assert trust.names == NAMES
    assert len(trust.fingerprint) == 32 * 3 - 1
    assert trust.not_after - clock.now() == timedelta(days=90)
    assert chain[0].not_valid_after_utc - chain[0].not_valid_before_utc < timedelta(days=825)


OTHERS = st.one_of(
    st.sampled_from(["bank.example", "local", "otherstation.local", "station.local.example", "localhost"]),
    st.ip_addresses(v=4).map(str).filter(lambda text: text != "192.168.1.10"),
    st.ip_addresses(v=6).map(str),
)


@given(OTHERS)
def test_what_the_authority_signs_for_any_other_name_is_refused(name: str) -> None:
    # part of row 197: name constraints
    now = datetime(2026, 11, 24, tzinfo=UTC)
    root, issuer = forms.web_authority("Boulangerie", NAMES, now)
    key = ec.generate_private_key(ec.SECP256R1())
    forged = forms.web_certificate(key, (name,), issuer, now)
    with pytest.raises(VerificationError):
        verify(root, [forged, issuer[0]], name, now)
    good = forms.web_certificate(key, NAMES, issuer, now)
    verify(root, [good, issuer[0]], NAMES[0], now)


def test_of_names_alone_no_address_follows_and_of_addresses_no_name() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    for own, other in ((("station.local",), "10.0.0.1"), (("10.0.0.1",), "station.local")):
        root, issuer = forms.web_authority("Boulangerie", own, now)
        verify(root, [forms.web_certificate(key, own, issuer, now), issuer[0]], own[0], now)
        with pytest.raises(VerificationError):
            verify(root, [forms.web_certificate(key, (other,), issuer, now), issuer[0]], other, now)


def test_the_key_of_the_root_is_nowhere_and_no_file_is_for_others(web: WebAuthority, tmp_path: Path) -> None:
    web.ensure(NAMES)
    root = x509.load_pem_x509_certificate((tmp_path / "web" / "root.pem").read_bytes())
    keys = [
        load_pem_private_key(path.read_bytes(), None).public_key()
        for path in tmp_path.rglob("*")
        if path.is_file() and b"PRIVATE KEY" in path.read_bytes() and path.suffix == ".key"
    ]
    assert len(keys) == 1
    assert keys[0] != root.public_key()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert modes["issuing.key"] == 0o600
    assert modes["server.pem"] == 0o640


def test_a_call_each_day_renews_thirty_days_before_the_end_and_tablets_notice_nothing(
    web: WebAuthority, tmp_path: Path, clock: FakeClock
) -> None:
    # part of row 197: the certificate renews itself
    first = web.ensure(NAMES)
    assert first.is_new
    clock.advance(59 * 86_400)
    assert not web.ensure().is_new
    clock.advance(2 * 86_400)
    renewed = web.ensure()
    assert renewed.is_new
    assert renewed.fingerprint == first.fingerprint
    root = x509.load_pem_x509_certificate((tmp_path / "handed" / "ca.pem").read_bytes())
    chain = x509.load_pem_x509_certificates((tmp_path / "handed" / "server.pem").read_bytes())
    verify(root, chain, "192.168.1.10", clock.now())


def test_a_lost_or_damaged_file_of_the_server_is_made_again(web: WebAuthority, tmp_path: Path) -> None:
    first = web.ensure(NAMES)
    (tmp_path / "handed" / "server.pem").write_text("damaged")
    assert web.ensure().is_new
    assert web.ensure(reversed(NAMES)).fingerprint == first.fingerprint  # type: ignore[arg-type]


def test_other_names_need_a_new_authority_that_is_asked_for(web: WebAuthority) -> None:
    first = web.ensure(NAMES)
    with pytest.raises(CertificateError, match="trust anew"):
        web.ensure(("autre.local",))
    assert web.ensure(("autre.local",), force=True).fingerprint != first.fingerprint


@pytest.mark.parametrize("name", ["", "com", "*.local", "station.local.", "a b.local", "é.local", "-a.local"])
def test_a_name_that_is_none_or_covers_too_much_is_refused(web: WebAuthority, name: str) -> None:
    with pytest.raises(CertificateError):
        web.ensure((name,))


def test_without_names_nothing_is_made(web: WebAuthority, tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="under which names"):
        web.ensure()
    assert not (tmp_path / "web").exists()
