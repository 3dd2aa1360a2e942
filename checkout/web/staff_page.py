"""What every staff page about the shop has: the sections that the viewer may open, and the shop's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from checkout.programme.goods import Goods, read_goods
from checkout.programme.typed import Problem, Typed
from checkout.programme.wording import ProgrammeWording
from checkout.web.context import WebContext
from checkout.web.rendering import money_fields, page
from checkout.web.sections import section_keys, subjects_for
from checkout.web.session import SignedInStaff
from loyalty.domain.programme import PointsName, ProgrammeVersion
from loyalty.domain.text import without_controls

_DEFAULT_NAME = PointsName("point", "points")
_MAX_FIELDS = 5_000


@dataclass(frozen=True)
class ShopNow:
    """What most staff pages read first."""

    programme: ProgrammeVersion | None
    goods: Goods


async def shop_now(context: WebContext) -> ShopNow:
    """The programme in force and the catalogue."""
    return await run_in_threadpool(_read_shop, context)


def _read_shop(context: WebContext) -> ShopNow:
    with context.reading() as unit:
        return ShopNow(unit.programme.current(), read_goods(unit))


def wording_for(viewer: SignedInStaff, now: ShopNow, name: PointsName | None = None) -> ProgrammeWording:
    """The shop's wording; ``name`` where a draft calls the points something else."""
    points_name = name or (now.programme.points_name if now.programme is not None else _DEFAULT_NAME)
    return ProgrammeWording(viewer.words, viewer.shop.currency, now.goods, points_name)


def staff_page(
    template: str,
    viewer: SignedInStaff,
    section: str,
    *,
    path: str,
    wording: ProgrammeWording | None = None,
    status: int = 200,
    **fields: Any,
) -> HTMLResponse:
    """A page with the staff's bar and sections.

    Args:
        template: Its file.
        viewer: Who reads it.
        section: Key of the section that it is in.
        path: Its address, for the change of language.
        wording: Where the page shows the programme's parts.
        status: Of the answer.
        fields: What the template shows besides.
    """
    words = viewer.words
    subjects = subjects_for(viewer.staff, words)
    name = wording.points_name if wording is not None else _DEFAULT_NAME
    fields.setdefault("typed", Typed({}))
    problems: dict[str, Problem] = fields.pop("problems", {})
    return page(
        template,
        words,
        status=status,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        staff_name=viewer.staff.display_name,
        place="",
        here=path,
        section=section,
        section_keys=section_keys(subjects),
        subjects=subjects,
        timezone=viewer.shop.timezone,
        trouble=viewer.trouble,
        privacy=viewer.privacy,
        wording=wording,
        problems={key: problem.text(words, viewer.shop.currency) for key, problem in problems.items()},
        **money_fields(words, viewer.shop.currency, name.one, name.many),
        **fields,
    )


async def typed_form(request: Request) -> Typed:
    """Everything that a form sent."""
    form = await request.form(max_files=0, max_fields=_MAX_FIELDS)
    return _typed((name, value) for name, value in form.multi_items() if isinstance(value, str))


def typed_query(request: Request) -> Typed:
    """Everything in the address after the question mark."""
    return _typed(request.query_params.multi_items()[:_MAX_FIELDS])


def _typed(pairs: Iterable[tuple[str, str]]) -> Typed:
    """Without what nobody types and a page must not show again: control characters, turned text (row 209)."""
    return Typed.of((name, without_controls(value)) for name, value in pairs)


def csv_answer(text: str, name: str) -> Response:
    """A file to keep."""
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )
