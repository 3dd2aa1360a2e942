"""A number typed at the kiosk → its result back at the kiosk, for members and for nobody, through real processes.

The screen does not wait for it (it goes on to the consents at once), so this is what somebody could still
measure on the device. The medians' gap is set beside what two halves of the same kind differ by.
"""

import random
import statistics
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from messaging.events.number_typed import NumberTyped
from messaging.local.from_kiosk import Said, SessionStarted
from runtime.ids import new_id
from tests.bench import processes
from tests.bench.figures import percentile_ms, wait_until
from tests.bench.kiosk_end import KioskEnd
from tests.bench.store import Store, fill_store
from tests.fakes.broker import MosquittoBroker

_EACH = 200
_WARM_UP = 20
_SHUFFLES = 1000


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    with ExitStack() as ending:
        broker = MosquittoBroker(folder / "broker-files")
        ending.callback(broker.stop)
        broker.start()
        store = Store(folder, broker)
        fill_store(store, _EACH + _WARM_UP)
        for name, command in (("checkout", ["checkout"]), ("device", ["device", "run"])):
            process = processes.start(
                folder, name, "comptoir", *command, "--config", str(store.configuration)
            )
            ending.callback(processes.end, process)
        kiosk = KioskEnd(store.kiosk_socket)
        ending.callback(kiosk.close)
        wait_until(store.port_file.exists, "the station's start")
        kiosk.greet()
        took: dict[bool, list[float]] = {True: [], False: []}
        order = [True, False] * (_EACH + _WARM_UP)
        random.Random(3).shuffle(order)
        counts = {True: 0, False: 0}
        for is_member in order:
            number = f"+3361300{counts[is_member]:04d}" if is_member else f"+3361400{counts[is_member]:04d}"
            counts[is_member] += 1
            seconds = _typed_s(kiosk, number)
            if counts[is_member] > _WARM_UP:
                took[is_member].append(seconds)
    known, unknown = took[True], took[False]
    return {
        "n": len(known) + len(unknown),
        "known_p50_ms": percentile_ms(known, 50),
        "unknown_p50_ms": percentile_ms(unknown, 50),
        "known_p99_ms": percentile_ms(known, 99),
        "unknown_p99_ms": percentile_ms(unknown, 99),
        "gap_p50_ms": round((statistics.median(known) - statistics.median(unknown)) * 1000, 3),
        "gap_by_chance_p95_ms": _by_chance_ms(known + unknown),
    }


def _typed_s(kiosk: KioskEnd, number: str) -> float:
    session, event = new_id(), new_id()
    kiosk.say(SessionStarted(session=session))
    before = time.perf_counter()
    kiosk.say(Said(session=session, event_id=event, body=NumberTyped(phone_number=number, language="fr")))
    return kiosk.result_of(event) - before


def _by_chance_ms(samples_s: list[float]) -> float:
    """The gap that 19 of 20 random halves of all samples stay below."""
    mixed, half, gaps = list(samples_s), len(samples_s) // 2, []
    dice = random.Random(5)
    for _ in range(_SHUFFLES):
        dice.shuffle(mixed)
        gaps.append(abs(statistics.median(mixed[:half]) - statistics.median(mixed[half:])))
    return percentile_ms(gaps, 95)
