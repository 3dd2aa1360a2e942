"""Payment cards that say who is there: a token, a brand and four digits, never a number (rows 2, 145)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.identification import Attachment, Identification, IdentificationMethod
from loyalty.domain.payment_card import CardToken, LinkedCard
from loyalty.domain.sale import Sale, SaleMember, SaleState
from loyalty.domain.settlement import Offer
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified, attach_to
from loyalty.services.audit import note_deed
from loyalty.services.bare_profile import absorb, is_bare
from loyalty.services.basket import open_sale_or_refusal, save_change
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.staff_at_sale import adding_off
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class SeenCard:
    """Whom a payment card stands for; ``is_new`` where the profile was made for it."""

    customer: Customer
    is_new: bool


def identify_by_card(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, card: CardToken, staff: StaffMember
) -> Identified | Refused:
    """The terminal read a card before it charges: its member is on the sale, with groups and rewards.

    Having the card at hand is as good as having the membership card. It takes nobody off the sale: one may
    pay with another's card. A profile that a payment made is no member. Refusals besides those of a sale
    that is not open: ``card_unknown``, ``another_member``, ``adding_during_off``, ``own_account``.
    """
    staff.require(Permission.SELL)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    linked = uow.linked_cards.by_fingerprint(card.fingerprint)
    member = uow.customers.member(linked.customer_id) if linked is not None else None
    lane = uow.lanes.get(sale.lane_id)
    if member is None or lane is None or is_bare(member):
        return Refused(Refusal.CARD_UNKNOWN)
    refused = _why_not_on(uow, sale, member, staff)
    if refused is not None:
        return refused
    return attach_to(
        uow, ctx, sale, lane, member, method=IdentificationMethod.PAYMENT_CARD, trust=Trust.SIGNED
    )


def link_card(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, card: CardToken, staff: StaffMember
) -> LinkedCard | Refused:
    """From now on a payment with the card is one of this customer; linking it twice links it once.

    A card that only a profile without number or address had, made by :func:`remember_card`, goes over with
    what it paid before. Refused: ``card_of_another_member``; ``own_account``, as every payment with the
    card would earn there.

    Raises:
        PermissionDeniedError: The role does not hold ``identify``.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.IDENTIFY)
    if uow.customers.get(customer_id) is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    there = uow.linked_cards.by_fingerprint(card.fingerprint)
    if there is not None and there.customer_id == customer_id:
        return there
    refused = why_not_own(uow, staff, customer_id)
    if refused is not None:
        return refused
    if there is not None:
        if not is_bare(uow.customers.member(there.customer_id)):
            return Refused(Refusal.CARD_OF_ANOTHER_MEMBER)
        uow.linked_cards.unlink(there.id, ctx.clock.now())
    linked = LinkedCard(new_id(), customer_id, card.bare, ctx.clock.now())
    uow.linked_cards.add(linked)
    if there is not None:
        absorb(uow, ctx, there.customer_id, customer_id, staff)
    _note(uow, ctx, staff, AuditAction.CARD_LINKED, linked)
    return linked


def unlink_card(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, card_id: UUID, staff: StaffMember
) -> LinkedCard | Refused:
    """Paying with the card says nothing any more; ``card_unknown`` where it is none of the customer's.

    Raises:
        PermissionDeniedError: The role does not hold ``identify``.
    """
    staff.require(Permission.IDENTIFY)
    linked = next((each for each in uow.linked_cards.of_customer(customer_id) if each.id == card_id), None)
    if linked is None:
        return Refused(Refusal.CARD_UNKNOWN)
    uow.linked_cards.unlink(card_id, ctx.clock.now())
    _note(uow, ctx, staff, AuditAction.CARD_UNLINKED, linked)
    return replace(linked, unlinked_at=ctx.clock.now())


def remember_card(uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, card: CardToken) -> SeenCard | Refused:
    """After a payment by card without a customer: the profile of the card, made where there is none.

    The sale is then one of this profile, without points: a profile made by itself is no member. Refusals:
    ``sale_unknown``, ``sale_not_completed``, ``another_member``, ``training_keeps_nothing``.
    """
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    if sale.state is not SaleState.COMPLETED:
        return Refused(Refusal.SALE_NOT_COMPLETED)
    if sale.member is not None:
        return Refused(Refusal.ANOTHER_MEMBER)
    linked = uow.linked_cards.by_fingerprint(card.fingerprint)
    known = uow.customers.get(linked.customer_id) if linked is not None else None
    if sale.is_training:
        return Refused(Refusal.TRAINING_KEEPS_NOTHING)
    customer = _named(uow, known, card) if known is not None else _new_profile(uow, ctx, card)
    _attach(uow, ctx, sale, customer)
    return SeenCard(customer, known is None)


def remember_payer(uow: UnitOfWork, ctx: ServiceContext, sale: Sale, offers: Iterable[Offer]) -> Sale:
    """The sale as it is once its payer is remembered, right after it was paid.

    Where nobody is on it and a card paid, it becomes one of the card's profile (row 2), unless the shop
    wants no such profiles.
    """
    card = next((offer.card for offer in offers if offer.card is not None), None)
    if card is None or sale.member is not None or not uow.profiles.settings().remembers_cards:
        return sale
    if isinstance(remember_card(uow, ctx, sale.id, card), Refused):
        return sale
    return uow.sales.get(sale.id) or sale


def _why_not_on(uow: UnitOfWork, sale: Sale, member: Member, staff: StaffMember) -> Refused | None:
    if sale.member is not None and sale.member.customer_id != member.customer.id:
        return Refused(Refusal.ANOTHER_MEMBER)
    refused = adding_off(uow, sale.id)
    if refused is None and not sale.is_training:
        refused = why_not_own(uow, staff, member.customer.id)
    return refused


def _new_profile(uow: UnitOfWork, ctx: ServiceContext, card: CardToken) -> Customer:
    now = ctx.clock.now()
    given, family = card.holder
    customer = Customer(new_id(), CustomerSource.PAYMENT, now, given_name=given, family_name=family)
    uow.customers.add(customer)
    uow.linked_cards.add(LinkedCard(new_id(), customer.id, card, now))
    return customer


def _named(uow: UnitOfWork, known: Customer, card: CardToken) -> Customer:
    """The profile that a card made gets its holder's name when a terminal first tells it."""
    given, family = card.holder
    is_waiting = known.source is CustomerSource.PAYMENT and known.display_name is None and known.is_listed
    if not is_waiting or (given is None and family is None):
        return known
    named = replace(known, given_name=given, family_name=family, version=known.version + 1)
    uow.customers.save(named)
    return named


def _attach(uow: UnitOfWork, ctx: ServiceContext, sale: Sale, customer: Customer) -> None:
    identification = Identification(
        id=new_id(),
        customer_id=customer.id,
        account_id=None,
        method=IdentificationMethod.PAYMENT_CARD,
        trust=Trust.SIGNED,
        lane_id=sale.lane_id,
        session_id=None,
        at=ctx.clock.now(),
        device_time=None,
        sale_id=sale.id,
        attachment=Attachment.ATTACHED,
    )
    uow.identifications.add(identification)
    member = SaleMember(
        customer_id=customer.id,
        account_id=None,
        identification_id=identification.id,
        method=identification.method,
        trust=identification.trust,
        session_id=None,
    )
    save_change(uow, replace(sale, member=member))


def _note(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, action: AuditAction, linked: LinkedCard
) -> None:
    note_deed(
        uow,
        ctx,
        staff,
        action=action,
        subject=f"customer:{linked.customer_id}",
        params={"brand": linked.card.brand, "last_four": linked.card.last_four},
    )
