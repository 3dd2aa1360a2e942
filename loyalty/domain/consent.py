"""Consents: an append-only ledger of who agreed to what, when, in which words, where (row 176)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.channel import Channel


class ConsentPurpose(StrEnum):
    """What a consent is for; each stands by itself (X9)."""

    PROGRAMME = "programme"
    PROGRAMME_MESSAGES = "programme_messages"
    """Messages about the member's own points: they come with the programme until they are withdrawn (X7)."""
    MARKETING_SMS = "marketing_sms"
    MARKETING_EMAIL = "marketing_email"


class ConsentState(StrEnum):
    """What an entry says."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class ConsentChannel(StrEnum):
    """Where the customer said it."""

    KIOSK = "kiosk"
    STAFF = "staff"
    STATUS_PAGE = "status_page"
    SMS_REPLY = "sms_reply"
    LINK = "link"
    """The opt-out link of a message."""
    PHONE = "phone"
    """On the telephone, to staff."""
    LETTER = "letter"
    """In writing: a form on paper, a letter, an e-mail."""
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One statement of one customer. Never changed; a later entry replaces its meaning."""

    id: UUID
    customer_id: UUID
    purpose: ConsentPurpose
    state: ConsentState
    at: datetime
    wording_id: str
    wording_text: str
    """The very words beside the box, so that the proof needs no other source."""
    channel: ConsentChannel
    device: str | None = None
    staff_id: UUID | None = None
    """Who recorded it for the customer."""


def current_consents(entries: Iterable[ConsentEntry]) -> dict[ConsentPurpose, ConsentState]:
    """The state in force of each purpose that was ever stated; a purpose not in it was never granted."""
    in_order = sorted(entries, key=lambda entry: (entry.at, entry.id))
    return {entry.purpose: entry.state for entry in in_order}


_OWN_HAND = frozenset(
    {ConsentChannel.KIOSK, ConsentChannel.STATUS_PAGE, ConsentChannel.LINK, ConsentChannel.SMS_REPLY}
)
_MARKETING = {ConsentPurpose.MARKETING_SMS: Channel.SMS, ConsentPurpose.MARKETING_EMAIL: Channel.EMAIL}


def channels_given_by_own_hand(entries: Iterable[ConsentEntry]) -> frozenset[Channel]:
    """Channels of which the customer agreed to news without staff, and did not take it back (row 11)."""
    in_order = sorted(entries, key=lambda entry: (entry.at, entry.id))
    last = {entry.purpose: entry for entry in in_order}
    return frozenset(
        channel
        for purpose, channel in _MARKETING.items()
        if purpose in last
        and last[purpose].state is ConsentState.GRANTED
        and last[purpose].channel in _OWN_HAND
    )


def raised_consents(
    ticked: Iterable[ConsentPurpose], current: dict[ConsentPurpose, ConsentState]
) -> list[ConsentPurpose]:
    """The ticked purposes that are not granted yet. What is not ticked is left as it is (X16)."""
    return [purpose for purpose in ticked if current.get(purpose) is not ConsentState.GRANTED]
