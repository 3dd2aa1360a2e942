"""What a heading says of the shop's own fields: as it is written first, then without accents and signs."""

import re
import unicodedata
from collections.abc import Iterable

from loyalty.domain.custom_field import CustomField
from loyalty.domain.importing.fields import Target, custom_target
from loyalty.domain.text import without_accents

OWN_FIELD_WORDS = ("own field", "champ de la boutique")
"""What our exports write in brackets after a field's name that is a heading of every sheet, too."""


class OwnHeadings:
    """The shop's own fields by their headings. A heading that could be two of them is none.

    Args:
        fields: All of them; those that are no longer asked for are left out.
    """

    def __init__(self, fields: Iterable[CustomField]) -> None:
        self._exact: dict[str, Target] = {}
        self._folded: dict[str, Target | None] = {}
        for each in fields:
            if each.archived_at is not None:
                continue
            target = custom_target(each.id)
            self._exact[_as_written(each.name)] = target
            for words in OWN_FIELD_WORDS:
                self._exact.setdefault(_as_written(marked_as_own(each.name, words)), target)
            folded = _folded(each.name)
            self._folded[folded] = None if folded in self._folded else target

    def exact(self, heading: str) -> Target | None:
        return self._exact.get(_as_written(heading))

    def folded(self, heading: str) -> Target | None:
        """The only field that the heading can be; what has neither letter nor digit is none."""
        folded = _folded(heading)
        return self._folded.get(folded) if folded else None


def marked_as_own(name: str, words: str) -> str:
    return f"{name} ({words})"


def is_marked_as_own(name: str) -> bool:
    return any(_as_written(name).endswith(f"({words})") for words in OWN_FIELD_WORDS)


def _as_written(heading: str) -> str:
    return " ".join(unicodedata.normalize("NFC", heading).casefold().split())


def _folded(heading: str) -> str:
    """Letters and digits of every script: names in another one than ours are names."""
    bare = without_accents(re.sub(r"\([^)]*\)", " ", heading).casefold())
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())
