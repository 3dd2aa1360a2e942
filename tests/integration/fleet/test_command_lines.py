"""The release tool as a person types it: every command of the guide, in its order, on real files."""

import hashlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from comptoir.__main__ import main
from comptoir.commands.fleet_rollouts import _desk
from loyalty.adapters.sql.migrate import migrate
from messaging.station.fleet import FleetReported
from runtime.ids import new_id
from tests.fakes.device_socket import FakeDevice
from tests.fakes.fleet import ROOT, make_wheel, served, source_wheel

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CHAPTER = GUIDE[GUIDE.index("## Updates of the devices") : GUIDE.index("## A new version")]
TYPED = [
    re.sub(r"\s+#.*", "", line).split()[1:]
    for block in re.findall(r"```sh\n(.*?)```", CHAPTER, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("comptoir fleet ")
]

Type = Callable[..., tuple[int, str]]


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """Where what the guide names lies here."""
    return {
        "/media/keys": str(tmp_path / "keys"),
        "/media/releases": str(tmp_path / "keys" / "releases"),
        "/media/online": str(tmp_path / "online"),
        "/media/repository": str(tmp_path / "repository"),
        "/etc/comptoir/fleet-keys": str(tmp_path / "online"),
        "/srv/comptoir": str(tmp_path / "repository"),
        "requirements/run.txt": str(tmp_path / "run.txt"),
        "wheels": str(tmp_path / "wheels"),
        "wheels.txt": str(tmp_path / "wheels.txt"),
        "built": str(tmp_path / "built"),
        "roll-17": "roll-1",
        "1.4.0": "1.5.0",
    }


@pytest.fixture
def typed(
    places: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Type:
    """Types a command; its exit status and what it printed."""
    monkeypatch.setenv("COMPTOIR_KEY_PASSPHRASE", "three people and a stick")

    def type_(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main([places.get(word, word) for word in words])
        seen = capsys.readouterr()
        return status, seen.out + seen.err

    return type_


def configure(folder: Path, server: str) -> Path:
    """A station with a desk and a device, in one file."""
    key = folder / "key"
    key.write_text("x")
    path = folder / "comptoir.toml"
    broker = f'ca_file = "{key}"\ncertificate_file = "{key}"\nkey_file = "{key}"\n'
    path.write_text(
        f'[checkout]\nstore = "s0001"\ndatabase_url = "sqlite:///{folder}/comptoir.db"\n'
        f'seal_key_file = "{key}"\ncard_signing_key_file = "{key}"\nmessages_folder = "{folder}"\n'
        f'[checkout.broker]\n{broker}[checkout.fleet]\nrepository = "{folder}/repository"\n'
        f'keys = "{folder}/online"\n'
        f'[fleet]\nname = "s0001.k01"\nserver = "{server}"\nroot = "{folder}/device"\n'
        f'first_root = "{folder}/repository/metadata/1.root.json"\n'
        f'uv = "{ROOT / ".venv" / "bin" / "uv"}"\ninterpreter = "{Path(sys.executable).resolve()}"\n'
        "compile_bytecode = false\n"
    )
    migrate(f"sqlite:///{folder}/comptoir.db")
    return path


def wheels_and_lock(folder: Path) -> None:
    source_wheel(folder / "wheels", "1.5.0")
    library = make_wheel(folder / "wheels", "shelf", "2.0", {"shelf.py": "SIZE = 3\n"})
    digest = hashlib.sha256(library.read_bytes()).hexdigest()
    make_wheel(folder / "wheels", "sdnotify", "0.3.2", {"of_sdnotify.txt": ""})
    source = hashlib.sha256(b"the archive of its source").hexdigest()
    (folder / "run.txt").write_text(
        f"sdnotify==0.3.2 \\\n    --hash=sha256:{source}\nshelf==2.0 \\\n    --hash=sha256:{digest}\n"
    )


def test_each_command_of_the_guide_does_what_it_says(
    tmp_path: Path, places: dict[str, str], typed: Type
) -> None:
    # part of row 178
    wheels_and_lock(tmp_path)
    (tmp_path / "repository").mkdir()
    done: dict[str, str] = {}
    with served(tmp_path / "repository") as server:
        config = configure(tmp_path, server)
        for words in TYPED:
            needs_config = words[1] in {"rollout", "device", "silent", "versions", "install-first"}
            if words[1] == "install-first":
                hold = typed("fleet", "rollout", "start", "1.5.0", "--stages", "100", "--config", str(config))
                assert hold[0] == 0, hold[1]
                with _desk(config) as desk:
                    desk.turn()
            if words[1] == "silent":
                with _desk(config) as desk:
                    desk.hear("s0001.k01", _report())
                    desk.turn()
            status, said = typed(*words, *(["--config", str(config)] if needs_config else []))
            assert status == 0, (words, said)
            done[" ".join(words[1:3])] = said
            if words[1:3] == ["rollout", "pause"]:
                for deed, status_word in (("resume", "running"), ("advance", "running"), ("halt", "halted")):
                    code, line = typed("fleet", "rollout", deed, "roll-1", "--config", str(config))
                    assert (code, json.loads(line)["status"]) == (0, status_word)
            if words[1:3] == ["device", "pin"]:
                code, line = typed("fleet", "device", "release", "s0001.k01", "--config", str(config))
                assert (code, json.loads(line)["pin"]) == (0, None)

    assert done["release build"].startswith("1.5.0: 3 wheels")
    assert done["verify-repo --repository"].endswith("new and old devices accept this\n")
    fetched = (tmp_path / "wheels.txt").read_text()
    assert ("shelf==2.0" in fetched, "sdnotify" in fetched) == (True, False)
    assert json.loads(done["device pin"])["pin"] == "1.5.0"
    assert json.loads(done["versions"]) == {"1.4.9": 1}
    assert done["install-first"].startswith("1.5.0 is installed")
    assert (tmp_path / "device" / "current" / "READY").exists()
    code, said = typed("fleet", "silent", "--over", "0m", "--config", str(config))
    assert (code, json.loads(said)["device"]) == (1, "s0001.k01")


def _report() -> FleetReported:
    return FleetReported(n=1, boot=new_id(), running="1.4.9", channel="stable", stage="idle")


def test_the_keys_are_turned_over_as_the_guide_says(tmp_path: Path, typed: Type) -> None:
    keys, repository = tmp_path / "keys", ("--repository", "/srv/comptoir")
    assert typed(*TYPED[0])[0] == 0
    roots = ("--keys", str(keys / "root-1"), "--keys", str(keys / "root-2"))
    online, new = ("--keys", "/etc/comptoir/fleet-keys"), str(tmp_path / "new")

    code, said = typed("fleet", "keys", "rotate", "timestamp-1", "--into", new, *repository, *roots, *online)
    assert (code, "takes the place of timestamp-1" in said) == (0, True), said
    both = (*online, "--keys", new)
    assert typed("fleet", "release", "publish", *repository, *both)[0] == 0
    assert typed("fleet", "verify-repo", *repository)[0] == 0

    code, said = typed(
        "fleet", "keys", "rotate", "root-3", "--into", new, *repository, "--keys", str(keys / "root-1"),
        "--keys", str(keys / "root-3"),
    )  # fmt: skip
    assert code == 0, said
    if "sign-root" in said:
        code, said = typed("fleet", "keys", "sign-root", *repository, "--keys", str(keys / "root-2"))
        assert (code, said) == (0, "the new root is published\n")
    assert typed("fleet", "verify-repo", *repository)[0] == 0


def test_a_mistyped_device_is_refused_and_nothing_is_written(tmp_path: Path, typed: Type) -> None:
    assert typed(*TYPED[0])[0] == 0
    (tmp_path / "repository").mkdir(exist_ok=True)
    config = configure(tmp_path, "http://127.0.0.1:9")
    with _desk(config) as desk:
        desk.hear("s0001.k01", _report())
        desk.turn()

    for words in (
        ("pin", "s0001.k10", "1.5.0"),
        ("hold", "s0001.k10"),
        ("release", "s0001.k10"),
        ("show", "s0001.k10"),
    ):
        status, said = typed("fleet", "device", *words, "--config", str(config))
        assert status == 1, said
        assert said == "comptoir: s0001.k10 has never been heard; did you mean s0001.k01? (rollout)\n"
    with _desk(config) as desk:
        assert [each.device for each in desk.store.devices()] == ["s0001.k01"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--window", "25:00-05:00"), "a window is written as 02:00-05:00"),
        (("--window", "2-5"), "a window is written as 02:00-05:00"),
        (("--channel", "Front Shop"), "'Front Shop' is no channel's name"),
    ],
)
def test_a_mistyped_rollout_is_refused_before_the_desk_sees_it(
    tmp_path: Path, typed: Type, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    wheels_and_lock(tmp_path)
    for command in TYPED[:1] + [each for each in TYPED if each[1] == "release"]:
        assert typed(*command)[0] == 0, command
    config = configure(tmp_path, "http://127.0.0.1:9")

    try:
        status, said = typed("fleet", "rollout", "start", "1.5.0", *words, "--config", str(config))
    except SystemExit as end:
        status, said = int(str(end.code)), capsys.readouterr().err

    assert status != 0
    assert says in said
    with _desk(config) as desk:
        assert desk.store.rollouts() == []
        desk.turn()


SIGNING = "--repository /srv/comptoir --keys /media/releases"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("release build 1.5.1 --seq 2 --wheels wheels --out built", "not 1.5.1"),
        (
            "release build 1.5.0 --seq 2 --wheels wheels --out built --health run.txt",
            "is no description of the health checks",
        ),
        (f"release sign 9.9.9 --built built {SIGNING}", "9.9.9 was not built"),
        (f"release revoke 9.9.9 {SIGNING}", "9.9.9"),
        (
            "keys init --offline /media/keys --online /media/online --repository /media/repository",
            "comptoir:",
        ),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, typed: Type, words: str, says: str) -> None:
    wheels_and_lock(tmp_path)
    assert typed(*TYPED[0])[0] == 0

    status, said = typed("fleet", *words.split())

    assert status != 0
    assert says in said
    assert "Traceback" not in said


def test_a_device_is_looked_at_by_hand_and_after_the_updates_of_its_system(
    tmp_path: Path, typed: Type
) -> None:
    socket = tmp_path / "agent.sock"
    config = configure(tmp_path, "http://127.0.0.1:9")
    config.write_text(config.read_text() + f'device_socket = "{socket}"\n')
    words = ("fleet", "check", "--config", str(config))
    with FakeDevice(socket, lambda: "1.5.0") as device:
        status, said = typed(*words)
        assert status == 0
        assert [json.loads(line)["check"] for line in said.splitlines()][-1] == "scan"
        assert {json.loads(line)["release"] for line in said.splitlines()} == {"1.5.0"}
        assert typed(*words, "--is-quiet") == (0, "")

        device.fail("quiet")
        assert typed(*words, "--is-quiet") == (1, "")
        device.fail("scan", "the station did not answer")
        status, said = typed(*words)
        assert (status, "the station did not answer" in said) == (1, True)
    assert typed(*words)[0] == 1
