"""A member changes their number at the kiosk: a code to the old one first, then one to the new (row 183).

Whoever found a card has not the phone, and whoever has the phone of the new number alone gets nothing: the
second code leaves only once the first was right. Who else might bear the new number is told to nobody who
has not proved that it is theirs (row 170).
"""

from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.identification import Evidence
from loyalty.domain.phone import PhoneNumber, parse_phone_number
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.move_number import why_not_this_number
from loyalty.services.one_time_codes import (
    MAX_A_SESSION,
    CodeChallenge,
    prove_code,
    send_code,
    why_no_code_goes,
)
from loyalty.services.setup import shop_settings

_OLD, _NEW = "old_number", "new_number"


class NumberMoved:
    """The account answers to the new number."""


def is_about_number(action: str) -> bool:
    """Whether a one-time code with this action belongs to a change of number."""
    return action.startswith((f"{_OLD}:", f"{_NEW}:"))


def request_number_change(
    uow: UnitOfWork, ctx: ServiceContext, evidence: Evidence, text: str
) -> CodeChallenge | Refused:
    """The member of this session wants another number: a code goes to the present one.

    Refusals: ``lane_unknown``, ``session_ended``, ``phone_number_invalid``, ``no_member`` (nobody proved
    who they are: a typed number or a bare reference do not), ``too_many_codes``, and why no code goes out.
    """
    lane = uow.lanes.by_device(evidence.device)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    if uow.sessions.is_ended(evidence.session_id):
        return Refused(Refusal.SESSION_ENDED)
    number = parse_phone_number(text, shop_settings(uow).phone_region)
    if number is None:
        return Refused(Refusal.PHONE_NUMBER_INVALID)
    last = uow.identifications.last_of_session(evidence.session_id)
    member = uow.customers.member(last.customer_id) if last is not None else None
    if last is None or member is None or last.trust < Trust.SIGNED or lane.is_training:
        return Refused(Refusal.NO_MEMBER)
    if uow.one_time_codes.count_of_session(evidence.session_id) >= MAX_A_SESSION:
        return Refused(Refusal.TOO_MANY_CODES, {"max": MAX_A_SESSION})
    refused = why_no_code_goes(uow, ctx, member)
    if refused is not None:
        return refused
    action = f"{_OLD}:{member.customer.id}:{number}"
    return send_code(uow, ctx, evidence.session_id, action, member=member, device=evidence.device)


def enter_number_code(
    uow: UnitOfWork, ctx: ServiceContext, evidence: Evidence, challenge_id: UUID, digits: str
) -> CodeChallenge | NumberMoved | Refused:
    """The digits of the first code send the second, those of the second change the number.

    Refusals besides those of a code: ``phone_of_another_account``, without a word of whose.
    """
    if uow.sessions.is_ended(evidence.session_id):
        return Refused(Refusal.SESSION_ENDED)
    code = uow.one_time_codes.lock(challenge_id)
    if code is None or not is_about_number(code.action):
        return Refused(Refusal.CODE_EXPIRED)
    member = prove_code(uow, ctx, code, digits, session_id=evidence.session_id, action=code.action)
    if isinstance(member, Refused):
        return member
    kind, _, rest = code.action.partition(":")
    number = PhoneNumber(rest.partition(":")[2])
    if member.account is None:
        return Refused(Refusal.NO_MEMBER)
    if kind == _NEW:
        return _move(uow, ctx, member, number)
    at_new = replace(member, account=replace(member.account, phone_number=number))
    action = f"{_NEW}:{member.customer.id}:{number}"
    return send_code(uow, ctx, evidence.session_id, action, member=at_new, device=evidence.device)


def _move(uow: UnitOfWork, ctx: ServiceContext, member: Member, number: PhoneNumber) -> NumberMoved | Refused:
    customer, account = member.customer, member.account
    if account is None:
        return Refused(Refusal.NO_MEMBER)
    if why_not_this_number(uow, customer.id, number) is not None:
        return Refused(Refusal.PHONE_OF_ANOTHER_ACCOUNT)
    if account.phone_number != number:
        uow.accounts.change_number(account.id, number)
        if customer.phone_number in (None, account.phone_number):
            uow.customers.save(replace(customer, phone_number=number, version=customer.version + 1))
        note_deed(
            uow,
            ctx,
            None,
            action=AuditAction.PHONE_CHANGED,
            subject=f"customer:{customer.id}",
            params={"by": "member"},
        )
    return NumberMoved()
