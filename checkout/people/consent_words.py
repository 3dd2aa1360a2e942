"""Consents as staff read them: what for, how it was said, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checkout.profiles.worded import CHANNEL_TEXTS, PURPOSE_TEXTS
from checkout.words import Words
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState

WAY_TEXTS = {
    ConsentChannel.STAFF: "Face to face",
    ConsentChannel.PHONE: "On the telephone",
    ConsentChannel.LETTER: "In writing",
}
"""How a customer says it to staff."""
GRANT_WORDS = {
    ConsentPurpose.PROGRAMME_MESSAGES: "I would like to get messages about my points.",
    ConsentPurpose.MARKETING_SMS: (
        "I would like offers by text message. A few a month at most. I can stop them at any time."
    ),
    ConsentPurpose.MARKETING_EMAIL: (
        "I would like offers by e-mail. A few a month at most. I can stop them at any time."
    ),
}
"""Words to agree to, offered to staff to read out; what was really said may be typed over them."""


@dataclass(frozen=True)
class Statement:
    """One entry of the ledger as it is shown."""

    at: datetime
    purpose: str
    is_granted: bool
    channel: str
    words: str
    device: str
    by: str


def statement(entry: ConsentEntry, words: Words, staff_names: Mapping[UUID, str]) -> Statement:
    return Statement(
        at=entry.at,
        purpose=words.text(PURPOSE_TEXTS[entry.purpose]),
        is_granted=entry.state is ConsentState.GRANTED,
        channel=words.text(CHANNEL_TEXTS[entry.channel]),
        words=entry.wording_text,
        device=entry.device or "",
        by=staff_names.get(entry.staff_id, "") if entry.staff_id is not None else "",
    )
