"""Memory of the station with a million members: the real process, after staff searched, filtered and opened groups.

Baseline: the same process with the demo's three members, in the same run.
"""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.sign_in import start_session
from runtime.clock import SystemClock
from tests.bench import processes
from tests.bench.crowd import MEMBERS, Crowded, crowds
from tests.bench.figures import wait_until
from tests.bench.store import Store, fill_store
from tests.fakes.broker import MosquittoBroker
from tests.fakes.shop import service_context

_FILTER = '{"v":1,"all":[{"kind":"enrolled","v":1,"is_enrolled":true}]}'
_SEARCHES = ("mart", "06 12", "trembl", "du", "0001", "elodie")
_ROUNDS = 5


def run(folder: Path) -> list[dict[str, Any]]:
    """A line for each database."""
    small = folder / "small"
    small.mkdir()
    with _station(small, None) as (process_id, ask):
        _work(ask)
        bare_mb = _resident_mb(process_id)
    return [_measured(folder / f"large-{place}", crowd, bare_mb) for place, crowd in enumerate(crowds())]


def _measured(folder: Path, crowd: Crowded, bare_mb: float) -> dict[str, Any]:
    folder.mkdir()
    with _station(folder, crowd) as (process_id, ask):
        started_mb = _resident_mb(process_id, "VmHWM")
        began = time.monotonic()
        _work(ask)
        took_s = time.monotonic() - began
        resident_mb, highest_mb = _resident_mb(process_id), _resident_mb(process_id, "VmHWM")
    return {
        "n": _ROUNDS,
        "database": crowd.name,
        "members": MEMBERS,
        "started_rss_mb": started_mb,
        "rss_mb": resident_mb,
        "highest_rss_mb": highest_mb,
        "pages_s": round(took_s, 1),
        "baseline_rss_mb": bare_mb,
        "ratio": round(resident_mb / bare_mb, 2),
    }


@contextmanager
def _station(folder: Path, crowd: Crowded | None) -> Iterator[tuple[int, httpx.Client]]:
    with ExitStack() as ending:
        broker = MosquittoBroker(folder / "broker-files")
        ending.callback(broker.stop)
        broker.start()
        store = Store(folder, broker, database_url="" if crowd is None else crowd.url)
        if crowd is None:
            fill_store(store, 0)
        else:
            store.session_token = _session(crowd.url)
        process = processes.start(
            folder, "checkout", "comptoir", "checkout", "--config", str(store.configuration)
        )
        ending.callback(processes.end, process)
        wait_until(store.port_file.exists, "the station's start")
        client = ending.enter_context(
            httpx.Client(
                base_url=f"http://127.0.0.1:{store.port}",
                cookies={"comptoir_session": store.session_token},
                timeout=60,
            )
        )
        yield process.pid, client


def _session(url: str) -> str:
    database = SqlDatabase.open(url)
    try:
        with database.unit_of_work() as uow:
            ctx = service_context(SystemClock())
            token = start_session(uow, ctx, fill_demo_shop(uow, ctx).staff).token
            uow.commit()
        return token
    finally:
        database.close()


def _work(client: httpx.Client) -> None:
    groups = re.findall(r'href="(/groups/[0-9a-f-]{36})"', _page(client, "/groups"))
    for _ in range(_ROUNDS):
        for typed in _SEARCHES:
            _page(client, f"/customers/found?q={quote(typed)}")
        _page(client, f"/customers?filters={quote(_FILTER)}")
        for path in groups:
            _page(client, path)


def _page(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    answer.raise_for_status()
    return answer.text


def _resident_mb(process_id: int, name: str = "VmRSS") -> float:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    assert found is not None
    return round(int(found[1]) / 1024, 1)
