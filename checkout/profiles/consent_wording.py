"""The very words by which an address typed into a profile subscribes (row 21), kept with the consent.

A new wording is a new version; old ones are in the ledger itself.
"""

from checkout.words import Words
from loyalty.services.edit_profile import ConsentWording

_VERSION = "profile-2026-11"


def email_wording(words: Words) -> ConsentWording:
    """What stands beside the field for the e-mail address, in the language in which it stood there."""
    return ConsentWording(f"{_VERSION}-{words.language}", words.text(EMAIL_WORDING))


EMAIL_WORDING = (
    "Typing an address here subscribes the customer to offers by e-mail: tell them so, and type it only if "
    "they agree. Every message has a link to unsubscribe."
)
