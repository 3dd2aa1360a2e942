"""All that a status page can change: which messages come, and whose number it is (rows 160, 199)."""

from enum import StrEnum

from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.opt_out import Statement, addresses_of, detach_address, resume_messages, stop_messages
from loyalty.services.status_details import ADVERTISING
from loyalty.services.tokens import token_hash
from runtime.ids import new_id


class StatusChoice(StrEnum):
    """A button of the page."""

    STOP = "stop"
    START = "start"
    NO_ADVERTISING = "no-advertising"
    NOT_ME = "not-me"
    STAY = "stay"
    """They want to be kept although they have not been here for long (row 201)."""


def choose_on_status_page(uow: UnitOfWork, ctx: ServiceContext, token: str, choice: StatusChoice) -> bool:
    """Do what was chosen; False for an unknown or revoked link. Doing it again changes nothing.

    After "not me" the link is void, as everything is that went to the number.
    """
    customer_id = uow.status_links.customer_of(token_hash(token))
    member = uow.customers.member(customer_id) if customer_id is not None else None
    if member is None:
        return False
    said = Statement(ConsentChannel.STATUS_PAGE, f"status page: {choice.value}")
    address = next(iter(addresses_of(member)), None)
    if choice is StatusChoice.STAY:
        _stay(uow, ctx, member, said)
        return True
    if choice is StatusChoice.NO_ADVERTISING:
        _withdraw_advertising(uow, ctx, member, said)
    elif address is None:
        return True
    elif choice is StatusChoice.STOP:
        stop_messages(uow, ctx, address, member, said)
        _withdraw_advertising(uow, ctx, member, said)
    elif choice is StatusChoice.START:
        resume_messages(uow, ctx, address, member, said)
    else:
        detach_address(uow, ctx, address, member, said)
    return True


def _stay(uow: UnitOfWork, ctx: ServiceContext, member: Member, said: Statement) -> None:
    """Saying so is a sign of life, which the consent ledger keeps."""
    if not uow.people.is_told(member.customer.id):
        return
    uow.people.forget_told(member.customer.id)
    uow.consents.add(
        ConsentEntry(
            id=new_id(),
            customer_id=member.customer.id,
            purpose=ConsentPurpose.PROGRAMME,
            state=ConsentState.GRANTED,
            at=ctx.clock.now(),
            wording_id=said.channel.value,
            wording_text=said.words,
            channel=said.channel,
        )
    )


def _withdraw_advertising(uow: UnitOfWork, ctx: ServiceContext, member: Member, said: Statement) -> None:
    current = current_consents(uow.consents.of_customer(member.customer.id))
    for purpose in ADVERTISING:
        if current.get(purpose) is ConsentState.GRANTED:
            uow.consents.add(
                ConsentEntry(
                    id=new_id(),
                    customer_id=member.customer.id,
                    purpose=purpose,
                    state=ConsentState.WITHDRAWN,
                    at=ctx.clock.now(),
                    wording_id=said.channel.value,
                    wording_text=said.words,
                    channel=said.channel,
                )
            )
