"""The shop's lanes: numbers, the devices that stand there, and which ones are for training (row 202)."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.shop import Lane, LaneSound
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

MAX_LANE_NUMBER = 999
_DEVICE_NAME = re.compile(r"s\d{4}\.[a-z]\d{1,4}")


@dataclass(frozen=True, slots=True)
class LaneDraft:
    """A lane as somebody wants it; ``device`` empty: a till without kiosk or scanner."""

    number: int
    device: str
    is_training: bool


def add_lane(uow: UnitOfWork, ctx: ServiceContext, draft: LaneDraft, staff: StaffMember) -> Lane | Refused:
    """A new lane, or one of this number that was retired, taken up again.

    Refusals: ``lane_number_invalid``, ``lane_number_taken``, ``device_name_invalid``, ``device_taken``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_devices``.
    """
    staff.require(Permission.MANAGE_DEVICES)
    if not 1 <= draft.number <= MAX_LANE_NUMBER:
        return Refused(Refusal.LANE_NUMBER_INVALID, {"max": MAX_LANE_NUMBER})
    there = uow.lanes.by_number(draft.number)
    if there is not None and there.is_active:
        return Refused(Refusal.LANE_NUMBER_TAKEN)
    lane_id = there.id if there is not None else new_id()
    return _keep(uow, ctx, Lane(lane_id, draft.number, None), draft, staff)


def change_lane(
    uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID, draft: LaneDraft, staff: StaffMember
) -> Lane | Refused:
    """Another device, or training on or off; the number stays what receipts and reports call the lane.

    Refusals: ``device_name_invalid``, ``device_taken``, and ``lane_in_use`` while a sale is open there and
    training would begin or end: no sale is half real.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_devices``.
        UnknownIdError: There is no such lane.
    """
    staff.require(Permission.MANAGE_DEVICES)
    lane = _found(uow, lane_id)
    if draft.is_training is not lane.is_training and uow.sales.open_in_lane(lane.id) is not None:
        return Refused(Refusal.LANE_IN_USE)
    return _keep(uow, ctx, lane, draft, staff)


def set_lane_sound(
    uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID, sound: LaneSound, staff: StaffMember
) -> Lane:
    """What the lane's customer screen lets hear from now on, a sale that is open there or not.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_devices``.
        UnknownIdError: There is no such lane.
    """
    staff.require(Permission.MANAGE_DEVICES)
    changed = replace(_found(uow, lane_id), sound=sound)
    _save(uow, changed)
    params: dict[str, int | str] = {"number": changed.number, "volume_percent": sound.volume_percent}
    note_deed(uow, ctx, staff, action=AuditAction.LANE_CHANGED, subject=f"lane:{changed.id}", params=params)
    return changed


def retire_lane(uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID, staff: StaffMember) -> Lane | Refused:
    """Nobody sells there any more, and its device is free for another lane; what was sold stays.

    Refused: ``lane_in_use`` while a sale is open there.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_devices``.
        UnknownIdError: There is no such lane.
    """
    staff.require(Permission.MANAGE_DEVICES)
    lane = _found(uow, lane_id)
    if uow.sales.open_in_lane(lane.id) is not None:
        return Refused(Refusal.LANE_IN_USE)
    retired = replace(lane, device=None, is_active=False)
    _save(uow, retired)
    _note(uow, ctx, staff, retired)
    return retired


def _found(uow: UnitOfWork, lane_id: UUID) -> Lane:
    lane = uow.lanes.get(lane_id)
    if lane is None or not lane.is_active:
        raise UnknownIdError("no such lane", lane=str(lane_id))
    return lane


def _save(uow: UnitOfWork, lane: Lane) -> None:
    """Its device knows the news by the shop's revision, which only grows, also for one that moved lanes."""
    if uow.lanes.get(lane.id) == lane:
        return
    uow.lanes.save(lane)
    settings = shop_settings(uow)
    uow.shop.save(replace(settings, revision=settings.revision + 1))


def _keep(
    uow: UnitOfWork, ctx: ServiceContext, lane: Lane, draft: LaneDraft, staff: StaffMember
) -> Lane | Refused:
    device = draft.device.strip().lower() or None
    if device is not None:
        store = shop_settings(uow).store
        if _DEVICE_NAME.fullmatch(device) is None or not device.startswith(f"{store}."):
            return Refused(Refusal.DEVICE_NAME_INVALID, {"store": store})
        holder = uow.lanes.by_device(device)
        if holder is not None and holder.id != lane.id:
            return Refused(Refusal.DEVICE_TAKEN, {"lane": holder.number})
    kept = replace(lane, device=device, is_training=draft.is_training, is_active=True)
    _save(uow, kept)
    _note(uow, ctx, staff, kept)
    return kept


def _note(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, lane: Lane) -> None:
    params: dict[str, int | str] = {
        "number": lane.number,
        "device": lane.device or "",
        "state": "retired" if not lane.is_active else "training" if lane.is_training else "selling",
    }
    note_deed(uow, ctx, staff, action=AuditAction.LANE_CHANGED, subject=f"lane:{lane.id}", params=params)
