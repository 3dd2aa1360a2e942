"""The staff's sections in groups: a row of subjects, and beneath it what belongs to the open one."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.words import Words

_SUBJECT_OF = {
    "lanes": "counter",
    "day": "counter",
    "sales": "counter",
    "customers": "customers",
    "groups": "customers",
    "import": "customers",
    "duplicates": "customers",
    "points": "customers",
    "programme": "programme",
    "promotions": "programme",
    "simulator": "programme",
    "messages": "programme",
    "activity": "reports",
    "reports": "reports",
    "audit": "reports",
}
"""Subject by key of a section; what is not named here belongs to the shop."""


@dataclass(frozen=True)
class Section:
    """An entry of the staff's navigation."""

    key: str
    path: str
    name: str
    hint: str


@dataclass(frozen=True)
class SectionGroup:
    """One subject. Its first section is where its name leads."""

    key: str
    name: str
    sections: tuple[Section, ...]

    @property
    def path(self) -> str:
        return self.sections[0].path

    def holds(self, key: str) -> bool:
        """Whether the section of this key belongs here."""
        return any(each.key == key for each in self.sections)


def grouped(sections: Sequence[Section], words: Words) -> list[SectionGroup]:
    """The sections that somebody may open, by subject; a subject with nothing in it is left out."""
    names = {
        "counter": words.text("Counter"),
        "customers": words.text("Customers"),
        "programme": words.text("Loyalty"),
        "reports": words.text("Reports"),
        "shop": words.text("Shop"),
    }
    groups = []
    for key, name in names.items():
        inside = tuple(
            each for each in sections if each.key != "home" and _SUBJECT_OF.get(each.key, "shop") == key
        )
        if inside:
            groups.append(SectionGroup(key, name, inside))
    return groups
