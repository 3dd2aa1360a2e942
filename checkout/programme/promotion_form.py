"""A promotion as form fields, and form fields as a promotion (row 134)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from checkout.programme.goods import Goods
from checkout.programme.typed import FieldReader, Problem, Typed
from loyalty.domain.promotions import (
    Incentive,
    PointsAddition,
    PointsMultiplier,
    Schedule,
    TriggerLimit,
    TriggerPeriod,
    WeeklyWindow,
)
from loyalty.domain.promotions.incentives import MAX_MULTIPLIER_MILLI, MILLI
from loyalty.domain.promotions.plan import checked_promotion_name
from loyalty.domain.promotions.promotion import MAX_TRIGGERS
from loyalty.domain.promotions.schedule import WEEK
from loyalty.domain.why import Refused
from loyalty.services.plan_promotion import PromotionDraft

MAX_WINDOWS = 3
_MAX_MINOR = 100_000_00
_MAX_POINTS = 10_000


@dataclass(frozen=True)
class _Goods:
    items: tuple[UUID, ...] = ()
    categories: tuple[UUID, ...] = ()


def new_promotion_typed(today: date) -> Typed:
    """The fields of an empty form."""
    return Typed.of(
        [
            ("name", ""),
            ("gives", PointsMultiplier.kind),
            ("multiplier", "2"),
            ("points", "10"),
            ("first_day", today.isoformat()),
            ("last_day", ""),
            ("minimum", ""),
            ("goods", "all"),
            ("limit", ""),
            ("per", TriggerPeriod.ALL_TIME.value),
            ("hours", "always"),
        ]
    )


def read_promotion(reader: FieldReader, goods: Goods) -> PromotionDraft | None:
    """The promotion that the fields say; None where the reader has problems."""
    name = checked_promotion_name(reader.text("name"))
    if isinstance(name, Refused):
        reader.refuse("name", name)
        name = "-"
    incentive = _incentive(reader)
    schedule = _schedule(reader)
    minimum = reader.money("minimum", 0, _MAX_MINOR) if reader.text("minimum").strip() else 0
    limit = _limit(reader)
    chosen = _goods(reader, goods)
    if reader.problems or schedule is None:
        return None
    return PromotionDraft(
        name=name,
        incentive=incentive,
        schedule=schedule,
        minimum_spend_minor=minimum,
        item_ids=chosen.items,
        category_ids=chosen.categories,
        trigger_limit=limit,
    )


def _incentive(reader: FieldReader) -> Incentive:
    kinds = (PointsMultiplier.kind, PointsAddition.kind)
    if reader.choice("gives", kinds, PointsMultiplier.kind) == PointsAddition.kind:
        return PointsAddition(reader.whole("points", 1, _MAX_POINTS))
    milli = reader.scaled("multiplier", 3, MILLI + 1, MAX_MULTIPLIER_MILLI, "multiplier_out_of_range")
    return PointsMultiplier(milli)


def _schedule(reader: FieldReader) -> Schedule | None:
    first = reader.day("first_day")
    last = reader.day("last_day") if reader.text("last_day").strip() else None
    windows = _windows(reader) if reader.choice("hours", ("always", "windows"), "always") == "windows" else ()
    if first is None:
        return None
    if last is not None and last < first:
        reader.refuse("last_day", Problem("ends_before_start"))
        return None
    return Schedule(first, last, windows)


def _windows(reader: FieldReader) -> tuple[WeeklyWindow, ...]:
    windows: list[WeeklyWindow] = []
    for number in range(1, MAX_WINDOWS + 1):
        days = frozenset(day for day in WEEK if reader.typed.has(f"days_{number}", str(day)))
        if not days:
            continue
        start, end = (
            reader.wall_time(f"{which}_{number}") if reader.text(f"{which}_{number}").strip() else None
            for which in ("start", "end")
        )
        whole_day = WeeklyWindow(days)
        windows.append(WeeklyWindow(days, start or whole_day.start, end or whole_day.end))
    if not windows:
        reader.refuse("days_1", Problem("choose_items"))
    return tuple(windows)


def _limit(reader: FieldReader) -> TriggerLimit | None:
    if not reader.text("limit").strip():
        return None
    times = reader.whole("limit", 1, MAX_TRIGGERS)
    return TriggerLimit(times, TriggerPeriod(reader.choice("per", list(TriggerPeriod), "all_time")))


def _goods(reader: FieldReader, goods: Goods) -> _Goods:
    kind = reader.choice("goods", ("all", "items", "categories"), "all")
    if kind == "all":
        return _Goods()
    chosen = (
        _Goods(items=reader.ids("item", goods.items))
        if kind == "items"
        else _Goods(categories=reader.ids("category", goods.categories))
    )
    if not chosen.items and not chosen.categories:
        reader.refuse("item" if kind == "items" else "category", Problem("choose_items"))
    return chosen
