"""Devices and agents renew their certificates by themselves, at the real door, with the real signing process."""

import os
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from comptoir.certs import Authority
from device.health import HealthBoard, PartState
from device.renewal import CERTIFICATE
from messaging.errors import RenewalError
from messaging.renewal_watch import RenewalWatch, ask_door
from messaging.renewing import RENEWED, OwnCertificate
from messaging.station.renewal import RenewalAnswered, RenewalRequested
from tests.fakes.clock import FakeClock
from tests.integration.pairing.conftest import Store


@pytest.fixture
def clock(store: Store) -> FakeClock:
    """Of the authority and of the device."""
    clock = FakeClock()
    store.authority._clock = clock
    for name in ("s0001.k01", "s0001.k01-fleet"):
        store.authority.issue_device(name, force=True)
    return clock


def own(authority: Authority, folder: Path, name: str = "s0001.k01") -> OwnCertificate:
    given = authority.directory / name
    return OwnCertificate(given / "certificate.pem", given / "key.pem", given / "ca.pem", folder)


def watch(store: Store, clock: FakeClock, mine: OwnCertificate, restarts: list[bool]) -> RenewalWatch:
    board = HealthBoard()

    def tell(is_well: bool, detail: str) -> None:
        board.report(CERTIFICATE, PartState.OK if is_well else PartState.DEGRADED, detail)

    made = RenewalWatch(mine, store.door, clock, tell, lambda: restarts.append(True) or True)
    made.board = board  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("name", ["s0001.k01", "s0001.k01-fleet"])
def test_a_certificate_of_ninety_days_is_renewed_after_sixty(
    store: Store, clock: FakeClock, tmp_path: Path, name: str
) -> None:
    mine, restarts = own(store.authority, tmp_path / "own", name), list[bool]()
    first = mine.held()
    assert first.ends_at - clock.now() == timedelta(days=90)
    device = watch(store, clock, mine, restarts)

    clock.advance(timedelta(days=59).total_seconds())
    assert device.look() > 0
    assert mine.held().certificate == first.certificate
    clock.advance(timedelta(days=1, hours=1).total_seconds())
    assert device.look() == 0

    second = mine.held()
    assert second.ends_at - clock.now() == timedelta(days=90)
    assert second.certificate_file.name == RENEWED
    assert (second.certificate_file.stat().st_mode & 0o777) == 0o600
    assert second.key.public_key() != first.key.public_key()
    assert [one.name for one in store.authority.issued()].count(name) == 3 - (name.endswith("-fleet"))
    ssl.create_default_context().load_cert_chain(second.certificate_file, second.key_file)
    clock.advance(timedelta(days=61).total_seconds())
    assert device.look() == 0  # and again, from the renewed one
    assert mine.held().ends_at > second.ends_at


class Crash(BaseException):
    """The power went."""


@pytest.mark.parametrize("step", range(5))
def test_a_crash_at_any_point_leaves_a_usable_certificate(
    store: Store, clock: FakeClock, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = own(store.authority, tmp_path / "own")
    first = mine.held()
    clock.advance(timedelta(days=61).total_seconds())
    count = 0

    def before(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            nonlocal count
            if str(tmp_path / "own") in str(args[0]) or isinstance(args[0], int):
                count += 1
                if count > step:
                    raise Crash
            return real(*args, **named)

        return call

    def ask(asked: RenewalRequested) -> RenewalAnswered:
        answer = ask_door(store.door, asked)
        monkeypatch.setattr(os, "open", before(os.open))
        monkeypatch.setattr(os, "fsync", before(os.fsync))
        monkeypatch.setattr(Path, "replace", before(Path.replace))
        return answer

    with pytest.raises(Crash):
        mine.renew(ask)
    monkeypatch.undo()

    again = own(store.authority, tmp_path / "own")
    held = again.held()
    assert held.ends_at > clock.now()
    assert held.key.public_key() == held.certificate.public_key()
    assert (held.certificate == first.certificate) is (step < 3)
    if again.is_due(clock.now()):
        assert again.renew(lambda asked: ask_door(store.door, asked)).ends_at > first.ends_at


@pytest.mark.parametrize("content", [b"", b"\0" * 900, b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_renewed_file_that_the_disk_lost_is_not_used(
    store: Store, clock: FakeClock, tmp_path: Path, content: bytes
) -> None:
    mine = own(store.authority, tmp_path)
    (tmp_path / RENEWED).write_bytes(content)

    assert mine.held().certificate_file.name == "certificate.pem"


def test_only_the_holder_of_a_good_certificate_gets_the_next_one(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    mine = own(store.authority, tmp_path / "own")
    asked: list[RenewalRequested] = []

    def remember(request: RenewalRequested) -> RenewalAnswered:
        asked.append(request)
        return ask_door(store.door, request)

    def refusal(request: RenewalRequested) -> str | None:
        return ask_door(store.door, request).refused

    with pytest.raises(RenewalError, match="too_early"):
        mine.renew(remember)
    good = asked[0]
    clock.advance(timedelta(days=61).total_seconds())

    other = own(store.authority, tmp_path / "other", "s0001.k01-fleet")
    with pytest.raises(RenewalError):  # another's certificate with our own signature
        other.renew(
            lambda theirs: ask_door(store.door, theirs.model_copy(update={"signature": good.signature}))
        )
    foreign = Authority(tmp_path / "foreign", clock)
    foreign.create("Elsewhere")
    foreign.issue_station("s0001.station")
    foreign.issue_device("s0001.k01")
    clock.advance(timedelta(days=1).total_seconds())
    with pytest.raises(RenewalError, match="unknown"):
        own(foreign, tmp_path / "foreign-own").renew(remember)
    assert refusal(good.model_copy(update={"csr_pem": "nonsense"})) == "malformed"
    assert refusal(good.model_copy(update={"signature": "AAAA"})) == "malformed"
    with pytest.raises(RenewalError, match="422"):
        ask_door(store.door, good.model_copy(update={"csr_pem": ""}))
    station = store.authority.directory / "s0001.station"
    with pytest.raises(RenewalError, match="unknown"):  # a station is renewed by its people
        OwnCertificate(
            station / "certificate.pem", station / "key.pem", station / "ca.pem", tmp_path / "station"
        ).renew(remember)

    assert [refusal(good) for _ in range(9)][-1] == "too_many"
    store.office.revoke("s0001.k01")
    assert refusal(good) == "revoked"


def test_a_device_that_was_away_for_a_year_is_accepted_by_staff_once_more(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    mine = own(store.authority, tmp_path / "own")
    clock.advance(timedelta(days=365).total_seconds())
    restarts: list[bool] = []
    device = watch(store, clock, mine, restarts)

    device.look()

    assert not mine.is_due(clock.now())
    assert device.board.of(CERTIFICATE).state is PartState.DEGRADED  # type: ignore[attr-defined]
    with pytest.raises(RenewalError, match="expired"):
        mine.renew(lambda asked: ask_door(store.door, asked))


def test_a_station_that_does_not_answer_is_asked_again_and_told_of_near_the_end(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    device = watch(store, clock, own(store.authority, tmp_path / "own"), [])
    device._door = "http://127.0.0.1:9"
    clock.advance(timedelta(days=61).total_seconds())
    board: HealthBoard = device.board  # type: ignore[attr-defined]

    assert device.look() < 3600
    assert board.of(CERTIFICATE).state is PartState.OK
    clock.advance(timedelta(days=20).total_seconds())
    device.look()
    assert board.of(CERTIFICATE).state is PartState.DEGRADED
