"""Which of a member's addresses a message takes: the phone, else the mailbox (rows 21, 66, X7, X9)."""

from collections.abc import Mapping, Set

from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.message import MessageKind

BY_PHONE_ALONE = frozenset(
    {MessageKind.ONE_TIME_CODE, MessageKind.OPTED_OUT, MessageKind.OPTED_IN, MessageKind.HELP}
)
"""A code proves who holds the phone, and an answer goes back to where the question came from."""


def address_for(
    kind: MessageKind,
    *,
    phone_number: str | None,
    email_address: str | None,
    consents: Mapping[ConsentPurpose, ConsentState],
    open_channels: Set[Channel],
) -> str | None:
    """The one address that the message goes to; None where the member cannot be written to.

    SMS where the account has a number, which its holder gave for this. E-mail where it has none, or where
    the shop sends no SMS: only to who agreed to the programme and did not leave its messages. Consent to
    advertising by either way plays no part: these messages are none.

    Args:
        kind: What is to be told.
        phone_number: The account's, E.164.
        email_address: The profile's.
        consents: In force, see :func:`loyalty.domain.consent.current_consents`.
        open_channels: Channels that have a way out of the shop.
    """
    by_mail = email_address if kind not in BY_PHONE_ALONE and may_be_mailed(email_address, consents) else None
    if phone_number is not None and (Channel.SMS in open_channels or by_mail is None):
        return phone_number
    return by_mail if Channel.EMAIL in open_channels else phone_number


def may_be_mailed(email_address: str | None, consents: Mapping[ConsentPurpose, ConsentState]) -> bool:
    """Whether messages about the member's own points may go to the mailbox."""
    return (
        email_address is not None
        and channel_of(email_address) is Channel.EMAIL
        and consents.get(ConsentPurpose.PROGRAMME) is ConsentState.GRANTED
        and consents.get(ConsentPurpose.PROGRAMME_MESSAGES) is not ConsentState.WITHDRAWN
    )
