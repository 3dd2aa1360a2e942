"""The set-up of a new shop's programme: a few plain questions, then a look at the whole (row 138)."""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.setup_answers import STEPS, default_typed, read_step, step_questions
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import web_context
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import ShopNow, shop_now, staff_page, typed_form, wording_for
from checkout.writer import Priority
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.setup_wizard import programme_from
from loyalty.domain.setup_wizard.questions import Answer
from loyalty.domain.why import Refused
from loyalty.services.publish_programme import start_programme
from runtime.ids import new_id

router = APIRouter(prefix="/programme/setup")

_LOOK = "look"


@dataclass(frozen=True)
class _Checked:
    """How far the answers go: up to a step with problems, or through all of them."""

    answers: dict[str, Answer]
    step: str
    problems: dict[str, Problem]


@router.get("")
async def setup_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    now = await shop_now(web_context(request))
    if now.programme is not None:
        return RedirectResponse("/programme", 303)
    typed = default_typed(viewer.words, viewer.shop.currency)
    return _page(viewer, now, typed, _Checked({}, STEPS[0], {}))


@router.post("")
async def post_setup(request: Request, viewer: ProgrammeKeeper) -> Response:
    """One step further, one back, or the end; all answers travel with the form."""
    context = web_context(request)
    now, typed = await shop_now(context), await typed_form(request)
    if now.programme is not None:
        return RedirectResponse("/programme", 303)
    asked = typed.one("step", STEPS[0])
    if typed.one("go") == "back":
        return _page(viewer, now, typed, _Checked({}, _before(asked), {}))
    checked = _check(viewer, now, typed, asked)
    if checked.step != _LOOK:
        return _page(viewer, now, typed, checked)
    made = programme_from(checked.answers, tier_id=new_id(), valid_from=context.ctx.clock.now())
    if not isinstance(made, ProgrammeVersion):
        first = made[0]
        step = next(step for step in STEPS if first.question in [each.id for each in step_questions(step)])
        problems = {each.question: Problem.of(Refused(each.reason)) for each in made}
        return _page(viewer, now, typed, _Checked(checked.answers, step, problems))
    if typed.one("go") != "publish":
        return _page(viewer, now, typed, checked, made)
    answers = checked.answers
    await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF, lambda unit: start_programme(unit, context.ctx, viewer.staff, answers)
        )
    )
    context.station.settings_changed()
    return RedirectResponse("/programme?done=published", 303)


def _check(viewer: SignedInStaff, now: ShopNow, typed: Typed, asked: str) -> _Checked:
    """Read all steps up to the one that was sent; the next one where all is well."""
    answers: dict[str, Answer] = {}
    for step in STEPS:
        reader = FieldReader(typed, viewer.shop.currency)
        answers = read_step(reader, step, answers, now.goods)
        if reader.problems:
            return _Checked(answers, step, reader.problems)
        if step == asked:
            following = STEPS.index(step) + 1
            return _Checked(answers, STEPS[following] if following < len(STEPS) else _LOOK, {})
    return _Checked(answers, _LOOK, {})


def _before(step: str) -> str:
    place = STEPS.index(step) if step in STEPS else len(STEPS)
    return STEPS[max(0, place - 1)]


def _page(
    viewer: SignedInStaff, now: ShopNow, typed: Typed, checked: _Checked, made: ProgrammeVersion | None = None
) -> Response:
    here = [question.id for question in step_questions(checked.step)] if checked.step in STEPS else []
    hidden = [
        (name, value)
        for name, value in typed.pairs()
        if name not in ("step", "go")
        and not any(name == each or name.startswith(f"{each}-") for each in here)
    ]
    return staff_page(
        "programme_setup.html",
        viewer,
        "programme",
        path="/programme/setup",
        wording=wording_for(viewer, now, made.points_name if made is not None else None),
        status=422 if checked.problems else 200,
        typed=typed,
        problems=checked.problems,
        step=checked.step,
        number=STEPS.index(checked.step) + 1 if checked.step in STEPS else len(STEPS) + 1,
        count=len(STEPS) + 1,
        hidden=hidden,
        earn_by=typed.one("earn_by"),
        made=made,
    )
