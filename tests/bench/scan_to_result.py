"""Last scanner key → result at the kiosk and at the till page, both sides durable, over mutual TLS.

Real processes: Mosquitto with the committed configuration, ``comptoir checkout``, ``comptoir device run`` with
the simulated scanner, which presses real keys. This process is the kiosk's end of the socket and the till
page's end of the live stream. The last key is the ENTER that a request of its own presses, so the socket of
the simulation counts as ours. Round trips of the bare broker alternate with the scans.
"""

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from comptoir.demo.doors import Counter
from loyalty.adapters.sql.database import opened
from tests.bench import processes
from tests.bench.crowd import MEMBERS, sqlite_file
from tests.bench.figures import percentile_ms, wait_until, worked_s
from tests.bench.keys import Keys
from tests.bench.kiosk_end import KioskEnd
from tests.bench.live_till import LiveTill
from tests.bench.round_trip import RoundTrip
from tests.bench.store import Store, fill_store
from tests.fakes.broker import MosquittoBroker

_SCANS = 500
_WARM_UP = 30
BUDGET_P99_MS = 50


def run(
    folder: Path,
    beside: Callable[[Store], AbstractContextManager[None]] | None = None,
    *,
    scans: int = _SCANS,
    crowd: Path | None = None,
    database_url: str = "",
    budget_p99_ms: int = BUDGET_P99_MS,
) -> dict[str, Any]:
    """Measure; the figures of the line that is printed.

    Args:
        folder: For everything.
        beside: Keeps the station busy with something else meanwhile.
        scans: How many are measured, after some that are not.
        crowd: A filled database, to which the members that scan are added; it is used up.
        database_url: An empty database; a SQLite file where nothing is said.
        budget_p99_ms: What is asked of it, with what goes on beside.
    """
    with ExitStack() as ending:
        broker = MosquittoBroker(folder / "broker-files")
        ending.callback(broker.stop)
        broker.start()
        store = Store(folder, broker, database_url=database_url)
        if crowd is not None:
            os.link(crowd, folder / "comptoir.db")
        members = fill_store(store, scans + _WARM_UP)
        stats = []
        for name, command in (("checkout", ["checkout"]), ("device", ["device", "run"])):
            process = processes.start(
                folder, name, "comptoir", *command, "--config", str(store.configuration)
            )
            ending.callback(processes.end, process)
            stats.append(Path(f"/proc/{process.pid}/stat"))
        kiosk = KioskEnd(store.kiosk_socket)
        ending.callback(kiosk.close)
        wait_until(store.port_file.exists, "the station's start")
        till = LiveTill(store.port, store.session_token)
        ending.callback(till.close)
        counter = Counter(store.simulation_socket)
        wait_until(store.simulation_socket.exists, "the device's start")
        kiosk.greet()
        wait_until(lambda: _is_online(counter), "the device's link")
        baseline = RoundTrip(broker)
        baseline.start()
        ending.callback(baseline.stop)
        till.open_sale()
        wait_until(lambda: counter.ask(do="status")["open_sale"] is not None, "the sale at the device")
        if beside is not None:
            ending.enter_context(beside(store))
        keys = Keys(store.simulation_socket)  # the device hangs up on who presses no key for a minute
        ending.callback(keys.close)
        taken, trips, before_s = [], [], 0.0
        for number, reference in enumerate(members):
            if number == _WARM_UP:
                before_s = sum(map(worked_s, stats))
            took = _scan_s(keys, reference, kiosk, till)
            trip = baseline.measure_s()
            if number >= _WARM_UP:
                taken.append(took)
                trips.append(trip)
        work_s = sum(map(worked_s, stats)) - before_s
        with opened(store.settings.database_url) as database:
            described = database.describe()
    rtt_p50, p50, p99 = percentile_ms(trips, 50), percentile_ms(taken, 50), percentile_ms(taken, 99)
    return {
        "n": len(taken),
        "database": described,
        "members": MEMBERS + len(members) if crowd is not None else len(members),
        "tls": "TLSv1.3",
        "p50_ms": p50,
        "p99_ms": p99,
        "budget_p99_ms": budget_p99_ms,
        "within_budget": p99 < budget_p99_ms,
        "work_ms": round(work_s / len(taken) * 1000, 2),
        "broker_rtt_p50_ms": rtt_p50,
        "broker_rtt_p99_ms": percentile_ms(trips, 99),
        "ratio_p50": round(p50 / rtt_p50, 2),
    }


def run_crowd(folder: Path) -> dict[str, Any]:
    """The same among a million members (row 172)."""
    return run(folder, crowd=sqlite_file())


def _scan_s(keys: Keys, reference: str, kiosk: KioskEnd, till: LiveTill) -> float:
    """Seconds from the last key until both ends have the result."""
    keys.type(reference, press_enter=False)
    before = time.perf_counter()
    keys.type("", press_enter=True)
    at_kiosk, result = kiosk.result_of_scan()
    if result.outcome != "accepted" or result.show.kind != "recognised":
        raise RuntimeError(f"the scan of {reference} gave {result}")
    at_till = till.wait_for(reference_name(reference))
    return max(at_kiosk, at_till) - before


def reference_name(reference: str) -> str:
    """The given name of the member with this reference, which the till shows."""
    return f"Membre{reference}"


def _is_online(counter: Counter) -> bool:
    return bool(counter.ask(do="status")["online"])
