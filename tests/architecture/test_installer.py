"""What ``make install`` writes is there, and what it writes ``make uninstall`` removes."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = (ROOT / "tools" / "install.sh").read_text(encoding="utf-8")


def test_every_file_it_puts_is_there() -> None:
    put = re.findall(r"put (systemd/\S+) ", SCRIPT)

    assert len(put) >= 7
    assert [path for path in put if not (ROOT / path).is_file()] == []


def test_every_unit_of_a_role_is_there_and_every_unit_has_a_role() -> None:
    named = set(
        re.findall(r"comptoir[a-z-]*\.(?:service|path|timer|target)", SCRIPT.split("systemd_runs")[0])
    )
    there = {path.name for path in (ROOT / "systemd").iterdir() if path.is_file()}

    assert named | {"comptoir.target"} == there


def test_every_package_of_a_role_is_installed_with_its_reason() -> None:
    debian = (ROOT / "tools" / "debian.sh").read_text(encoding="utf-8")
    setup = (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8")
    reasons = set(re.findall(r"^  \[([a-z0-9+-]+)\]=", debian, re.MULTILINE))
    wanted = " ".join(
        re.findall(r"(?:wanted\+=|demo=)\(([^)]*)\)", setup)
        + re.findall(r"^\w+=\(([^)]*)\)", debian, re.MULTILINE)
    )

    assert {word for word in wanted.split() if not word.startswith('"')} == reasons


def test_every_part_of_the_program_is_copied() -> None:
    copied = set(re.findall(r"parts=\(([^)]*)\)", SCRIPT, re.DOTALL)[0].split())
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools"}

    assert packages <= copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("script", ["install.sh", "setup.sh", "debian.sh"])
def test_the_scripts_are_read_by_bash(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / "tools" / script], check=True)


@pytest.mark.parametrize("roles", [[], ["till"]])
def test_a_role_that_is_none_is_refused_before_anything_happens(roles: list[str]) -> None:
    found = subprocess.run(
        [ROOT / "tools" / "install.sh", *roles], capture_output=True, text=True, check=False
    )

    assert found.returncode == 1
    assert found.stderr.startswith("install: ")
