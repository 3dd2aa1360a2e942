"""Reads the form of the look; says which pair of colours cannot be read, and by how much."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checkout.looks.wire_look import HOUSE_COLOURS
from checkout.programme.typed import FieldReader, Problem, Typed
from loyalty.domain.kiosk_look import KioskLook, PromiseWords
from loyalty.domain.text import clean_line
from messaging.station.look import MAX_PROMISE_CHARS, MAX_TITLE_CHARS
from messaging.station.palette import Shortfall, palette, readable_brand, shortfalls

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class ColourCheck:
    """What three colours make of the screens.

    Attributes:
        pairs: That cannot be read, the worst first.
        darker: A shade of the brand's colour with which all can be read, if there is one.
    """

    pairs: list[Shortfall]
    darker: str | None


def typed_of(look: KioskLook, languages: Iterable[str]) -> Typed:
    """The form as it begins."""
    pairs = [(name, getattr(look, name) or house) for name, house in HOUSE_COLOURS.items()]
    for language in languages:
        words = look.promises.get(language)
        pairs.append((f"title_{language}", words.title if words else ""))
        pairs.append((f"text_{language}", words.text if words else ""))
    return Typed.of([*pairs, ("revision", str(look.revision))])


def read_look(reader: FieldReader, languages: Iterable[str], logo_base64: str) -> KioskLook:
    """The look that was typed; what is wrong with it goes to the reader."""
    typed = reader.typed
    colours = {name: typed.one(name).strip().upper() for name in HOUSE_COLOURS}
    for name, colour in colours.items():
        if not _COLOUR.fullmatch(colour):
            reader.refuse(name, Problem("colour_unreadable"))
    promises: dict[str, PromiseWords] = {}
    for language in languages:
        title, text = typed.one(f"title_{language}"), typed.one(f"text_{language}")
        if not title.strip() and not text.strip():
            continue
        lines = [clean_line(line, MAX_TITLE_CHARS + 1) or "" for line in title.strip().splitlines()]
        shown, promise = "\n".join(line for line in lines if line), clean_line(text, MAX_PROMISE_CHARS + 1)
        if not shown or len(shown) > MAX_TITLE_CHARS or len(lines) > 2:
            reader.refuse(f"title_{language}", Problem("promise_title", {"chars": MAX_TITLE_CHARS}))
        elif not promise or len(promise) > MAX_PROMISE_CHARS:
            reader.refuse(f"text_{language}", Problem("promise_text", {"chars": MAX_PROMISE_CHARS}))
        else:
            promises[language] = PromiseWords(shown, promise)
    chosen = {name: "" if colour == HOUSE_COLOURS[name] else colour for name, colour in colours.items()}
    return KioskLook(
        brand=chosen["brand"],
        accent=chosen["accent"],
        paper=chosen["paper"],
        logo_base64=logo_base64,
        promises=promises,
    )


def check_colours(typed: Typed) -> ColourCheck:
    """Of three colours that are colours."""
    brand, accent, paper = (typed.one(name).strip().upper() for name in HOUSE_COLOURS)
    pairs = shortfalls(palette(brand, accent, paper))
    return ColourCheck(pairs, readable_brand(brand, accent, paper) if pairs else None)
