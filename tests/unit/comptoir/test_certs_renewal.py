"""Station and broker renew their certificates by themselves, and a crash in the midst is mended."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from comptoir.certs import Authority
from comptoir.certs_renewal import renew_own
from comptoir.errors import CertificateError
from runtime.whole_file import replace_file
from tests.fakes.clock import FakeClock

STATION = "s0001.station"
KEPT = ("seal.key", "cards.key")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def authority(tmp_path: Path, clock: FakeClock) -> Authority:
    authority = Authority(tmp_path / "certificates", clock)
    authority.create("Maison Lumen")
    authority.issue_broker(["station.local", "192.168.1.10"])
    authority.issue_station(STATION)
    authority.issue_device("s0001.k01")
    return authority


@pytest.fixture
def used(authority: Authority, tmp_path: Path) -> Path:
    """What the station's service is handed."""
    return Path(shutil.copytree(authority.directory / STATION, tmp_path / "station"))


def certificate(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())


def news(authority: Authority, used: Path) -> list[str]:
    return [one.name for one in renew_own(authority, used) if one.is_new]


def test_sixty_days_are_left_alone_then_both_are_new_once(
    authority: Authority, used: Path, clock: FakeClock
) -> None:
    secrets = [(used / name).read_bytes() for name in KEPT]
    device = certificate(authority.directory / "s0001.k01")
    clock.advance(timedelta(days=59).total_seconds())
    assert news(authority, used) == []
    clock.advance(timedelta(days=1, hours=1).total_seconds())
    assert news(authority, used) == ["broker", STATION]
    assert news(authority, used) == []

    broker = certificate(authority.directory / "broker")
    names = broker.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["station.local"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.10"]
    for each in (broker, certificate(used)):
        assert each.not_valid_after_utc - clock.now() == timedelta(days=90)
    assert certificate(used) == certificate(authority.directory / STATION)
    assert [(used / name).read_bytes() for name in KEPT] == secrets
    assert certificate(authority.directory / "s0001.k01") == device, "devices renew their own"


class Crash(BaseException):
    """The power went."""


@pytest.mark.parametrize("step", range(14))
def test_a_crash_anywhere_is_mended_by_the_next_call(
    authority: Authority, used: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    clock.advance(timedelta(days=61).total_seconds())
    count = 0
    write: Callable[..., None] = replace_file

    def interrupted(path: Path, content: bytes, mode: int = 0o600) -> None:
        nonlocal count
        count += 1
        if count > step:
            raise Crash
        write(path, content, mode)

    for where in ("comptoir.certs", "runtime.whole_file"):
        monkeypatch.setattr(f"{where}.replace_file", interrupted)
    try:
        news(authority, used)
    except Crash:
        assert step < 12
    monkeypatch.undo()

    list(renew_own(authority, used))
    for folder in (authority.directory / "broker", authority.directory / STATION, used):
        key = (folder / "key.pem").read_bytes()
        found = certificate(folder)
        public = x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes()).public_key()
        assert load_pem_private_key(key, None).public_key() == public
        assert found.not_valid_after_utc - clock.now() == timedelta(days=90)
    assert certificate(used) == certificate(authority.directory / STATION)
    assert news(authority, used) == []


def test_another_shops_station_folder_is_left_alone(
    authority: Authority, tmp_path: Path, clock: FakeClock
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    clock.advance(timedelta(days=61).total_seconds())
    assert news(authority, other) == ["broker", STATION]
    assert list(other.iterdir()) == []


def test_a_new_authority_is_made_around_the_keys_of_a_back_up(authority: Authority, tmp_path: Path) -> None:
    before = authority.directory / STATION
    came_back = tmp_path / "came-back"
    came_back.mkdir()
    for name in KEPT:
        shutil.copy(before / name, came_back / name)
    new = Authority(tmp_path / "new", FakeClock())
    new.create("Maison Lumen")
    with pytest.raises(CertificateError, match=r"no seal\.key and cards\.key"):
        new.issue_station(STATION, keys_from=tmp_path)
    made = new.issue_station(STATION, keys_from=came_back)
    for name in (*KEPT, "seal.pub", "cards.pub"):
        assert (made / name).read_bytes() == (before / name).read_bytes()
    device = new.issue_device("s0001.k07")
    assert (device / "cards.pub").read_bytes() == (before / "cards.pub").read_bytes()


def test_without_the_authoritys_key_it_says_where_to_do_it(
    authority: Authority, used: Path, clock: FakeClock
) -> None:
    clock.advance(timedelta(days=61).total_seconds())
    (authority.directory / "ca.key").unlink()
    with pytest.raises(CertificateError, match="no authority"):
        news(authority, used)
    assert certificate(used).not_valid_after_utc > clock.now()
