"""Enrol at the kiosk: one screen for everybody, two boxes, "Done" (X16, rows 22, 116, 162)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
    raised_consents,
)
from loyalty.domain.customer import Customer, CustomerSource, MembershipCard
from loyalty.domain.identification import Evidence, IdentificationMethod
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.phone import PhoneNumber, parse_phone_number
from loyalty.domain.text import clean_line
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified, attach_from_device
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from loyalty.services.tell_member import queue_welcome
from runtime.ids import new_id

MAX_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """What the customer left on the screen when they touched "Done"."""

    phone_number: str
    """As typed, or E.164."""
    programme: bool
    marketing_sms: bool
    given_name: str | None
    language: str
    wording_id: str
    wordings: Mapping[ConsentPurpose, str] = field(default_factory=dict)
    """The very text beside each box."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The number has an account now; ``is_new`` where this request made it."""

    identified: Identified
    is_new: bool


@dataclass(frozen=True, slots=True)
class NothingCreated:
    """No account was asked for, or none is given: training lane, or screens that do not enrol (row 156)."""

    phone_number: PhoneNumber


def enrol(
    uow: UnitOfWork, ctx: ServiceContext, evidence: Evidence, request: EnrolRequest
) -> Enrolled | NothingCreated | Refused:
    """Make of a number and two boxes what they ask for.

    A late request has its effect too; only the sale is left alone then. A name typed for a number that
    has an account already is dropped: a typed number may not edit a profile.
    """
    lane = uow.lanes.by_device(evidence.device)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    number = parse_phone_number(request.phone_number, shop_settings(uow).phone_region)
    if number is None:
        return Refused(Refusal.PHONE_NUMBER_INVALID)
    member = uow.customers.member_by_phone(number)
    is_new = member is None and request.programme and not lane.is_training and _enrols(uow)
    if is_new:
        member = _create(uow, ctx, number, request)
    if member is None or lane.is_training:
        return NothingCreated(number)
    _raise_consents(uow, ctx, member.customer.id, evidence, request)
    if is_new:
        queue_welcome(uow, ctx, member, device=evidence.device)
    identified = attach_from_device(
        uow, ctx, evidence, lane, member, method=IdentificationMethod.TYPED_NUMBER, trust=Trust.TYPED
    )
    return Enrolled(identified, is_new)


def _enrols(uow: UnitOfWork) -> bool:
    return uow.programme.settings().checkout.enrols_at_kiosk


def _create(uow: UnitOfWork, ctx: ServiceContext, number: PhoneNumber, request: EnrolRequest) -> Member:
    now = ctx.clock.now()
    customer = uow.customers.by_phone_without_account(number)
    if customer is None:
        customer = Customer(
            id=new_id(),
            source=CustomerSource.LOYALTY,
            created_at=now,
            given_name=clean_line(request.given_name or "", MAX_NAME_CHARS),
            phone_number=number,
            language=request.language,
        )
        uow.customers.add(customer)
    return open_account(uow, ctx, customer, number)


def open_account(uow: UnitOfWork, ctx: ServiceContext, customer: Customer, number: PhoneNumber) -> Member:
    """A loyalty account under a number that has none yet, and a card where the customer has none in force."""
    now = ctx.clock.now()
    account = LoyaltyAccount(new_id(), customer.id, number, balance=0, enrolled_at=now)
    uow.accounts.add(account)
    if all(card.revoked_at is not None for card in uow.cards.of_customer(customer.id)):
        uow.cards.add(MembershipCard(new_id(), customer.id, issued_at=now))
    return Member(customer, account)


def _raise_consents(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, evidence: Evidence, request: EnrolRequest
) -> None:
    boxes = {
        ConsentPurpose.PROGRAMME: request.programme,
        ConsentPurpose.MARKETING_SMS: request.marketing_sms,
    }
    ticked = [purpose for purpose, is_ticked in boxes.items() if is_ticked]
    if not ticked:
        return
    for purpose in raised_consents(ticked, current_consents(uow.consents.of_customer(customer_id))):
        uow.consents.add(
            ConsentEntry(
                id=new_id(),
                customer_id=customer_id,
                purpose=purpose,
                state=ConsentState.GRANTED,
                at=ctx.clock.now(),
                wording_id=request.wording_id,
                wording_text=request.wordings.get(purpose, ""),
                channel=ConsentChannel.KIOSK,
                device=evidence.device,
            )
        )
