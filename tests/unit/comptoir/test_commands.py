"""The command line as a person at the machine uses it."""

import errno
import io
import json
import tomllib
from pathlib import Path

import pytest

from comptoir.__main__ import main
from comptoir.certs import Authority
from comptoir.demo.workplace import Workplace
from runtime.config import EX_CONFIG


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    authority = Authority(tmp_path / "certificates")
    authority.create("Test")
    authority.issue_broker(["127.0.0.1"])
    folder = authority.issue_station("s0001.station")
    path = tmp_path / "comptoir.toml"
    path.write_text(
        f"""\
[broker]
certificates = "{authority.directory}/broker"
data_directory = "{tmp_path}/broker"
stations = [{{ name = "s0001.station", lanes = [{{ number = 1, devices = ["s0001.k01"] }}] }}]

[checkout]
store = "s0001"
database_url = "sqlite:///{tmp_path}/comptoir.db"
seal_key_file = "{folder}/seal.key"
card_signing_key_file = "{folder}/cards.key"
messages_folder = "{tmp_path}"

[checkout.broker]
ca_file = "{folder}/ca.pem"
certificate_file = "{folder}/certificate.pem"
key_file = "{folder}/key.pem"
""",
        encoding="utf-8",
    )
    return path


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]

    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"comptoir {project['version']}\n"


def test_check_config_prints_what_the_file_comes_to(
    configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check-config", "--config", str(configuration)]) == 0
    effective = json.loads(capsys.readouterr().out)
    assert effective["checkout"]["port"] == 8080
    assert effective["broker"]["stations"][0]["name"] == "s0001.station"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("[chekout]\n", "unknown section [chekout]"),
        ("[checkout]\nstor = 's0001'\n", "did you mean store?"),
        ("[checkout\n", "cannot read"),
    ],
)
def test_a_wrong_configuration_exits_78_and_names_the_fault(
    tmp_path: Path, wrong: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(wrong, encoding="utf-8")
    assert main(["check-config", "--config", str(path)]) == EX_CONFIG
    assert said in capsys.readouterr().err


def test_the_owner_claims_once_and_a_password_is_given_anew_at_the_machine(
    configuration: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # part of row 213
    assert main(["owner", "claim", "--config", str(configuration)]) == 0
    assert "/claim?token=" in capsys.readouterr().out
    for typed, said in (("short\n", "at least 10 characters"), ("long enough\n", "Nobody signs in as ada")):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert main(["owner", "password", "ada", "--config", str(configuration)]) == 1
        assert said in capsys.readouterr().err


def test_the_ledger_of_a_new_shop_is_sound(configuration: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["owner", "claim", "--config", str(configuration)]) == 0
    capsys.readouterr()
    assert main(["ledger", "verify", "--config", str(configuration)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["faults"] == 0


def test_the_brokers_files_are_rendered_for_the_lanes_of_the_store(
    configuration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["broker", "render", "--config", str(configuration), "--into", str(tmp_path / "out")]) == 0
    assert "s0001.k01/event" in (tmp_path / "out" / "acl").read_text(encoding="utf-8")
    assert "set_tcp_nodelay true" in (tmp_path / "out" / "mosquitto.conf").read_text(encoding="utf-8")
    assert str(tmp_path / "out" / "acl") in capsys.readouterr().out


def test_a_picture_that_cannot_be_read_is_one_line_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no.png").write_bytes(b"no picture")
    assert main(["decode", str(tmp_path / "no.png")]) == 1
    line = json.loads(capsys.readouterr().out)
    assert line["file"].endswith("no.png")
    assert line["error"]


def test_the_demos_files_are_the_owners_alone(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path / "demo", 18830, 18080, "800x480", "offscreen")
    workplace.prepare()
    first = workplace.token
    workplace.prepare()
    assert workplace.token != first
    for path in workplace.root.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


class Unwritable(io.StringIO):
    """Standard output that takes no line."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OSError(errno.ENOSPC, "No space left"), 1, "comptoir: a line could not be written: No space left\n"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, ""),
    ],
)
def test_decode_says_that_its_lines_cannot_be_written_and_ends_quietly_once_nobody_reads(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: OSError,
    status: int,
    said: str,
) -> None:
    monkeypatch.setattr("sys.stdout", Unwritable(error))
    assert main(["decode", "absent.png"]) == status
    assert capsys.readouterr().err == said
