"""Last scanner key → the till's page changed, in a real headless Chromium that shows lane 1.

Real processes as in :mod:`tests.bench.scan_to_result`; the page is the station's own, with its live
stream. An observer in the page stamps the change with the browser's clock of wall time, which is this
machine's; the last key is stamped here, before it is sent. The baseline is the live stream read without a
browser at the same scans: the difference is what drawing costs. Round trips of the bare broker alternate.
"""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from comptoir.demo.doors import Counter
from tests.bench import processes
from tests.bench.figures import percentile_ms, wait_until
from tests.bench.keys import Keys
from tests.bench.kiosk_end import KioskEnd
from tests.bench.live_till import LiveTill
from tests.bench.round_trip import RoundTrip
from tests.bench.scan_to_result import reference_name
from tests.bench.store import Store, fill_store
from tests.fakes.broker import MosquittoBroker
from tests.ui.checkout.conftest import CHROMIUM

_SCANS = 200
_WARM_UP = 20
_BUDGET_P99_MS = 100

_WATCH = """
() => {
  window.seen = {};
  new MutationObserver(() => {
    const name = document.getElementById("member-name");
    const text = name && name.textContent.trim();
    if (text && !(text in window.seen)) {
      window.seen[text] = performance.timeOrigin + performance.now();
    }
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}
"""


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    with ExitStack() as ending:
        broker = MosquittoBroker(folder / "broker-files")
        ending.callback(broker.stop)
        broker.start()
        store = Store(folder, broker)
        members = fill_store(store, _SCANS + _WARM_UP)
        for name, command in (("checkout", ["checkout"]), ("device", ["device", "run"])):
            process = processes.start(
                folder, name, "comptoir", *command, "--config", str(store.configuration)
            )
            ending.callback(processes.end, process)
        kiosk = KioskEnd(store.kiosk_socket)
        ending.callback(kiosk.close)
        wait_until(store.port_file.exists, "the station's start")
        till = LiveTill(store.port, store.session_token)
        ending.callback(till.close)
        counter = Counter(store.simulation_socket)
        wait_until(store.simulation_socket.exists, "the device's start")
        kiosk.greet()
        wait_until(lambda: bool(counter.ask(do="status")["online"]), "the device's link")
        baseline = RoundTrip(broker)
        baseline.start()
        ending.callback(baseline.stop)
        page = _open_page(ending, store)
        till.open_sale()
        wait_until(lambda: counter.ask(do="status")["open_sale"] is not None, "the sale at the device")
        keys = Keys(store.simulation_socket)
        ending.callback(keys.close)
        drawn, streamed, trips = [], [], []
        for number, reference in enumerate(members):
            took, bare = _scan_s(keys, reference, page, till)
            trip = baseline.measure_s()
            if number >= _WARM_UP:
                drawn.append(took)
                streamed.append(bare)
                trips.append(trip)
    p99 = percentile_ms(drawn, 99)
    return {
        "n": len(drawn),
        "browser": "chromium",
        "p50_ms": percentile_ms(drawn, 50),
        "p99_ms": p99,
        "stream_p50_ms": percentile_ms(streamed, 50),
        "stream_p99_ms": percentile_ms(streamed, 99),
        "broker_rtt_p50_ms": percentile_ms(trips, 50),
        "budget_p99_ms": _BUDGET_P99_MS,
        "within_budget": p99 < _BUDGET_P99_MS,
    }


def _open_page(ending: ExitStack, store: Store) -> Page:
    playwright = ending.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--no-sandbox"])
    ending.callback(browser.close)
    here = f"http://127.0.0.1:{store.port}"
    context = browser.new_context()
    context.add_cookies(
        [
            {"name": "comptoir_session", "value": store.session_token, "url": here},
            {"name": "comptoir_lane", "value": "1", "url": here},
        ]
    )
    page = context.new_page()
    page.goto(f"{here}/till/1")
    page.evaluate(_WATCH)
    return page


def _scan_s(keys: Keys, reference: str, page: Page, till: LiveTill) -> tuple[float, float]:
    """Seconds from the last key until the page shows the member, and until the stream's bytes had come."""
    name = reference_name(reference)
    keys.type(reference, press_enter=False)
    wall, monotonic = time.time(), time.perf_counter()
    keys.type("", press_enter=True)
    streamed = till.wait_for(name) - monotonic
    shown = "name => Object.entries(window.seen).find(([text]) => text.startsWith(name))?.[1]"
    page.wait_for_function(f"name => ({shown})(name) !== undefined", arg=name, timeout=20_000)
    at_ms = float(page.evaluate(shown, name))
    return at_ms / 1000 - wall, streamed
