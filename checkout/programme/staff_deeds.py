"""What employees did that an owner may look into, by name and in words (row 206)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checkout.people.audit_words import action_text
from checkout.programme.spreadsheet import Cell
from checkout.words import Words
from loyalty.domain.audit import AuditAction
from loyalty.domain.calendar import local_date
from loyalty.domain.staff import StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.setup import shop_settings
from loyalty.services.staff_report import StaffDeed, staff_deeds


@dataclass(frozen=True)
class DeedLine:
    """One line of an employee's list; ``link`` leads to the sale, where there is one."""

    day: date
    time: str
    action: str
    about: str
    link: str | None
    points: int
    amount_minor: int
    reason: str


@dataclass(frozen=True)
class Employee:
    """Everything listed of one employee in the period."""

    name: str
    refunds: int
    refunded_minor: int
    late_attachments: int
    by_hand: int
    lines: tuple[DeedLine, ...]


def read_employees(
    unit: UnitOfWork, days: tuple[date, date], viewer: StaffMember, words: Words
) -> list[Employee]:
    """By name, first to last day; who did none of it is not listed.

    Raises:
        PermissionDeniedError: The role does not hold ``view_reports``.
    """
    deeds = staff_deeds(unit, *days, viewer)
    timezone = shop_settings(unit).timezone
    names = {each.id: each.display_name for each in unit.staff.all()}
    ids = {deed.staff_id for deed in deeds}
    found = [
        _employee(
            names.get(each, "–") if each is not None else "–",
            [deed for deed in deeds if deed.staff_id == each],
            words,
            timezone,
        )
        for each in ids
    ]
    return sorted(found, key=lambda each: each.name.casefold())


def table(employees: Sequence[Employee], words: Words) -> tuple[list[str], list[list[Cell]]]:
    """Head and rows for a spreadsheet; money in minor units, as the other tables have it."""
    head = [
        words.text("Colleague"), words.text("Day"), words.text("Time"), words.text("What"),
        words.text("About"), words.text("Points"), words.text("Given back (minor units)"), words.text("Why"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            each.name, line.day.isoformat(), line.time, line.action, line.about, line.points,
            line.amount_minor, line.reason,
        ]
        for each in employees
        for line in each.lines
    ]  # fmt: skip
    return head, rows


def _employee(name: str, deeds: Sequence[StaffDeed], words: Words, timezone: str) -> Employee:
    back = [deed for deed in deeds if deed.action is AuditAction.SALE_REFUNDED]
    late = sum(deed.action is AuditAction.MEMBER_ATTACHED_LATE for deed in deeds)
    return Employee(
        name=name,
        refunds=len(back),
        refunded_minor=sum(deed.amount_minor for deed in back),
        late_attachments=late,
        by_hand=len(deeds) - len(back) - late,
        lines=tuple(_line(deed, words, timezone) for deed in deeds),
    )


def _line(deed: StaffDeed, words: Words, timezone: str) -> DeedLine:
    noun, _, identity = deed.subject.partition(":")
    about = words.text("Sale") if noun == "sale" else words.text("Account")
    return DeedLine(
        day=local_date(deed.at, timezone),
        time=words.time(deed.at, timezone),
        action=action_text(deed.action, words),
        about=f"{about} {identity[-8:]}",
        link=f"/sales/{identity}" if noun == "sale" else None,
        points=deed.points,
        amount_minor=deed.amount_minor,
        reason=deed.reason,
    )
