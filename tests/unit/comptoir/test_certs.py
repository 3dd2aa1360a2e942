import base64
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from comptoir.certs import Authority
from comptoir.errors import CertificateError
from tests.fakes.clock import FakeClock


@pytest.fixture
def authority(tmp_path: Path, clock: FakeClock) -> Authority:
    authority = Authority(tmp_path / "certificates", clock)
    authority.create("Boulangerie du Coin")
    return authority


def certificate_in(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())


def test_a_device_gets_what_it_needs_and_no_key_that_opens_bodies_or_forges_cards(
    authority: Authority,
) -> None:
    # row 210
    station = authority.issue_station("s0001.station")

    device = authority.issue_device("s0001.k01")

    assert {path.name for path in device.iterdir()} == {
        "ca.pem",
        "certificate.pem",
        "key.pem",
        "seal.pub",
        "cards.pub",
    }
    for name in ("seal.pub", "cards.pub"):
        assert (device / name).read_bytes() == (station / name).read_bytes()
        assert len(base64.b64decode((device / name).read_text())) == 32
        assert (device / name).read_bytes() != (station / name).with_suffix(".key").read_bytes()


def test_every_file_is_for_its_owner_alone(authority: Authority) -> None:
    authority.issue_broker(["127.0.0.1"])
    authority.issue_station("s0001.station")
    authority.issue_device("s0001.k01")

    for path in authority.directory.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_client_certificate_holds_90_days_and_serves_no_other_purpose(
    authority: Authority, clock: FakeClock
) -> None:
    authority.issue_station("s0001.station")
    leaf = certificate_in(authority.issue_device("s0001.k01"))

    assert leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "s0001.k01"
    assert leaf.not_valid_after_utc == clock.now() + timedelta(days=90)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_a_device_whose_clock_says_1970_still_trusts_the_broker(
    authority: Authority, clock: FakeClock
) -> None:
    # It must reach the station that tells it the time (row 203).
    leaf = certificate_in(authority.issue_broker(["station.local", "192.168.1.10"]))
    store = Store([x509.load_pem_x509_certificate((authority.directory / "ca.pem").read_bytes())])

    def verify(at: datetime) -> None:
        policy = PolicyBuilder().store(store).time(at)
        policy.build_server_verifier(x509.DNSName("station.local")).verify(leaf, [])

    verify(datetime(1970, 1, 1, 0, 1, tzinfo=UTC))
    verify(clock.now())
    with pytest.raises(VerificationError):
        verify(clock.now() + timedelta(days=91))


def test_the_standard_library_takes_the_files(authority: Authority) -> None:
    folder = authority.issue_broker(["127.0.0.1", "::1", "station.local"])

    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")

    names = certificate_in(folder).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["station.local"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]


@pytest.mark.parametrize(
    "name",
    [
        "k01",
        "s0001.K01",
        "s0001.k01/#",
        "s0001.+",
        "s0001.k01\n",
        "../s0001.k01",
        "s0001.station",
        "s1.k01",
        "",
    ],
)
def test_a_name_outside_the_rule_is_refused(authority: Authority, name: str) -> None:
    authority.issue_station("s0001.station")

    with pytest.raises(CertificateError, match="not the name of a device"):
        authority.issue_device(name)


@pytest.mark.parametrize("name", ["s0001.k01", "station", "s0001.station-fleet", "s0001.station/x"])
def test_a_station_has_a_stations_name(authority: Authority, name: str) -> None:
    with pytest.raises(CertificateError, match="not the name of a station"):
        authority.issue_station(name)


def test_nothing_is_replaced_unless_forced(authority: Authority) -> None:
    folder = authority.issue_station("s0001.station")
    before = (folder / "key.pem").read_bytes()

    with pytest.raises(CertificateError, match="--force"):
        authority.issue_station("s0001.station")
    with pytest.raises(CertificateError, match="--force"):
        authority.create("Another")
    assert (folder / "key.pem").read_bytes() == before


def test_renewing_a_station_keeps_the_keys_of_cards_and_sealed_bodies(authority: Authority) -> None:
    folder = authority.issue_station("s0001.station")
    kept = {name: (folder / name).read_bytes() for name in ("seal.key", "cards.key", "cards.pub")}
    leaf = (folder / "certificate.pem").read_bytes()

    authority.issue_station("s0001.station", force=True)

    assert (folder / "certificate.pem").read_bytes() != leaf
    assert {name: (folder / name).read_bytes() for name in kept} == kept


def test_revoking_lists_all_unexpired_certificates_of_the_name_also_at_the_broker(
    authority: Authority, clock: FakeClock
) -> None:
    broker = authority.issue_broker(["127.0.0.1"])
    authority.issue_station("s0001.station")
    authority.issue_device("s0001.k01")
    clock.advance(100 * 24 * 3600)
    authority.issue_device("s0001.k01", force=True)
    authority.issue_device("s0001.k01", force=True)

    assert authority.revoke("s0001.k01") == 2
    assert authority.revoke("s0001.k01") == 0

    assert (broker / "crl.pem").read_bytes() == (authority.directory / "crl.pem").read_bytes()
    of_device = [issued.serial for issued in authority.issued() if issued.name == "s0001.k01"]
    assert {serial for serial, _ in authority.revoked()} == set(of_device[1:])


def test_the_revocation_list_outlives_every_certificate(authority: Authority, clock: FakeClock) -> None:
    # The broker refuses everybody once the list's next update is past.
    listed = x509.load_pem_x509_crl((authority.directory / "crl.pem").read_bytes())
    assert listed.next_update_utc is not None
    assert listed.next_update_utc > clock.now() + timedelta(days=9 * 365)


def test_a_device_waits_for_its_station(authority: Authority) -> None:
    with pytest.raises(CertificateError, match=r"s0002\.station first"):
        authority.issue_device("s0002.k01")


def test_without_an_authority_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="comptoir certs init"):
        Authority(tmp_path).issue_broker(["127.0.0.1"])


def test_revoking_a_stranger_is_an_error(authority: Authority) -> None:
    with pytest.raises(CertificateError, match="no certificate was made here"):
        authority.revoke("s0001.k99")


@pytest.mark.parametrize("addresses", [[], ["épicerie.local"]])
def test_an_unusable_broker_address_is_refused(authority: Authority, addresses: list[str]) -> None:
    with pytest.raises(CertificateError, match="cannot certify the broker"):
        authority.issue_broker(addresses)


def test_the_command_makes_a_whole_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from comptoir.__main__ import main

    def certs(*words: str) -> int:
        return main(["certs", "--directory", str(tmp_path / "c"), *words])

    assert certs("init", "Chez nous") == 0
    assert certs("broker", "127.0.0.1") == 0
    assert certs("station", "s0001.station") == 0
    assert certs("device", "s0001.k01") == 0
    assert certs("device", "s0001.k01-fleet") == 0
    assert certs("pos", "s0001.pos-front") == 0
    assert certs("revoke", "s0001.k01") == 0
    capsys.readouterr()

    assert certs("list") == 0
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert [(name, state) for name, _, state in lines] == [
        ("broker", "89 days"),
        ("s0001.station", "89 days"),
        ("s0001.k01", "revoked"),
        ("s0001.k01-fleet", "89 days"),
        ("s0001.pos-front", "89 days"),
    ]
    assert certs("init") == 1
    assert "--force" in capsys.readouterr().err
