"""The page of one customer: everything known, as far as the viewer may see it (rows 8, 11, 15)."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.profiles.sections import SECTIONS
from checkout.profiles.worded import (
    CHANNEL_TEXTS,
    PURPOSE_TEXTS,
    SOURCE_TEXTS,
    birthday_words,
    consent_lines,
    country_options,
    language_name,
    moment,
    size_words,
    value_words,
)
from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import shop_now, staff_page, wording_for
from checkout.words.history import ENTRY_TITLES
from checkout.words.reasons import reason_text
from checkout.writer import Priority
from codes.pictures import Symbol, can_draw
from loyalty.domain.calendar import local_date
from loyalty.domain.papers import MAX_ATTACHMENT_BYTES, MAX_NOTE_CHARS
from loyalty.domain.phone import PhoneNumber, national_format
from loyalty.domain.profile import ProfileField
from loyalty.domain.profile_settings import CodeContent
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.card_codes import code_text
from loyalty.services.profile_view import ProfileView, note_seen, profile_view
from runtime.ids import new_id

router = APIRouter()

DONE = ("saved", "created", "noted", "attached", "removed", "replaced", "linked", "unlinked")


async def reader_of_customers(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages of single customers."""
    viewer.require(Permission.VIEW_CUSTOMERS)
    return viewer


CustomerReader = Annotated[SignedInStaff, Depends(reader_of_customers)]


@dataclass(frozen=True)
class CodeOnPage:
    """What stands in the code's place: the picture, or why there is none."""

    content: str
    why_not: str
    has_bars: bool
    """Whether the reference number fits into a Code 128."""


@dataclass(frozen=True)
class _Read:
    view: ProfileView
    lanes: dict[UUID, int]
    staff: dict[UUID, str]
    code: CodeOnPage | None


@router.get("/customers/{customer_id:uuid}")
async def customer_page(
    request: Request, viewer: CustomerReader, customer_id: UUID, done: str = ""
) -> Response:
    return await show_customer(request, viewer, customer_id, done=done)


async def show_customer(
    request: Request,
    viewer: SignedInStaff,
    customer_id: UUID,
    typed: Typed | None = None,
    problems: dict[str, Problem] | None = None,
    *,
    done: str = "",
) -> Response:
    """The page, or the one of the profile that took its place.

    Args:
        request: Of the browser.
        viewer: Who reads it, as far as they may.
        customer_id: Whose page.
        typed: What a form on the page sent and was refused.
        problems: Why, by field.
        done: One of ``DONE``, said at the top.

    Raises:
        HTTPException: 404 for an unknown customer.
    """
    context = web_context(request)
    now = await shop_now(context)

    def look(unit: UnitOfWork) -> _Read | None:
        view = profile_view(unit, context.ctx, customer_id, viewer.staff)
        if view is None:
            return None
        if view.customer.is_listed:
            note_seen(unit, context.ctx, customer_id, viewer.staff)
        lanes = {lane.id: lane.number for lane in unit.lanes.all()}
        staff = {each.id: each.display_name for each in unit.staff.all()}
        return _Read(view, lanes, staff, _code(unit, context, view, viewer))

    # Through the writer: who saw contact details is written down before anybody sees them.
    read = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, look))
    if read is None:
        raise HTTPException(404, "unknown_customer")
    if read.view.customer.merged_into is not None:
        return RedirectResponse(f"/customers/{read.view.customer.merged_into}", 303)
    return staff_page(
        "customer.html",
        viewer,
        "customers",
        path=f"/customers/{customer_id}",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed or Typed({}),
        problems=problems or {},
        done=done if done in DONE else "",
        **_fields(read, viewer),
    )


def _code(
    unit: UnitOfWork, context: WebContext, view: ProfileView, viewer: SignedInStaff
) -> CodeOnPage | None:
    """Which code the page shows, for who may show codes."""
    if not viewer.staff.may(Permission.EDIT_CUSTOMERS) or not view.customer.is_listed:
        return None
    settings = view.settings
    text = code_text(unit, context.ctx, view.customer, settings.code_content, settings)
    bars = code_text(unit, context.ctx, view.customer, CodeContent.REFERENCE, settings)
    why_not = Problem.of(text).text(viewer.words, viewer.shop.currency) if isinstance(text, Refused) else ""
    has_bars = isinstance(bars, str) and can_draw(bars, Symbol.CODE_128)
    return CodeOnPage(settings.code_content.value, why_not, has_bars)


def _fields(read: _Read, viewer: SignedInStaff) -> dict[str, Any]:
    view, words, shop = read.view, viewer.words, viewer.shop
    number = view.contact.phone_number
    is_shown = number is not None and not view.contact.is_number_masked
    return {
        "view": view,
        "customer": view.customer,
        "contact": view.contact,
        "phone": national_format(PhoneNumber(number), shop.phone_region) if is_shown and number else number,
        "source": words.text(SOURCE_TEXTS[view.customer.source]),
        "birthday": birthday_words(words, view.birthday) if view.birthday is not None else "",
        "language": language_name(words, view.customer.language) if view.customer.language else "",
        "own_values": [
            (each.name, value_words(words, each, value, shop.phone_region))
            for each, value in view.own_fields
            if value is not None
        ],
        "consents": consent_lines(words, view.consents),
        "consent_history": [
            (
                moment(words, entry.at, shop.timezone),
                words.text(PURPOSE_TEXTS[entry.purpose]),
                entry.state.value,
                words.text(CHANNEL_TEXTS[entry.channel]),
                entry.wording_text,
            )
            for entry in reversed(view.consents)
        ],
        "entries": [
            (
                moment(words, entry.booked_at, shop.timezone),
                words.text(ENTRY_TITLES[entry.kind]),
                entry.points,
                [reason_text(words, why.code.value, why.params, shop.currency) for why in entry.why],
                read.staff.get(entry.staff_id, "") if entry.staff_id is not None else "",
            )
            for entry in (view.account.entries if view.account is not None else ())
        ],
        "lanes": read.lanes,
        "staff_names": read.staff,
        "shown": view.settings.shown(tuple(ProfileField)),
        "new_key": str(new_id()),
        "size": lambda size_bytes: size_words(words, size_bytes),
        "countries": dict(country_options(words)),
        "home": shop.country,
        "day": lambda at: words.day(local_date(at, shop.timezone)),
        "moment": lambda at: moment(words, at, shop.timezone),
        "may_edit": {key: section.is_open_to(viewer.staff) for key, section in SECTIONS.items()},
        "may_adjust": viewer.staff.may(Permission.ADJUST_POINTS),
        "may_write": viewer.staff.may(Permission.EDIT_NOTES),
        "may_open_files": viewer.staff.may(Permission.VIEW_CONTACT),
        "max_file_mib": MAX_ATTACHMENT_BYTES // 1024**2,
        "max_note_chars": MAX_NOTE_CHARS,
        "may_link": viewer.staff.may(Permission.IDENTIFY),
        "may_show_code": viewer.staff.may(Permission.EDIT_CUSTOMERS),
        "may_copy": all(map(viewer.staff.may, (Permission.EXPORT_CUSTOMERS, Permission.VIEW_CONTACT))),
        "may_erase": viewer.staff.may(Permission.ERASE_CUSTOMERS),
        "has_card": any(card.revoked_at is None for card in view.membership_cards),
        "code": read.code,
        "sees_activity": viewer.staff.may(Permission.VIEW_REPORTS),
    }
