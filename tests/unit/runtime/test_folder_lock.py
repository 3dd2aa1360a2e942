"""A folder is held by one, until they are done or dead."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runtime.folder_lock import FolderHeldError, folder_held


def test_who_does_not_wait_is_told_that_the_folder_is_held(tmp_path: Path) -> None:
    with folder_held(tmp_path), pytest.raises(FolderHeldError, match=str(tmp_path)), folder_held(tmp_path):
        pass
    with folder_held(tmp_path):
        pass  # whoever is done holds nothing


def test_who_waits_comes_in_when_the_other_has_gone(tmp_path: Path) -> None:
    came = threading.Event()

    def come() -> None:
        with folder_held(tmp_path, waits=True):
            came.set()

    other = threading.Thread(target=come)
    with folder_held(tmp_path):
        other.start()
        assert not came.wait(0.1)
    assert came.wait(60)
    other.join()


def test_whoever_is_killed_lets_go(tmp_path: Path) -> None:
    held = (
        "import pathlib, sys, time\n"
        "from runtime.folder_lock import folder_held\n"
        f"with folder_held(pathlib.Path({str(tmp_path)!r})):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FolderHeldError), folder_held(tmp_path):
            pass
        holder.kill()
    with folder_held(tmp_path):
        pass


def test_a_fault_within_is_not_taken_for_a_held_folder(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), folder_held(tmp_path):
        raise BlockingIOError
