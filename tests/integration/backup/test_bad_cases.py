"""What goes wrong with disks, keys and archives: said clearly, and nothing is left half."""

import os
import resource
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from comptoir.backup.archive import read_archive, write_archive
from comptoir.backup.make import make_backup
from comptoir.backup.manifest import Manifest, packed
from comptoir.backup.restore import restore_backup
from comptoir.errors import BackupError
from tests.fakes.clock import FakeClock
from tests.fakes.postgresql import postgresql_binaries, running_cluster
from tests.integration.backup.shop import new_key, write_config, write_keys
from tests.integration.backup.test_restore import Shop, shop  # noqa: F401 - a fixture

KILLED = """
import os, pathlib, signal, sys
from comptoir.__main__ import main
pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.exit(main(sys.argv[1:]))
"""
DIES_AT_THE_END = """
import os, signal, sys
from comptoir.__main__ import main
os.link = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.exit(main(sys.argv[1:]))
"""


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
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "comptoir-test", str(shop.disk)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode != 0:
        pytest.skip("only root mounts a file system")
    try:
        done = shop.machine.run("backup")
        assert (done.returncode, list(shop.disk.iterdir())) == (1, [])
        assert "No space left" in done.stderr
        assert "Traceback" not in done.stderr
        subprocess.run(["mount", "-o", "remount,size=32m", str(shop.disk)], check=True)
        done = shop.machine.run("backup")
        assert done.returncode == 0, done.stderr
        assert [path.suffix for path in shop.disk.iterdir()] == [".age"]
    finally:
        subprocess.run(["umount", str(shop.disk)], check=True)


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


def test_a_restore_that_is_killed_can_be_done_again(shop: Shop) -> None:  # noqa: F811
    archive, blank = shop.archive(), shop.blank()
    words = ("restore", str(archive), "--identity", str(shop.identity), "--keys", str(blank.folder))
    assert blank.run(*words, code=DIES_AT_THE_END).returncode == -9
    assert not blank.database.exists()


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
        with pytest.raises(BackupError, match="cannot be opened"):
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
