"""Stores a planned import of items, slice by slice, so that no till waits for the whole of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from loyalty.domain.audit import AuditAction
from loyalty.domain.catalogue import Category
from loyalty.domain.catalogue_import import PlannedItem
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.keep_items import item_faults, prepared_item, store_item
from runtime.ids import new_id

SLICE_ITEMS = 50
"""So many are stored in one transaction."""


def store_planned(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, planned: Sequence[PlannedItem]
) -> int:
    """Store one slice of a plan; how many items were stored. What somebody changed since is left as it is.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    categories = _categories_for(uow, planned)
    ready = []
    for each in planned:
        before = uow.catalogue.item(each.item_id) if each.item_id is not None else None
        if each.item_id is not None and (before is None or before.version != each.seen):
            continue
        draft = each.draft
        if each.new_category is not None:
            draft = replace(draft, category_id=categories[each.new_category.casefold()].id)
        if not item_faults(uow, draft, before, extra_categories=categories.values()):
            ready.append((prepared_item(uow, draft, before), before))
    for category in categories.values():
        uow.catalogue.save_category(category)
    for prepared, before in ready:
        store_item(uow, prepared, is_new=before is None)
        action = AuditAction.ITEM_ADDED if before is None else AuditAction.ITEM_CHANGED
        params: dict[str, int | str] = {
            "name": prepared.item.name,
            "price_minor": prepared.item.price_minor,
            "by": "import",
        }
        if before is not None:
            params["before_minor"] = before.price_minor
        note_deed(uow, ctx, staff, action=action, subject=f"item:{prepared.item.id}", params=params)
    return len(ready)


def _categories_for(uow: UnitOfWork, planned: Sequence[PlannedItem]) -> dict[str, Category]:
    """Those that are to be made, by name; another slice may have made some already."""
    known = uow.catalogue.categories()
    there = {each.name.casefold(): each for each in known}
    last = max((each.position for each in known), default=-1)
    wanted = dict.fromkeys(each.new_category for each in planned if each.new_category is not None)
    return {
        name.casefold(): there.get(name.casefold()) or Category(new_id(), name, last + 1 + place)
        for place, name in enumerate(wanted)
    }


def slices(planned: Sequence[PlannedItem]) -> Iterable[Sequence[PlannedItem]]:
    """A plan in the pieces in which it is stored."""
    return (planned[at : at + SLICE_ITEMS] for at in range(0, len(planned), SLICE_ITEMS))
