"""Notes what staff did, in the transaction in which they did it."""

from collections.abc import Mapping

from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.staff import StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from runtime.ids import new_id


def note_deed(
    uow: UnitOfWork,
    ctx: ServiceContext,
    staff: StaffMember | None,
    *,
    action: AuditAction,
    subject: str,
    params: Mapping[str, int | str] | None = None,
) -> None:
    """Add to the audit log; ``subject`` as ``noun:id``, ``staff`` None for what nobody signed in did."""
    staff_id = staff.id if staff is not None else None
    uow.audit.add(AuditEntry(new_id(), ctx.clock.now(), staff_id, action, subject, params or {}))
