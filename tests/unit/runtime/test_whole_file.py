"""A file is there whole, as it was or as it should be."""

import os
from pathlib import Path

import pytest

from runtime.whole_file import replace_file, replace_if_other


def test_a_file_is_replaced_with_its_mode_whatever_the_umask_says(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(b"before")
    umask = os.umask(0o077)
    try:
        replace_file(path, b"after", 0o640)
    finally:
        os.umask(umask)
    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_power_cut_left_behind_is_in_nobody_s_way(tmp_path: Path) -> None:
    (tmp_path / ".key.pem.new").write_bytes(b"half")
    replace_file(tmp_path / "key.pem", b"whole")
    assert (tmp_path / "key.pem").read_bytes() == b"whole"
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600


def test_a_file_that_holds_it_already_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    assert replace_if_other(path, b"whole")
    before = path.stat().st_ino
    assert not replace_if_other(path, b"whole")
    assert path.stat().st_ino == before
    assert replace_if_other(path, b"other")
    assert path.read_bytes() == b"other"


def test_where_the_disk_is_full_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(b"before")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"after")
    assert path.read_bytes() == b"before"
