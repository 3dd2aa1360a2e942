"""Points' name, their expiry and the limit of rewards per sale as form fields, and back."""

from dataclasses import replace

from checkout.programme.typed import FieldReader, Typed
from loyalty.domain.expiry import (
    EXPIRY_POLICIES,
    MAX_DAYS,
    MAX_MONTHS,
    NEVER,
    DaysAfter,
    ExpiryPolicy,
    MonthsToEnd,
)
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.programme_edit import checked_points_name
from loyalty.domain.why import Refused

_MAX_REWARDS = 99


def points_typed(programme: ProgrammeVersion) -> Typed:
    """The fields that show this part of the programme."""
    expiry, limit = programme.expiry, programme.max_rewards_per_sale
    return Typed.of(
        [
            ("points_one", programme.points_name.one),
            ("points_many", programme.points_name.many),
            ("expiry", expiry.kind),
            ("months", str(expiry.months) if isinstance(expiry, MonthsToEnd) else "12"),
            ("days", str(expiry.days) if isinstance(expiry, DaysAfter) else "365"),
            ("limit", "" if limit is None else str(limit)),
        ]
    )


def read_points(reader: FieldReader, programme: ProgrammeVersion) -> ProgrammeVersion | None:
    """The programme with what the fields say; None where the reader has problems."""
    name = checked_points_name(reader.text("points_one"), reader.text("points_many"))
    if isinstance(name, Refused):
        reader.refuse("points_one", name)
        name = programme.points_name
    limit = reader.whole("limit", 1, _MAX_REWARDS) if reader.text("limit").strip() else None
    expiry = read_expiry(reader)
    if reader.problems:
        return None
    return replace(programme, points_name=name, max_rewards_per_sale=limit, expiry=expiry)


def read_expiry(reader: FieldReader) -> ExpiryPolicy:
    """The policy of the fields ``expiry``, ``months`` and ``days``."""
    kind = reader.choice("expiry", EXPIRY_POLICIES, NEVER.kind)
    if kind == MonthsToEnd.kind:
        return MonthsToEnd(reader.whole("months", 1, MAX_MONTHS))
    if kind == DaysAfter.kind:
        return DaysAfter(reader.whole("days", 1, MAX_DAYS))
    return NEVER
