"""Keeps the catalogue's items: add, change, archive, restore; each noted in the audit log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.barcode import barcode_spellings
from loyalty.domain.catalogue import Category, Item, ItemVariation
from loyalty.domain.catalogue_edit import (
    MAX_VARIATIONS,
    ItemDraft,
    VariationDraft,
    checked_name,
    typed_barcode,
)
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.code_clash import why_no_barcode
from loyalty.services.context import ServiceContext
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class ItemFaults:
    """Why a draft cannot be kept, by field: ``name``, ``category``, ``taxes``, ``barcode``, ``item``.

    Of the variation at place 2, counted from 0: ``variation_2_name``, ``variation_2_barcode``.
    """

    by_field: Mapping[str, Refused]

    def __bool__(self) -> bool:
        return False


def add_item(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, draft: ItemDraft) -> Item | ItemFaults:
    """A new item of the catalogue.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    faults = item_faults(uow, draft)
    if faults:
        return ItemFaults(faults)
    prepared = prepared_item(uow, draft, None)
    store_item(uow, prepared, is_new=True)
    item = prepared.item
    params: dict[str, int | str] = {"name": item.name, "price_minor": item.price_minor}
    _note(uow, ctx, staff, action=AuditAction.ITEM_ADDED, item=item, params=params)
    return item


def change_item(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, draft: ItemDraft, *, item_id: UUID, seen: int
) -> Item | ItemFaults:
    """The item as the draft has it; variations that the draft leaves out are archived.

    Args:
        uow: The transaction.
        ctx: Clock.
        staff: Who does it.
        draft: All of the item.
        item_id: Which.
        seen: The version that the draft was made from.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    before = uow.catalogue.item(item_id)
    if before is None:
        return ItemFaults({"item": Refused(Refusal.ITEM_UNKNOWN)})
    if before.version != seen:
        return ItemFaults({"item": Refused(Refusal.ITEM_CHANGED_MEANWHILE)})
    faults = item_faults(uow, draft, before)
    if faults:
        return ItemFaults(faults)
    prepared = prepared_item(uow, draft, before)
    try:
        store_item(uow, prepared, is_new=False)
    except ConflictError:
        return ItemFaults({"item": Refused(Refusal.ITEM_CHANGED_MEANWHILE)})
    item = prepared.item
    params: dict[str, int | str] = {
        "name": item.name,
        "price_minor": item.price_minor,
        "before_minor": before.price_minor,
    }
    _note(uow, ctx, staff, action=AuditAction.ITEM_CHANGED, item=item, params=params)
    return item


def archive_item(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, item_id: UUID) -> Item | Refused:
    """Take it from the till and free its barcodes; what was sold keeps it. Refusal: ``item_unknown``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    item = uow.catalogue.item(item_id)
    if item is None:
        return Refused(Refusal.ITEM_UNKNOWN)
    if not item.is_active:
        return item
    archived = replace(item, is_active=False, version=item.version + 1)
    uow.catalogue.change_item(archived)
    _note(uow, ctx, staff, action=AuditAction.ITEM_ARCHIVED, item=archived, params={"name": item.name})
    return archived


def restore_item(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, item_id: UUID) -> Item | Refused:
    """Bring an archived item back. Refusals: ``item_unknown``, and those of its barcodes.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_catalogue``.
    """
    staff.require(Permission.MANAGE_CATALOGUE)
    item = uow.catalogue.item(item_id)
    if item is None:
        return Refused(Refusal.ITEM_UNKNOWN)
    if item.is_active:
        return item
    variations = uow.catalogue.variations(item_id)
    own = {item.id, *(each.id for each in variations)}
    for barcode in (item.barcode, *(each.barcode for each in variations)):
        refused = why_no_barcode(uow, barcode, own) if barcode is not None else None
        if refused is not None:
            return refused
    restored = replace(item, is_active=True, version=item.version + 1)
    uow.catalogue.change_item(restored)
    _note(uow, ctx, staff, action=AuditAction.ITEM_RESTORED, item=restored, params={"name": item.name})
    return restored


def item_faults(
    uow: UnitOfWork,
    draft: ItemDraft,
    before: Item | None = None,
    *,
    extra_categories: Iterable[Category] = (),
) -> dict[str, Refused]:
    """What is wrong with a draft, by field; empty where nothing is.

    Args:
        uow: The catalogue, and the customers whose references are no barcodes.
        draft: The item as it is to be.
        before: As it is now; None for a new one.
        extra_categories: About to be made in the same transaction.
    """
    found: dict[str, Refused | None] = {"name": _refused(checked_name(draft.name))}
    categories = {each.id for each in (*uow.catalogue.categories(), *extra_categories)}
    if draft.category_id is not None and draft.category_id not in categories:
        found["category"] = Refused(Refusal.CATEGORY_UNKNOWN)
    if not set(draft.tax_ids) <= {rate.id for rate in uow.catalogue.tax_rates()}:
        found["taxes"] = Refused(Refusal.TAX_UNKNOWN)
    if len(draft.variations) > MAX_VARIATIONS:
        found["item"] = Refused(Refusal.TOO_MANY_VARIATIONS, {"max": MAX_VARIATIONS})
    own = _own_ids(uow, before)
    taken: dict[str, str] = {}
    found["barcode"] = _barcode_fault(uow, draft.barcode, own, taken, draft.name)
    for place, variation in enumerate(draft.variations):
        found[f"variation_{place}_name"] = _refused(checked_name(variation.name))
        fault = _barcode_fault(uow, variation.barcode, own, taken, variation.name)
        found[f"variation_{place}_barcode"] = fault
    return {name: refused for name, refused in found.items() if refused is not None}


def _barcode_fault(
    uow: UnitOfWork, text: str | None, own: set[UUID], taken: dict[str, str], name: str
) -> Refused | None:
    barcode = typed_barcode(text)
    if barcode is None:
        return None
    if barcode in taken:
        return Refused(Refusal.BARCODE_TAKEN, {"item": taken[barcode]})
    taken.update(dict.fromkeys(barcode_spellings(barcode), name))
    return why_no_barcode(uow, barcode, own)


def _refused(checked: str | Refused) -> Refused | None:
    return checked if isinstance(checked, Refused) else None


def _own_ids(uow: UnitOfWork, item: Item | None) -> set[UUID]:
    if item is None:
        return set()
    return {item.id, *(each.id for each in uow.catalogue.all_variations() if each.item_id == item.id)}


def _clean(text: str) -> str:
    name = checked_name(text)
    return name if isinstance(name, str) else text


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """What is to be stored, read before the first write, so that many can be stored at once."""

    item: Item
    variations: tuple[ItemVariation, ...]
    """All that the draft names, and those that it leaves out as archived ones."""
    freed: tuple[ItemVariation, ...]
    """Without their barcode first: two that change places would meet under one barcode on the way."""


def prepared_item(uow: UnitOfWork, draft: ItemDraft, before: Item | None) -> PreparedItem:
    """The next version of an item, or a new one, from a draft without faults."""
    item = Item(
        id=before.id if before is not None else new_id(),
        name=_clean(draft.name),
        price_minor=draft.price_minor,
        category_id=draft.category_id,
        tax_rates=tuple(rate for rate in uow.catalogue.tax_rates() if rate.id in draft.tax_ids),
        barcode=typed_barcode(draft.barcode),
        position=draft.position,
        is_active=before.is_active if before is not None else True,
        version=before.version + 1 if before is not None else 1,
        is_gift_card=draft.is_gift_card,
    )
    there = {each.id: each for each in uow.catalogue.all_variations() if each.item_id == item.id}
    wanted = [_variation(item.id, place, each, there) for place, each in enumerate(draft.variations)]
    kept = {each.id: each for each in wanted}
    gone = [
        replace(each, is_active=False) for each in there.values() if each.id not in kept and each.is_active
    ]
    freed = [
        replace(each, barcode=None)
        for each in there.values()
        if each.id in kept and each.barcode not in (None, kept[each.id].barcode)
    ]
    return PreparedItem(item, (*gone, *wanted), tuple(freed))


def store_item(uow: UnitOfWork, prepared: PreparedItem, *, is_new: bool) -> None:
    """Write it; reads nothing.

    Raises:
        ConflictError: Somebody else changed the item first.
    """
    if is_new:
        uow.catalogue.save_item(prepared.item)
    else:
        uow.catalogue.change_item(prepared.item)
    for variation in (*prepared.freed, *prepared.variations):
        uow.catalogue.save_variation(variation)


def _variation(
    item_id: UUID, place: int, draft: VariationDraft, there: Mapping[UUID, ItemVariation]
) -> ItemVariation:
    return ItemVariation(
        id=draft.id if draft.id is not None and draft.id in there else new_id(),
        item_id=item_id,
        name=_clean(draft.name),
        price_minor=draft.price_minor,
        barcode=typed_barcode(draft.barcode),
        position=place,
    )


def _note(
    uow: UnitOfWork,
    ctx: ServiceContext,
    staff: StaffMember,
    *,
    action: AuditAction,
    item: Item,
    params: Mapping[str, int | str],
) -> None:
    note_deed(uow, ctx, staff, action=action, subject=f"item:{item.id}", params=params)
