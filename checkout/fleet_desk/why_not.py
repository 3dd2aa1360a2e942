"""Why a device does not run a release, in the words of who reads; agents tell it for a technician."""

from collections.abc import Mapping

from checkout.words import Words

WHY_TEXTS: Mapping[str, str] = {
    "health: process": "Its program did not run well",
    "health: broker": "It did not reach the broker",
    "health: screen": "Its screen was not drawn",
    "health: outbox": "Its store of events could not be used",
    "health: scan": "A code was not read, or its sale not completed",
    "health": "It was not well for long enough",
    "start": "It did not start",
    "install": "It could not be installed",
    "space": "Its disk has not enough room",
    "signature": "The release is not signed, or no longer",
    "machine": "The release is not made for this device",
    "libraries": "Its system lacks something",
    "outbox": "The release before could not read what this one writes",
    "floor": "The release is older than what may be installed",
}
"""How a reason of :class:`messaging.station.fleet.UpdateEnded` begins → what it means."""


def why_text(words: Words, reason: str) -> str:
    """What a reason means; empty for one that an agent of another release has made up."""
    kind, _, rest = reason.partition(": ")
    source = WHY_TEXTS.get(f"{kind}: {rest.partition(': ')[0]}") or WHY_TEXTS.get(kind)
    return words.text(source) if source is not None else ""
