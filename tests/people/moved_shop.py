"""A shop that moves in: its directory here, and the sheet of its former system about the same and other people.

What comes apart between two systems happens to each row: names mistyped, cut or changed over, married names,
moves, new numbers, old numbers that others bear by now, families with one number, birthdays misread, gaps.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.people import pools
from tests.people.slips import misheard, mistyped, other_day

Cells = dict[str, str]
"""Cells of a row by the name of their field; nothing is said by an empty one."""
_HOUSEHOLDS = 0.3
_STRANGERS = 0.2
_ADDRESS = ("line_1", "postal_code", "locality")


@dataclass(frozen=True)
class SheetRow:
    """One row of the sheet. ``who`` is its person's reference in the directory; None for somebody new."""

    cells: Cells
    who: str | None
    kind: str


@dataclass(frozen=True)
class MovedShop:
    """What is known here, and what comes."""

    directory: list[Cells]
    sheet: list[SheetRow]


def moved_shop(persons: int, seed: int) -> MovedShop:
    """The same for the same seed: every person of the directory stands in the sheet once, among strangers."""
    random = Random(seed)
    directory: list[Cells] = []
    for number in range(persons):
        directory.append(_person(random, number, directory[-1] if directory else None))
    sheet = [_row(random, each) for each in directory]
    sheet += [_stranger(random, directory) for _ in range(round(persons * _STRANGERS))]
    random.shuffle(sheet)
    return MovedShop([_with_gaps(random, each) for each in directory], sheet)


def _person(random: Random, number: int, before: Cells | None) -> Cells:
    given = pools.drawn(random, pools.GIVEN_FR, 0.05)
    family = pools.drawn(random, pools.FAMILY_FR, 0.25)
    place = pools.drawn(random, pools.PLACES_FR, 0.2)
    birthday = dt.date(random.randint(1935, 2007), random.randint(1, 12), random.randint(1, 28))
    street = (
        f"{random.randint(1, 180)} {random.choice(('rue', 'avenue', 'chemin'))} {pools.rare_name(random)}"
    )
    person = {
        "reference_id": f"D{number:05d}",
        "given_name": given.title(),
        "family_name": family.title(),
        "phone_number": f"+336{number * 7_919_357 % 100_000_000:08d}",
        "email_address": f"{given}.{family}{number}@exemple.fr".replace(" ", ""),
        "birthday": birthday.isoformat(),
        "line_1": street,
        "postal_code": f"{sum(map(ord, place)) * 13 % 90_000 + 1000:05d}",
        "locality": place.title(),
    }
    if before is not None and random.random() < _HOUSEHOLDS:
        person |= {name: before[name] for name in ("family_name", *_ADDRESS)}
    return person


def _with_gaps(random: Random, person: Cells) -> Cells:
    """The directory does not know everything either."""
    gaps = {"phone_number": 0.15, "email_address": 0.4, "birthday": 0.25, "line_1": 0.2}
    return {
        name: value for name, value in person.items() if name not in gaps or random.random() >= gaps[name]
    }


def _row(random: Random, person: Cells) -> SheetRow:
    kinds = list(_CHANGES)
    kind = random.choices(kinds, [_CHANGES[each][0] for each in kinds])[0]
    cells = {name: value for name, value in person.items() if name != "reference_id"}
    _CHANGES[kind][1](random, cells)
    if kind not in _BY_KEY:
        for name in ("phone_number", "email_address"):
            cells.pop(name, None)  # the former system knew none: no key tells who it is
    if random.random() < 0.15:
        cells.pop(random.choice(("line_1", "birthday")), None)
    return SheetRow(cells, person["reference_id"], kind)


def _slip(random: Random, cells: Cells) -> None:
    for name in random.sample(("given_name", "family_name", "line_1"), random.randint(1, 2)):
        change = random.choice((mistyped, mistyped, misheard))
        cells[name] = change(random, cells[name].lower()).title() or cells[name]


def _swap(_random: Random, cells: Cells) -> None:
    cells["given_name"], cells["family_name"] = cells["family_name"], cells["given_name"]


def _cut(random: Random, cells: Cells) -> None:
    cells["given_name"] = cells["given_name"][: max(1, random.randint(1, 3))]


def _move_number(random: Random, cells: Cells) -> None:
    cells["phone_number"] = f"+337{random.randrange(10**8):08d}"
    cells.pop("email_address")


def _move_house(random: Random, cells: Cells) -> None:
    place = pools.drawn(random, pools.PLACES_FR, 0.2)
    cells |= {"line_1": f"{random.randint(1, 99)} rue {pools.rare_name(random)}", "locality": place.title()}
    cells["postal_code"] = f"{sum(map(ord, place)) * 13 % 90_000 + 1000:05d}"


def _marry(random: Random, cells: Cells) -> None:
    cells["family_name"] = pools.drawn(random, pools.FAMILY_FR, 0.25).title()


def _misread_birthday(random: Random, cells: Cells) -> None:
    cells["birthday"] = other_day(random, dt.date.fromisoformat(cells["birthday"])).isoformat()


def _nothing(_random: Random, _cells: Cells) -> None:
    """As it is here."""


_CHANGES: dict[str, tuple[float, Callable[[Random, Cells], None]]] = {
    "same": (0.2, _nothing),
    "same_mistyped": (0.12, _slip),
    "no_key": (0.1, _nothing),
    "mistyped": (0.16, _slip),
    "swapped": (0.08, _swap),
    "cut": (0.05, _cut),
    "moved_number": (0.11, _move_number),
    "moved_house": (0.08, _move_house),
    "married": (0.04, _marry),
    "birthday_misread": (0.06, _misread_birthday),
}
_BY_KEY = frozenset({"same", "same_mistyped", "moved_number"})


def _stranger(random: Random, directory: list[Cells]) -> SheetRow:
    """Somebody new: anybody, of a family that is here with its one number, a namesake, or who has an old number."""
    known = random.choice(directory)
    other = _person(random, random.randint(500_000, 900_000), None)
    del other["reference_id"]
    kind = random.choice(("stranger", "stranger", "family", "namesake", "old_number"))
    if kind == "family":
        other |= {name: known[name] for name in ("family_name", "phone_number", *_ADDRESS)}
        del other["email_address"]
    elif kind == "namesake":
        other |= {name: known[name] for name in ("given_name", "family_name")}
    elif kind == "old_number":
        other["phone_number"] = known["phone_number"]
    return SheetRow(other, None, kind)
