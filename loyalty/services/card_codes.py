"""What a customer's code says: a signed card, the bare reference, or an address with it (rows 84, 99)."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from codes import References, classify
from loyalty.domain.audit import AuditAction
from loyalty.domain.customer import Customer, MembershipCard
from loyalty.domain.filters.condition import InGroup
from loyalty.domain.filters.period import Moment
from loyalty.domain.profile_settings import REFERENCE_PLACE, CodeContent, ProfileSettings
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

MAX_PRINTED = 400


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """One card of a sheet: whose it is and what its code says, or why it has none."""

    customer: Customer
    text: str | Refused


def code_text(
    uow: UnitOfWork, ctx: ServiceContext, customer: Customer, content: CodeContent, settings: ProfileSettings
) -> str | Refused:
    """The text to draw.

    Refused: ``no_card`` (none is valid, or the station cannot sign), ``no_reference``,
    ``reference_unscannable``, ``code_address_invalid``.
    """
    if content is CodeContent.CARD:
        cards = uow.cards.of_customer(customer.id)
        card = next((each for each in cards if each.revoked_at is None), None)
        if card is None or ctx.issuer is None:
            return Refused(Refusal.NO_CARD)
        return ctx.issuer.static(card.id)
    reference = customer.reference_id
    if reference is None:
        return Refused(Refusal.NO_REFERENCE)
    scanned = classify(reference)
    if not isinstance(scanned, References) or scanned.is_address or scanned.candidates != (reference,):
        return Refused(Refusal.REFERENCE_UNSCANNABLE)
    if content is CodeContent.REFERENCE:
        return reference
    if not settings.code_address:
        return Refused(Refusal.CODE_ADDRESS_INVALID)
    return settings.code_address.replace(REFERENCE_PLACE, quote(reference, safe=""))


def customer_code(
    uow: UnitOfWork,
    ctx: ServiceContext,
    customer_id: UUID,
    content: CodeContent | None,
    staff: StaffMember,
) -> str | Refused:
    """The text of one customer's code; the shop's content where none is asked for. Refused as above.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_customers``: a code is as good as the person.
        UnknownIdError: There is no such customer, or the profile was merged or forgotten.
    """
    staff.require(Permission.EDIT_CUSTOMERS)
    customer = uow.customers.get(customer_id)
    if customer is None or not customer.is_listed:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    settings = uow.profiles.settings()
    return code_text(uow, ctx, customer, content or settings.code_content, settings)


def issue_card(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, staff: StaffMember) -> MembershipCard:
    """The valid card of a customer, made where there is none.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_customers``.
        UnknownIdError: There is no such customer, or the profile was merged or forgotten.
    """
    staff.require(Permission.EDIT_CUSTOMERS)
    customer = uow.customers.get(customer_id)
    if customer is None or not customer.is_listed:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    valid = [card for card in uow.cards.of_customer(customer_id) if card.revoked_at is None]
    if valid:
        return valid[0]
    card = MembershipCard(new_id(), customer_id, issued_at=ctx.clock.now())
    uow.cards.add(card)
    return card


def customers_of_group(uow: UnitOfWork, ctx: ServiceContext, group_id: UUID) -> list[UUID]:
    """Who is in a group now, picked by hand or by its filters; at most ``MAX_PRINTED``."""
    moment = Moment(ctx.clock.now(), shop_settings(uow).timezone)
    filters = uow.groups.smart().get(group_id)
    condition = (
        filters.condition(uow.groups.known()) if filters is not None else InGroup(frozenset({group_id}))
    )
    return list(uow.directory.ids(condition, moment, None, MAX_PRINTED))


def print_cards(
    uow: UnitOfWork,
    ctx: ServiceContext,
    customer_ids: list[UUID],
    content: CodeContent,
    staff: StaffMember,
) -> list[PrintedCard]:
    """What the cards of these customers say, in their order, at most ``MAX_PRINTED``.

    Whoever has no valid card gets one where signed cards are printed. Unknown, merged and forgotten
    customers are left out. It is written down who printed how many.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_customers``: a code is as good as the person.
    """
    staff.require(Permission.EDIT_CUSTOMERS)
    settings = uow.profiles.settings()
    printed = []
    for customer_id in dict.fromkeys(customer_ids[:MAX_PRINTED]):
        customer = uow.customers.get(customer_id)
        if customer is None or not customer.is_listed:
            continue
        if content is CodeContent.CARD:
            issue_card(uow, ctx, customer_id, staff)
        printed.append(PrintedCard(customer, code_text(uow, ctx, customer, content, settings)))
    if printed:
        subject = f"customer:{printed[0].customer.id}" if len(printed) == 1 else "customers:"
        note_deed(
            uow,
            ctx,
            staff,
            action=AuditAction.CARDS_PRINTED,
            subject=subject,
            params={"cards": len(printed), "content": content.value},
        )
    return printed
