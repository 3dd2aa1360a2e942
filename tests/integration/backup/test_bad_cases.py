"""What goes wrong with disks, keys and archives: said clearly, and nothing is left half."""

import json
import os
import re
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from checkout.assembly import open_database, service_context
from checkout.errors import UnfinishedRestoreError
from comptoir.backup.archive import read_archive, write_archive
from comptoir.backup.make import make_backup
from comptoir.backup.manifest import Manifest, packed
from comptoir.backup.restore import restore_backup
from comptoir.errors import BackupError
from loyalty.adapters.sql.database import opened
from tests.fakes.clock import FakeClock
from tests.fakes.postgresql import postgresql_binaries, running_cluster
from tests.integration.backup.shop import Machine, ledger_of, new_key, write_config, write_keys
from tests.integration.backup.test_restore import Shop, shop  # noqa: F401 - a fixture

KILLED = """
import os, pathlib, signal, sys
from comptoir.__main__ import main
pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.exit(main(sys.argv[1:]))
"""
DIES_AT = """
import os, signal, sys
from comptoir.__main__ import main
import comptoir.backup.placing as placing
import comptoir.backup.restore as restore
import checkout.unfinished_restore as unfinished
def dies(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
{there}
sys.exit(main(sys.argv[1:]))
"""
IN_THE_FILES = "placing.own = dies"
BEFORE_THE_DATABASE = "restore.shutil.copyfile = dies"
AT_THE_DATABASE = "os.link = dies"
AT_THE_VERY_END = "unfinished.UnfinishedRestore.end = dies"


@contextmanager
def small_disk(at: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk of its own in a folder; what is yielded gives it another size."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "comptoir-test", str(at)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root mounts a file system")
    try:
        yield lambda other: _remount(at, other)
    finally:
        subprocess.run(["umount", str(at)], check=True)


def _remount(at: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(at)], check=True)


def nothing_of_it(shop: Shop) -> bool:  # noqa: F811
    return list(shop.disk.iterdir()) == [] and not list(shop.machine.folder.glob(".backup-*"))


def test_a_disk_that_is_away_is_named(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    shop.disk.rmdir()
    done = shop.machine.run("backup")
    assert done.returncode == 1
    assert f"{shop.disk} is not there: plug the disk in" in done.stderr
    assert not shop.disk.exists()


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/self").exists(), reason="needs /proc")
def test_a_disk_that_takes_nothing_is_named(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    wanted = shop.machine.settings.backup
    assert wanted is not None
    # A folder in which nobody, not even root, makes files.
    settings = shop.machine.settings.model_copy(
        update={"backup": wanted.model_copy(update={"folder": Path("/proc/self")})}
    )
    with pytest.raises(BackupError, match="cannot be written to /proc/self"):
        make_backup(settings, shop.machine.config, FakeClock())
    assert nothing_of_it(shop)


def test_a_disk_that_is_full_keeps_no_half_archive(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    (shop.machine.folder / "attachments" / "ab" / "big").write_bytes(os.urandom(3_000_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_100_000, before[1]))
    try:
        with pytest.raises(BackupError, match=r"cannot be (written|prepared)"):
            make_backup(shop.machine.settings, shop.machine.config, FakeClock())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert nothing_of_it(shop)


def test_a_small_disk_that_fills_up_is_named_and_takes_the_next_one_once_it_has_room(
    shop: Shop,  # noqa: F811
) -> None:
    # part of row 205
    (shop.machine.folder / "attachments" / "ab" / "big").write_bytes(os.urandom(3_000_000))
    with small_disk(shop.disk, "1m") as grow:
        done = shop.machine.run("backup")
        assert (done.returncode, list(shop.disk.iterdir())) == (1, [])
        assert "No space left" in done.stderr
        assert "Traceback" not in done.stderr
        grow("32m")
        done = shop.machine.run("backup")
        assert done.returncode == 0, done.stderr
        assert [path.suffix for path in shop.disk.iterdir()] == [".age"]


KILLED_IN_THE_DUMP = """
import os, signal, subprocess, sys
from comptoir.__main__ import main
def killed(command, **named):
    tool = subprocess.Popen(command, env=named["env"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.kill(tool.pid, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
subprocess.run = killed
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(postgresql_binaries() is None, reason="PostgreSQL is not installed")
def test_a_back_up_of_postgresql_that_is_killed_in_the_dump_leaves_nothing(
    shop: Shop,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # part of row 205
    binaries = postgresql_binaries()
    assert binaries is not None
    monkeypatch.setenv("PATH", f"{binaries}:/usr/bin:/bin")
    with running_cluster(binaries) as cluster:
        machine = write_config(
            tmp_path / "pg", shop.disk, new_key(shop.identity), cluster.new_migrated_database()
        )
        write_keys(machine)
        assert machine.run("backup", code=KILLED_IN_THE_DUMP).returncode == -9
        assert list(shop.disk.iterdir()) == []

        done = machine.run("backup")

        assert done.returncode == 0, done.stderr
        assert [path.suffix for path in shop.disk.iterdir()] == [".age"]
        assert not list(machine.folder.glob(".backup-*/"))


def test_a_back_up_that_is_killed_leaves_no_archive_and_the_next_one_sweeps(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    done = shop.machine.run("backup", code=KILLED)
    assert done.returncode == -9
    assert [path.suffix for path in shop.disk.iterdir()] == [".part"]
    done = shop.machine.run("backup")
    assert done.returncode == 0, done.stderr
    assert [path.suffix for path in shop.disk.iterdir()] == [".age"]
    assert not list(shop.machine.folder.glob(".backup-*"))


def whole(blank: Machine) -> bool:
    return blank.tree() == {
        "comptoir.toml", "comptoir.db", "cards.key", "seal.key", "messages",
        "attachments", "attachments/ab", "attachments/ab/abcd",
    }  # fmt: skip


@pytest.mark.parametrize("there", [IN_THE_FILES, BEFORE_THE_DATABASE, AT_THE_DATABASE, AT_THE_VERY_END])
def test_a_restore_that_is_killed_serves_nothing_and_is_done_again(shop: Shop, there: str) -> None:  # noqa: F811
    # part of row 205
    archive, blank = shop.archive(), shop.blank()
    before = ledger_of(shop.counter)
    words = ("restore", str(archive), "--identity", str(shop.identity), "--keys", str(blank.folder))
    assert blank.run(*words, code=DIES_AT.format(there=there)).returncode == -9
    settings = blank.settings.model_copy(update={"card_signing_key_file": shop.machine.folder / "cards.key"})
    with pytest.raises(UnfinishedRestoreError, match="give the same comptoir restore again"):
        open_database(settings, service_context(settings, FakeClock()))

    restored = restore_backup(shop.order(archive, blank), FakeClock())

    assert (restored.ledger.accounts, restored.ledger.entries, len(restored.ledger.faults)) == before
    assert whole(blank)
    with opened(blank.settings.database_url) as database, database.reading() as unit:
        assert unit.messages.queued(10) == []
        assert unit.programme.settings().redeeming_held_since is not None


def test_what_was_put_back_in_part_is_not_mixed_with_another_back_up(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    first, blank = shop.archive(), shop.blank()
    shop.counter.clock.advance(24 * 3600)
    second = shop.archive()
    words = ("restore", str(first), "--identity", str(shop.identity), "--keys", str(blank.folder))
    assert blank.run(*words, code=DIES_AT.format(there=AT_THE_DATABASE)).returncode == -9
    with pytest.raises(BackupError, match=f"another back-up was put into {blank.folder} in part"):
        restore_backup(shop.order(second, blank), FakeClock())
    assert not blank.database.exists()


def test_a_full_disk_stops_a_restore_which_goes_on_once_there_is_room(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    (shop.machine.folder / "attachments" / "ab" / "abcd").write_bytes(os.urandom(2_000_000))
    archive, blank = shop.archive(), shop.blank()
    data = blank.folder / "data"
    data.mkdir()
    blank.config.write_text(
        blank.config.read_text().replace(f"{blank.folder}/", f"{data}/")
    )  # what is unpacked lies beside the configuration, where there is room
    with small_disk(data, "1m") as grow:
        words = ("restore", str(archive), "--identity", str(shop.identity), "--keys", str(data))
        done = blank.run(*words)
        assert done.returncode == 1
        assert f"the restore stopped: {data}/attachments/ab/" in done.stderr
        assert "No space left on device. Mend that and give the same command again" in done.stderr
        assert "Traceback" not in done.stderr
        refused = blank.run("owner", "claim")
        assert (refused.returncode, "a restore was begun here" in refused.stderr) == (1, True)
        grow("32m")
        done = blank.run(*words)
        assert done.returncode == 0, done.stderr
        verified = blank.run("ledger", "verify")
        assert json.loads(verified.stdout)["entries"] == ledger_of(shop.counter)[1]


def test_no_room_to_unpack_is_not_taken_for_a_wrong_key(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    archive, blank = shop.archive(), shop.blank()
    with small_disk(blank.folder, "300k"):
        write_config(blank.folder, shop.disk, new_key(shop.identity.with_name("unused.key")))
        with pytest.raises(BackupError, match=r"cannot be unpacked in .*: No space left on device\. \d MB"):
            restore_backup(shop.order(archive, blank), FakeClock())
        assert blank.tree() == {"comptoir.toml"}


def test_a_disk_that_is_pulled_while_it_is_read_is_not_taken_for_a_wrong_key(shop: Shop) -> None:  # noqa: F811
    # part of row 205
    blank = shop.blank()
    for archive, said in (
        (
            Path("/proc/self/mem"),
            "cannot be read to its end: Input/output error. Is the disk still plugged in",
        ),
        (shop.disk / "none.age", "is the disk plugged in"),
        (shop.disk, "is a folder: name one of the archives"),
    ):
        with pytest.raises(BackupError, match=re.escape(said)):
            restore_backup(shop.order(archive, blank), FakeClock())
    assert blank.tree() == {"comptoir.toml"}


def test_another_key_opens_nothing_and_touches_nothing(shop: Shop, tmp_path: Path) -> None:  # noqa: F811
    # part of row 205
    archive, blank = shop.archive(), shop.blank()
    new_key(tmp_path / "other.key")
    for identity, said in (
        (tmp_path / "other.key", "the key is another one"),
        (tmp_path / "none", "cannot read the key"),
        (archive, "holds no key"),
    ):
        with pytest.raises(BackupError, match=said):
            restore_backup(replace(shop.order(archive, blank), identity_file=identity), FakeClock())
    assert blank.tree() == {"comptoir.toml"}


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_an_archive_that_is_cut_or_altered_touches_nothing(shop: Shop, share: float) -> None:  # noqa: F811
    # part of row 205
    archive, blank = shop.archive(), shop.blank()
    whole = archive.read_bytes()
    at = int(len(whole) * share)
    for bad in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
        archive.write_bytes(bad)
        with pytest.raises(BackupError, match="is cut, altered, or no back-up at all"):
            restore_backup(shop.order(archive, blank), FakeClock())
    assert blank.tree() == {"comptoir.toml"}


def repacked(shop: Shop, folder: Path, **changed: object) -> Path:  # noqa: F811
    """The archive with another manifest, made by whoever has the recipient."""
    folder.mkdir()
    manifest = read_archive(shop.archive(), shop.identity, folder)
    wanted = shop.machine.settings.backup
    assert wanted is not None
    target = shop.disk / "changed.age"
    write_archive(folder, manifest.model_copy(update=changed), wanted.recipient, target)
    return target


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"schema_version": "9999"}, "install that version or a later one"),
        ({"format": 2}, "cannot be read by this version"),
        ({"database": "postgresql"}, "holds no database"),
        ({"store": "s0002"}, "of store s0002"),
        ({"files": ()}, "holds no database"),
    ],
)
def test_an_archive_of_something_else_touches_nothing(
    shop: Shop,  # noqa: F811
    tmp_path: Path,
    changed: dict[str, object],
    said: str,
) -> None:
    # part of row 205
    archive, blank = repacked(shop, tmp_path / "unpacked", **changed), shop.blank()
    with pytest.raises(BackupError, match=said):
        restore_backup(shop.order(archive, blank), FakeClock())
    assert blank.tree() == {"comptoir.toml"}


def test_a_file_that_is_not_what_its_manifest_says_is_found(tmp_path: Path) -> None:
    recipient = new_key(tmp_path / "key")
    staged = tmp_path / "staged"
    staged.mkdir()
    (staged / "a").write_bytes(b"one")
    wrong = packed("a", staged / "a").model_copy(update={"sha256": "0" * 64})
    manifest = Manifest(
        made_at=FakeClock().now(),
        program="1",
        schema_version="1",
        store="s0001",
        database="sqlite",
        files=(wrong,),
    )
    write_archive(staged, manifest, recipient, tmp_path / "x.age")
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupError, match="is not what its manifest says"):
        read_archive(tmp_path / "x.age", tmp_path / "key", tmp_path / "out")


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../b", ".hidden", "a//b", ""])
def test_no_member_leaves_its_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(ValueError, match="name"):
        packed(name, tmp_path / "x")
