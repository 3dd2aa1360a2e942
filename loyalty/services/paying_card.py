"""The card that paid a sale becomes its customer's: asked for at the receipt or on their page (row 145)."""

from uuid import UUID

from loyalty.domain.payment_card import CardToken, LinkedCard
from loyalty.domain.sale import Sale
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.bare_profile import is_bare, is_nobodys
from loyalty.services.context import ServiceContext
from loyalty.services.paid_sale import paid_sale
from loyalty.services.payment_card import link_card
from loyalty.services.setup import shop_settings


def cards_to_link(uow: UnitOfWork, sale: Sale) -> tuple[CardToken, ...]:
    """Cards that paid a sale and stand for nobody; none where the sale has no customer."""
    if sale.receipt is None or sale.is_training or is_nobodys(uow, sale):
        return ()
    cards = (tender.card for tender in sale.receipt.all_tenders)
    return tuple(card for card in cards if card is not None and _is_free(uow, card))


def link_paying_card(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale_id: UUID,
    last_four: str,
    staff: StaffMember,
    *,
    is_checked: bool,
    customer_id: UUID | None = None,
) -> LinkedCard | Refused:
    """Link the card of these last four digits, which paid the sale, to the customer who is on it.

    Without ``is_checked`` the sale must have proved as much as redeeming needs: with the card, whoever
    paid could spend the points of a number that they only typed.

    Args:
        uow: Entered, not committed here.
        ctx: The clock.
        sale_id: A completed sale.
        last_four: Of one of the cards that paid it.
        staff: Who links.
        is_checked: They made sure who the customer is.
        customer_id: On whose page it was asked for; of another's sale the card is unknown.

    Refusals besides those of :func:`link_card`: ``sale_unknown``, ``sale_not_completed``, ``no_member``,
    ``training_keeps_nothing``, ``card_unknown``, ``trust_too_low``.

    Raises:
        PermissionDeniedError: The role does not hold ``identify``.
    """
    staff.require(Permission.IDENTIFY)
    paid = paid_sale(uow, sale_id, if_training=Refusal.TRAINING_KEEPS_NOTHING)
    if isinstance(paid, Refused):
        return paid
    sale = paid.sale
    member = uow.customers.member(sale.member.customer_id) if sale.member is not None else None
    if sale.member is None or member is None or is_bare(member):
        return Refused(Refusal.NO_MEMBER)
    cards = [tender.card for tender in paid.receipt.all_tenders if tender.card is not None]
    card = next((each for each in cards if each.last_four == last_four), None)
    if card is None or customer_id not in (None, member.customer.id):
        return Refused(Refusal.CARD_UNKNOWN)
    needed = shop_settings(uow).trust.redeem
    if sale.member.trust < needed and not is_checked:
        return Refused(Refusal.TRUST_TOO_LOW, {"trust": int(sale.member.trust), "needed": int(needed)})
    return link_card(uow, ctx, member.customer.id, card, staff)


def _is_free(uow: UnitOfWork, card: CardToken) -> bool:
    linked = uow.linked_cards.by_fingerprint(card.fingerprint)
    return linked is None or is_bare(uow.customers.member(linked.customer_id))
