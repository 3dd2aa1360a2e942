"""The shop's one draft of its programme: changed step by step, by whoever may, and seen by all of them."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.programme_changes import differences
from loyalty.domain.programme_draft import MAX_STEPS, DraftStep, ProgrammeDraft
from loyalty.domain.programme_edit import next_version
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.publish_programme import Change, Published, publish_change
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """The draft, or the programme in force as the beginning of one, with what it was begun from."""

    base: ProgrammeVersion
    programme: ProgrammeVersion
    stored: ProgrammeDraft | None
    """None where nothing was changed yet."""

    @property
    def revision(self) -> UUID | None:
        return self.stored.revision if self.stored is not None else None


def open_draft(uow: UnitOfWork, ctx: ServiceContext) -> OpenDraft | None:
    """None before the shop has a programme."""
    current, stored = uow.programme.current(), uow.drafts.get()
    if current is None:
        return None
    base = uow.programme.version(stored.base) if stored is not None else None
    if stored is None or base is None:
        return OpenDraft(current, next_version(current, ctx.clock.now()), None)
    return OpenDraft(base, stored.programme, stored)


def change_draft(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, change: Change, *, expected: UUID | None
) -> OpenDraft | Refused:
    """One more step. A draft that is as the version it was begun from is none any more.

    Refusals besides those of ``change``: ``programme_unknown`` before the first set-up,
    ``draft_changed_meanwhile`` where ``expected`` is not the draft's revision any more.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    before = open_draft(uow, ctx)
    if before is None:
        return Refused(Refusal.PROGRAMME_UNKNOWN)
    if before.revision != expected:
        return Refused(Refusal.DRAFT_CHANGED_MEANWHILE)
    changed = change(before.programme)
    if isinstance(changed, Refused):
        return changed
    fresh = replace(changed, version=before.base.version + 1, valid_from=before.programme.valid_from)
    if fresh == before.programme:
        return before
    if replace(fresh, version=before.base.version, valid_from=before.base.valid_from) == before.base:
        uow.drafts.drop()
        return OpenDraft(before.base, fresh, None)
    step = DraftStep(staff.id, ctx.clock.now(), differences(before.programme, fresh))
    steps = (*(before.stored.steps if before.stored is not None else ()), step)[-MAX_STEPS:]
    draft = ProgrammeDraft(before.base.version, fresh, new_id(), steps)
    if not uow.drafts.save(draft, expected):
        return Refused(Refusal.DRAFT_CHANGED_MEANWHILE)
    return OpenDraft(before.base, fresh, draft)


def discard_draft(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, *, expected: UUID | None
) -> Refused | None:
    """Throw the draft away, all steps of all colleagues with it; noted in the audit log.

    Refused with ``draft_changed_meanwhile`` where it is not the one that was looked at.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    stored = uow.drafts.get()
    if stored is None:
        return None
    if stored.revision != expected:
        return Refused(Refusal.DRAFT_CHANGED_MEANWHILE)
    uow.drafts.drop()
    kinds = sorted({change.kind.value for step in stored.steps for change in step.changes})
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.DRAFT_DISCARDED,
        subject=f"programme:{stored.base}",
        params={"changes": ", ".join(kinds)},
    )
    return None


def publish_draft(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, *, expected: UUID | None
) -> Published | Refused | None:
    """Put the draft in force, exactly as it was looked at; None where there is none.

    Refusals: ``draft_changed_meanwhile``, ``programme_changed_meanwhile``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
        ConflictError: Somebody else published at the same moment.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    stored = uow.drafts.get()
    if stored is None:
        return None
    if stored.revision != expected:
        return Refused(Refusal.DRAFT_CHANGED_MEANWHILE)
    published = publish_change(uow, ctx, staff, lambda _current: stored.programme, expected=stored.base)
    if isinstance(published, Published):
        uow.drafts.drop()
    return published
