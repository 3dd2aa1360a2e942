"""What happens to a text on its way into a form."""

import datetime as dt
from random import Random

_BESIDE = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))
_HEARD = (
    ("ph", "f"),
    ("ie", "y"),
    ("c", "k"),
    ("s", "z"),
    ("ll", "l"),
    ("au", "o"),
    ("ei", "ie"),
    ("th", "t"),
    ("mc", "mac"),
)
_SEEN = (("l", "1"), ("o", "0"), ("s", "5"), ("g", "9"), ("b", "6"), ("rn", "m"), ("cl", "d"))


def mistyped(random: Random, text: str) -> str:
    """One of: letter added, left out, replaced, two changed over, blank moved."""
    if not text:
        return text
    at = random.randrange(len(text))
    letter = text[at].lower()
    kind = random.randrange(5)
    if kind == 0:
        return text[:at] + _BESIDE.get(letter, "1" if letter.isdigit() else "e") + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        beside = str(random.randrange(10)) if letter.isdigit() else _BESIDE.get(letter, "a")
        return text[:at] + beside + text[at + 1 :]
    if kind == 3 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text.replace(" ", "", 1) if " " in text else text[:at] + text[at:].swapcase()


def misheard(random: Random, text: str) -> str:
    return _exchanged(random, text, _HEARD)


def misread(random: Random, text: str) -> str:
    return _exchanged(random, text, _SEEN)


def scrambled(random: Random, text: str) -> str:
    """A part of the letters in another order, some lost."""
    letters = list(text)
    if len(letters) < 3:
        return text
    size = random.randint(2, min(5, len(letters)))
    picked = random.sample(range(len(letters)), size)
    moved = picked[1:] + picked[:1]
    was = list(letters)
    for to, source in zip(picked, moved, strict=True):
        letters[to] = was[source]
    if random.random() < 0.4:
        del letters[random.randrange(len(letters))]
    return "".join(letters)


def other_day(random: Random, day: dt.date) -> dt.date:
    """Another reading of a birthday: changed over, one part wrong, or some weeks away."""
    kind = random.randrange(4)
    if kind == 0 and day.day <= 12:
        return day.replace(month=day.day, day=day.month)
    if kind == 1:
        return day.replace(day=random.randint(1, 28))
    if kind == 2:
        return day.replace(year=day.year + random.choice((-10, -1, 1, 10)), day=min(day.day, 28))
    return day + dt.timedelta(random.randint(-120, 120))


def _exchanged(random: Random, text: str, table: tuple[tuple[str, str], ...]) -> str:
    fitting = [(one, other) for one, other in table if one in text]
    if not fitting:
        return mistyped(random, text)
    one, other = random.choice(fitting)
    return text.replace(one, other, 1)
