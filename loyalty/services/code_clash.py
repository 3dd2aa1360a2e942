"""A membership code is never an item and an item never a member: checked where either is entered.

One scanner reads both. Whoever gives an item a barcode or a customer a reference number asks here first;
that the same text can then mean one thing only makes every scan unambiguous (rows 83, 106).
"""

from collections.abc import Collection
from uuid import UUID

from codes import References, ScannedCard, Unreadable, classify
from loyalty.domain.barcode import barcode_spellings
from loyalty.domain.catalogue_edit import MAX_BARCODE_CHARS
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.find_goods import good_by_barcode


def why_no_barcode(uow: UnitOfWork, barcode: str, own: Collection[UUID] = ()) -> Refused | None:
    """Why an item cannot bear this barcode; None where it can.

    Args:
        uow: Where items and customers are.
        barcode: As :func:`loyalty.domain.catalogue_edit.typed_barcode` gives it.
        own: Ids of the item itself and of its variations, which may keep theirs.
    """
    refused = why_no_item_code(barcode)
    if refused is not None:
        return refused
    for spelling in barcode_spellings(barcode):
        if uow.customers.is_reference(spelling):
            return Refused(Refusal.BARCODE_IS_REFERENCE)
        found = good_by_barcode(uow, spelling)
        if found is not None and not {found.item.id, found.variation_id} & set(own):
            return Refused(Refusal.BARCODE_TAKEN, {"item": found.name})
    return None


def why_no_item_code(barcode: str) -> Refused | None:
    """Why no item at all could bear this text, whatever is in the database."""
    scanned = classify(barcode)
    if isinstance(scanned, ScannedCard) or (isinstance(scanned, References) and scanned.is_address):
        return Refused(Refusal.BARCODE_IS_MEMBERSHIP_CODE)
    if len(barcode) > MAX_BARCODE_CHARS:
        return Refused(Refusal.BARCODE_TOO_LONG, {"max": MAX_BARCODE_CHARS})
    if isinstance(scanned, Unreadable) or scanned.candidates != (barcode,):
        return Refused(Refusal.BARCODE_UNREADABLE)
    return None


def why_no_reference(uow: UnitOfWork, reference_id: str) -> Refused | None:
    """Why no customer can bear this reference number: an item has it as barcode. None where one can."""
    found = good_by_barcode(uow, reference_id)
    return Refused(Refusal.REFERENCE_IS_BARCODE, {"item": found.name}) if found is not None else None
