"""The day that a page of figures shows, and the way to its neighbours."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request

from checkout.web.context import web_context
from checkout.web.session import SignedInStaff
from loyalty.domain.calendar import local_date


@dataclass(frozen=True)
class ChosenDay:
    """A day of the shop, never one to come."""

    day: date
    today: date

    @classmethod
    def of(cls, request: Request, viewer: SignedInStaff, typed: str) -> "ChosenDay":
        """The day asked for as ``2026-11-28``; today for anything unreadable or to come."""
        today = local_date(web_context(request).ctx.clock.now(), viewer.shop.timezone)
        try:
            return cls(min(date.fromisoformat(typed), today), today)
        except ValueError:
            return cls(today, today)

    def fields(self) -> dict[str, Any]:
        """What the templates show of it."""
        is_over = self.day < self.today
        return {
            "day": self.day,
            "is_today": not is_over,
            "day_before": self.day - timedelta(days=1),
            "day_after": self.day + timedelta(days=1) if is_over else None,
        }
