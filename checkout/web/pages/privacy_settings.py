"""How long people are kept and what they are told; the record of incidents (rows 13, 201)."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain import privacy
from loyalty.domain.calendar import local_date
from loyalty.domain.privacy import Incident, PrivacySettings
from loyalty.domain.staff import Permission
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refused
from loyalty.services.privacy_settings import IncidentDraft, note_incident, save_privacy

router = APIRouter(prefix="/settings/privacy")

_ADDRESSES = ("privacy_policy", "security_policy", "status_page")
_YES = "yes"


async def shopkeeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages."""
    viewer.require(Permission.MANAGE_SHOP)
    return viewer


Shopkeeper = Annotated[SignedInStaff, Depends(shopkeeper)]


@router.get("")
async def privacy_page(request: Request, viewer: Shopkeeper, done: str = "") -> Response:
    settings, _, _ = await run_in_threadpool(_read, web_context(request))
    return await _page(request, viewer, _typed(settings), {}, done=done)


@router.post("")
async def post_privacy(request: Request, viewer: Shopkeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    reader = FieldReader(typed, viewer.shop.currency)
    settings = _settings_from(reader)
    if reader.problems:
        return await _page(request, viewer, typed, reader.problems)
    await context.write(lambda unit: save_privacy(unit, context.ctx, settings, viewer.staff))
    context.station.settings_changed()
    return RedirectResponse("/settings/privacy?done=saved", 303)


@router.post("/incidents")
async def post_incident(request: Request, viewer: Shopkeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    reader = FieldReader(typed, viewer.shop.currency)
    day = reader.day("happened_on") or date.min
    if day > local_date(context.ctx.clock.now(), viewer.shop.timezone):
        reader.refuse("happened_on", Problem("day_in_future"))
    draft = IncidentDraft(uuid_of(typed.one("incident")), day, typed.one("what"), typed.one("told"))
    if not reader.problems:
        noted = await context.write(lambda unit: note_incident(unit, context.ctx, draft, viewer.staff))
        if isinstance(noted, Refused):
            reader.refuse("what", Problem("incident_empty"))
    if reader.problems:
        settings, _, _ = await run_in_threadpool(_read, context)
        both = Typed({**_typed(settings).values, **typed.values})
        return await _page(request, viewer, both, reader.problems)
    return RedirectResponse("/settings/privacy?done=incident#incidents", 303)


def _settings_from(reader: FieldReader) -> PrivacySettings:
    for name in _ADDRESSES:
        address = reader.text(name).strip()
        if address and not _is_address(address):
            reader.refuse(name, Problem("address_invalid"))
    return PrivacySettings(
        purges_inactive=reader.typed.one("purges_inactive") == _YES,
        retention_months=reader.whole(
            "retention_months", privacy.MIN_RETENTION_MONTHS, privacy.MAX_RETENTION_MONTHS
        ),
        notice_days=reader.whole("notice_days", privacy.MIN_NOTICE_DAYS, privacy.MAX_NOTICE_DAYS),
        keeps_who_has_points=reader.typed.one("keeps_who_has_points") == _YES,
        minimum_age=reader.whole("minimum_age", privacy.MIN_AGE, privacy.MAX_AGE),
        privacy_contact=_line(reader, "privacy_contact", privacy.MAX_CONTACT_CHARS),
        camera_notice=_line(reader, "camera_notice", privacy.MAX_TEXT_CHARS),
        privacy_policy=reader.text("privacy_policy").strip(),
        security_policy=reader.text("security_policy").strip(),
        status_page=reader.text("status_page").strip(),
    )


def _line(reader: FieldReader, name: str, max_chars: int) -> str:
    return clean_line(reader.text(name), max_chars) or ""


def _is_address(address: str) -> bool:
    has_room = len(address) <= privacy.MAX_ADDRESS_CHARS and address.isascii() and address.isprintable()
    return (
        has_room and address.startswith("https://") and " " not in address and len(address) > len("https://")
    )


def _typed(settings: PrivacySettings) -> Typed:
    return Typed(
        {
            "purges_inactive": (_YES,) if settings.purges_inactive else (),
            "keeps_who_has_points": (_YES,) if settings.keeps_who_has_points else (),
            **{
                name: (str(getattr(settings, name)),)
                for name in (
                    "retention_months",
                    "notice_days",
                    "minimum_age",
                    "privacy_contact",
                    "camera_notice",
                    *_ADDRESSES,
                )
            },
        }
    )


async def _page(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem], *, done: str = ""
) -> Response:
    _, incidents, names = await run_in_threadpool(_read, web_context(request))
    return staff_page(
        "privacy_settings.html",
        viewer,
        "privacy",
        path="/settings/privacy",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        incidents=[(each, names.get(str(each.noted_by), "")) for each in incidents],
        done=done,
        max_chars=privacy.MAX_TEXT_CHARS,
        max_contact_chars=privacy.MAX_CONTACT_CHARS,
        max_address_chars=privacy.MAX_ADDRESS_CHARS,
    )


def _read(context: WebContext) -> tuple[PrivacySettings, list[Incident], dict[str, str]]:
    with context.reading() as unit:
        names = {str(member.id): member.display_name for member in unit.staff.all()}
        return unit.privacy.settings(), list(unit.privacy.incidents()), names
