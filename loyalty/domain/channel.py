"""The channel that an address belongs to: text message or e-mail."""

import re
from enum import StrEnum

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,253}\.[^\s@<>\"(),:;\\\[\].]{2,63}")


class Channel(StrEnum):
    """A kind of way to a member."""

    SMS = "sms"
    EMAIL = "email"


def channel_of(address: str) -> Channel | None:
    """The channel of an E.164 number or an e-mail address; None for text that is neither."""
    if _E164.fullmatch(address):
        return Channel.SMS
    return Channel.EMAIL if _EMAIL.fullmatch(address) else None
