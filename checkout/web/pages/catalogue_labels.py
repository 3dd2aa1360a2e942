"""How the shop's scales lay out the labels that they print, so that the scanner reads price and weight."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.catalogue import CatalogueKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.why import Refused
from loyalty.services.decide_settings import LABEL_SETTINGS, LastChange, change_scale_labels, last_change

router = APIRouter(prefix="/catalogue/labels")

_HERE = "/catalogue/labels"
EXAMPLES = ("22IIIIIPPPPPC", "21IIIIIWWWWWC", "20IIIIVPPPPPC")


@router.get("")
async def labels_page(request: Request, viewer: CatalogueKeeper, done: str = "") -> Response:
    layouts, _ = await run_in_threadpool(_read, web_context(request))
    typed = Typed.of([("layouts", "\n".join(layouts)), ("seen", " ".join(layouts))])
    return await _page(request, viewer, typed, {}, is_saved=done == "saved")


@router.post("")
async def post_labels(request: Request, viewer: CatalogueKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    layouts, seen = tuple(typed.one("layouts").upper().split()), tuple(typed.one("seen").split())
    saved = await context.write(
        lambda unit: change_scale_labels(unit, context.ctx, viewer.staff, layouts, seen=seen)
    )
    if isinstance(saved, Refused):
        now, _ = await run_in_threadpool(_read, context)
        again = typed.with_one("seen", " ".join(now))
        return await _page(request, viewer, again, {"layouts": Problem.of(saved)})
    return RedirectResponse(f"{_HERE}?done=saved", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    is_saved: bool = False,
) -> Response:
    _, changed = await run_in_threadpool(_read, web_context(request))
    return staff_page(
        "catalogue_labels.html",
        viewer,
        "catalogue",
        path=_HERE,
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        changed=changed,
        examples=EXAMPLES,
        is_saved=is_saved,
    )


def _read(context: WebContext) -> tuple[tuple[str, ...], LastChange | None]:
    with context.reading() as unit:
        return unit.programme.settings().scale_labels, last_change(unit, LABEL_SETTINGS)
