"""Messages to members: queued in the transaction that caused them, sent afterwards, each once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class MessageKind(StrEnum):
    """What a message tells."""

    WELCOME = "welcome"
    """With the link to the status page (row 117)."""
    FIRST_POINT = "first_point"
    """Enrolment and the first points in one message (row 158)."""
    POINTS_EARNED = "points_earned"
    TIER_REACHED = "tier_reached"
    """Row 118."""
    PROGRAMME_CHANGED = "programme_changed"
    """Row 119."""
    POINTS_EXPIRING = "points_expiring"
    REDEMPTION_CONFIRMED = "redemption_confirmed"
    """Staff confirmed a redemption: the member is told, so that a false one is noticed (row 206)."""
    ONE_TIME_CODE = "one_time_code"
    BIRTHDAY = "birthday"
    STATUS_LINK = "status_link"
    """A new link, the old ones being void."""
    RETENTION = "retention"
    """They stayed away so long that they will be forgotten, unless they say or do something (row 201)."""
    OPTED_OUT = "opted_out"
    """The one answer to STOP: it is done."""
    OPTED_IN = "opted_in"
    """The answer to START: what comes again, and what does not."""
    HELP = "help"
    """The answer to HELP."""
    RECEIPT = "receipt"
    """The receipt of one sale, by e-mail, because the customer asked for it (row 152)."""


CAMPAIGNS = (
    MessageKind.WELCOME,
    MessageKind.FIRST_POINT,
    MessageKind.BIRTHDAY,
    MessageKind.TIER_REACHED,
    MessageKind.POINTS_EXPIRING,
    MessageKind.PROGRAMME_CHANGED,
    MessageKind.RETENTION,
)
"""What the shop says by itself to win somebody or to win them back (row 69)."""


class MessageState(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    """Handed to a gateway right now; if the process dies meanwhile, it becomes ``unknown``."""
    SENT = "sent"
    REFUSED = "refused"
    """The gateway said no for good."""
    UNKNOWN = "unknown"
    """Nobody knows whether it went out: a person decides, it is not sent again by itself."""
    DROPPED = "dropped"
    """It shall not go out any more; ``detail`` says why."""


@dataclass(frozen=True, slots=True)
class MemberMessage:
    """One message to one member. ``event_key`` is unique: one event, one message (X7)."""

    id: UUID
    event_key: str
    kind: MessageKind
    customer_id: UUID | None
    """None for the receipt of somebody whom nobody knows."""
    to: str
    """E.164 number or e-mail address."""
    language: str
    body: str
    queued_at: datetime
    state: MessageState = MessageState.QUEUED
    attempts: int = 0
    settled_at: datetime | None = None
    due_at: datetime | None = None
    """Not to be sent before; None is at once."""
    expires_at: datetime | None = None
    """Worthless from then on, as a one-time code is."""
    device: str | None = None
    """Certificate name of the device whose customer caused it, for the caps of row 207."""
    opt_out_link: str | None = None
    """The full address that ends all messages to this member."""
    html: str | None = None
    """Of an e-mail: the same as ``body``, for who reads with a browser's eyes."""
    detail: str = ""
    """Code of why it is in its state, or the provider's words; no contact data."""


MessageParams = Mapping[str, int | str]
"""What the wording of a message is made from."""
