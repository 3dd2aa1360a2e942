"""Section [checkout]: plain HTTP on loopback only, the demo nowhere else, typing errors named."""

from pathlib import Path

import pytest

from checkout.configuration import CheckoutSettings
from runtime.config import load_section
from runtime.errors import ConfigurationError

_GOOD = """
[checkout]
store = "s0001"
seal_key_file = "seal.key"
card_signing_key_file = "cards.key"
messages_folder = "messages"
{more}
[checkout.broker]
ca_file = "ca.pem"
certificate_file = "certificate.pem"
key_file = "key.pem"
{tail}
"""


def settings(tmp_path: Path, more: str = "", tail: str = "") -> CheckoutSettings:
    path = tmp_path / "comptoir.toml"
    path.write_text(_GOOD.format(more=more, tail=tail))
    return load_section(path, "checkout", CheckoutSettings)


def test_what_is_needed_is_little(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.host, found.is_secure, found.station_name) == ("127.0.0.1", False, "s0001.station")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "station.lan"])
def test_plain_http_off_loopback_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigurationError, match="plain HTTP is refused"):
        settings(tmp_path, f'host = "{host}"')
    secure = settings(
        tmp_path, f'host = "{host}"\ntls_certificate_file = "tls.pem"\ntls_key_file = "tls.key"'
    )
    assert secure.is_secure


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="go together"):
        settings(tmp_path, 'tls_certificate_file = "tls.pem"')


def test_the_demo_is_refused_off_loopback_even_over_tls(tmp_path: Path) -> None:
    more = 'host = "192.168.1.5"\ntls_certificate_file = "tls.pem"\ntls_key_file = "tls.key"'
    demo = '[checkout.demo]\ntoken_file = "token"\nsimulation_socket = "simulation.sock"'
    with pytest.raises(ConfigurationError, match="demo listens on loopback only"):
        settings(tmp_path, more, demo)


def test_an_unknown_key_names_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="did you mean database_url"):
        settings(tmp_path, 'databse_url = "sqlite:///x"')


@pytest.mark.parametrize("line", ["port = 70000", 'public_url = "ftp://x"'])
def test_values_out_of_range_are_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigurationError):
        settings(tmp_path, line)
