"""Out of all messages, and back: by reply, by link; and "this is not me" (rows 160, 193, 199, X7)."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.domain.contact.delivery import Suppression, SuppressionReason
from loyalty.domain.contact.email_address import mailbox_of
from loyalty.domain.text import clean_line
from loyalty.ports.directory import Member
from loyalty.ports.message_delivery import OptOutLink
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.tokens import new_token, token_hash
from runtime.ids import new_id

_MAX_WORDING_CHARS = 160
_MARKETING = {Channel.SMS: ConsentPurpose.MARKETING_SMS, Channel.EMAIL: ConsentPurpose.MARKETING_EMAIL}


@dataclass(frozen=True, slots=True)
class Statement:
    """What the holder of an address said: where, and in which words, for the consent ledger."""

    channel: ConsentChannel
    words: str


class LinkChoice(StrEnum):
    """What the page behind an opt-out link offers."""

    STOP = "stop"
    START = "start"
    NOT_ME = "not_me"


@dataclass(frozen=True, slots=True)
class OptOutPage:
    """What the page may show: nothing of the member, only whether messages come."""

    language: str | None
    gets_messages: bool
    is_detached: bool
    is_mailbox: bool
    """Whether the link is about an e-mail address; else about a number."""


def new_opt_out_link(uow: UnitOfWork, ctx: ServiceContext, *, customer_id: UUID | None, address: str) -> str:
    """The full address of a new link for one address. Only its token's hash is stored.

    Args:
        uow: An entered unit of work.
        ctx: See :class:`ServiceContext`.
        customer_id: Whose messages they are; None where the address was given for one receipt alone.
        address: E.164 number or e-mail address that they go to.
    """
    token = new_token()
    uow.opt_out_links.add(token_hash(token), OptOutLink(customer_id, address), ctx.clock.now())
    return ctx.opt_out_link(token)


def opt_out_page(uow: UnitOfWork, token: str) -> OptOutPage | None:
    """Changes nothing: mail programs open links before people do. None for an unknown link."""
    link = uow.opt_out_links.find(token_hash(token))
    if link is None:
        return None
    suppression = uow.suppressions.of(link.address)
    customer = uow.customers.get(link.customer_id) if link.customer_id is not None else None
    return OptOutPage(
        language=customer.language if customer is not None else None,
        gets_messages=suppression is None,
        is_detached=suppression is not None and suppression.reason is SuppressionReason.NOT_ME,
        is_mailbox=channel_of(link.address) is Channel.EMAIL,
    )


def choose_by_link(uow: UnitOfWork, ctx: ServiceContext, token: str, choice: LinkChoice) -> bool:
    """Do what was chosen on the page, or by a mail program's own button (``stop``, RFC 8058).

    False for an unknown link. Doing it again changes nothing. After "not me" the link is void for
    everything else: whoever holds the address is not the member that it was sent to.
    """
    link = uow.opt_out_links.find(token_hash(token))
    if link is None:
        return False
    suppression = uow.suppressions.of(link.address)
    if suppression is not None and suppression.reason is SuppressionReason.NOT_ME:
        return choice is not LinkChoice.START
    said = Statement(ConsentChannel.LINK, f"link: {choice.value}")
    member = uow.customers.member(link.customer_id) if link.customer_id is not None else None
    if choice is LinkChoice.STOP:
        stop_messages(uow, ctx, link.address, member, said)
    elif choice is LinkChoice.START:
        resume_messages(uow, ctx, link.address, member, said)
    else:
        detach_address(uow, ctx, link.address, member, said)
    return True


def stop_messages(
    uow: UnitOfWork, ctx: ServiceContext, address: str, member: Member | None, said: Statement
) -> bool:
    """Nothing goes to the address any more, nor to another one of its member (X7).

    False where it was so before. Each address comes back by itself: only who holds it can say so.
    """
    if uow.suppressions.of(address) is not None:
        return False
    for each in {address, *addresses_of(member)}:
        if uow.suppressions.of(each) is None:
            _suppress(uow, ctx, each, SuppressionReason.OPTED_OUT, said)
    _withdraw(uow, ctx, member, address, said)
    return True


def addresses_of(member: Member | None) -> tuple[str, ...]:
    """Where the member could be written to: the account's number first, then the profile's mailbox."""
    if member is None:
        return ()
    number = member.account.phone_number if member.account is not None else None
    return tuple(
        address for address in (number, mailbox_of(member.customer.email_address)) if address is not None
    )


def resume_messages(
    uow: UnitOfWork, ctx: ServiceContext, address: str, member: Member | None, said: Statement
) -> bool:
    """Messages about the member's own points come again; advertising does not (X8, X9).

    A consent to advertising is given to words that say so, never by one word of reply. After "not me" only
    a reply from the number itself brings them back, and only once it belongs to a member again, who is
    another one. False where nothing changed.
    """
    suppression = uow.suppressions.of(address)
    if suppression is None:
        return False
    is_detached = suppression.reason is SuppressionReason.NOT_ME
    if is_detached and (member is None or said.channel is not ConsentChannel.SMS_REPLY):
        return False
    uow.suppressions.lift(address)
    if member is not None:
        _note(uow, ctx, member, said, purpose=ConsentPurpose.PROGRAMME_MESSAGES, state=ConsentState.GRANTED)
    return True


def detach_address(
    uow: UnitOfWork, ctx: ServiceContext, address: str, member: Member | None, said: Statement
) -> None:
    """The address leaves the member, who it is not, and gets nothing more: "this is not me" (row 199).

    The account keeps its points, without the number. Links and cards are void, because somebody else got
    the link and could see the card behind it. Whoever types the number from now on starts anew.
    """
    _suppress(uow, ctx, address, SuppressionReason.NOT_ME, said)
    if member is None:
        return
    _withdraw(uow, ctx, member, address, said)
    now = ctx.clock.now()
    uow.status_links.revoke_all_of(member.customer.id, now)
    for card in uow.cards.of_customer(member.customer.id):
        uow.cards.revoke(card.id, now)
    if member.account is not None and member.account.phone_number == address:
        uow.accounts.detach_number(member.account.id)
    customer = member.customer
    is_mailbox = mailbox_of(customer.email_address) == address
    if is_mailbox or customer.phone_number == address:
        changed = replace(customer, version=customer.version + 1)
        if customer.phone_number == address:
            changed = replace(changed, phone_number=None)
        if is_mailbox:
            changed = replace(changed, email_address=None)
        uow.customers.save(changed)


def _suppress(
    uow: UnitOfWork, ctx: ServiceContext, address: str, reason: SuppressionReason, said: Statement
) -> None:
    uow.suppressions.put(Suppression(address, reason, said.channel.value, ctx.clock.now()))


def _withdraw(
    uow: UnitOfWork, ctx: ServiceContext, member: Member | None, address: str, said: Statement
) -> None:
    if member is None:
        return
    _note(uow, ctx, member, said, purpose=ConsentPurpose.PROGRAMME_MESSAGES, state=ConsentState.WITHDRAWN)
    channel = channel_of(address)
    current = current_consents(uow.consents.of_customer(member.customer.id))
    purpose = _MARKETING[channel] if channel is not None else None
    if purpose is not None and current.get(purpose) is ConsentState.GRANTED:
        _note(uow, ctx, member, said, purpose=purpose, state=ConsentState.WITHDRAWN)


def _note(
    uow: UnitOfWork,
    ctx: ServiceContext,
    member: Member,
    said: Statement,
    *,
    purpose: ConsentPurpose,
    state: ConsentState,
) -> None:
    uow.consents.add(
        ConsentEntry(
            id=new_id(),
            customer_id=member.customer.id,
            purpose=purpose,
            state=state,
            at=ctx.clock.now(),
            wording_id=said.channel.value,
            wording_text=clean_line(said.words, _MAX_WORDING_CHARS) or "",
            channel=said.channel,
        )
    )
