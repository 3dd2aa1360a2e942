"""Puts an identified member on the right sale, or on none (decision X14, rows 110, 171)."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.identification import Attachment, Evidence, Identification, IdentificationMethod
from loyalty.domain.sale import Sale, SaleMember
from loyalty.domain.shop import Lane
from loyalty.domain.trust import Trust
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody was identified; ``attachment`` says what became of the sale."""

    identification_id: UUID
    member: Member
    method: IdentificationMethod
    trust: Trust
    """What the evidence of this event gives; the sale may know better already."""
    session_trust: Trust
    """The best evidence that this session gave for this member: what its screen may show follows from it."""
    lane: Lane
    attachment: Attachment
    sale: Sale | None
    """The sale as it is now; None where the member is on none."""


def attach_from_device(
    uow: UnitOfWork,
    ctx: ServiceContext,
    evidence: Evidence,
    lane: Lane,
    member: Member,
    *,
    method: IdentificationMethod,
    trust: Trust,
) -> Identified:
    """Record an identification and attach it to the sale that the device last showed.

    If that sale is no longer open in the device's lane, or the session has ended, it attaches to nothing.
    """
    target = _target(uow, evidence, lane)
    return _record(uow, ctx, _Claim(evidence, lane, member, method, trust), target)


def attach_to(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale: Sale,
    lane: Lane,
    member: Member,
    *,
    method: IdentificationMethod,
    trust: Trust,
) -> Identified:
    """Attach by staff, who see the sale they mean; no session of a kiosk is involved."""
    return _record(uow, ctx, _Claim(None, lane, member, method, trust), sale)


@dataclass(frozen=True, slots=True)
class _Claim:
    evidence: Evidence | None
    lane: Lane
    member: Member
    method: IdentificationMethod
    trust: Trust


def _target(uow: UnitOfWork, evidence: Evidence, lane: Lane) -> Sale | Attachment:
    if uow.sessions.is_ended(evidence.session_id):
        return Attachment.SESSION_ENDED
    if evidence.sale_id is None:
        return Attachment.NO_SALE
    sale = uow.sales.get(evidence.sale_id)
    if sale is None or not sale.is_open or sale.lane_id != lane.id:
        return Attachment.SALE_CLOSED
    return sale


def _record(uow: UnitOfWork, ctx: ServiceContext, claim: _Claim, target: Sale | Attachment) -> Identified:
    identification_id = new_id()
    session_id = claim.evidence.session_id if claim.evidence is not None else None
    earlier = (
        uow.identifications.trust_in_session(
            session_id, claim.member.customer.id, sale_id=target.id if isinstance(target, Sale) else None
        )
        if session_id is not None
        else None
    )
    if isinstance(target, Sale):
        attachment = _attachment(target, claim)
        sale: Sale | None = _with_member(target, claim, attachment, identification_id)
        if sale is not None and sale is not target:
            uow.sales.save(sale)
    else:
        attachment, sale = target, None
    on_sale = sale.id if sale is not None and attachment is not Attachment.OTHER_MEMBER else None
    account = claim.member.account
    uow.identifications.add(
        Identification(
            id=identification_id,
            customer_id=claim.member.customer.id,
            account_id=account.id if account is not None else None,
            method=claim.method,
            trust=claim.trust,
            lane_id=claim.lane.id,
            session_id=session_id,
            at=ctx.clock.now(),
            device_time=claim.evidence.device_time if claim.evidence is not None else None,
            sale_id=on_sale,
            attachment=attachment,
        )
    )
    return Identified(
        identification_id=identification_id,
        member=claim.member,
        method=claim.method,
        trust=claim.trust,
        session_trust=max(claim.trust, earlier) if earlier is not None else claim.trust,
        lane=claim.lane,
        attachment=attachment,
        sale=sale if on_sale is not None else None,
    )


def _attachment(sale: Sale, claim: _Claim) -> Attachment:
    there = sale.member
    if there is None:
        return Attachment.ATTACHED
    if there.customer_id == claim.member.customer.id:
        gains_account = there.account_id is None and claim.member.account is not None
        return Attachment.RAISED if claim.trust > there.trust or gains_account else Attachment.UNCHANGED
    if claim.trust < there.trust or (claim.trust is Trust.TYPED and _is_confirmed(sale)):
        return Attachment.OTHER_MEMBER
    return Attachment.REPLACED


def _is_confirmed(sale: Sale) -> bool:
    """Whether staff have confirmed something for who is there.

    A number that anybody can type must not take it off; that it did would also tell the customer's screen
    that the number is known (row 170).
    """
    is_discount_confirmed = sale.member is not None and sale.member.discount_confirmed_by is not None
    return is_discount_confirmed or bool(sale.rewards)


def _with_member(sale: Sale, claim: _Claim, attachment: Attachment, identification_id: UUID) -> Sale:
    if attachment in (Attachment.UNCHANGED, Attachment.OTHER_MEMBER):
        return sale
    there = sale.member
    account = claim.member.account
    trust = claim.trust
    confirmed_by = None
    rewards = sale.rewards
    if attachment is Attachment.RAISED and there is not None:
        trust = max(trust, there.trust)
        confirmed_by = there.discount_confirmed_by
    elif attachment is Attachment.REPLACED:
        rewards = ()
    member = SaleMember(
        customer_id=claim.member.customer.id,
        account_id=account.id if account is not None else None,
        identification_id=identification_id,
        method=claim.method,
        trust=trust,
        session_id=claim.evidence.session_id if claim.evidence is not None else None,
        discount_confirmed_by=confirmed_by,
    )
    return replace(sale, member=member, rewards=rewards, version=sale.version + 1)
