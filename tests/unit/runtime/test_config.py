from pathlib import Path

import pytest

from runtime.config import ConfiguredPath, Section, load_section, read_secret
from runtime.errors import ConfigurationError


class Inner(Section):
    accepted: bool = False


class Device(Section):
    name: str
    outbox: ConfiguredPath = Path("outbox.db")
    mirror: Inner = Inner()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "comptoir.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_section_is_read_into_its_model(tmp_path: Path) -> None:
    path = written(tmp_path, '[device]\nname = "s0001.k01"\n[device.mirror]\naccepted = true\n[kiosk]\n')
    assert load_section(path, "device", Device) == Device(name="s0001.k01", mirror=Inner(accepted=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[device]\nnaem = "k"\n', "unknown key device.naem; did you mean name?"),
        ('[device]\nname = "k"\n[device.mirror]\nacepted = true\n', "did you mean accepted?"),
        ("[device]\nname = 3\n", "device.name"),
        ("[kiosk]\n", "has no section [device]"),
        ("[device\n", "not valid TOML"),
        ("[device]\n", "device.name: Field required"),
    ],
)
def test_a_wrong_file_says_what_to_mend(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_section(written(tmp_path, text), "device", Device)
    assert said in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        load_section(tmp_path / "nowhere.toml", "device", Device)


def test_a_systemd_credential_stands_for_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/comptoir-device.service")
    path = written(tmp_path, '[device]\nname = "k"\noutbox = "$CREDENTIALS_DIRECTORY/key"\n')
    outbox = load_section(path, "device", Device).outbox
    assert outbox == Path("/run/credentials/comptoir-device.service/key")


def test_a_wrong_value_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_section(written(tmp_path, '[device]\nname = ["hunter2"]\n'), "device", Device)
    assert "hunter2" not in str(caught.value)


def test_an_empty_or_missing_secret_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    for name in ("empty", "missing"):
        with pytest.raises(ConfigurationError, match=name):
            read_secret(tmp_path / name)
