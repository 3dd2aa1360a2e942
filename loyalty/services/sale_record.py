"""A completed sale as staff look at it afterwards: what is left of it, what came back, what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from loyalty.domain.customer import Customer
from loyalty.domain.payment_card import CardEntry
from loyalty.domain.refunds import Refund, why_not_void
from loyalty.domain.refunds.left import LineLeft, lines_left
from loyalty.domain.sale import Receipt, Sale
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.bare_profile import is_nobodys
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.sale_memory import sale_memory
from loyalty.services.setup import shop_settings


@dataclass(frozen=True, slots=True)
class SaleRecord:
    """One completed sale. The ``may_…`` say what the viewer's role and the sale's state allow."""

    sale: Sale
    receipt: Receipt
    lane: Lane | None
    member: Member | None
    left: tuple[LineLeft, ...]
    refunds: Sequence[Refund]
    left_minor: int
    """Money that could still go back for the goods, taxes with it."""
    is_own: bool
    """The member is the viewer: they touch nothing of it (row 206)."""
    may_refund: bool
    may_void: bool
    may_attach: bool
    holders: Mapping[str, Customer] = field(default_factory=dict)
    """Whose cards paid it, by the token of a card that chip and PIN saw with its holder (rows 1, 3)."""


def sale_record(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, viewer: StaffMember
) -> SaleRecord | None:
    """None for a sale that there is not, or that is not completed."""
    sale = uow.sales.get(sale_id)
    memory = sale_memory(uow, sale) if sale is not None else None
    if sale is None or memory is None or sale.receipt is None:
        return None
    left = tuple(lines_left(memory))
    is_own = sale.member is not None and why_not_own(uow, viewer, sale.member.customer_id) is not None
    is_open = not memory.is_whole_back
    why_not = why_not_void(sale, memory.past, ctx.clock.now(), shop_settings(uow).timezone)
    return SaleRecord(
        sale=sale,
        receipt=sale.receipt,
        lane=next((lane for lane in uow.lanes.all() if lane.id == sale.lane_id), None),
        member=uow.customers.member(sale.member.customer_id) if sale.member is not None else None,
        left=left,
        refunds=memory.past,
        left_minor=sum(line.left_minor for line in left),
        is_own=is_own,
        may_refund=is_open and not is_own and viewer.may(Permission.REFUND_SALE),
        may_void=why_not is None and not is_own and viewer.may(Permission.VOID_SALE),
        may_attach=is_open
        and is_nobodys(uow, sale)
        and not sale.is_training
        and viewer.may(Permission.ADJUST_POINTS),
        holders=_holders(uow, sale.receipt),
    )


def _holders(uow: UnitOfWork, receipt: Receipt) -> dict[str, Customer]:
    """The holder's name stands on a profile alone, where it is changed and forgotten."""
    found = {}
    for tender in receipt.all_tenders:
        card = tender.card
        linked = None
        if card is not None and card.entry is CardEntry.CHIP_AND_PIN:
            linked = uow.linked_cards.by_fingerprint(card.fingerprint)
        member = uow.customers.member(linked.customer_id) if linked is not None else None
        if card is not None and member is not None:
            found[card.fingerprint] = member.customer
    return found
