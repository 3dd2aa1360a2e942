"""Keeps what stands on receipts and where they are printed."""

from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.receipt_settings import LanePrinter, ReceiptSettings, checked_printer_address
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext


def save_receipt_settings(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, settings: ReceiptSettings
) -> None:
    """From the next receipt on; those that are printed again show them too.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    uow.receipts.save_settings(settings)
    note_deed(uow, ctx, staff, action=AuditAction.SETTINGS_CHANGED, subject="settings:receipts")


def save_printer(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, printer: LanePrinter
) -> LanePrinter | Refused:
    """Refusals: ``lane_unknown``, ``printer_address_invalid``, ``printer_file_invalid``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_devices``.
    """
    staff.require(Permission.MANAGE_DEVICES)
    if uow.lanes.get(printer.lane_id) is None:
        return Refused(Refusal.LANE_UNKNOWN)
    address = checked_printer_address(printer.kind, printer.address)
    if isinstance(address, Refused):
        return address
    uow.receipts.save_printer(printer)
    _note(uow, ctx, staff, printer.lane_id)
    return printer


def remove_printer(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, lane_id: UUID) -> None:
    """The lane prints no more.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_devices``.
    """
    staff.require(Permission.MANAGE_DEVICES)
    uow.receipts.remove_printer(lane_id)
    _note(uow, ctx, staff, lane_id)


def _note(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, lane_id: UUID) -> None:
    subject = f"lane:{lane_id}"
    note_deed(
        uow, ctx, staff, action=AuditAction.SETTINGS_CHANGED, subject=subject, params={"what": "printer"}
    )
