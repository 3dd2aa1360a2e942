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


def test_files_that_the_guide_installs_exist() -> None:
    named = re.findall(r"/opt/comptoir/(systemd/\S+)", GUIDE)

    assert named
    assert [path for path in named if not list(ROOT.glob(path))] == []
