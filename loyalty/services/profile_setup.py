"""What the shop decides about profiles: fields shown, fields of its own, contents of codes (rows 43, 97)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.custom_field import MAX_CHOICES, CustomField, FieldKind
from loyalty.domain.importing.headers import is_standard_heading
from loyalty.domain.profile_settings import CodeContent, ProfileSettings, is_code_address
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from runtime.ids import new_id

MAX_FIELDS = 50
MAX_FIELD_NAME_CHARS = 60
_MAX_CHOICE_CHARS = 100


def configure_profiles(
    uow: UnitOfWork, ctx: ServiceContext, settings: ProfileSettings, staff: StaffMember
) -> ProfileSettings:
    """Store which fields are shown and what codes say.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    if settings != uow.profiles.settings():
        uow.profiles.save_settings(settings)
        note_deed(uow, ctx, staff, action=AuditAction.SETTINGS_CHANGED, subject="settings:profiles")
    return settings


def typed_code_settings(
    settings: ProfileSettings, content: CodeContent, address: str
) -> ProfileSettings | Refused:
    """The settings with another content of codes. Refused: ``code_address_invalid``."""
    clean = clean_line(address, 500) or ""
    if (content is CodeContent.ADDRESS or clean) and not is_code_address(clean):
        return Refused(Refusal.CODE_ADDRESS_INVALID)
    return replace(settings, code_content=content, code_address=clean)


def add_field(
    uow: UnitOfWork,
    ctx: ServiceContext,
    staff: StaffMember,
    *,
    name: str,
    kind: FieldKind,
    choices: Sequence[str] = (),
) -> CustomField | Refused:
    """Give every profile one field more, after the others.

    Refused: ``field_name_missing``, ``field_name_taken``, ``field_name_standard``,
    ``field_choices_missing``, ``too_many_fields``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    there = uow.profiles.custom_fields()
    if sum(each.archived_at is None for each in there) >= MAX_FIELDS:
        return Refused(Refusal.TOO_MANY_FIELDS, {"max": MAX_FIELDS})
    position = max((each.position for each in there), default=-1) + 1
    return _save(uow, ctx, CustomField(new_id(), name, kind, tuple(choices), position), staff)


def change_field(
    uow: UnitOfWork,
    ctx: ServiceContext,
    field_id: UUID,
    staff: StaffMember,
    *,
    name: str,
    choices: Sequence[str] = (),
) -> CustomField | Refused:
    """Rename a field, and say what a selection offers. Its kind stays: values of another kind would be wrong.

    A choice that is no longer offered stays where it was chosen. Refusals as of :func:`add_field`.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
        UnknownIdError: There is no such field.
    """
    staff.require(Permission.MANAGE_SHOP)
    return _save(uow, ctx, replace(_field(uow, field_id), name=name, choices=tuple(choices)), staff)


def archive_field(
    uow: UnitOfWork, ctx: ServiceContext, field_id: UUID, staff: StaffMember, *, is_archived: bool
) -> CustomField | Refused:
    """Ask for a field no longer, or again; its values stay either way. Refused: ``field_name_taken``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
        UnknownIdError: There is no such field.
    """
    staff.require(Permission.MANAGE_SHOP)
    there = _field(uow, field_id)
    if (there.archived_at is not None) == is_archived:
        return there
    return _save(uow, ctx, replace(there, archived_at=ctx.clock.now() if is_archived else None), staff)


def move_field(uow: UnitOfWork, field_id: UUID, steps: int, staff: StaffMember) -> None:
    """Move a living field up (below zero) or down among its like.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
        UnknownIdError: There is no such field.
    """
    staff.require(Permission.MANAGE_SHOP)
    moved = _field(uow, field_id)
    order = [
        each for each in uow.profiles.custom_fields() if each.archived_at is None and each.id != field_id
    ]
    before = sum((each.position, each.id) < (moved.position, moved.id) for each in order)
    order.insert(max(0, min(len(order), before + steps)), moved)
    for position, each in enumerate(order):
        if each.position != position:
            uow.profiles.save_custom_field(replace(each, position=position))


def _save(
    uow: UnitOfWork, ctx: ServiceContext, wanted: CustomField, staff: StaffMember
) -> CustomField | Refused:
    name = clean_line(wanted.name, MAX_FIELD_NAME_CHARS)
    if name is None:
        return Refused(Refusal.FIELD_NAME_MISSING)
    cleaned = [clean_line(choice, _MAX_CHOICE_CHARS) for choice in wanted.choices]
    choices = tuple({choice.casefold(): choice for choice in cleaned if choice is not None}.values())
    if wanted.kind is not FieldKind.SELECTION:
        choices = ()
    elif not choices or len(choices) > MAX_CHOICES:
        return Refused(Refusal.FIELD_CHOICES_MISSING)
    field = replace(wanted, name=name, choices=choices)
    there = uow.profiles.custom_fields()
    is_renamed = all(each.name != name for each in there if each.id == field.id)
    if is_renamed and is_standard_heading(name):
        return Refused(Refusal.FIELD_NAME_STANDARD)
    living = [each for each in there if each.archived_at is None]
    is_taken = any(each.name.casefold() == name.casefold() and each.id != field.id for each in living)
    if field.archived_at is None and is_taken:
        return Refused(Refusal.FIELD_NAME_TAKEN)
    try:
        uow.profiles.save_custom_field(field)
    except ConflictError:
        return Refused(Refusal.FIELD_NAME_TAKEN)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.CUSTOM_FIELD_CHANGED,
        subject=f"field:{field.id}",
        params={"name": field.name},
    )
    return field


def _field(uow: UnitOfWork, field_id: UUID) -> CustomField:
    found = next((each for each in uow.profiles.custom_fields() if each.id == field_id), None)
    if found is None:
        raise UnknownIdError("no such field", field=str(field_id))
    return found
