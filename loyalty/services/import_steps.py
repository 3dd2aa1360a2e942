"""The steps of an import that people take: upload, mapping, dry run, go, pause, give up (rows 33-36, 180).

Each step does nothing where the import does not stand there any more: a button pressed twice is pressed once.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.plan import ImportPlan, PlanFault, plan_faults
from loyalty.domain.importing.record import (
    ACTIVE,
    Counts,
    CustomerImport,
    ImportState,
    PauseReason,
    SheetSummary,
)
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from runtime.ids import new_id

MAX_FILE_NAME_CHARS = 120
_PLANNABLE = frozenset({ImportState.MAPPING, ImportState.CHECKING, ImportState.CHECKED})


def start_import(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, file_name: str, import_id: UUID | None = None
) -> CustomerImport:
    """An upload has arrived and is to be read; ``import_id`` where its file is kept under one.

    Raises:
        PermissionDeniedError: The role does not hold ``import_customers``.
    """
    staff.require(Permission.IMPORT_CUSTOMERS)
    name = clean_line(file_name, MAX_FILE_NAME_CHARS) or "–"
    record = CustomerImport(import_id or new_id(), staff.id, ctx.clock.now(), name)
    uow.imports.save(record)
    return record


def sheet_was_read(
    uow: UnitOfWork, ctx: ServiceContext, import_id: UUID, sheet: SheetSummary | Mapping[str, int | str]
) -> CustomerImport:
    """The file was taken apart, or cannot be: then ``sheet`` is its fault."""
    record = found_import(uow, import_id)
    if record.state is not ImportState.READING:
        return record
    if isinstance(sheet, SheetSummary):
        read = replace(record, state=ImportState.MAPPING, sheet=sheet)
    else:
        read = replace(record, state=ImportState.UNREADABLE, fault=sheet, finished_at=ctx.clock.now())
    uow.imports.save(read)
    return read


def plan_import(
    uow: UnitOfWork, staff: StaffMember, import_id: UUID, plan: ImportPlan
) -> CustomerImport | tuple[PlanFault, ...]:
    """Say what the columns are; the dry run begins. The faults where the plan cannot be carried out.

    Raises:
        PermissionDeniedError: The role may not import, or not what the plan asks for: points need
            ``adjust_points``, a group ``manage_groups``, attested consents ``manage_shop``.
    """
    staff.require(Permission.IMPORT_CUSTOMERS)
    for permission in plan_permissions(plan):
        staff.require(permission)
    record = found_import(uow, import_id)
    if record.state not in _PLANNABLE:
        return record
    fields = frozenset(each.id for each in uow.profiles.custom_fields() if each.archived_at is None)
    faults = plan_faults(plan, fields, frozenset(uow.groups.known().groups))
    if faults:
        return faults
    uow.imports.forget_failures(import_id)
    uow.imports.forget_likenesses(import_id)
    planned = replace(record, state=ImportState.CHECKING, plan=plan, counts=Counts(), position=0)
    uow.imports.save(planned)
    return planned


def plan_permissions(plan: ImportPlan) -> tuple[Permission, ...]:
    """What a plan asks for besides the permission to import."""
    asked = []
    if ImportField.POINTS in plan.targets:
        asked.append(Permission.ADJUST_POINTS)
    if plan.group_id is not None:
        asked.append(Permission.MANAGE_GROUPS)
    if plan.attestation is not None:
        asked.append(Permission.MANAGE_SHOP)
    return tuple(asked)


def begin_import(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, import_id: UUID) -> CustomerImport:
    """Start what was checked.

    Raises:
        PermissionDeniedError: See :func:`plan_import`.
    """
    staff.require(Permission.IMPORT_CUSTOMERS)
    record = found_import(uow, import_id)
    if record.state is not ImportState.CHECKED or record.plan is None:
        return record
    for permission in plan_permissions(record.plan):
        staff.require(permission)
    uow.imports.forget_failures(import_id)
    begun = replace(
        record, state=ImportState.RUNNING, counts=Counts(), position=0, started_at=ctx.clock.now()
    )
    uow.imports.save(begun)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.CUSTOMERS_IMPORTED,
        subject=f"import:{import_id}",
        params={"rows": record.rows, "file": record.file_name},
    )
    return begun


def pause_import(uow: UnitOfWork, import_id: UUID, reason: PauseReason) -> CustomerImport:
    """Stand still after the slice at hand. Who may: whoever may import."""
    record = found_import(uow, import_id)
    if record.state is not ImportState.RUNNING:
        return record
    paused = replace(record, state=ImportState.PAUSED, fault={"pause": reason.value})
    uow.imports.save(paused)
    return paused


def resume_import(uow: UnitOfWork, staff: StaffMember, import_id: UUID) -> CustomerImport:
    """Go on where it stood still.

    Raises:
        PermissionDeniedError: The role does not hold ``import_customers``.
    """
    staff.require(Permission.IMPORT_CUSTOMERS)
    record = found_import(uow, import_id)
    if record.state is not ImportState.PAUSED:
        return record
    resumed = replace(record, state=ImportState.RUNNING, fault={})
    uow.imports.save(resumed)
    return resumed


def drop_import(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, import_id: UUID) -> CustomerImport:
    """Give it up; what was imported stays.

    Raises:
        PermissionDeniedError: The role does not hold ``import_customers``.
    """
    staff.require(Permission.IMPORT_CUSTOMERS)
    record = found_import(uow, import_id)
    if record.state not in ACTIVE | _PLANNABLE | {ImportState.PAUSED}:
        return record
    dropped = replace(record, state=ImportState.DROPPED, finished_at=ctx.clock.now())
    uow.imports.save(dropped)
    return dropped


def forget_people_of(uow: UnitOfWork, ctx: ServiceContext, import_id: UUID) -> CustomerImport | None:
    """Of an import that nobody needs any more: what it says of people goes, its figures stay.

    One that still waits for somebody is given up. None where there is no such import.
    """
    record = uow.imports.get(import_id)
    if record is None:
        return None
    if record.state in _PLANNABLE | {ImportState.PAUSED}:
        record = replace(record, state=ImportState.DROPPED, finished_at=ctx.clock.now())
    sheet = replace(record.sheet, sample=()) if record.sheet is not None else None
    forgotten = replace(record, sheet=sheet)
    uow.imports.save(forgotten)
    uow.imports.forget_failures(import_id)
    uow.imports.forget_likenesses(import_id)
    return forgotten


def found_import(uow: UnitOfWork, import_id: UUID) -> CustomerImport:
    """The import.

    Raises:
        UnknownIdError: There is none.
    """
    record = uow.imports.get(import_id)
    if record is None:
        raise UnknownIdError("no such import", subject=str(import_id))
    return record
