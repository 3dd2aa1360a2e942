"""Smart groups among a million: members of a filter asked for the first time, of a group that is kept, and all
groups of one customer.

Cold: count and first page of filters that nobody saved, each kind at least once; baseline: the rows of
``customer_summaries`` counted bare. Kept: the page of a saved group; baseline: its rows read by their key alone.
Membership: baseline is one row by its key. ``cpu_…``: what this thread and PostgreSQL's process worked.
"""

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.prepared import Prepared
from loyalty.domain.customer import CustomerSource
from loyalty.domain.filters import Comparator, Filter, FilterSet, Known, Moment, Period, PeriodKind
from loyalty.domain.filters.birthday_soon import BirthdaySoon
from loyalty.domain.filters.card_used import CardPaid
from loyalty.domain.filters.categories_bought import CategoriesBought
from loyalty.domain.filters.email_subscribers import EmailSubscribers
from loyalty.domain.filters.enrolled import Enrolled
from loyalty.domain.filters.items_bought import ItemsBought
from loyalty.domain.filters.last_visit import LastVisit
from loyalty.domain.filters.places import Places
from loyalty.domain.filters.reward_in_sight import RewardInSight
from loyalty.domain.filters.sms_subscribers import SmsSubscribers
from loyalty.domain.filters.source import Sources
from loyalty.domain.filters.spend import Spend
from loyalty.domain.filters.tender import Tenders
from loyalty.domain.filters.visits import Visits
from loyalty.domain.presets import BusinessType, Preset, preset_filters
from loyalty.domain.sale import TenderKind
from loyalty.domain.staff import OWNER_PERMISSIONS, Role, StaffMember
from loyalty.services.find_customers import filter_customers
from loyalty.services.group_view import group_view
from runtime.ids import new_id
from tests.bench.crowd import MEMBERS, Crowded, crowds
from tests.bench.figures import ServerWork, percentile_ms

_OWNER = StaffMember(new_id(), "o", "O", Role(new_id(), "o", OWNER_PERMISSIONS))
_TIMES = 3
_CUSTOMERS = 1_000
_ROW = Prepared(
    select(schema.customer_summaries).where(
        schema.customer_summaries.c.customer_id == bindparam("customer_id")
    )
)


def run_cold(folder: Path) -> list[dict[str, Any]]:
    """A line for each database and filter."""
    return [line for crowd in crowds() for line in _cold(crowd)]


def run_saved(folder: Path) -> list[dict[str, Any]]:
    """A line for each database and saved group."""
    return [line for crowd in crowds() for line in _saved(crowd)]


def run_membership(folder: Path) -> list[dict[str, Any]]:
    """A line for each database."""
    return [_membership(crowd) for crowd in crowds()]


def _filters(known: Known) -> Mapping[str, FilterSet]:
    year = Period(PeriodKind.MONTHS, 12)
    single: tuple[Filter, ...] = (
        Visits(Comparator.AT_LEAST, 3),
        Visits(Comparator.AT_LEAST, 8, year),
        LastVisit(False, Period(PeriodKind.WEEKS, 8)),
        Spend(Comparator.AT_LEAST, 5_000, year),
        Places(frozenset(list(known.lanes)[:1]), year),
        ItemsBought(frozenset(list(known.items)[:1])),
        CategoriesBought(frozenset(list(known.categories)[:1]), year),
        Tenders(frozenset({TenderKind.CARD}), year),
        CardPaid("visa", "4242"),
        Enrolled(),
        RewardInSight(),
        EmailSubscribers(),
        SmsSubscribers(),
        Sources(frozenset({CustomerSource.IMPORT})),
        BirthdaySoon(7),
    )
    named: dict[str, FilterSet] = {}
    for each in single:
        named[f"{each.kind}_in_a_year" if each.kind in named else each.kind] = FilterSet((each,))
    for preset in (Preset.REGULARS, Preset.LAPSED, Preset.ALL_CUSTOMERS):
        named[f"preset_{preset.value}"] = preset_filters(preset, BusinessType.RETAIL)
    nobody = (Visits(Comparator.AT_LEAST, 1_000), single[5])
    named |= {"everybody": FilterSet(), "nobody": FilterSet(nobody)}
    several = (Enrolled(), LastVisit(False, Period(PeriodKind.WEEKS, 8)), single[5], EmailSubscribers())
    return {**named, "four_at_once": FilterSet(several)}


def _cold(crowd: Crowded) -> list[dict[str, Any]]:
    with crowd.database.reading() as uow:
        named = _filters(uow.groups.known())
    scan_ms = _times_ms(crowd, "SELECT count(*) FROM customer_summaries WHERE spend_minor >= 0")
    lines = []
    for name, filters in named.items():
        took, worked, count = [], [], 0
        for _ in range(_TIMES):
            page, took_s, worked_s = _asked(
                crowd, lambda uow, filters=filters: filter_customers(uow, crowd.ctx, filters, _OWNER)
            )
            count = page.count
            took.append(took_s)
            worked.append(worked_s)
        lines.append(
            {
                "filter": name,
                "n": _TIMES,
                "database": crowd.name,
                "members": MEMBERS,
                "found": count,
                "first_ms": round(took[0] * 1000, 1),
                "p50_ms": percentile_ms(took, 50),
                "cpu_p50_ms": percentile_ms(worked, 50),
                "baseline_scan_ms": scan_ms,
                "ratio": round(percentile_ms(took, 50) / scan_ms, 2),
            }
        )
    return lines


def _saved(crowd: Crowded) -> list[dict[str, Any]]:
    with crowd.database.reading() as uow:
        smart = {group.name: group.id for group in uow.groups.all() if group.id in uow.groups.smart()}
    lines = []
    for name, group_id in sorted(smart.items()):
        took, worked, members = [], [], 0
        for _ in range(20):
            view, took_s, worked_s = _asked(
                crowd, lambda uow, group_id=group_id: group_view(uow, crowd.ctx, group_id, _OWNER)
            )
            members = view.line.members
            took.append(took_s)
            worked.append(worked_s)
        bare = _saved_baseline_ms(crowd, group_id)
        lines.append(
            {
                "group": name,
                "n": len(took),
                "database": crowd.name,
                "members": MEMBERS,
                "found": members,
                "first_ms": round(took[0] * 1000, 1),
                "p50_ms": percentile_ms(took, 50),
                "p99_ms": percentile_ms(took, 99),
                "cpu_p50_ms": percentile_ms(worked, 50),
                "cpu_p99_ms": percentile_ms(worked, 99),
                "baseline_keys_ms": bare,
                "ratio": round(percentile_ms(took, 50) / bare, 1),
            }
        )
    return lines


def _saved_baseline_ms(crowd: Crowded, group_id: UUID) -> float:
    members = schema.smart_group_members
    statement = select(members.c.customer_id).where(members.c.group_id == group_id).limit(50)
    return _measured_ms(crowd, lambda uow: uow._transaction.all(statement), 20)


def _membership(crowd: Crowded) -> dict[str, Any]:
    summaries = schema.customer_summaries
    with crowd.database.reading() as uow:
        rows = uow._transaction.all(select(summaries.c.customer_id).limit(50_000))
    ids = [row.customer_id for row in random.Random(5).sample(list(rows), min(_CUSTOMERS, len(rows)))]
    took, worked, bare = [], [], []
    in_groups = 0
    with crowd.database.reading() as uow:
        moment = Moment(crowd.ctx.clock.now(), "Europe/Paris")
        groups = len(uow.groups.all())
        uow.groups.of_customer(ids[0], moment)
        server = ServerWork(uow._transaction)
        for customer_id in ids:
            before = time.thread_time() + server.seconds()
            start = time.perf_counter()
            in_groups += len(uow.groups.of_customer(customer_id, moment))
            middle = time.perf_counter()
            worked.append(time.thread_time() + server.seconds() - before)
            bare_start = time.perf_counter()
            uow._transaction.first(_ROW, {"customer_id": customer_id})
            bare.append(time.perf_counter() - bare_start)
            took.append(middle - start)
    return {
        "n": len(took),
        "database": crowd.name,
        "members": MEMBERS,
        "groups": groups,
        "queries": 1,
        "memberships": in_groups,
        "p50_ms": percentile_ms(took, 50),
        "p99_ms": percentile_ms(took, 99),
        "cpu_p50_ms": percentile_ms(worked, 50),
        "cpu_p99_ms": percentile_ms(worked, 99),
        "baseline_row_ms": percentile_ms(bare, 50),
        "ratio": round(percentile_ms(took, 50) / percentile_ms(bare, 50), 1),
    }


def _asked(crowd: Crowded, ask: Callable[[Any], Any]) -> tuple[Any, float, float]:
    """What was answered, seconds by the clock, and seconds that this thread and the server worked."""
    start, start_cpu = time.perf_counter(), time.thread_time()
    with crowd.database.reading() as uow:
        server = ServerWork(uow._transaction)
        before = server.seconds()
        answer = ask(uow)
        at_server = server.seconds() - before
    return answer, time.perf_counter() - start, time.thread_time() - start_cpu + at_server


def _times_ms(crowd: Crowded, statement: str) -> float:
    return _measured_ms(crowd, lambda uow: uow._transaction.execute(text(statement)).all(), _TIMES)


def _measured_ms(crowd: Crowded, ask: Callable[[Any], object], times: int) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        with crowd.database.reading() as uow:
            ask(uow)
        took.append(time.perf_counter() - start)
    return percentile_ms(took, 50)
