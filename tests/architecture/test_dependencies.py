"""Dependencies: each is explained, pinned with a hash, and comes from no fixed address."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9-]+", one).group().lower() for one in requirements}  # type: ignore[union-attr]


def explained(heading: str) -> set[str]:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.MULTILINE))


def test_every_library_is_explained_and_no_other() -> None:
    assert explained("What ships") == names(PROJECT["dependencies"])
    assert explained("What builds, checks and tests") == names(PROJECT["optional-dependencies"]["dev"])


@pytest.mark.parametrize("lock", ["run", "dev", "camera"])
def test_every_pin_is_exact_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    pins = re.split(r"\n(?=\S)", text.strip())

    assert [pin.splitlines()[0] for pin in pins if not re.match(r"[a-z0-9.-]+(\[[a-z]+\])?==\S+ ", pin)] == []
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text


def test_what_ships_is_pinned_as_it_was_tested() -> None:
    def pins(lock: str) -> set[str]:
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^(\S+==\S+)", text, re.MULTILINE))

    assert pins("run") - pins("dev") == set()
    tested = {pin.partition("==")[0] for pin in pins("dev")}
    assert {pin for pin in pins("camera") - pins("dev") if pin.partition("==")[0] in tested} == set()
    assert names(PROJECT["dependencies"]) <= {pin.partition("==")[0].partition("[")[0] for pin in pins("run")}
