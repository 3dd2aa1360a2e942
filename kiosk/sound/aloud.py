"""What is read aloud: the words on the screen, without anything that is somebody's own."""

import re

from kiosk.session.view import View
from messaging.local.from_kiosk import TextShown

_MOST_CHARS = 700
_HAS_FIGURES = re.compile(r"[0-9\u0660-\u0669\u2012\u2022]")
"""Numbers, codes, amounts, dates and points; and what stands for them while they are hidden or missing."""

_HAS_LETTERS = re.compile(r"\w\w")
_ENDS = ".!?:…؟"


def sayable(texts: tuple[TextShown, ...], view: View) -> tuple[str, ...]:
    """What of the screen's texts may be heard by everybody in the shop, in their order.

    Lines of a purchase, of a history and of the rewards are not in ``texts``: their widgets are not read
    (``is_read_aloud``).
    """
    own = [name.casefold() for name in _own_names(view)]
    said: dict[str, None] = {}
    for shown in texts:
        text = " ".join(shown.text.split())
        is_own = any(name in text.casefold() for name in own)
        if _HAS_LETTERS.search(text) and not _HAS_FIGURES.search(text) and not is_own:
            said[text] = None
    return tuple(said)


def sentence(said: tuple[str, ...]) -> str:
    """One text for the voice, with a rest after each part."""
    parts = (text if text[-1] in _ENDS else f"{text}." for text in said)
    return " ".join(parts)[:_MOST_CHARS]


def _own_names(view: View) -> list[str]:
    names = [view.consent.given_name, view.consent.draft]
    if view.member is not None and view.member.given_name:
        names.append(view.member.given_name)
    return [name for name in names if name]
