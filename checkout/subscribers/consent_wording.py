"""The very words beside the kiosk's consent boxes, by the version a device names (row 176).

The consent ledger keeps them, so that the proof needs no other source. A new wording is a new version
with an entry here; a version that is not known is recorded by its name alone.
"""

from loyalty.domain.consent import ConsentPurpose

_WORDINGS: dict[tuple[str, str], dict[ConsentPurpose, str]] = {}


def consent_texts(wording: str, language: str, shop: str) -> dict[ConsentPurpose, str]:
    """The texts of a version in a language; empty for a version that this release does not know."""
    texts = _WORDINGS.get((wording, language), {})
    return {purpose: text.replace("{shop}", shop) for purpose, text in texts.items()}
