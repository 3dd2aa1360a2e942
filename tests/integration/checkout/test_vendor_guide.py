"""Every command of the guide for vendors is run, in its order, against a real station and a real broker."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.services.keep_registers import KeyMade
from tests.fakes.broker import MosquittoBroker
from tests.integration.checkout.test_register_process import NAME, broker, made, station
from tests.integration.checkout.test_station_process import StationProcess, signed_card
from tests.patience import PATIENCE_S

__all__ = ["broker", "made", "station"]

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "companion.md"
BLOCKS = re.findall(r"^```(sh|json)\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
END = "==== end of a block ===="


def commands() -> list[tuple[str, Any]]:
    """Each block of commands with the answer that is shown below it; None where none is."""
    found: list[tuple[str, Any]] = []
    for kind, text in BLOCKS:
        if kind == "sh":
            found.append((text, None))
        else:
            found[-1] = (found[-1][0], json.loads(text))
    return found


def differing(shown: Any, real: Any, at: str = "") -> list[str]:
    """Where the answer is not what the guide shows; ``…`` stands for anything, of lists the first element."""
    if isinstance(shown, str) and shown.endswith("…"):
        return []
    if isinstance(shown, dict) and isinstance(real, dict):
        return [
            fault
            for key, each in shown.items()
            for fault in differing(each, real.get(key, "nothing"), f"{at}.{key}")
        ]
    if isinstance(shown, list):
        return differing(shown[0], real[0], f"{at}[0]") if shown else []
    return [] if shown == real else [f"{at}: {real!r} instead of {shown!r}"]


def first_tier(url: str) -> str:
    database = SqlDatabase.open(url)
    with database.reading() as unit:
        programme = unit.programme.current()
    database.close()
    assert programme is not None
    return str(min(programme.tiers, key=lambda tier: tier.points).id)


def test_every_command_of_the_guide_works_and_answers_as_shown(
    broker: MosquittoBroker,
    station: StationProcess,
    made: KeyMade,
) -> None:
    # row 195
    station.start()
    blocks = commands()
    assert len(blocks) >= 14
    script = f"\necho; echo '{END}'\n".join(text for text, _ in blocks)
    environment = {
        **os.environ,
        "STATION": station.address,
        "KEY": made.key,
        "CARD": signed_card(broker, station, "000123456"),
        "TIER": first_tier(station.database_url),
        "BROKER": "127.0.0.1",
        "PORT": str(broker.port),
        "NAME": NAME,
        "CERTIFICATE": str(broker.folder(NAME)),
    }
    ran = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    outputs = ran.stdout.split(f"\n{END}\n")
    assert ran.returncode == 0, (ran.stderr, outputs[-1], blocks[len(outputs) - 1][0])
    assert len(outputs) == len(blocks)
    faults: list[str] = []
    for (_, shown), output in zip(blocks, outputs, strict=True):
        if shown is not None:
            faults += differing(shown, json.loads(output.strip()))
    assert faults == [], "\n".join(faults)
    events = next(out for (text, _), out in zip(blocks, outputs, strict=True) if "/events" in text)
    assert events.startswith("retry: 1000\n\nid: ")
    assert "event: lane\ndata: {" in events
    assert sales_booked(station) == 4, "three by HTTP, one of which was undone, and one by MQTT"


def sales_booked(station: StationProcess) -> int:
    """The last one was only published: it is booked in a moment."""
    database = SqlDatabase.open(station.database_url)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with database.reading() as unit:
            count = sum(unit.sales.by_receipt_number(number) is not None for number in range(1, 9))
        if count >= 4 or time.monotonic() > deadline:
            database.close()
            return count
        time.sleep(0.1)
