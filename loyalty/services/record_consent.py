"""Staff write down what a customer said about messages and advertising (row 176)."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.domain.contact.delivery import Suppression, SuppressionReason
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.opt_out import addresses_of
from loyalty.services.status_details import ADVERTISING
from runtime.ids import new_id

MAX_WORDING_CHARS = 500
STAFF_PURPOSES = (
    ConsentPurpose.PROGRAMME_MESSAGES,
    ConsentPurpose.MARKETING_SMS,
    ConsentPurpose.MARKETING_EMAIL,
)
"""What staff may write down. Who joins the programme does so at the kiosk or by enrolment."""
STAFF_CHANNELS = (ConsentChannel.STAFF, ConsentChannel.PHONE, ConsentChannel.LETTER)


@dataclass(frozen=True, slots=True)
class SaidToStaff:
    """One statement of a customer: the words are those that they agreed to, or said."""

    purpose: ConsentPurpose
    state: ConsentState
    channel: ConsentChannel
    words: str


def record_consent(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, said: SaidToStaff, staff: StaffMember
) -> ConsentEntry | Refused:
    """Add to the ledger, and do what follows from it.

    Who wants no messages any more gets none, at none of their addresses; advertising ends with them. Who
    wants them again gets them, but not at an address whose holder said that it is not them (row 199).

    Refused: ``words_missing``; ``consent_not_by_staff`` for a purpose or channel that is not theirs.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_customers``.
        UnknownIdError: There is no such customer, or nobody any more.
    """
    staff.require(Permission.EDIT_CUSTOMERS)
    member = uow.customers.member(customer_id)
    if member is None or not member.customer.is_listed:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    words = clean_line(said.words, MAX_WORDING_CHARS)
    if words is None:
        return Refused(Refusal.WORDS_MISSING)
    if said.purpose not in STAFF_PURPOSES or said.channel not in STAFF_CHANNELS:
        return Refused(Refusal.CONSENT_NOT_BY_STAFF)
    said = replace(said, words=words)
    entry = _entry(ctx, customer_id, said, staff)
    uow.consents.add(entry)
    if said.purpose is ConsentPurpose.PROGRAMME_MESSAGES:
        if said.state is ConsentState.WITHDRAWN:
            _silence(uow, ctx, member, said)
            for purpose in _advertising_of(uow, customer_id):
                uow.consents.add(_entry(ctx, customer_id, replace(said, purpose=purpose), staff))
        else:
            _resume(uow, member)
    params = {"purpose": said.purpose.value, "state": said.state.value, "channel": said.channel.value}
    subject = f"customer:{customer_id}"
    note_deed(uow, ctx, staff, action=AuditAction.CONSENT_RECORDED, subject=subject, params=params)
    return entry


def _silence(uow: UnitOfWork, ctx: ServiceContext, member: Member, said: SaidToStaff) -> None:
    for address in addresses_of(member):
        if uow.suppressions.of(address) is None:
            reason = SuppressionReason.OPTED_OUT
            uow.suppressions.put(Suppression(address, reason, said.channel.value, ctx.clock.now()))


def _advertising_of(uow: UnitOfWork, customer_id: UUID) -> list[ConsentPurpose]:
    current = current_consents(uow.consents.of_customer(customer_id))
    return [purpose for purpose in ADVERTISING if current.get(purpose) is ConsentState.GRANTED]


def _resume(uow: UnitOfWork, member: Member) -> None:
    for address in addresses_of(member):
        suppression = uow.suppressions.of(address)
        if suppression is not None and suppression.reason is SuppressionReason.OPTED_OUT:
            uow.suppressions.lift(address)


def _entry(ctx: ServiceContext, customer_id: UUID, said: SaidToStaff, staff: StaffMember) -> ConsentEntry:
    return ConsentEntry(
        id=new_id(),
        customer_id=customer_id,
        purpose=said.purpose,
        state=said.state,
        at=ctx.clock.now(),
        wording_id="staff",
        wording_text=said.words,
        channel=said.channel,
        staff_id=staff.id,
    )
