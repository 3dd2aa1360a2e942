"""The digest of a day as people read it: members and colleagues by name (rows 185, 206)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from checkout.programme.reports import UnusualVisits, unusual_visits
from loyalty.domain.staff import StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.daily_digest import digest_of


@dataclass(frozen=True)
class Deeds:
    """What one colleague did on the day that an owner may want to look into."""

    name: str
    refunds: int
    refunded_minor: int
    late_attachments: int
    by_hand: int


@dataclass(frozen=True)
class Digest:
    """What stands out on a day."""

    day: date
    unusual: tuple[UnusualVisits, ...]
    deeds: tuple[Deeds, ...]

    @property
    def is_empty(self) -> bool:
        return not self.unusual and not self.deeds


def read_digest(unit: UnitOfWork, day: date, viewer: StaffMember) -> Digest:
    """As it was made that night, or as the day stands now; numbers masked for who may not see them.

    Raises:
        PermissionDeniedError: The role does not hold ``view_reports``.
    """
    content = digest_of(unit, day, viewer)
    found = [
        unusual_visits(unit, UUID(each["account_id"]), day, each["visits"], viewer)
        for each in content["unusual"]
    ]
    return Digest(day, tuple(each for each in found if each is not None), _deeds(unit, content))


def _deeds(unit: UnitOfWork, content: Mapping[str, Any]) -> tuple[Deeds, ...]:
    counted = ("refunds", "late_attachments", "by_hand")
    ids = sorted({staff_id for name in counted for staff_id in content[name]})
    names = {str(each.id): each.display_name for each in unit.staff.all()}
    return tuple(
        Deeds(
            names.get(each, "–"),
            content["refunds"].get(each, 0),
            content["refunded_minor"].get(each, 0),
            content["late_attachments"].get(each, 0),
            content["by_hand"].get(each, 0),
        )
        for each in ids
    )
