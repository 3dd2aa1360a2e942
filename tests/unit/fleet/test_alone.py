"""Of two agents on one device the second ends with a sentence; so does one whose disk refuses."""

import ctypes
import errno
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from comptoir.__main__ import main
from fleet.agent.alone import alone_in
from fleet.agent.disk import PosixDisk, disk_errors_told
from fleet.errors import AgentRunsError, DiskError


def _configured(folder: Path) -> list[str]:
    file = folder / "comptoir.toml"
    root = folder / "first_root.json"
    root.write_text("{}")
    file.write_text(
        f'[fleet]\nname = "s0001.k01"\nserver = "http://127.0.0.1:9"\nroot = "{folder}/device"\n'
        f'first_root = "{root}"\n'
    )
    return ["--config", str(file)]


def test_a_second_agent_ends_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = _configured(tmp_path)
    with alone_in(tmp_path / "device"):
        assert main(["fleet", "agent", *words]) == 1
        assert main(["fleet", "install-first", *words]) == 1
        with pytest.raises(AgentRunsError), alone_in(tmp_path / "device"):
            pass

    said = capsys.readouterr()
    assert json.loads((said.out + said.err).splitlines()[0])["code"] == "agent_runs"
    assert f"another update agent works in {tmp_path}/device; stop it first" in said.err
    assert "Traceback" not in said.out + said.err
    with alone_in(tmp_path / "device"):
        pass  # whoever ended holds nothing


def test_a_disk_that_does_not_keep_what_it_got_is_told_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> int:
        ctypes.set_errno(errno.EIO)
        return -1

    monkeypatch.setattr(ctypes, "CDLL", lambda *_name, use_errno: SimpleNamespace(syncfs=refuse))
    with (
        pytest.raises(DiskError, match=f"the disk refuses {tmp_path}: Input/output error"),
        disk_errors_told(),
    ):
        PosixDisk().sync_all(tmp_path)


def test_a_file_that_cannot_be_made_safe_is_told_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("fleet.agent.disk.os.fsync", refuse)
    path = tmp_path / "READY"
    path.touch()
    with pytest.raises(DiskError, match=f"refuses {path}: Input/output error"), disk_errors_told():
        PosixDisk().sync_file(path)


def test_the_first_installation_tells_a_refusing_disk_to_the_person_who_typed_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = _configured(tmp_path)
    (tmp_path / "device").write_text("no folder")

    assert main(["fleet", "install-first", *words]) == 1

    said = capsys.readouterr().err
    assert said.startswith(f"comptoir: the disk refuses {tmp_path}/device: ")
    assert said.endswith("(disk)\n")
    assert "Traceback" not in said
