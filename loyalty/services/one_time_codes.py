"""One-time codes by SMS: who holds the member's phone is the member, for one session and one deed.

At the kiosk the answer is the same whether anybody bears the number that was typed (row 170): a session
without a member, or one that had its codes, gets a challenge that no digits answer. Staff see whose sale
it is and are told why none goes out.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from loyalty.domain.channel import Channel
from loyalty.domain.contact.one_time_code import CODE_DIGITS, VALID_FOR, OneTimeCode, digest_of, try_code
from loyalty.domain.identification import Evidence, IdentificationMethod
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified, attach_from_device, attach_to
from loyalty.services.basket import open_sale_or_refusal
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.tell_news import queue_one_time_code
from runtime.ids import new_id

MAX_A_SESSION = 5
MAX_A_MEMBER_AN_HOUR = 3
"""So that nobody guesses a member's code by asking for many: 15 tries at a million possibilities."""

_HISTORY = "history"


class CodePurpose(StrEnum):
    """What a code is asked for."""

    REDEEM = "redeem"
    """Rewards on the sale that the device shows."""
    HISTORY = "history"
    """The member's own history, in this session."""


@dataclass(frozen=True, slots=True)
class CodeChallenge:
    """A code is on its way, or it looks like it."""

    id: UUID
    valid_for: timedelta = VALID_FOR


def request_code(
    uow: UnitOfWork, ctx: ServiceContext, evidence: Evidence, purpose: CodePurpose
) -> CodeChallenge | Refused:
    """A customer at a kiosk asks for a code to the phone of whom this session named last.

    Refusals, none of which tells who is a member: ``lane_unknown``, ``session_ended``, ``sale_unknown``
    (no sale is shown), ``too_many_codes`` (in this session).
    """
    lane = uow.lanes.by_device(evidence.device)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    if uow.sessions.is_ended(evidence.session_id):
        return Refused(Refusal.SESSION_ENDED)
    action = _action_of(purpose, evidence.sale_id)
    if isinstance(action, Refused):
        return action
    if uow.one_time_codes.count_of_session(evidence.session_id) >= MAX_A_SESSION:
        return Refused(Refusal.TOO_MANY_CODES, {"max": MAX_A_SESSION})
    member = _named(uow, evidence, lane, purpose)
    if member is not None and why_no_code_goes(uow, ctx, member) is not None:
        member = None
    return send_code(uow, ctx, evidence.session_id, action, member=member, device=evidence.device)


def enter_code(
    uow: UnitOfWork, ctx: ServiceContext, evidence: Evidence, challenge_id: UUID, digits: str
) -> Identified | Refused:
    """The customer typed the digits: the right ones prove the member, for what they were asked for alone.

    Refusals besides those of :func:`try_code`: ``lane_unknown``, ``session_ended``, ``sale_closed``,
    ``another_member`` (somebody else is on the sale by now).
    """
    lane = uow.lanes.by_device(evidence.device)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    if uow.sessions.is_ended(evidence.session_id):
        return Refused(Refusal.SESSION_ENDED)
    code = uow.one_time_codes.lock(challenge_id)
    if code is None:
        return Refused(Refusal.CODE_EXPIRED)
    is_history = code.action == _HISTORY
    action = _HISTORY if is_history else _redeem(evidence.sale_id)
    member = prove_code(uow, ctx, code, digits, session_id=evidence.session_id, action=action)
    if isinstance(member, Refused):
        return member
    if is_history:
        evidence = replace(evidence, sale_id=None)
    else:
        sale = _open_sale_of(uow, evidence.sale_id, member)
        if isinstance(sale, Refused):
            return sale
    return attach_from_device(
        uow, ctx, evidence, lane, member, method=IdentificationMethod.ONE_TIME_CODE, trust=Trust.PROVEN
    )


def send_code_at_till(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, staff: StaffMember
) -> CodeChallenge | Refused:
    """Staff send a code to the member of the sale, who has no card at hand.

    Refusals: those of an open sale, ``no_member``, ``own_account``, ``training_sends_nothing``,
    ``no_number``, ``sms_not_set_up``, ``address_gets_nothing``, ``too_many_codes``.

    Raises:
        PermissionDeniedError: Without ``sell``.
    """
    found = _sale_and_member(uow, sale_id, staff)
    if isinstance(found, Refused):
        return found
    sale, member = found
    if sale.is_training:
        return Refused(Refusal.TRAINING_SENDS_NOTHING)
    refused = why_no_code_goes(uow, ctx, member)
    if refused is not None:
        return refused
    return send_code(uow, ctx, sale.id, _redeem(sale.id), member=member, device=None)


def enter_code_at_till(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, digits: str, staff: StaffMember
) -> Identified | Refused:
    """Staff typed what the member read out: the member is proven for this sale.

    Raises:
        PermissionDeniedError: Without ``sell``.
    """
    found = _sale_and_member(uow, sale_id, staff)
    if isinstance(found, Refused):
        return found
    sale, member = found
    lane = uow.lanes.get(sale.lane_id)
    newest = uow.one_time_codes.newest(sale.id, _redeem(sale.id))
    code = uow.one_time_codes.lock(newest.id) if newest is not None else None
    if lane is None or code is None or code.customer_id != member.customer.id:
        return Refused(Refusal.CODE_EXPIRED)
    proven = prove_code(uow, ctx, code, digits, session_id=sale.id, action=_redeem(sale.id))
    if isinstance(proven, Refused):
        return proven
    return attach_to(
        uow, ctx, sale, lane, proven, method=IdentificationMethod.ONE_TIME_CODE, trust=Trust.PROVEN
    )


def is_code_awaited(uow: UnitOfWork, sale: Sale, now: datetime) -> bool:
    """Whether a code that staff sent for this sale can still be typed."""
    newest = uow.one_time_codes.newest(sale.id, _redeem(sale.id))
    return newest is not None and newest.is_open(now)


def _action_of(purpose: CodePurpose, sale_id: UUID | None) -> str | Refused:
    if purpose is CodePurpose.HISTORY:
        return _HISTORY
    return _redeem(sale_id) if sale_id is not None else Refused(Refusal.SALE_UNKNOWN)


def _redeem(sale_id: UUID | None) -> str:
    return f"redeem:{sale_id}"


def _named(uow: UnitOfWork, evidence: Evidence, lane: Lane, purpose: CodePurpose) -> Member | None:
    """Whom the session named last; None where a code would prove nothing, or nothing may be sent."""
    last = uow.identifications.last_of_session(evidence.session_id)
    if last is None or lane.is_training:
        return None
    member = uow.customers.member(last.customer_id)
    if member is None or purpose is CodePurpose.HISTORY:
        return member
    return None if isinstance(_open_sale_of(uow, evidence.sale_id, member), Refused) else member


def _open_sale_of(uow: UnitOfWork, sale_id: UUID | None, member: Member) -> Sale | Refused:
    sale = open_sale_or_refusal(uow, sale_id) if sale_id is not None else Refused(Refusal.SALE_UNKNOWN)
    if isinstance(sale, Refused):
        return sale
    if sale.member is None or sale.member.customer_id != member.customer.id:
        return Refused(Refusal.ANOTHER_MEMBER)
    return sale


def _sale_and_member(uow: UnitOfWork, sale_id: UUID, staff: StaffMember) -> tuple[Sale, Member] | Refused:
    staff.require(Permission.SELL)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    member = uow.customers.member(sale.member.customer_id) if sale.member is not None else None
    if member is None:
        return Refused(Refusal.NO_MEMBER)
    refused = why_not_own(uow, staff, member.customer.id)
    return refused if refused is not None else (sale, member)


def why_no_code_goes(uow: UnitOfWork, ctx: ServiceContext, member: Member) -> Refused | None:
    """Why no code can go to this member's phone now; None where one can."""
    number = member.account.phone_number if member.account is not None else None
    if number is None:
        return Refused(Refusal.NO_NUMBER)
    if Channel.SMS not in ctx.open_channels:
        return Refused(Refusal.SMS_NOT_SET_UP)
    if uow.suppressions.of(number) is not None:
        return Refused(Refusal.ADDRESS_GETS_NOTHING)
    an_hour_ago = ctx.clock.now() - timedelta(hours=1)
    if uow.one_time_codes.count_for(member.customer.id, an_hour_ago) >= MAX_A_MEMBER_AN_HOUR:
        return Refused(Refusal.TOO_MANY_CODES, {"max": MAX_A_MEMBER_AN_HOUR})
    return None


def send_code(
    uow: UnitOfWork,
    ctx: ServiceContext,
    session_id: UUID,
    action: str,
    *,
    member: Member | None,
    device: str | None,
) -> CodeChallenge:
    """Store the challenge and queue the SMS; without a member only the challenge, which nothing answers."""
    code_id, digits = new_id(), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    digest = digest_of(ctx.code_key, code_id, session_id, action, digits)
    uow.one_time_codes.add(
        OneTimeCode(
            id=code_id,
            session_id=session_id,
            action=action,
            digest=digest if member is not None else secrets.token_bytes(len(digest)),
            sent_at=ctx.clock.now(),
            customer_id=member.customer.id if member is not None else None,
        )
    )
    if member is not None:
        queue_one_time_code(uow, ctx, member, code_id=code_id, digits=digits, device=device)
    return CodeChallenge(code_id)


def prove_code(
    uow: UnitOfWork, ctx: ServiceContext, code: OneTimeCode, digits: str, *, session_id: UUID, action: str
) -> Member | Refused:
    """Count the try, whatever comes of it; the member whose phone it was."""
    tried, refused = try_code(
        code, digits, key=ctx.code_key, session_id=session_id, action=action, now=ctx.clock.now()
    )
    uow.one_time_codes.save(tried)
    if refused is not None:
        return refused
    member = uow.customers.member(code.customer_id) if code.customer_id is not None else None
    return member if member is not None else Refused(Refusal.CODE_EXPIRED)
