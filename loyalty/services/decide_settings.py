"""What the shop decides besides the programme: notices, gifts, flags, messages, customers at checkout."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.checkout_settings import CheckoutSettings
from loyalty.domain.contact.delivery import HELD_BY_RULES
from loyalty.domain.contact.sending_choices import SendingChoices
from loyalty.domain.kiosk_look import KioskLook
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.scale_label import MAX_LAYOUTS, is_layout
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext

PROGRAMME_SETTINGS = "programme:settings"
SENDING_SETTINGS = "messages:sending"
CHECKOUT_SETTINGS = "settings:checkout"
LOOK_SETTINGS = "settings:look"
LABEL_SETTINGS = "settings:labels"

_Chosen = LoyaltySettings | CheckoutSettings | KioskLook


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed something last, and when; the name as colleagues know them."""

    name: str
    at: datetime


def change_settings(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, settings: LoyaltySettings, *, expected: int
) -> LoyaltySettings | Refused:
    """Notices, gifts and flags; how messages go out stays as it is (see :func:`change_sending`).

    Refused with ``settings_changed_meanwhile`` where ``expected`` is not the revision in force any more.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    before = uow.programme.settings()
    if before.revision != expected:
        return Refused(Refusal.SETTINGS_CHANGED_MEANWHILE)
    kept = replace(settings, **_of_their_own(before), revision=before.revision)
    if kept == before:
        return before
    kept = replace(kept, revision=before.revision + 1)
    uow.programme.save_settings(kept)
    _note(uow, ctx, staff, PROGRAMME_SETTINGS, _differences(before, kept))
    return kept


def change_sending(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, choices: SendingChoices, *, expected: int
) -> SendingChoices | Refused:
    """Quiet hours and caps: from the next message on, and for those that waited because of the old ones.

    Refused like :func:`change_settings`.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_messages``.
    """
    staff.require(Permission.MANAGE_MESSAGES)
    settings = uow.programme.settings()
    before = settings.sending
    revision = before.revision if before is not None else 0
    if revision != expected:
        return Refused(Refusal.SETTINGS_CHANGED_MEANWHILE)
    if before is not None and replace(choices, revision=revision) == before:
        return before
    chosen = replace(choices, revision=revision + 1)
    uow.programme.save_settings(replace(settings, sending=chosen))
    uow.deliveries.release(HELD_BY_RULES)
    changed = (
        ["limits", "quiet_hours"]
        if before is None
        else [name for name in ("limits", "quiet_hours") if getattr(before, name) != getattr(chosen, name)]
    )
    _note(uow, ctx, staff, SENDING_SETTINGS, changed)
    return chosen


def change_checkout(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, choices: CheckoutSettings, *, expected: int
) -> CheckoutSettings | Refused:
    """Who adds customers at the checkout, and what the customers' screens ask: from the next moment on.

    Refused like :func:`change_settings`.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    settings = uow.programme.settings()
    before = settings.checkout
    if before.revision != expected:
        return Refused(Refusal.SETTINGS_CHANGED_MEANWHILE)
    choices = replace(choices, staff_code_verifier=before.staff_code_verifier)
    if replace(choices, revision=before.revision) == before:
        return before
    chosen = replace(choices, revision=before.revision + 1)
    uow.programme.save_settings(replace(settings, checkout=chosen))
    _note(uow, ctx, staff, CHECKOUT_SETTINGS, _differences(before, chosen))
    return chosen


def change_look(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, look: KioskLook, *, expected: int
) -> KioskLook | Refused:
    """How the customers' screens look, on all of them at once. Whether it can be read, the caller has asked.

    Refused like :func:`change_settings`.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    settings = uow.programme.settings()
    before = settings.look
    if before.revision != expected:
        return Refused(Refusal.SETTINGS_CHANGED_MEANWHILE)
    if replace(look, revision=before.revision) == before:
        return before
    chosen = replace(look, revision=before.revision + 1)
    uow.programme.save_settings(replace(settings, look=chosen))
    _note(uow, ctx, staff, LOOK_SETTINGS, _differences(before, chosen))
    return chosen


def set_staff_code(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, verifier: str) -> None:
    """What devices keep of the code that opens the staff corner of customers' screens; empty closes it.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    settings = uow.programme.settings()
    before = settings.checkout
    if before.staff_code_verifier == verifier:
        return
    chosen = replace(before, staff_code_verifier=verifier, revision=before.revision + 1)
    uow.programme.save_settings(replace(settings, checkout=chosen))
    _note(uow, ctx, staff, CHECKOUT_SETTINGS, ["staff_code"])


def change_scale_labels(
    uow: UnitOfWork,
    ctx: ServiceContext,
    staff: StaffMember,
    layouts: tuple[str, ...],
    *,
    seen: tuple[str, ...],
) -> tuple[str, ...] | Refused:
    """How the shop's scales lay out their labels; ``seen`` are the layouts that the form began with.

    Refused: ``label_layout_invalid``, ``too_many_layouts``, ``settings_changed_meanwhile``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    wrong = next((each for each in layouts if not is_layout(each)), None)
    if wrong is not None:
        return Refused(Refusal.LABEL_LAYOUT_INVALID, {"read": wrong[:20]})
    if len(layouts) > MAX_LAYOUTS:
        return Refused(Refusal.TOO_MANY_LAYOUTS, {"max": MAX_LAYOUTS})
    settings = uow.programme.settings()
    if settings.scale_labels != seen:
        return Refused(Refusal.SETTINGS_CHANGED_MEANWHILE)
    if layouts != seen:
        uow.programme.save_settings(replace(settings, scale_labels=layouts))
        _note(uow, ctx, staff, LABEL_SETTINGS, ["scale_labels"])
    return layouts


def last_change(uow: UnitOfWork, subject: str) -> LastChange | None:
    """Who changed these settings last; None where nobody did."""
    deeds = uow.audit.of_subject(subject)
    return _named(uow, deeds[-1]) if deeds else None


def _named(uow: UnitOfWork, deed: AuditEntry) -> LastChange:
    who = uow.staff.get(deed.staff_id) if deed.staff_id is not None else None
    return LastChange(who.display_name if who is not None else "", deed.at)


def _of_their_own(settings: LoyaltySettings) -> dict[str, Any]:
    """The parts that have pages of their own."""
    return {
        "sending": settings.sending,
        "checkout": settings.checkout,
        "look": settings.look,
        "scale_labels": settings.scale_labels,
        "redeeming_held_since": settings.redeeming_held_since,
    }


def _differences(before: _Chosen, after: _Chosen) -> list[str]:
    names = [each.name for each in fields(after) if each.name != "revision"]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _note(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, subject: str, changed: list[str]) -> None:
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.SETTINGS_CHANGED,
        subject=subject,
        params={"changes": ", ".join(changed)},
    )
