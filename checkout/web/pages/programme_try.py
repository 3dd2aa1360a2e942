"""What would this sale earn? Items, a member and rewards to try out; nothing of it is stored."""

from datetime import datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.goods import Goods
from checkout.programme.typed import FieldReader, Typed, uuid_of
from checkout.till.view import WhyView
from checkout.web.context import WebContext, web_context
from checkout.web.draft import read_draft
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.staff_page import shop_now, staff_page, typed_query, wording_for
from loyalty.domain.calendar import instant, local_time
from loyalty.domain.group import Group
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.programme_draft import ProgrammeDraft
from loyalty.domain.trust import Trust
from loyalty.domain.why import Why
from loyalty.services.simulate_sale import ImaginedSale, simulate_sale

router = APIRouter()

_MAX_QUANTITY = 99
_MEMBERS = {"card": Trust.PROVEN, "typed": Trust.TYPED, "none": None}


@router.get("/programme/try")
async def try_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    context, typed = web_context(request), typed_query(request)
    now = await shop_now(context)
    found = await run_in_threadpool(read_draft, context)
    draft = found.draft.stored if found is not None else None
    programme = _programme(typed, now.programme, draft)
    wording = wording_for(viewer, now, programme.points_name if programme is not None else None)
    reader = FieldReader(typed, viewer.shop.currency)
    timezone = viewer.shop.timezone
    local = local_time(context.ctx.clock.now(), timezone)
    if not typed.values:
        typed = Typed.of([("day", local.date().isoformat()), ("time", f"{local:%H:%M}")])
    typed = Typed({"member": ("card",), "programme": ("current",), **typed.values})
    imagined = _imagined(reader, now.goods, programme, local, timezone) if reader.typed.values else None
    quote, groups = await run_in_threadpool(_quote, context, imagined, programme, bool(reader.problems))
    return staff_page(
        "programme_try.html",
        viewer,
        "simulator",
        path="/programme/try",
        wording=wording,
        status=422 if reader.problems else 200,
        typed=typed,
        problems=reader.problems,
        programme=programme,
        has_draft=draft is not None,
        groups=groups,
        quote=quote,
        reason=_reason,
    )


def _reason(why: Why) -> WhyView:
    return WhyView(code=why.code.value, params=dict(why.params))


def _programme(
    typed: Typed, current: ProgrammeVersion | None, draft: ProgrammeDraft | None
) -> ProgrammeVersion | None:
    return draft.programme if draft is not None and typed.one("programme") == "draft" else current


def _imagined(
    reader: FieldReader, goods: Goods, programme: ProgrammeVersion | None, local: datetime, timezone: str
) -> ImaginedSale:
    items = []
    for item_id in goods.items:
        name = f"item-{item_id}"
        if reader.text(name).strip() not in ("", "0"):
            items.append((item_id, reader.whole(name, 1, _MAX_QUANTITY)))
    day = reader.day("day") if reader.text("day") else local.date()
    at = reader.wall_time("time") if reader.text("time") else local.time()
    member = reader.choice("member", _MEMBERS, "card") if reader.text("member") else "card"
    known = [tier.id for tier in programme.tiers] if programme is not None else []
    return ImaginedSale(
        items=tuple(items),
        at=instant(day or local.date(), at.replace(tzinfo=None), timezone),
        trust=_MEMBERS[member],
        group_ids=frozenset(
            group_id for text in reader.typed.many("group") if (group_id := uuid_of(text)) is not None
        ),
        tier_ids=reader.ids("tier", known),
        is_discount_confirmed=reader.text("confirmed") == "yes",
    )


def _quote(
    context: WebContext, imagined: ImaginedSale | None, programme: ProgrammeVersion | None, has_problems: bool
) -> tuple[Quote | None, list[Group]]:
    with context.reading() as unit:
        groups = list(unit.groups.all())
        if imagined is None or not imagined.items or has_problems:
            return None, groups
        return simulate_sale(unit, imagined, programme), groups
