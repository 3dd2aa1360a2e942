"""What every staff page about the shop has: the sections that the viewer may open, and the shop's words."""

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
from checkout.web.section_groups import Section, grouped
from checkout.web.session import SignedInStaff
from checkout.words import Words
from loyalty.domain.programme import PointsName, ProgrammeVersion
from loyalty.domain.staff import Permission, StaffMember

_DEFAULT_NAME = PointsName("point", "points")
_MAX_FIELDS = 5_000


def sections_for(staff: StaffMember, words: Words) -> list[Section]:
    """The sections that this staff member may open, in the order of a day's use."""
    found = [Section("home", "/home", words.text("Home"), "")]
    if staff.may(Permission.SELL):
        found.append(Section("lanes", "/lanes", words.text("Till"), words.text("Sell at a lane")))
    if staff.may(Permission.SELL) or staff.may(Permission.VIEW_REPORTS):
        found.append(
            Section("sales", "/sales", words.text("Sales"), words.text("Past sales: refund, void, receipts"))
        )
    if staff.may(Permission.MANAGE_CATALOGUE):
        found.append(
            Section(
                "catalogue",
                "/catalogue",
                words.text("Catalogue"),
                words.text("What is sold, and for how much"),
            )
        )
    if staff.may(Permission.MANAGE_PROGRAMME):
        found += [
            Section(
                "programme",
                "/programme",
                words.text("Programme"),
                words.text("How points are earned, and the rewards"),
            ),
            Section(
                "promotions", "/promotions", words.text("Promotions"), words.text("Extra points for a time")
            ),
            Section(
                "simulator",
                "/programme/try",
                words.text("Try a sale"),
                words.text("What would this sale earn, and why?"),
            ),
        ]
    if staff.may(Permission.VIEW_REPORTS):
        found += [
            Section(
                "activity", "/activity", words.text("Activity"), words.text("Every point, with its reason")
            ),
            Section(
                "reports",
                "/reports",
                words.text("Reports"),
                words.text("Visits, points and rewards by month"),
            ),
        ]
    if staff.may(Permission.VIEW_REPORTS) or staff.may(Permission.CLOSE_DAY):
        found.append(
            Section("day", "/day", words.text("The day"), words.text("What each lane took; closing the day"))
        )
    if staff.may(Permission.ADJUST_POINTS):
        found.append(
            Section(
                "points",
                "/points",
                words.text("Correct points"),
                words.text("Add or take points of a member by hand"),
            )
        )
    if staff.may(Permission.MANAGE_MESSAGES):
        found.append(
            Section(
                "messages",
                "/messages",
                words.text("Messages"),
                words.text("What goes to members, when, and what waits for you"),
            )
        )
    if staff.may(Permission.MANAGE_SHOP):
        found.append(
            Section(
                "profile_settings",
                "/settings/profiles",
                words.text("Profiles"),
                words.text("Which fields customers have, and their codes"),
            )
        )
    if staff.may(Permission.MANAGE_STAFF):
        found.append(
            Section(
                "staff", "/staff", words.text("Staff"), words.text("Who works here, and what they may do")
            )
        )
    found.append(
        Section("health", "/health", words.text("Health"), words.text("Devices, messages and connections"))
    )
    return found


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
    sections = sections_for(viewer.staff, words)
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
        sections=sections,
        subjects=grouped(sections, words),
        timezone=viewer.shop.timezone,
        wording=wording,
        problems={key: problem.text(words, viewer.shop.currency) for key, problem in problems.items()},
        **money_fields(words, viewer.shop.currency, name.one, name.many),
        **fields,
    )


async def typed_form(request: Request) -> Typed:
    """Everything that a form sent."""
    form = await request.form(max_files=0, max_fields=_MAX_FIELDS)
    return Typed.of((name, value) for name, value in form.multi_items() if isinstance(value, str))


def typed_query(request: Request) -> Typed:
    """Everything in the address after the question mark."""
    return Typed.of(request.query_params.multi_items()[:_MAX_FIELDS])


def csv_answer(text: str, name: str) -> Response:
    """A file to keep."""
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )
