"""The demo as a person starts it: real broker, station, device process and a real Kivy window."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from comptoir.demo.workplace import Workplace
from loyalty.adapters.sql.migrate import migrate

pytestmark = pytest.mark.timeout(240)

_COMPTOIR = [sys.executable, "-m", "comptoir"]


def test_the_whole_story_plays_and_every_step_is_seen(tmp_path: Path) -> None:
    # rows 22, 76, 79, 107, 110, 112, 116, 117, 130, 135, 137, 142, 148, 162, 170
    done = subprocess.run(
        [*_COMPTOIR, "demo", "--once", "--data", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["enrolled"] is True
    assert seen["points_before"] == 0
    assert seen["points_after"] > 0
    assert "Amis de la maison" in seen["group_discount"]
    assert "offerts" in seen["reward_applied"]
    assert seen["scan_to_result_ms"] > 0
    assert seen["parts"]["tls"] == "TLSv1.3"
    assert seen["parts"]["broker"].startswith("mosquitto 2.")
    assert seen["parts"]["kiosk"].startswith("kivy ")
    assert _processes_below(tmp_path) == []
    verified = subprocess.run(
        [*_COMPTOIR, "ledger", "verify", "--database", f"sqlite:///{tmp_path}/data/station/comptoir.db"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout
    assert json.loads(verified.stdout)["faults"] == 0
    _assert_nothing_personal_lies_about(tmp_path / "data")


def _assert_nothing_personal_lies_about(data: Path) -> None:
    """Logs, the device's outbox and the broker's store name nobody; what names somebody is private."""
    with sqlite3.connect(data / "station" / "comptoir.db") as database:
        people = database.execute(
            "select phone_number, given_name, family_name, reference_id from customers"
        ).fetchall()
    told = (data / "station" / "messages.jsonl").read_text(encoding="utf-8")
    links = re.findall(r"/s/([\w-]{20,})", told)
    assert links, "the welcome message has its link"
    names = {text for row in people for text in row if text and len(text) > 3}
    secrets = {
        *links,
        (data / "token").read_text(encoding="utf-8").strip(),
        "33612345678",
        "612345678",
        "CM1",
    }
    kept = [*(data / "logs").iterdir(), *(data / "broker" / "data").iterdir(), *(data / "device").iterdir()]
    assert {path.name for path in kept} >= {"device.log", "checkout.log", "mosquitto.db", "outbox.db"}
    for path in kept:
        content = path.read_bytes().lower()
        found = [text for text in {*names, *secrets} if text.lower().encode() in content]
        assert found == [], path
    for path in data.rglob("*.*"):
        if path.is_file() and path.suffix in {".db", ".log", ".jsonl", ".key", ".pem", ".toml"}:
            assert path.stat().st_mode & 0o077 == 0, path


def test_ctrl_c_ends_the_demo_and_its_door_opens_only_with_the_token_of_the_run(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [*_COMPTOIR, "demo", "--data", str(tmp_path / "data")], stdout=subprocess.PIPE, text=True
    )
    try:
        assert demo.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/demo\?token=\S+", demo.stdout.readline())
        assert address is not None
        origin = address.group(0).partition("/demo")[0]
        assert httpx.get(f"{origin}/demo?token=guessed", trust_env=False).status_code == 404
        assert httpx.get(f"{origin}/demo", trust_env=False).status_code == 404
        page = httpx.get(address.group(0), follow_redirects=True, trust_env=False)
        assert page.status_code == 200
        assert re.search("d[ée]mo", page.text, re.IGNORECASE) is not None
        demo.send_signal(signal.SIGINT)
        assert demo.wait(40) == 0
    finally:
        demo.kill()
        demo.communicate()
    assert _processes_below(tmp_path) == []


def test_the_demo_refuses_any_other_data_than_its_own(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path / "data", 1, 1, "800x480", "offscreen")
    (workplace.root / "station").mkdir(parents=True)
    migrate(workplace.database_url)
    with sqlite3.connect(workplace.root / "station" / "comptoir.db") as real_shop:
        columns = [row[1] for row in real_shop.execute("pragma table_info(shop_settings)")]
        assert "is_demo" in columns
    from checkout.first_shop import ensure_shop
    from loyalty.adapters.sql.database import SqlDatabase

    database = SqlDatabase.open(workplace.database_url)
    with database.unit_of_work() as unit:
        ensure_shop(unit, "s0001")
        unit.commit()
    database.close()
    done = subprocess.run(
        [*_COMPTOIR, "demo", "--once", "--data", str(workplace.root)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "checkout ended at start" in done.stderr
    assert "demo" in done.stderr
    assert _processes_below(tmp_path) == []


def _processes_below(folder: Path) -> list[str]:
    """Command lines of processes that still name the folder, after a moment to end."""
    deadline = time.monotonic() + 10
    while (found := _commands_naming(str(folder))) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _commands_naming(text: str) -> list[str]:
    commands = []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in command:
            commands.append(command)
    return commands
