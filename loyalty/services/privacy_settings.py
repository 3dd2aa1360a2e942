"""The shop decides how long it keeps people and what it tells them, and keeps its record of incidents."""

from dataclasses import dataclass, fields, replace
from datetime import date
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.privacy import Incident, PrivacySettings
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from runtime.ids import new_id

MAX_INCIDENT_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident as somebody writes it down; ``incident_id`` None makes a new one."""

    incident_id: UUID | None
    happened_on: date
    what: str
    told: str


def save_privacy(
    uow: UnitOfWork, ctx: ServiceContext, settings: PrivacySettings, staff: StaffMember
) -> PrivacySettings:
    """Store what the shop decided; who is about to be forgotten is looked at anew by it.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    before = uow.privacy.settings()
    changed = [
        each.name
        for each in fields(settings)
        if each.name != "revision" and getattr(before, each.name) != getattr(settings, each.name)
    ]
    settings = replace(settings, revision=before.revision + 1 if changed else before.revision)
    if changed:
        uow.privacy.save_settings(settings)
        params = {"settings": ", ".join(changed)}
        note_deed(
            uow, ctx, staff, action=AuditAction.SETTINGS_CHANGED, subject="settings:privacy", params=params
        )
    return settings


def note_incident(
    uow: UnitOfWork, ctx: ServiceContext, draft: IncidentDraft, staff: StaffMember
) -> Incident | Refused:
    """Write an incident down, or who was told of one since. Refused: ``words_missing``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
        UnknownIdError: There is no such incident.
    """
    staff.require(Permission.MANAGE_SHOP)
    what, told = clean_line(draft.what, MAX_INCIDENT_CHARS), clean_line(draft.told, MAX_INCIDENT_CHARS)
    if what is None:
        return Refused(Refusal.WORDS_MISSING)
    now, there = ctx.clock.now(), None
    if draft.incident_id is not None:
        there = next((each for each in uow.privacy.incidents() if each.id == draft.incident_id), None)
        if there is None:
            raise UnknownIdError("no such incident", incident=str(draft.incident_id))
    noted = Incident(
        id=there.id if there is not None else new_id(),
        happened_on=draft.happened_on,
        what=what,
        told=told or "",
        noted_by=there.noted_by if there is not None else staff.id,
        noted_at=there.noted_at if there is not None else now,
        changed_at=now if there is not None else None,
    )
    uow.privacy.save_incident(noted)
    note_deed(uow, ctx, staff, action=AuditAction.INCIDENT_NOTED, subject=f"incident:{noted.id}")
    return noted
