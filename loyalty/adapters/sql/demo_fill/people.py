"""Made-up customers: who they are, what they agreed to, when they came. The same seed, the same people."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from loyalty.adapters.sql.demo_fill.names import COMPANIES, FAMILY, GIVEN
from loyalty.domain.search import fold

PEOPLE_AT_ONCE = 20_000
_YEARS = timedelta(days=3 * 365)
_AREAS = ("514", "438", "450", "418", "581", "819", "873")
_FRENCH_NUMBERS, _QUEBEC_NUMBERS = 80_000_000, 7_000_000
_STEP = 48_271
"""Coprime to both: numbers are scattered and never come twice."""
_VISITS = (0,) * 50 + (1,) * 25 + (2,) * 9 + (3,) * 6 + (4,) * 4 + (5,) * 2 + (6,) * 2 + (9, 14)
_SOURCES = ("loyalty",) * 6 + ("directory",) * 2 + ("import",) * 2


@dataclass(frozen=True, slots=True)
class Person:
    """One customer before there are rows."""

    number: int
    given_name: str | None
    family_name: str | None
    company_name: str | None
    email_address: str | None
    is_email_private: bool
    phone_number: str | None
    reference_id: str | None
    language: str
    source: str
    birthday: tuple[int, int] | None
    created_at: datetime
    is_enrolled: bool
    agrees_sms: bool
    agrees_email: bool | None
    """None: never asked."""
    is_neighbour: bool
    visits: tuple[datetime, ...]
    """Oldest first."""


def people(seed: int, first: int, count: int, until: datetime) -> Iterator[Person]:
    """The people of these numbers; those of one slice depend on nobody outside of it."""
    pick = random.Random(f"{seed}:{first}")  # noqa: S311 - made-up people, not secrets
    for number in range(first, first + count):
        yield _person(pick, number, until)


def _person(pick: random.Random, number: int, until: datetime) -> Person:
    chance = pick.random
    is_company = chance() < 0.02
    given = None if is_company and chance() < 0.5 else pick.choice(GIVEN)
    family = pick.choice(FAMILY) if given is not None else None
    lives_in_quebec = chance() < 0.35
    is_enrolled = chance() < 0.75
    has_phone = is_enrolled or chance() < 0.6
    created_at = until - _YEARS * chance() - timedelta(minutes=10)
    visits = _visits(pick, created_at, until)
    return Person(
        number=number,
        given_name=given,
        family_name=family,
        company_name=pick.choice(COMPANIES) if is_company else None,
        email_address=_email(pick, given, family, number) if chance() < 0.6 else None,
        is_email_private=chance() < 0.1,
        phone_number=_phone(number, in_quebec=lives_in_quebec) if has_phone else None,
        reference_id=f"{number + 1_000_000:09d}" if chance() < 0.7 else None,
        language="fr" if chance() < 0.92 else "en",
        source=pick.choice(_SOURCES),
        birthday=(pick.randint(1, 12), pick.randint(1, 28)) if chance() < 0.4 else None,
        created_at=created_at,
        is_enrolled=is_enrolled,
        agrees_sms=has_phone and chance() < 0.4,
        agrees_email=None if chance() < 0.55 else chance() < 0.85,
        is_neighbour=chance() < 0.01,
        visits=visits,
    )


def _visits(pick: random.Random, created_at: datetime, until: datetime) -> tuple[datetime, ...]:
    span = until - created_at
    times = (created_at + span * pick.random() for _ in range(pick.choice(_VISITS)))
    return tuple(sorted(at.replace(microsecond=0) for at in times))


def _email(pick: random.Random, given: str | None, family: str | None, number: int) -> str:
    name = ".".join(part for part in fold(f"{given or 'contact'} {family or ''}").split())
    return f"{name}{number}@{pick.choice(('example.org', 'example.com', 'example.net'))}"


def _phone(number: int, *, in_quebec: bool) -> str:
    if in_quebec and number < _QUEBEC_NUMBERS * 7:
        place = number // 7 * _STEP % _QUEBEC_NUMBERS
        return f"+1{_AREAS[number % 7]}{2_000_000 + place}"
    return f"+336{20_000_000 + number * _STEP % (_FRENCH_NUMBERS - 1)}"
