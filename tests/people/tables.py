"""Tables of people with the truth beside them, in several styles."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.people import pools, slips


@dataclass(frozen=True)
class Style:
    """How people are made and how their rows go wrong."""

    country: str = "au"
    persons: int = 2000
    copies: tuple[int, ...] = (0, 0, 1, 1, 2)
    faults: tuple[int, int] = (1, 4)
    """Fewest and most slips in a copy."""
    missing: float = 0.06
    households: float = 0.1
    """Share of persons who live with the one before: same surname, address, often phone."""
    namesakes: float = 0.02
    """Share of those in a household who bear the same given name, or are twins."""
    moved: float = 0.05
    swapped: float = 0.05
    rare_names: float = 0.3
    scrambled: float = 0.0
    columns: tuple[str, ...] = (
        "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
        "date_of_birth", "soc_sec_id",
    )  # fmt: skip


Row = dict[str, str]
_COPIED_ALWAYS = frozenset({"suburb"})


def table(style: Style, seed: int) -> tuple[list[Row], list[int]]:
    """Rows in random order, and the number of the person of each."""
    random = Random(seed)
    rows: list[tuple[Row, int]] = []
    person: Row | None = None
    for number in range(style.persons):
        person = _person(random, style, person)
        rows.append((_with_gaps(random, style, person), number))
        rows += [(_copy(random, style, person), number) for _ in range(random.choice(style.copies))]
    random.shuffle(rows)
    return [{column: row[column] for column in style.columns} for row, _ in rows], [who for _, who in rows]


def _person(random: Random, style: Style, before: Row | None) -> Row:
    french = style.country in ("fr", "qc")
    given = pools.drawn(random, pools.GIVEN_FR if french else pools.GIVEN_EN, 0.05)
    birthday = dt.date(random.randint(1920, 2005), random.randint(1, 12), random.randint(1, 28))
    family = pools.drawn(random, pools.FAMILY_FR if french else pools.FAMILY_EN, style.rare_names)
    person = {
        "given_name": given,
        "surname": family,
        **_address(random, style),
        **_reachable(random, style, given, family),
    }
    if before is not None and random.random() < style.households:
        kept = ("surname", "street_number", "address_1", "address_2", "street", "suburb", "postcode", "state")
        person |= {column: before[column] for column in kept}
        if random.random() < 0.5:
            person["phone"] = before["phone"]
        if random.random() < 0.3:
            person["email"] = before["email"]
        if random.random() < style.namesakes:
            person["given_name"] = before["given_name"]
        elif random.random() < style.namesakes * 2:
            birthday = dt.date.fromisoformat(before["birthday"])
    return person | {
        "birthday": birthday.isoformat(),
        "date_of_birth": birthday.strftime("%Y%m%d"),
        "soc_sec_id": str(random.randint(1_000_000, 9_999_999)),
        "reference": f"C{random.randint(0, 999_999):06d}",
    }


def _address(random: Random, style: Style) -> Row:
    number = str(random.randint(1, 200))
    if style.country == "au":
        street = f"{pools.rare_name(random)} {random.choice(pools.STREETS_EN)}"
        place = pools.drawn(random, pools.PLACES_EN, 0.5)
        post = (
            str(2000 + sum(map(ord, place)) * 7 % 5000)
            if random.random() < 0.5
            else str(random.randint(2000, 6999))
        )
    else:
        street = f"{random.choice(('rue', 'avenue', 'boulevard', 'chemin'))} {random.choice(('de la', 'du', 'des', ''))} {pools.rare_name(random)}"
        place = pools.drawn(random, pools.PLACES_FR, 0.2)
        base = sum(map(ord, place)) * 13
        post = (
            f"{base % 90_000 + 1000:05d}"
            if style.country == "fr"
            else f"G{base % 10}{'ABCEGHJKLM'[base % 7]} {random.randint(0, 9)}{random.choice('ABCEGHJ')}{random.randint(0, 9)}"
        )
    return {
        "street_number": number,
        "address_1": street,
        "street": f"{number} {street}",
        "address_2": pools.rare_name(random) if random.random() < 0.4 else "",
        "suburb": place,
        "postcode": post,
        "state": random.choice(pools.STATES),
    }


def _reachable(random: Random, style: Style, given: str, family: str) -> Row:
    start = {"au": "+614", "fr": "+336", "qc": "+1418"}[style.country]
    phone = start + "".join(str(random.randrange(10)) for _ in range(7 if style.country == "qc" else 8))
    box = random.choice(
        (
            f"{given}.{family}{random.choice(('', random.randint(1, 9999)))}",
            f"{given[0]}{family}{random.randint(1, 99)}",
            f"{pools.rare_name(random)}{random.randint(1, 999)}",
        )
    )
    host = random.choice(
        (
            "gmail.com",
            "gmail.com",
            "hotmail.com",
            "orange.fr",
            "videotron.ca",
            f"{pools.rare_name(random)}.com",
        )
    )
    return {"phone": phone, "email": f"{box.replace(' ', '')}@{host}"}


def _with_gaps(random: Random, style: Style, person: Row) -> Row:
    return {
        column: "" if random.random() < style.missing * _often_empty(column) else text
        for column, text in person.items()
    }


def _often_empty(column: str) -> float:
    return {"phone": 3.0, "email": 5.0, "given_name": 0.5, "surname": 0.4, "soc_sec_id": 0.3}.get(column, 1.0)


def _copy(random: Random, style: Style, person: Row) -> Row:
    row = dict(person)
    for _ in range(random.randint(*style.faults)):
        _damage(random, style, row, random.choice(style.columns))
    if random.random() < style.moved:
        row |= _address(random, style)
    if random.random() < style.swapped:
        row["given_name"], row["surname"] = row["surname"], row["given_name"]
    if random.random() < style.swapped / 2:
        row["address_1"], row["address_2"] = row["address_2"], row["address_1"]
    if random.random() < 0.1:
        row["given_name"] = pools.NICKNAMES.get(row["given_name"], row["given_name"])
    return _with_gaps(random, style, row)


def _damage(random: Random, style: Style, row: Row, column: str) -> None:
    text = row[column]
    if column in ("birthday", "date_of_birth"):
        try:
            day = slips.other_day(random, dt.date.fromisoformat(text))
        except ValueError:
            return
        row[column] = day.isoformat() if column == "birthday" else day.strftime("%Y%m%d")
    elif column == "state":
        row[column] = random.choice(pools.STATES)
    elif style.scrambled and random.random() < style.scrambled:
        row[column] = slips.scrambled(random, text)
    else:
        slip: Callable[[Random, str], str] = random.choice(
            (slips.mistyped, slips.mistyped, slips.misheard, slips.misread)
        )
        row[column] = slip(random, text)


AUSTRALIAN = Style()
SHOP = ("given_name", "surname", "street", "suburb", "postcode", "birthday", "phone", "email", "reference")
FRENCH = Style(country="fr", columns=SHOP)
QUEBEC = Style(country="qc", columns=SHOP, households=0.25, missing=0.1)
SCRAMBLED = Style(
    persons=300, copies=(0, 1, 2, 3, 4, 6, 8), households=0.0, moved=0.0, swapped=0.2, scrambled=0.9, missing=0.08, rare_names=0.2,
    faults=(0, 3), columns=("given_name", "surname", "birthday", "suburb", "email"),
)  # fmt: skip
FAMILIES = Style(households=0.5, namesakes=0.06, moved=0.1)
DIRTY = Style(faults=(3, 8), missing=0.15, copies=(0, 1, 1, 3))


def without(style: Style, *columns: str) -> Style:
    """The same people with fewer columns."""
    return replace(style, columns=tuple(each for each in style.columns if each not in columns))
