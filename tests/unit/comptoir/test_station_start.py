"""A station's first start: what is missing is made, what is there stays."""

import re
from pathlib import Path

import pytest
from cryptography import x509

from comptoir.__main__ import main
from comptoir.certs import Authority
from comptoir.commands.station import UNITS
from comptoir.station_start import broker_names, prepare_station
from runtime.config import EX_CONFIG

CONFIGURATION = """\
[broker]
listeners = [{ address = "127.0.0.1" }, { address = "192.168.1.10" }]
stations = [{ name = "s0001.station", lanes = [{ number = 1, devices = [] }] }]
"""


def prepared(tmp_path: Path) -> list[tuple[str, bool]]:
    steps = prepare_station(
        Authority(tmp_path / "certificates"),
        "Boulangerie du Coin",
        name="s0001.station",
        addresses=("192.168.1.10", "localhost"),
        to=tmp_path / "station",
    )
    return [(step.what, step.is_new) for step in steps]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_start_makes_nothing_anew(tmp_path: Path) -> None:
    assert [is_new for _what, is_new in prepared(tmp_path)] == [True] * 4
    before = contents(tmp_path)
    assert [is_new for _what, is_new in prepared(tmp_path)] == [False] * 4
    assert contents(tmp_path) == before


def test_what_was_lost_beside_the_authority_comes_back_and_keys_of_cards_stay(tmp_path: Path) -> None:
    prepared(tmp_path)
    cards = (tmp_path / "station" / "cards.key").read_bytes()
    (tmp_path / "station" / "cards.key").unlink()
    (tmp_path / "certificates" / "broker" / "key.pem").unlink()
    assert [is_new for _what, is_new in prepared(tmp_path)] == [False, True, False, True]
    assert (tmp_path / "station" / "cards.key").read_bytes() == cards


def test_only_its_owner_reads_what_was_made(tmp_path: Path) -> None:
    prepared(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
    assert (tmp_path / "station").stat().st_mode & 0o077 == 0


def test_the_broker_is_called_by_its_addresses_and_by_the_machine_s_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "station.lan")
    assert broker_names(["127.0.0.1", "0.0.0.0", "192.168.1.10"]) == (
        "192.168.1.10",
        "station.local",
        "station",
        "localhost",
        "127.0.0.1",
    )


def test_the_command_says_what_it_made_and_what_to_keep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "comptoir.toml"
    config.write_text(CONFIGURATION)
    words = ["station", "begin", "Chez Léa", "--address", "caisse.example.org", "--without-start"]
    places = ["--config", str(config), "--directory", str(tmp_path / "c"), "--to", str(tmp_path / "s")]
    assert main([*words, *places]) == 0
    said = capsys.readouterr().out
    assert said.count("made: ") == 4
    assert "the authority of Chez Léa" in said
    certificate = x509.load_pem_x509_certificate((tmp_path / "c/broker/certificate.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"caisse.example.org", "localhost"} <= set(names.get_values_for_type(x509.DNSName))
    assert "192.168.1.10" in {str(each) for each in names.get_values_for_type(x509.IPAddress)}
    assert main([*words, *places]) == 0
    assert re.findall(r"(?m)^made", capsys.readouterr().out) == []


def test_a_machine_without_a_station_in_its_configuration_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "comptoir.toml"
    config.write_text("[broker]\nstations = []\n")
    assert main(["station", "begin", "--config", str(config), "--directory", str(tmp_path)]) == EX_CONFIG
    assert "names no station" in capsys.readouterr().err


def test_certificates_are_renewed_from_the_first_start_on() -> None:
    assert "comptoir-certificates.timer" in UNITS


def test_every_unit_that_is_started_is_there() -> None:
    folder = Path(__file__).resolve().parents[3] / "systemd"
    assert [unit for unit in UNITS if unit.startswith("comptoir") and not (folder / unit).is_file()] == []
