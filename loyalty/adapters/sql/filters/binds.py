"""Values of a compiled condition that are known only at the moment of asking."""

from calendar import isleap
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam

from loyalty.adapters.sql.schema.base import Microseconds
from loyalty.domain.filters.period import Moment, Period

Late = Callable[[Moment], Any]


class LateValues:
    """Hands out bind parameters and fills them in for a moment."""

    def __init__(self) -> None:
        self._late: dict[str, Late] = {}

    def values(self, moment: Moment) -> Mapping[str, Any]:
        return {name: late(moment) for name, late in self._late.items()}

    def since(self, period: Period) -> BindParameter[Any]:
        return self._bind(lambda moment: period.span(moment).since, Microseconds())

    def until(self, period: Period) -> BindParameter[Any]:
        return self._bind(lambda moment: period.span(moment).until, Microseconds())

    def first_month_day(self) -> BindParameter[Any]:
        """Today as 100 × month + day."""
        return self._bind(lambda moment: month_day(moment.day), Integer())

    def last_month_day(self, days: int) -> BindParameter[Any]:
        """The day so many days later; 29 February where 28 is the last one and has no successor then."""

        def last(moment: Moment) -> int:
            day = moment.day + timedelta(days=days)
            found = month_day(day)
            return 229 if found == 228 and not isleap(day.year) else found

        return self._bind(last, Integer())

    def _bind(self, late: Late, kind: Any) -> BindParameter[Any]:
        name = f"late_{len(self._late)}"
        self._late[name] = late
        return bindparam(name, type_=kind, required=True)


def month_day(day: date) -> int:
    """A day of any year as one number that sorts by the calendar."""
    return day.month * 100 + day.day
