"""Templates to answers: the words, amounts and reasons that a template can use."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from checkout.till.view import WhyView
from checkout.words import Words
from checkout.words.parts import part_said
from checkout.words.places import place_name
from checkout.words.reasons import reason_text

STATIC_FOLDER = Path(__file__).parent / "static"

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def asset(name: str) -> str:
    """Address of a static file with a piece of its digest, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


_environment.globals["asset"] = asset
_environment.globals["is_demo"] = False


def render(template: str, words: Words, **fields: Any) -> str:
    """The text of a template in a language."""
    return _environment.get_template(template).render(
        words=words,
        t=words.text,
        tn=words.plural,
        number_text=words.number,
        place_name=partial(place_name, words),
        part_said=partial(part_said, words),
        **fields,
    )


def page(
    template: str, words: Words, *, status: int = 200, headers: dict[str, str] | None = None, **fields: Any
) -> HTMLResponse:
    return HTMLResponse(render(template, words, **fields), status_code=status, headers=headers)


def money_fields(words: Words, currency: str, one: str, many: str) -> dict[str, Any]:
    """Functions for templates that show amounts, points and reasons of one shop."""

    def points(count: int) -> str:
        return f"{words.number(count)}\u00a0{points_unit(count)}"

    def points_unit(count: int) -> str:
        return one if words.is_singular(count) else many

    def why(reason: WhyView) -> str:
        return reason_text(words, reason.code, reason.params, currency)

    return {
        "money": lambda minor: words.money(minor, currency),
        "short_money": lambda minor: words.money(minor, currency, is_short=True),
        "points": points,
        "points_unit": points_unit,
        "why": why,
    }


def here(request: Request) -> str:
    """Path of the page, for links back to itself."""
    return quote(request.url.path)
