"""Search of the directory among a million, as staff type: a part of a number, of a name, of a reference.

Baseline: one customer by an exact reference, in the same run. Texts are parts of what people really bear, from
two characters to nearly all of it. ``cpu_…`` is the time that the station's own thread worked, where SQLite does all of its
work, and the server process of its connection.
"""

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from loyalty.adapters.sql import schema
from loyalty.domain.staff import OWNER_PERMISSIONS, Role, StaffMember
from loyalty.services.find_customers import search_customers
from runtime.ids import new_id
from tests.bench.crowd import MEMBERS, Crowded, crowds
from tests.bench.figures import ServerWork, percentile_ms

_EACH = 200
_WARM_UP = 20


def run(folder: Path) -> list[dict[str, Any]]:
    """A line for each database and kind of text."""
    return [line for crowd in crowds() for line in _lines(crowd)]


def _lines(crowd: Crowded) -> list[dict[str, Any]]:
    owner = StaffMember(new_id(), "o", "O", Role(new_id(), "o", OWNER_PERMISSIONS))
    pick = random.Random(7)
    people = _some(crowd)
    baseline = _baseline_ms(crowd, [person["reference"] for person in people])
    server = _Server(crowd)
    lines = []
    for kind in ("phone_part", "name_part", "reference"):
        texts = [typed for person in people if (typed := _typed(pick, kind, person))][: _EACH + _WARM_UP]
        took, worked, found = [], [], 0
        for typed in texts:
            server.worked_since_s()
            start, start_cpu = time.perf_counter(), time.thread_time()
            with crowd.database.reading() as uow:
                found += bool(search_customers(uow, typed, owner))
            took.append(time.perf_counter() - start)
            worked.append(time.thread_time() - start_cpu + server.worked_since_s())
        measured = took[_WARM_UP:]
        lines.append(
            {
                "kind": kind,
                "n": len(measured),
                "database": crowd.name,
                "members": MEMBERS,
                "p50_ms": percentile_ms(measured, 50),
                "p99_ms": percentile_ms(measured, 99),
                "max_ms": percentile_ms(measured, 100),
                "cpu_p50_ms": percentile_ms(worked[_WARM_UP:], 50),
                "cpu_p99_ms": percentile_ms(worked[_WARM_UP:], 99),
                "found_share": round(found / len(texts), 3),
                "baseline_p50_ms": baseline,
                "ratio": round(percentile_ms(measured, 50) / baseline, 1),
            }
        )
    return lines


class _Server:
    """What PostgreSQL's process of the one reading connection worked; nothing for SQLite."""

    def __init__(self, crowd: Crowded) -> None:
        with crowd.database.reading() as uow:
            self._work = ServerWork(uow._transaction)
        self._before_s = self._work.seconds()

    def worked_since_s(self) -> float:
        """Since it was asked last."""
        now_s = self._work.seconds()
        since_s, self._before_s = now_s - self._before_s, now_s
        return since_s


def _some(crowd: Crowded) -> list[dict[str, str]]:
    table = schema.customer_search
    with crowd.database.reading() as uow:
        rows = uow._transaction.all(
            select(table.c.names, table.c.reference, table.c.digits)
            .where(table.c.number % max(1, MEMBERS // 1500) == 0)
            .order_by(table.c.number)
            .limit(1_500)
        )
    some = [dict(row._mapping) for row in rows]
    random.Random(3).shuffle(some)
    return some


def _typed(pick: random.Random, kind: str, person: dict[str, str]) -> str:
    """What somebody might have typed so far."""
    source = {"phone_part": person["digits"], "name_part": person["names"], "reference": person["reference"]}[
        kind
    ]
    if len(source) < 3:
        return ""
    if kind == "phone_part":
        shown = f"+{source}" if not source.startswith("33") else f"0{source[2:]}"
        length = pick.randint(4, len(shown))
        return shown[:length] if pick.random() < 0.5 else source[-pick.randint(4, 8) :]
    if kind == "reference":
        return source if pick.random() < 0.5 else source[: pick.randint(5, len(source))]
    word = pick.choice(source.split())
    start = 0 if pick.random() < 0.7 else pick.randint(0, max(0, len(word) - 3))
    return word[start : start + pick.randint(2, max(2, len(word)))]


def _baseline_ms(crowd: Crowded, references: Sequence[str]) -> float:
    took = []
    with crowd.database.reading() as uow:
        for reference in references[:_EACH]:
            start = time.perf_counter()
            uow._transaction.execute(
                text("SELECT id FROM customers WHERE reference_id = :reference"), {"reference": reference}
            ).all()
            took.append(time.perf_counter() - start)
    return percentile_ms(took, 50)
