"""What an attacker who owns the web server can do to a device: nothing but make it wait."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.ngclient._internal import trusted_metadata_set

from fleet.agent.http import Patience, WebServer
from fleet.agent.signed_source import SignedSource
from fleet.desk.publisher import SigningPublisher
from fleet.errors import FetchError, FleetError, ReleaseError, SigningKeyError, UntrustedError
from fleet.signing.keys import KeyRing
from fleet.signing.publish import publish, publish_rollout, revoke_release
from fleet.signing.repository import Repository
from fleet.signing.rotation import add_signatures, rotate
from fleet.signing.verify import verify_repository
from runtime.clock import SystemClock
from tests.fakes.clock import FakeClock
from tests.fakes.fleet import ReleaseDesk, make_wheel, served

CLOCK = SystemClock()
PATIENCE = Patience(connect_s=2, gap_s=2, whole_s=4, least_bytes_s=100, rate_after_s=1)


class Shop:
    """A desk, its web server's folder, and a device that looks there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = ReleaseDesk(folder / "desk", CLOCK)
        wheels = folder / "wheels"
        make_wheel(wheels, "comptoir", "1.0.0", {"comptoir.py": "x = 1\n"})
        self.desk.release("1.0.0", wheels=wheels)
        self.desk.roll_out("1.0.0")
        self.metadata = self.desk.repository.metadata
        self.cache = folder / "cache"
        self.server = ""

    def look(self) -> object:
        source = SignedSource(WebServer(self.server, CLOCK, PATIENCE), self.cache, self.desk.first_root)
        look = source.look()
        rollout = look.rollout("stable")
        return None if rollout is None else (rollout.number, look.release("1.0.0") is not None)

    def copy(self, name: str) -> Path:
        target = self.folder / name
        shutil.copytree(self.metadata, target)
        return target

    def put_back(self, copy: Path) -> None:
        shutil.rmtree(self.metadata)
        shutil.copytree(copy, self.metadata)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.metadata / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def newest(self, role: str) -> str:
        found = sorted(self.metadata.glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))
        return found[-1].name


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    with served(shop.desk.repository.folder) as shop.server:
        yield shop


def test_what_was_signed_is_believed(shop: Shop) -> None:
    assert shop.look() == (1, True)
    assert shop.look() == (1, True)


def test_an_older_state_is_refused(shop: Shop) -> None:
    old = shop.copy("old")
    shop.desk.roll_out("1.0.0")
    assert shop.look() == (2, True)

    shop.put_back(old)

    with pytest.raises(UntrustedError, match="BadVersionNumber"):
        shop.look()


def test_after_a_lost_cache_the_old_state_is_seen_and_the_floor_is_what_refuses_it(shop: Shop) -> None:
    # The framework alone would believe it: hence fleet.agent.floor, tested with the updater.
    old = shop.copy("old")
    shop.desk.roll_out("1.0.0")
    assert shop.look() == (2, True)
    shop.put_back(old)
    shutil.rmtree(shop.cache)

    assert shop.look() == (1, True)


@pytest.mark.parametrize("damage", ["cut", "empty", "nul"])
def test_a_damaged_cache_is_fetched_again(shop: Shop, damage: str) -> None:
    shop.look()
    for path in shop.cache.rglob("*.json"):
        if path.is_symlink():
            path.unlink()
        else:
            data = path.read_bytes()
            path.write_bytes({"cut": data[:50], "empty": b"", "nul": b"\0" * len(data)}[damage])

    assert shop.look() == (1, True)


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    class Shifted(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now

    monkeypatch.setattr(trusted_metadata_set.datetime, "datetime", Shifted)


def test_a_state_that_was_frozen_is_refused_once_it_ended(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime.now(UTC) + timedelta(days=3))

    with pytest.raises(UntrustedError, match="Expired"):
        shop.look()


def test_a_desk_whose_clock_stands_in_1970_signs_nothing_and_says_so(shop: Shop) -> None:
    folder, ring = shop.desk.repository.folder, shop.desk.ring
    then = FakeClock(datetime(1970, 1, 1, 0, 2, tzinfo=UTC))
    before = sorted(path.name for path in shop.metadata.iterdir())
    repository = Repository(folder, then)

    SigningPublisher(repository, ring, then).keep_fresh()
    for deed in (
        publish,
        lambda where, keys: publish_rollout(where, shop.desk.roll_out_document(None), keys),
    ):
        with pytest.raises(ReleaseError, match="the clock of this machine says 1970-01-01 00:02"):
            deed(repository, ring)

    assert sorted(path.name for path in shop.metadata.iterdir()) == before
    assert shop.look() == (1, True)


def test_a_desk_three_days_fast_is_believed_and_goes_on_once_its_clock_is_right(shop: Shop) -> None:
    folder, ring = shop.desk.repository.folder, shop.desk.ring
    publish(Repository(folder, FakeClock(CLOCK.now() + timedelta(days=3))), ring)
    assert shop.look() == (1, True)
    publish(shop.desk.repository, ring)
    assert shop.look() == (1, True)


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "releases", "rollout"])
def test_changed_metadata_is_refused(shop: Shop, role: str) -> None:
    name = "timestamp.json" if role == "timestamp" else shop.newest(role)
    shop.edit(
        name,
        '"spec_version":"1.0',
        '"spec_version": "1.0' if role == "snapshot" else '"x":1,"spec_version":"1.0',
    )

    if role == "snapshot":  # the same content with another spacing: nothing that is signed changed
        assert shop.look() == (1, True)
        shop.edit(name, '"version":', '"version":1')
        shutil.rmtree(shop.cache)
    with pytest.raises(UntrustedError):
        shop.look()


def test_a_changed_document_is_refused(shop: Shop) -> None:
    for path in (shop.desk.repository.targets / "rollout").iterdir():
        path.write_bytes(path.read_bytes().replace(b'"percent": 100.0', b'"percent": 1.000'))

    with pytest.raises(UntrustedError, match="Hash"):
        shop.look()


def test_a_document_without_end_is_cut_off(shop: Shop) -> None:
    for path in (shop.desk.repository.targets / "rollout").iterdir():
        path.write_bytes(path.read_bytes() + b" " * 50_000_000)

    with pytest.raises(UntrustedError):
        shop.look()


@pytest.mark.parametrize("name", ["timestamp.json", "2.root.json"])
def test_metadata_without_end_is_cut_off(shop: Shop, name: str) -> None:
    (shop.metadata / name).write_bytes(b"{" + b" " * 50_000_000)

    with pytest.raises(FleetError):
        shop.look()


def test_the_rollout_key_cannot_make_a_release(shop: Shop) -> None:
    desk = shop.desk
    desk.repository.put_target("rollout", "releases/6.6.6.json", b"{}", desk.ring)
    publish(desk.repository, desk.ring)
    source = SignedSource(WebServer(shop.server, CLOCK, PATIENCE), shop.cache, desk.first_root)

    assert source.look().release("6.6.6") is None


def test_foreign_keys_sign_nothing(shop: Shop, tmp_path: Path) -> None:
    stranger = ReleaseDesk(tmp_path / "stranger", CLOCK)

    with pytest.raises(SigningKeyError):
        publish(shop.desk.repository, stranger.ring)
    shop.put_back(stranger.repository.metadata)
    with pytest.raises(FleetError):
        shop.look()


def test_a_root_key_is_rotated_by_two_of_three_holders(shop: Shop, tmp_path: Path) -> None:
    desk = shop.desk
    sticks = [desk.offline / f"root-{number}" for number in (1, 2, 3)]
    lost = KeyRing(sticks[2]).public_keyid("root-3")
    new = KeyRing(tmp_path / "new").create("root-4")

    is_done = rotate(desk.repository, "root", lost, new.public_key, KeyRing(sticks[0]))

    assert not is_done  # one of two
    assert shop.look() == (1, True)
    assert add_signatures(desk.repository, KeyRing(sticks[1]))
    assert shop.look() == (1, True)
    assert (shop.cache / "root_history" / "2.root.json").exists()
    new.sign(b"")  # the new holder's key is a key
    with pytest.raises(SigningKeyError, match="no root waits"):
        add_signatures(desk.repository, KeyRing(sticks[1]))


def test_a_root_signed_by_one_old_key_is_refused(shop: Shop, tmp_path: Path) -> None:
    desk = shop.desk
    stick = desk.offline / "root-1"
    new = KeyRing(tmp_path / "new").create("root-4")
    rotate(desk.repository, "root", KeyRing(stick).public_keyid("root-1"), new.public_key, KeyRing(stick))
    staged = desk.repository.folder / "staged" / "root.json"
    shutil.copy(staged, shop.metadata / "2.root.json")

    with pytest.raises(UntrustedError, match="Unsigned"):
        shop.look()


def test_a_device_that_was_off_walks_through_all_roots(shop: Shop, tmp_path: Path) -> None:
    desk = shop.desk
    shop.look()
    sticks = [desk.offline / f"root-{number}" for number in (1, 2, 3)]
    for number in range(3):
        ring = KeyRing(*sticks, desk.online, tmp_path / f"{number}")
        name = f"timestamp-{number + 1}"
        old = KeyRing(desk.online if number == 0 else tmp_path / f"{number - 1}").public_keyid(name)
        new = KeyRing(tmp_path / f"{number}").create(f"timestamp-{number + 2}")
        assert rotate(desk.repository, "timestamp", old, new.public_key, ring)
        desk.repository.stamp(KeyRing(desk.online, tmp_path / f"{number}"))

    assert shop.look() == (1, True)


def test_a_fast_forward_ends_with_a_new_timestamp_key(shop: Shop, tmp_path: Path) -> None:
    """A thief of the online keys signed version 10^9; honest ones would be refused for ever."""
    desk = shop.desk
    honest = shop.copy("honest")
    stolen = desk.repository.role("timestamp")
    stolen.signed.version = 10**9
    desk.repository.write_changed("timestamp", stolen, desk.ring)
    shop.look()
    shop.put_back(honest)
    with pytest.raises(UntrustedError):
        shop.look()

    old = desk.ring.public_keyid("timestamp-1")
    new = KeyRing(tmp_path / "new").create("timestamp-2")
    sticks = (desk.offline / "root-1", desk.offline / "root-2")
    assert rotate(desk.repository, "timestamp", old, new.public_key, KeyRing(*sticks))
    desk.repository.seal(KeyRing(tmp_path / "new", desk.online))

    assert shop.look() == (1, True)


def test_a_stolen_rollout_key_is_replaced_by_the_targets_key(shop: Shop, tmp_path: Path) -> None:
    desk = shop.desk
    old = desk.ring.public_keyid("rollout-1")
    new_ring = KeyRing(tmp_path / "new")
    new = new_ring.create("rollout-2")
    assert rotate(
        desk.repository, "rollout", old, new.public_key, KeyRing(*desk.ring.folders, tmp_path / "new")
    )
    publish(desk.repository, desk.ring)

    assert shop.look() == (1, True)
    with pytest.raises(SigningKeyError):
        publish_rollout(desk.repository, desk.roll_out_document(None), KeyRing(desk.online))


def test_a_revoked_release_is_found_no_longer(shop: Shop) -> None:
    assert shop.look() == (1, True)
    revoke_release(shop.desk.repository, "1.0.0", shop.desk.ring)
    publish(shop.desk.repository, shop.desk.ring)

    assert shop.look() == (1, False)


def test_a_good_repository_passes_the_gate_and_a_damaged_blob_does_not(shop: Shop, tmp_path: Path) -> None:
    assert [
        each.text for each in verify_repository(shop.desk.repository, CLOCK, tmp_path / "w") if each.is_fault
    ] == []
    for blob in (shop.desk.repository.targets / "blobs").iterdir():
        blob.write_bytes(b"rot")

    faults = [
        each.text for each in verify_repository(shop.desk.repository, CLOCK, tmp_path / "w") if each.is_fault
    ]

    assert faults == ["1.0.0: the blob of comptoir-1.0.0-py3-none-any.whl is damaged"]


def test_the_gate_refuses_what_an_old_device_would(shop: Shop, tmp_path: Path) -> None:
    old = shop.copy("old")
    shop.desk.roll_out("1.0.0")
    verify_repository(shop.desk.repository, CLOCK, tmp_path / "w")
    shop.put_back(old)

    faults = [
        each.text for each in verify_repository(shop.desk.repository, CLOCK, tmp_path / "w") if each.is_fault
    ]

    assert len(faults) == 1
    assert faults[0].startswith("a device that saw the last state refuses it")


def test_a_rollout_that_names_an_unsigned_release_does_not_pass_the_gate(shop: Shop, tmp_path: Path) -> None:
    shop.desk.roll_out("9.9.9")

    faults = [
        each.text for each in verify_repository(shop.desk.repository, CLOCK, tmp_path / "w") if each.is_fault
    ]

    assert set(faults) == {"stable names 9.9.9, which is not signed"}


class Counting(WebServer):
    """Notes what is asked for."""

    asked: list[str]

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        self.asked.append(path.removeprefix(f"{self.base}/"))
        yield from super().read(path, start=start)


def test_no_news_costs_two_requests(shop: Shop) -> None:
    server = Counting(shop.server, CLOCK, PATIENCE)
    source = SignedSource(server, shop.cache, shop.desk.first_root)

    def requests() -> list[str]:
        server.asked = []
        look = source.look()
        assert look.rollout("stable") is not None
        assert look.release("1.0.0") is not None
        return server.asked

    assert len(requests()) > 4
    assert requests() == ["metadata/2.root.json", "metadata/timestamp.json"]
    for document in (shop.cache / "documents").iterdir():
        document.write_bytes(b"\0" * document.stat().st_size)  # what a power cut may leave
    assert len(requests()) == 4
    assert len(requests()) == 2
    (shop.cache / "documents" / "releases.json").unlink()
    (shop.cache / "documents" / "releases.json").mkdir()  # a disk that keeps nothing costs a request
    assert len(requests()) == 3


def test_a_server_that_is_away_is_no_untrusted_one(shop: Shop) -> None:
    shop.server = "http://127.0.0.1:9"

    with pytest.raises(FetchError):
        shop.look()
