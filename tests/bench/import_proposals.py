"""Who is who in the sheet of a shop that moves in: rows matched unasked, and precision and recall of what is proposed.

Baseline: what the keys alone tell, in the same run: the share of people of the directory whose row they match.
"""

import time
from pathlib import Path
from typing import Any

from loyalty.adapters.sql.database import opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.importing.record import SheetSummary
from loyalty.services.import_steps import sheet_was_read, start_import
from runtime.clock import SystemClock
from tests.contract.loyalty.test_importing import imported, rows_of
from tests.fakes.shop import counter, service_context
from tests.people.judged_import import judged
from tests.people.moved_shop import moved_shop

_PERSONS, _SEED = 5_000, 2026


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    sheet = moved_shop(_PERSONS, _SEED)
    url = f"sqlite:///{folder / 'shop.db'}"
    migrate(url)
    ctx = service_context(SystemClock())
    with opened(url) as database, database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        imported(shop, rows_of(*sheet.directory))
        record = start_import(uow, ctx, shop.staff, "ancienne-caisse.csv")
        sheet_was_read(uow, ctx, record.id, SheetSummary(("a",), (("b",),), len(sheet.sheet)))
        began, began_cpu = time.perf_counter(), time.thread_time()
        found = judged(uow, record, sheet)
        took_s, cpu_s = time.perf_counter() - began, time.thread_time() - began_cpu
        described = database.describe()
    return {
        "n": found.rows,
        "database": described,
        "members": _PERSONS,
        "matched": found.matched,
        "matched_wrongly": found.matched_wrongly,
        "refused": found.refused,
        "resembling": found.resembling,
        "proposed": found.proposed,
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "missed": dict(found.missed),
        "took_s": round(took_s, 2),
        "cpu_s": round(cpu_s, 2),
        "baseline_keys_share": round(found.matched / _PERSONS, 4),
    }
