"""Identify a member by a typed number or by what a scanner read.

The station sets trust here, from the evidence; nothing a device says about trust is looked at.
"""

from dataclasses import dataclass
from typing import assert_never

from codes import CardCode, References, Rejected, ScannedCard, Unreadable, classify
from codes.card import STEP_S, CardKind
from loyalty.domain.identification import Evidence, IdentificationMethod
from loyalty.domain.phone import PhoneNumber, parse_phone_number
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified, attach_from_device, attach_to
from loyalty.services.basket import add_good, open_sale
from loyalty.services.context import ServiceContext
from loyalty.services.find_goods import FoundGood, good_as_scanned
from loyalty.services.own_account import why_not_own
from loyalty.services.setup import shop_settings

RETAIL_SYMBOLOGIES = frozenset({"EAN8", "EAN13", "UPCA", "UPCE"})
"""Where a text is both an item's barcode and a member's reference, these mean the item."""

UNKNOWN_REFERENCE = "unknown_reference"
"""Detail of ``not_recognised``: a text that could be an item's barcode or a reference, and is neither."""

_REJECTIONS = {
    "malformed": Refusal.CODE_MALFORMED,
    "other_shop": Refusal.CODE_OF_ANOTHER_SHOP,
    "bad_signature": Refusal.CODE_SIGNATURE_WRONG,
}
_FRESH_STEPS = 1
"""A rotating code counts as fresh this many steps to either side: it was drawn a moment ago elsewhere."""


@dataclass(frozen=True, slots=True)
class NumberUnknown:
    """A good number that no account bears. What the customer sees must not differ (row 170)."""

    phone_number: PhoneNumber


@dataclass(frozen=True, slots=True)
class ItemRead:
    """The code was an item's; it stands in the sale now."""

    good: FoundGood
    sale: Sale


@dataclass(frozen=True, slots=True)
class NamedMember:
    """The member that a code names, and how sure that is."""

    member: Member
    method: IdentificationMethod
    trust: Trust


def identify_by_number(
    uow: UnitOfWork, ctx: ServiceContext, evidence: Evidence, text: str
) -> Identified | NumberUnknown | Refused:
    """Who bears a typed number: trust 0 (rows 116, 135)."""
    lane = uow.lanes.by_device(evidence.device)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    number = parse_phone_number(text, shop_settings(uow).phone_region)
    if number is None:
        return Refused(Refusal.PHONE_NUMBER_INVALID)
    member = uow.customers.member_by_phone(number)
    if member is None:
        return NumberUnknown(number)
    return attach_from_device(
        uow, ctx, evidence, lane, member, method=IdentificationMethod.TYPED_NUMBER, trust=Trust.TYPED
    )


def read_code(
    uow: UnitOfWork, ctx: ServiceContext, evidence: Evidence, text: str, symbology: str = "unknown"
) -> Identified | ItemRead | Refused:
    """What a scanner or camera read: a member, an item, or nothing we know - never the nearest thing.

    Refusals: ``not_recognised``, ``code_malformed``, ``code_signature_wrong``, ``code_of_another_shop``,
    ``card_revoked``, ``code_reading_off``, ``lane_unknown``; for an item ``sale_unknown`` or ``sale_closed``.
    """
    lane = uow.lanes.by_device(evidence.device)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    meant = _meant(uow, ctx, text, symbology)
    if isinstance(meant, Refused):
        return meant
    if isinstance(meant, FoundGood):
        return _read_item(uow, evidence, lane, meant)
    return attach_from_device(uow, ctx, evidence, lane, meant.member, method=meant.method, trust=meant.trust)


def read_at_till(
    uow: UnitOfWork, ctx: ServiceContext, lane: Lane, text: str, staff: StaffMember
) -> Identified | ItemRead | Refused:
    """The same by a scanner at the till, whose staff see the sale they mean (rows 104-106).

    An item opens a sale where none is open; a member needs one: ``sale_unknown``. Where the shop wants no
    customers scanned at the till, or none added during checkout: ``code_reading_off`` and
    ``adding_during_off`` (rows 26, 105). Nobody scans themselves: ``own_account`` (row 206).

    Raises:
        PermissionDeniedError: The role does not hold ``sell``.
    """
    staff.require(Permission.SELL)
    meant = _meant(uow, ctx, text, "unknown")
    if isinstance(meant, Refused):
        return meant
    sale = uow.sales.open_in_lane(lane.id)
    if isinstance(meant, FoundGood):
        into = sale if sale is not None else open_sale(uow, ctx, lane.id, staff)
        if isinstance(into, Refused):
            return into
        changed = add_good(uow, into.id, meant)
        return changed if isinstance(changed, Refused) else ItemRead(meant, changed)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    checkout = uow.programme.settings().checkout
    if not checkout.shows_search_scan:
        return Refused(Refusal.CODE_READING_OFF)
    if not checkout.adds_during_checkout:
        return Refused(Refusal.ADDING_DURING_OFF)
    refused = why_not_own(uow, staff, meant.member.customer.id) if not sale.is_training else None
    if refused is not None:
        return refused
    return attach_to(uow, ctx, sale, lane, meant.member, method=meant.method, trust=meant.trust)


def member_of_code(
    uow: UnitOfWork, ctx: ServiceContext, text: str, symbology: str = "unknown"
) -> NamedMember | Refused:
    """Whom a code names, for another register's scanner; an item's code names nobody.

    Refusals: those of :func:`read_code` that are about members.
    """
    meant = _meant(uow, ctx, text, symbology)
    if isinstance(meant, FoundGood):
        return Refused(Refusal.NOT_RECOGNISED, {"detail": "item"})
    return meant


def member_of_number(uow: UnitOfWork, text: str) -> NamedMember | Refused:
    """Who bears a number that somebody said. Refusals: ``phone_number_invalid``, ``not_recognised``."""
    number = parse_phone_number(text, shop_settings(uow).phone_region)
    if number is None:
        return Refused(Refusal.PHONE_NUMBER_INVALID)
    member = uow.customers.member_by_phone(number)
    if member is None:
        return Refused(Refusal.NOT_RECOGNISED, {"detail": "unknown_number"})
    return NamedMember(member, IdentificationMethod.TYPED_NUMBER, Trust.TYPED)


def _meant(
    uow: UnitOfWork, ctx: ServiceContext, text: str, symbology: str
) -> NamedMember | FoundGood | Refused:
    scanned = classify(text)
    match scanned:
        case Unreadable():
            return Refused(Refusal.NOT_RECOGNISED, {"detail": scanned.reason})
        case ScannedCard():
            if not uow.programme.settings().checkout.reads_customer_codes:
                return Refused(Refusal.CODE_READING_OFF)
            return _of_card(uow, ctx, scanned.text)
        case References():
            return _of_reference(uow, scanned, symbology)
        case _ as never:
            assert_never(never)


def _of_card(uow: UnitOfWork, ctx: ServiceContext, text: str) -> NamedMember | Refused:
    code = ctx.verifier.verify(text)
    if isinstance(code, Rejected):
        return Refused(_REJECTIONS.get(code.reason, Refusal.CODE_MALFORMED))
    held = uow.cards.holder(code.card_id)
    if held is None:
        return Refused(Refusal.NOT_RECOGNISED, {"detail": "no_such_card"})
    card, member = held
    if card.revoked_at is not None:
        return Refused(Refusal.CARD_REVOKED)
    if code.kind is CardKind.STATIC:
        return NamedMember(member, IdentificationMethod.SIGNED_CARD, Trust.SIGNED)
    return NamedMember(member, IdentificationMethod.ROTATING_CODE, _trust_of_rotating(uow, ctx, code))


def _trust_of_rotating(uow: UnitOfWork, ctx: ServiceContext, code: CardCode) -> Trust:
    """Proof if fresh by the station's clock and used for the first time; else as good as a printed card."""
    now = ctx.clock.now()
    step = code.step if code.step is not None else -1
    if abs(int(now.timestamp()) // STEP_S - step) > _FRESH_STEPS:
        return Trust.SIGNED
    return Trust.PROVEN if uow.cards.use_step(code.card_id, step, now) else Trust.SIGNED


def _of_reference(uow: UnitOfWork, scanned: References, symbology: str) -> NamedMember | FoundGood | Refused:
    good = None if scanned.is_address else good_as_scanned(uow, scanned.candidates[0], symbology)
    if good is not None and symbology in RETAIL_SYMBOLOGIES:
        return good
    member = _one_member(uow, scanned)
    is_read = uow.programme.settings().checkout.reads_customer_codes
    if member is not None and is_read:
        return NamedMember(member, IdentificationMethod.REFERENCE, Trust.REFERENCE)
    if good is not None:
        return good
    if member is not None:
        return Refused(Refusal.CODE_READING_OFF)
    return Refused(Refusal.NOT_RECOGNISED, {"detail": UNKNOWN_REFERENCE})


def _one_member(uow: UnitOfWork, scanned: References) -> Member | None:
    """The member whom the candidates name; None where they name none or two."""
    found = [uow.customers.member_by_reference(candidate) for candidate in scanned.candidates]
    members = {member.customer.id: member for member in found if member is not None}
    return next(iter(members.values())) if len(members) == 1 else None


def _read_item(uow: UnitOfWork, evidence: Evidence, lane: Lane, good: FoundGood) -> ItemRead | Refused:
    if evidence.sale_id is None:
        return Refused(Refusal.SALE_UNKNOWN, {"item": good.name})
    sale = uow.sales.get(evidence.sale_id)
    if sale is None or sale.lane_id != lane.id:
        return Refused(Refusal.SALE_UNKNOWN, {"item": good.name})
    changed = add_good(uow, sale.id, good)
    return changed if isinstance(changed, Refused) else ItemRead(good, changed)
