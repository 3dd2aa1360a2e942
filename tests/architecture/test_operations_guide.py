"""The operations guide tells what works: its configurations load, its commands and paths exist."""

import re
import tomllib
from pathlib import Path

import pytest

from comptoir.__main__ import parser
from comptoir.broker import BrokerSettings, render_acl
from comptoir.commands.configuration import load

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONFIGURATIONS = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
COMMANDS = sorted(
    {
        line.split("#")[0].strip()
        for line in re.findall(r"(?:^|`)comptoir ([a-z][^`\n]*)", GUIDE, re.MULTILINE)
        if not line.startswith(("device process", "kiosk process"))
    }
)


SAMPLES = [
    path.read_text(encoding="utf-8").replace("@ADDRESS@", "192.168.1.10")
    for path in sorted((ROOT / "systemd" / "configuration").glob("*.toml"))
]


@pytest.mark.parametrize("text", CONFIGURATIONS, ids=lambda text: text.split("\n", 1)[0])
def test_a_configuration_of_the_guide_loads(text: str, tmp_path: Path) -> None:
    path = tmp_path / "comptoir.toml"
    path.write_text(text)

    for name in tomllib.loads(text):
        section = load(path, name)
        if isinstance(section, BrokerSettings):
            assert "s0001.k01/event" in render_acl(section.stations, section.pos, section.revoked)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_guide_is_understood(command: str) -> None:
    words = re.findall(r'"[^"]*"|\S+', command)

    options = parser().parse_args([word.strip('"') for word in words])

    assert callable(options.run)


@pytest.mark.parametrize("text", SAMPLES, ids=lambda text: text.split("\n", 1)[0])
def test_a_configuration_that_is_installed_loads_with_and_without_its_optional_lines(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "comptoir.toml"
    for optional in ("", "# "):
        path.write_text(re.sub(rf"^{optional}(?=\[\[?\w|\w+ = )", "", text, flags=re.MULTILINE))
        for name in tomllib.loads(path.read_text()):
            load(path, name)


def test_roles_that_the_guide_installs_exist() -> None:
    roles = {word for one in re.findall(r'ROLE="?([a-z ]+[a-z])', GUIDE) for word in one.split()}

    assert roles - {"camera"} <= {path.stem for path in (ROOT / "systemd" / "configuration").glob("*.toml")}


def test_files_that_the_guide_installs_exist() -> None:
    named = re.findall(r"/opt/comptoir/(systemd/\S+)", GUIDE)

    assert named
    assert [path for path in named if not list(ROOT.glob(path))] == []
