"""Keeps the catalogue's categories and taxes; each change noted in the audit log."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.catalogue import Category, TaxRate
from loyalty.domain.catalogue_edit import TaxDraft, checked_name
from loyalty.domain.country import preset_of
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from runtime.ids import new_id


def save_category(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, typed_name: str, category_id: UUID | None = None
) -> Category | Refused:
    """Add a category behind the others, or call one otherwise.

    Refusals: ``name_invalid``, ``name_too_long``, ``catalogue_name_taken``, ``category_unknown``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    name = checked_name(typed_name)
    if isinstance(name, Refused):
        return name
    known = uow.catalogue.categories()
    before = next((each for each in known if each.id == category_id), None)
    if category_id is not None and before is None:
        return Refused(Refusal.CATEGORY_UNKNOWN)
    if any(each.name.casefold() == name.casefold() and each.id != category_id for each in known):
        return Refused(Refusal.CATALOGUE_NAME_TAKEN, {"name": name})
    params: dict[str, int | str] = {"name": name}
    if before is None:
        last = max((each.position for each in known), default=-1)
        changed = Category(new_id(), name, last + 1)
    else:
        changed = replace(before, name=name)
        params["before"] = before.name
    uow.catalogue.save_category(changed)
    note_deed(
        uow, ctx, staff, action=AuditAction.CATEGORY_CHANGED, subject=f"category:{changed.id}", params=params
    )
    return changed


def move_category(
    uow: UnitOfWork, staff: StaffMember, category_id: UUID, places: int
) -> tuple[Category, ...] | Refused:
    """Set a category so many places further down (below zero: up). Refusal: ``category_unknown``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    order = list(uow.catalogue.categories())
    place = next((at for at, each in enumerate(order) if each.id == category_id), None)
    if place is None:
        return Refused(Refusal.CATEGORY_UNKNOWN)
    order.insert(max(0, place + places), order.pop(place))
    moved = tuple(replace(each, position=at) for at, each in enumerate(order))
    for before, after in zip(order, moved, strict=True):
        if before != after:
            uow.catalogue.save_category(after)
    return moved


def remove_category(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, category_id: UUID
) -> Category | Refused:
    """Forget an empty category. Refusals: ``category_unknown``, ``category_in_use``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    category = next((each for each in uow.catalogue.categories() if each.id == category_id), None)
    if category is None:
        return Refused(Refusal.CATEGORY_UNKNOWN)
    inside = sum(item.category_id == category_id for item in uow.catalogue.all_items())
    if inside:
        return Refused(Refusal.CATEGORY_IN_USE, {"items": inside})
    uow.catalogue.remove_category(category_id)
    subject = f"category:{category_id}"
    note_deed(
        uow, ctx, staff, action=AuditAction.CATEGORY_REMOVED, subject=subject, params={"name": category.name}
    )
    return category


def save_tax(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, draft: TaxDraft, tax_id: str | None = None
) -> TaxRate | Refused:
    """Add a tax, or change it for all items that bear it; what was sold keeps the one it had.

    Refusals: ``name_invalid``, ``name_too_long``, ``catalogue_name_taken``, ``tax_unknown``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
        InvalidValueError: The rate is outside 0 to 100 %.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    name = checked_name(draft.name)
    if isinstance(name, Refused):
        return name
    known = {rate.id: rate for rate in uow.catalogue.tax_rates()}
    if tax_id is not None and tax_id not in known:
        return Refused(Refusal.TAX_UNKNOWN)
    if any(rate.name.casefold() == name.casefold() and rate.id != tax_id for rate in known.values()):
        return Refused(Refusal.CATALOGUE_NAME_TAKEN, {"name": name})
    rate = TaxRate(tax_id or _short_name(name, known), name, draft.rate_ppm, draft.inclusion)
    uow.catalogue.save_tax_rate(rate)
    params: dict[str, int | str] = {
        "name": name,
        "rate_ppm": rate.rate_ppm,
        "inclusion": rate.inclusion.value,
    }
    if rate.id in known:
        params["before_ppm"] = known[rate.id].rate_ppm
    note_deed(uow, ctx, staff, action=AuditAction.TAX_CHANGED, subject=f"tax:{rate.id}", params=params)
    return rate


def remove_tax(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, tax_id: str) -> TaxRate | Refused:
    """Forget a tax that no item bears. Refusals: ``tax_unknown``, ``tax_in_use``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    rate = next((each for each in uow.catalogue.tax_rates() if each.id == tax_id), None)
    if rate is None:
        return Refused(Refusal.TAX_UNKNOWN)
    bearing = sum(any(each.id == tax_id for each in item.tax_rates) for item in uow.catalogue.all_items())
    if bearing:
        return Refused(Refusal.TAX_IN_USE, {"items": bearing})
    uow.catalogue.remove_tax_rate(tax_id)
    params: dict[str, int | str] = {"name": rate.name, "rate_ppm": rate.rate_ppm}
    note_deed(uow, ctx, staff, action=AuditAction.TAX_REMOVED, subject=f"tax:{tax_id}", params=params)
    return rate


def usual_taxes_missing(uow: UnitOfWork) -> tuple[TaxRate, ...]:
    """The taxes of the shop's country of which there is none of that id or name yet (row 198)."""
    settings = shop_settings(uow)
    preset = preset_of(settings.country, settings.default_language)
    known = uow.catalogue.tax_rates()
    ids, names = {rate.id for rate in known}, {rate.name.casefold() for rate in known}
    usual = preset.taxes if preset is not None else ()
    return tuple(rate for rate in usual if rate.id not in ids and rate.name.casefold() not in names)


def add_usual_taxes(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember) -> tuple[TaxRate, ...]:
    """Add those of :func:`usual_taxes_missing`; what is there stays as it is.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    added = usual_taxes_missing(uow)
    for rate in added:
        uow.catalogue.save_tax_rate(rate)
        note_deed(
            uow,
            ctx,
            staff,
            action=AuditAction.TAX_CHANGED,
            subject=f"tax:{rate.id}",
            params={"name": rate.name, "rate_ppm": rate.rate_ppm, "inclusion": rate.inclusion.value},
        )
    return added


def _short_name(name: str, known: Mapping[str, TaxRate]) -> str:
    """A stable id such as ``vat-5.5`` from the name that a tax has when it is made."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9.]+", "-", plain.replace(",", ".")).strip("-.")[:32] or "tax"
    return short if short not in known else f"{short}-{new_id().hex[-8:]}"
