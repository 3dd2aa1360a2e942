"""Back up a running shop, lose the machine, restore into an empty folder, go on."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from checkout.backup_record import BackupRecord
from checkout.erasure_file import ErasureFile
from checkout.errors import UnfinishedRestoreError
from comptoir.backup.make import make_backup
from comptoir.backup.restore import RestoreOrder, restore_backup
from comptoir.errors import BackupError
from loyalty.adapters.sql.database import opened
from loyalty.domain.message import MemberMessage, MessageState
from loyalty.services.erase_person import erase_person
from tests.fakes.clock import FakeClock
from tests.fakes.postgresql import postgresql_binaries, running_cluster
from tests.integration.backup.shop import Machine, ledger_of, new_key, queue_message, write_config, write_keys
from tests.integration.checkout.counter import Counter, make_counter


@dataclass(frozen=True)
class Shop:
    counter: Counter
    machine: Machine
    disk: Path
    identity: Path
    message: MemberMessage

    def archive(self) -> Path:
        last = make_backup(self.machine.settings, self.machine.config, self.counter.clock)
        return self.disk / last.name

    def order(self, archive: Path, blank: Machine) -> RestoreOrder:
        return RestoreOrder(archive, self.identity, blank.config, blank.folder)

    def blank(self) -> Machine:
        """An empty machine whose configuration has other paths."""
        recipient = str(self.machine.settings.backup.recipient) if self.machine.settings.backup else ""
        return write_config(self.machine.folder.parent / "blank", self.disk, recipient)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    disk, key = tmp_path / "disk", tmp_path / "comptoir.key"
    disk.mkdir()
    machine = write_config(tmp_path / "shop", disk, new_key(key))
    write_keys(machine)
    counter = make_counter(machine.folder)
    counter.station.courier.stop()
    (machine.folder / "attachments" / "ab").mkdir(parents=True)
    (machine.folder / "attachments" / "ab" / "abcd").write_bytes(b"a letter")
    counter.sell("Tasse en grès")
    counter.pay()
    yield Shop(counter, machine, disk, key, queue_message(counter))
    counter.station.stop()
    counter.database.close()


def erase(counter: Counter, customer_id: UUID) -> None:
    with counter.database.unit_of_work() as unit:
        erase_person(unit, counter.station.ctx, customer_id, None)
        unit.commit()


def test_a_shop_comes_back_on_an_empty_machine_with_its_ledger(shop: Shop) -> None:
    # rows 191, 205
    before, idris, camille = (
        ledger_of(shop.counter),
        shop.counter.customer_id("Idris"),
        shop.counter.customer_id("Camille"),
    )
    archive = shop.archive()
    # What happens after the back-up is lost, but an erasure is not: its record outlived the machine.
    erase(shop.counter, idris)
    blank = shop.blank()
    ErasureFile(blank.settings.file_of_erasures, shop.counter.database.reading).add_new()

    done = blank.run("restore", str(archive), "--identity", str(shop.identity), "--keys", str(blank.folder))

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[0])
    assert (said["accounts"], said["entries"], said["faults"]) == before
    assert before[1] > 0
    assert (said["erased_again"], said["messages_held"] >= 1) == (1, True)
    verified = blank.run("ledger", "verify")
    assert json.loads(verified.stdout) == {"accounts": before[0], "entries": before[1], "faults": 0}
    assert (blank.folder / "attachments" / "ab" / "abcd").read_bytes() == b"a letter"
    assert (blank.folder / "cards.key").read_bytes() == (shop.machine.folder / "cards.key").read_bytes()
    with opened(blank.settings.database_url) as database, database.reading() as unit:
        erased, kept = unit.customers.get(idris), unit.customers.get(camille)
        assert erased is not None
        assert erased.erased_at is not None
        assert kept is not None
        assert kept.erased_at is None
        waiting = unit.deliveries.get(shop.message.id)
        assert waiting is not None
        assert (waiting.state, waiting.detail) == (MessageState.UNKNOWN, "restored")
        assert unit.messages.queued(10) == []
        assert unit.programme.settings().redeeming_held_since is not None


def test_an_erasure_before_the_back_up_is_in_its_record(shop: Shop) -> None:
    # part of row 205
    idris = shop.counter.customer_id("Idris")
    erase(shop.counter, idris)
    ErasureFile(shop.machine.settings.file_of_erasures, shop.counter.database.reading).add_new()
    archive, blank = shop.archive(), shop.blank()

    restored = restore_backup(shop.order(archive, blank), FakeClock())

    assert restored.erased_again == 0
    assert str(idris) in blank.settings.file_of_erasures.read_text()


def test_the_configuration_comes_back_where_there_is_none(shop: Shop) -> None:
    # part of row 205
    archive = shop.archive()
    before = ledger_of(shop.counter)
    text = shop.machine.config.read_bytes()
    shop.counter.station.stop()
    shop.counter.database.close()
    shutil.rmtree(shop.machine.folder)
    shop.machine.folder.mkdir()

    restored = restore_backup(shop.order(archive, shop.machine), FakeClock())

    assert shop.machine.config.read_bytes() == text
    assert (restored.ledger.accounts, restored.ledger.entries, len(restored.ledger.faults)) == before
    assert shop.machine.tree() == {
        "comptoir.toml", "comptoir.db", "cards.key", "seal.key", "messages",
        "attachments", "attachments/ab", "attachments/ab/abcd",
    }  # fmt: skip
    again = make_counter(shop.machine.folder)
    again.station.stop()
    again.database.close()


def test_the_last_back_up_is_noted_and_only_so_many_stay(shop: Shop) -> None:
    # part of row 205
    names = []
    for _ in range(3):
        names.append(shop.archive().name)
        shop.counter.clock.advance(24 * 3600)
    assert sorted(path.name for path in shop.disk.iterdir()) == names[1:]
    record = shop.machine.settings.backup_record
    assert isinstance(record, BackupRecord)
    last = record.last()
    assert last is not None
    assert last.name == names[2]
    assert last.size_bytes == (shop.disk / names[2]).stat().st_size


def test_an_archive_gives_nothing_away(shop: Shop) -> None:
    sealed = shop.archive().read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n")
    for secret in (b"Camille", b"SQLite format", (shop.machine.folder / "cards.key").read_bytes()):
        assert secret not in sealed


def test_a_place_that_is_not_empty_stays_as_it_is(shop: Shop) -> None:
    # part of row 205
    archive = shop.archive()
    shop.counter.station.stop()  # its upkeep empties the journal
    before = {path: path.stat().st_mtime_ns for path in shop.machine.folder.rglob("*") if path.is_file()}
    with pytest.raises(BackupError, match="a database already"):
        restore_backup(shop.order(archive, shop.machine), FakeClock())
    assert before == {p: p.stat().st_mtime_ns for p in shop.machine.folder.rglob("*") if p.is_file()}
    blank = shop.blank()
    (blank.folder / "cards.key").write_text("another key")
    with pytest.raises(BackupError, match=r"cards.key is another key"):
        restore_backup(shop.order(archive, blank), FakeClock())
    (blank.folder / "cards.key").unlink()
    (blank.folder / "attachments").mkdir()
    (blank.folder / "attachments" / "x").write_text("x")
    with pytest.raises(BackupError, match="files already"):
        restore_backup(shop.order(archive, blank), FakeClock())
    assert blank.tree() == {"comptoir.toml", "attachments", "attachments/x"}


def _stops(_url: str) -> None:
    raise OSError(5, "cut")


@pytest.mark.skipif(postgresql_binaries() is None, reason="PostgreSQL is not installed")
def test_a_postgresql_database_comes_back(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # part of row 205
    binaries = postgresql_binaries()
    assert binaries is not None
    monkeypatch.setenv("PATH", f"{binaries}:/usr/bin:/bin")
    with running_cluster(binaries) as cluster:
        source, target = cluster.new_migrated_database(), cluster.new_database()
        recipient = new_key(shop.identity)
        machine = write_config(tmp_path / "pg", shop.disk, recipient, source)
        write_keys(machine)
        archive = shop.disk / make_backup(machine.settings, machine.config, shop.counter.clock).name
        blank = write_config(tmp_path / "pg-blank", shop.disk, recipient, target)

        with monkeypatch.context() as cut:  # between the database and what is prepared in it
            cut.setattr("comptoir.backup.restore.migrate", _stops)
            with pytest.raises(BackupError, match="the restore stopped: cut"):
                restore_backup(shop.order(archive, blank), FakeClock())
        with pytest.raises(UnfinishedRestoreError):
            blank.settings.unfinished_restore.require_none()

        restored = restore_backup(shop.order(archive, blank), FakeClock())

        assert restored.manifest.database == "postgresql"
        with opened(target) as database, database.reading() as unit:
            assert unit.programme.settings().redeeming_held_since is not None
        with pytest.raises(BackupError, match="tables already"):
            restore_backup(shop.order(archive, blank), FakeClock())
