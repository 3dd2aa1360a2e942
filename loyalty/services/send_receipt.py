"""The receipt of a sale by e-mail, because the customer asks for it at the till (row 152)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.channel import Channel
from loyalty.domain.contact.email_address import mailbox_of, reachable_mailbox
from loyalty.domain.message import MemberMessage, MessageKind
from loyalty.domain.sale import Sale
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.opt_out import new_opt_out_link
from loyalty.services.paid_sale import paid_sale
from loyalty.services.setup import shop_settings
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class ReceiptToDraw:
    """What a receipt is drawn from, in which no name, number or mailbox of anybody may stand."""

    sale: Sale
    language: str
    shows_account: bool
    """Whether points and balance may stand on it."""
    opening: str
    closing: str
    """How to get no more; it holds ``opt_out_link``."""
    opt_out_link: str


@dataclass(frozen=True, slots=True)
class DrawnReceipt:
    """The same receipt twice."""

    text: str
    html: str


@dataclass(frozen=True, slots=True)
class ReceiptQueued:
    """It goes out; ``is_new`` is False where it went to this mailbox before."""

    is_new: bool


def send_receipt(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale_id: UUID,
    staff: StaffMember,
    *,
    typed_address: str,
    draw: Callable[[UnitOfWork, ReceiptToDraw], DrawnReceipt],
) -> ReceiptQueued | Refused:
    """Queue the receipt, once for each mailbox.

    A typed mailbox is used for this letter alone and enters no profile. Points and balance stand on the
    receipt only where the member was surely there, or where it goes to the mailbox of their own profile:
    who types somebody's number must not read that account in their own mail.

    Args:
        uow: An entered unit of work.
        ctx: See :class:`ServiceContext`.
        sale_id: A completed sale.
        staff: Who was asked.
        typed_address: As typed; empty for the mailbox of the member's profile.
        draw: Draws the receipt in a language.

    Returns:
        Refusals: ``sale_unknown``, ``sale_not_completed``, ``training_sends_nothing``,
        ``email_not_set_up``, ``email_address_invalid``, ``address_gets_nothing``.

    Raises:
        PermissionDeniedError: Without ``sell``.
    """
    staff.require(Permission.SELL)
    paid = paid_sale(uow, sale_id, if_training=Refusal.TRAINING_SENDS_NOTHING)
    if isinstance(paid, Refused):
        return paid
    sale = paid.sale
    if Channel.EMAIL not in ctx.open_channels:
        return Refused(Refusal.EMAIL_NOT_SET_UP)
    member = uow.customers.member(sale.member.customer_id) if sale.member is not None else None
    own = reachable_mailbox(member.customer) if member is not None else None
    to = mailbox_of(typed_address) if typed_address.strip() else own
    if to is None:
        return Refused(Refusal.EMAIL_ADDRESS_INVALID)
    if uow.suppressions.of(to) is not None:
        return Refused(Refusal.ADDRESS_GETS_NOTHING)
    if uow.messages.knows(_event_key(sale, to)):
        return ReceiptQueued(is_new=False)
    uow.messages.queue(_message(uow, ctx, sale, to=to, addressee=member if to == own else None, draw=draw))
    note_deed(uow, ctx, staff, action=AuditAction.RECEIPT_SENT, subject=f"sale:{sale.id}")
    return ReceiptQueued(is_new=True)


def _event_key(sale: Sale, to: str) -> str:
    """Once for each mailbox, which cannot be read from its key: the key outlives it."""
    return f"receipt:{sale.id}:{uuid.uuid5(sale.id, to)}"


def _message(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale: Sale,
    *,
    to: str,
    addressee: Member | None,
    draw: Callable[[UnitOfWork, ReceiptToDraw], DrawnReceipt],
) -> MemberMessage:
    shop = shop_settings(uow)
    language = (addressee.customer.language if addressee is not None else None) or shop.default_language
    link = new_opt_out_link(
        uow, ctx, customer_id=addressee.customer.id if addressee is not None else None, address=to
    )
    words = {"shop": shop.name, "channel": Channel.EMAIL.value, "opt_out_link": link}
    opening, _, closing = ctx.wording.body(MessageKind.RECEIPT, language, words).partition("\n\n")
    is_sure = sale.member is not None and sale.member.trust >= shop.trust.show_points
    drawn = draw(
        uow,
        ReceiptToDraw(
            sale=sale,
            language=language,
            shows_account=sale.member is not None
            and sale.member.account_id is not None
            and (is_sure or addressee is not None),
            opening=opening,
            closing=closing,
            opt_out_link=link,
        ),
    )
    return MemberMessage(
        id=new_id(),
        event_key=_event_key(sale, to),
        kind=MessageKind.RECEIPT,
        customer_id=sale.member.customer_id if sale.member is not None else None,
        to=to,
        language=language,
        body=drawn.text,
        queued_at=ctx.clock.now(),
        opt_out_link=link,
        html=drawn.html,
    )
