"""The unit files: systemd reads them without a word, confines them, and starts commands that exist."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
COMMAND = "/opt/comptoir/.venv/bin/comptoir"
MAX_EXPOSURE = 25
"""In tenths, as systemd-analyze takes it."""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


class Unit:
    """A unit file whose keys may repeat."""

    def __init__(self, path: Path) -> None:
        self.values: dict[str, list[str]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if "=" in line and not line.startswith(("#", ";", "[")):
                key, _, value = line.partition("=")
                self.values.setdefault(key, []).append(value)

    def last(self, key: str) -> str:
        return self.values.get(key, [""])[-1]

    @property
    def arguments(self) -> list[str]:
        """What stands behind the product's command."""
        return self.last("ExecStart").partition(COMMAND)[2].split()


@pytest.fixture
def unit_folder(tmp_path: Path) -> Path:
    """The units, their commands pointed at something executable, with stand-ins for other packages' units."""
    command = tmp_path / "comptoir"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    folder = tmp_path / "units"
    folder.mkdir()
    for path in (*SERVICES, *UNITS.glob("*.target"), *UNITS.glob("*.path")):
        text = (
            path.read_text(encoding="utf-8")
            .replace(COMMAND, str(command))
            .replace("/usr/bin/cage", str(command))
        )
        (folder / path.name).write_text(text)
    for name in ("seatd.service", "mosquitto.service"):
        (folder / name).write_text(f"[Service]\nExecStart={command}\n")
    drop_in = folder / "mosquitto.service.d"
    drop_in.mkdir()
    text = (UNITS / "mosquitto.service.d" / "comptoir.conf").read_text(encoding="utf-8")
    (drop_in / "comptoir.conf").write_text(text.replace("/usr/sbin/mosquitto", str(command)))
    return folder


def systemd_analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:", "SYSTEMD_COLORS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_systemd
def test_systemd_reads_every_unit_without_a_word(unit_folder: Path) -> None:
    units = sorted(str(path) for path in unit_folder.iterdir() if path.is_file())

    found = systemd_analyze(unit_folder, "verify", *units)

    # An unknown key is only a warning, and the exit status stays 0.
    assert (found.stdout + found.stderr, found.returncode) == ("", 0)


def test_the_broker_is_never_reloaded() -> None:
    # ADR 0012: a reload while a lane is away shuts that lane out
    texts = [path.read_text(encoding="utf-8") for path in UNITS.rglob("*") if path.is_file()]

    assert not any(re.search(r"reload[\w-]* mosquitto|kill -HUP", text) for text in texts)
    drop_in = (UNITS / "mosquitto.service.d" / "comptoir.conf").read_text(encoding="utf-8")
    assert re.findall(r"^ExecReload=(.*)$", drop_in, re.MULTILINE) == [""]


@needs_systemd
@pytest.mark.parametrize("name", [*(path.name for path in SERVICES), "mosquitto.service"])
def test_every_service_is_confined(unit_folder: Path, name: str) -> None:
    found = systemd_analyze(
        unit_folder, "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", str(unit_folder / name)
    )

    assert found.returncode == 0, found.stdout[-300:] + found.stderr


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_every_service_starts_a_command_that_exists(path: Path) -> None:
    from comptoir.__main__ import parser

    options = parser().parse_args(Unit(path).arguments)

    assert callable(options.run)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_wrong_configuration_is_not_tried_again(path: Path) -> None:
    unit = Unit(path)
    if unit.last("Type") == "oneshot":
        assert unit.last("Restart") == ""
    else:
        assert unit.last("RestartPreventExitStatus") == "78"
        assert unit.last("Restart") == "always"
        assert unit.last("StartLimitIntervalSec") == "0"


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_long_running_service_has_a_watchdog_and_ends_in_time(path: Path) -> None:
    unit = Unit(path)
    if unit.last("Type") == "notify":
        assert int(unit.last("WatchdogSec")) <= 60
        assert int(unit.last("TimeoutStopSec")) <= 20


def test_updates_of_the_system_wait_for_the_counter_and_look_at_it_afterwards() -> None:
    folder = UNITS / "fleet" / "os"
    unit = Unit(folder / "comptoir-os-updates.service")

    assert unit.last("ExecStartPre") == f"{COMMAND} fleet check --is-quiet"
    assert unit.last("ExecStart") == "/usr/bin/unattended-upgrade"
    assert unit.last("ExecStartPost") == f"{COMMAND} fleet check"
    assert (unit.last("Restart"), unit.last("Persistent")) == ("on-failure", "")
    assert Unit(folder / "comptoir-os-updates.timer").last("Persistent") == "yes"
    apt = shutil.which("apt-config")
    if apt is not None:
        read = subprocess.run(
            [apt, "dump"], env={**os.environ, "APT_CONFIG": str(folder / "52comptoir-security")},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert 'APT::Periodic::Unattended-Upgrade "0";' in read.stdout
        assert read.stderr == ""


def test_an_update_agent_that_hangs_is_started_anew_and_long_work_is_no_hanging() -> None:
    unit = Unit(UNITS / "fleet" / "comptoir-fleet.service")

    # Alive with each piece of a download, every few seconds of an installation, each round of a trial.
    assert 60 <= int(unit.last("WatchdogSec")) <= 600
    assert (unit.last("Type"), unit.last("NotifyAccess")) == ("notify", "all")


def test_the_kiosk_has_no_network_no_keys_and_no_data_of_others() -> None:
    unit = Unit(UNITS / "comptoir-kiosk.service")

    assert unit.last("PrivateNetwork") == "yes"
    assert unit.last("IPAddressDeny") == "any"
    assert not {"AF_INET", "AF_INET6"} & set(unit.last("RestrictAddressFamilies").split())
    assert not [key for key in unit.values if key.startswith(("LoadCredential", "SetCredential"))]
    assert unit.last("StateDirectory") == "comptoir-kiosk"
    assert (unit.last("KillMode"), unit.last("TimeoutStopSec")) == ("control-group", "5")


def test_a_frozen_screen_does_not_stop_the_device_process() -> None:
    device = Unit(UNITS / "comptoir-device.service")
    kiosk = Unit(UNITS / "comptoir-kiosk.service")

    assert "kiosk" not in " ".join(str(value) for value in device.values.values()).replace("kiosk's", "")
    assert "comptoir-device.service" not in " ".join(
        kiosk.values.get("Requires", []) + kiosk.values.get("BindsTo", [])
    )


def test_every_account_a_service_runs_as_is_made() -> None:
    made = re.findall(r"^[ug] (\S+)", (UNITS / "sysusers.d" / "comptoir.conf").read_text(), re.MULTILINE)
    for path in SERVICES:
        unit = Unit(path)
        for account in (unit.last("User"), unit.last("Group")):
            assert account in ("", *made), path.name


def test_every_unit_belongs_to_the_target_or_is_a_service_of_a_timer() -> None:
    timers = {path.stem for path in UNITS.glob("*.timer")}
    alone = [path for path in SERVICES if path.stem not in timers]
    assert len(SERVICES) - len(alone) == len(timers)
    for path in (*alone, *UNITS.glob("*.path"), *UNITS.glob("*.timer")):
        parsed = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
        parsed.optionxform = str  # type: ignore[assignment,method-assign]
        parsed.read(path)
        assert parsed["Install"]["WantedBy"] == "comptoir.target", path.name


def test_a_lane_takes_no_key_that_the_kernel_or_the_session_manager_would_obey() -> None:
    # part of row 208; the booted machine shows the whole
    lane = UNITS / "lane"

    assert "kernel.sysrq = 0" in (lane / "sysctl.d" / "70-comptoir.conf").read_text()
    assert {"NAutoVTs=0", "ReserveVT=0"} <= set(
        (lane / "logind.conf.d" / "comptoir.conf").read_text().split()
    )
    assert (
        "cage -- " in (UNITS / "comptoir-kiosk.service").read_text()
    )  # without -s, which would allow VT switching


@pytest.mark.skipif(shutil.which("udevadm") is None, reason="udevadm is not installed")
def test_the_udev_rules_are_well_formed() -> None:
    has_verify = (
        "verify" in subprocess.run(["udevadm", "--help"], capture_output=True, text=True, check=False).stdout
    )
    if not has_verify:
        pytest.skip("this udevadm cannot verify rules (before systemd 254)")
    found = subprocess.run(
        ["udevadm", "verify", *(str(path) for path in sorted((UNITS / "udev").glob("*.rules")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
