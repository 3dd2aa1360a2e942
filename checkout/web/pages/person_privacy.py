"""One customer's consents, the copy of their data, and forgetting them (row 176)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.people.consent_words import GRANT_WORDS, WAY_TEXTS, Statement, statement
from checkout.people.personal_copy import archive, as_json, copy_tables
from checkout.profiles.worded import PURPOSE_TEXTS
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.rendering import render
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.consent import ConsentChannel, ConsentPurpose, ConsentState, current_consents
from loyalty.domain.customer import Customer
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.customer_papers import forget_files
from loyalty.services.erase_person import ErasureView, attached_contents, erase_person, erasure_view
from loyalty.services.personal_data import PersonalData, note_copied, personal_data
from loyalty.services.record_consent import (
    MAX_WORDING_CHARS,
    STAFF_CHANNELS,
    STAFF_PURPOSES,
    SaidToStaff,
    record_consent,
)

router = APIRouter(prefix="/customers/{customer_id}")


@dataclass(frozen=True)
class _Consents:
    """What the page of consents shows."""

    customer: Customer
    lines: Sequence[Statement]
    now: dict[ConsentPurpose, ConsentState]


async def customer_reader(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency: whoever may see customers."""
    viewer.require(Permission.VIEW_CUSTOMERS)
    return viewer


async def copier(viewer: Annotated[SignedInStaff, Depends(customer_reader)]) -> SignedInStaff:
    """Dependency: whoever may hand over a copy of somebody's data."""
    viewer.require(Permission.EXPORT_CUSTOMERS)
    viewer.require(Permission.VIEW_CONTACT)
    return viewer


async def eraser(viewer: Annotated[SignedInStaff, Depends(customer_reader)]) -> SignedInStaff:
    """Dependency: whoever may forget somebody."""
    viewer.require(Permission.ERASE_CUSTOMERS)
    return viewer


CustomerReader = Annotated[SignedInStaff, Depends(customer_reader)]
Copier = Annotated[SignedInStaff, Depends(copier)]
Eraser = Annotated[SignedInStaff, Depends(eraser)]


@router.get("/consents")
async def consents(customer_id: UUID, request: Request, viewer: CustomerReader, done: str = "") -> Response:
    typed = Typed({"state": (ConsentState.GRANTED.value,), "channel": (ConsentChannel.STAFF.value,)})
    return await _consents_page(request, viewer, customer_id, typed, {}, done=done)


@router.post("/consents")
async def post_consent(customer_id: UUID, request: Request, viewer: CustomerReader) -> Response:
    viewer.require(Permission.EDIT_CUSTOMERS)
    context, typed = web_context(request), await typed_form(request)
    reader = FieldReader(typed, viewer.shop.currency)
    purpose = reader.choice("purpose", [each.value for each in STAFF_PURPOSES], STAFF_PURPOSES[0])
    state = reader.choice("state", [each.value for each in ConsentState], ConsentState.GRANTED)
    channel = reader.choice("channel", [each.value for each in STAFF_CHANNELS], STAFF_CHANNELS[0])
    said = SaidToStaff(
        ConsentPurpose(purpose), ConsentState(state), ConsentChannel(channel), typed.one("words")
    )
    if not reader.problems:
        recorded = await context.write(
            lambda unit: record_consent(unit, context.ctx, customer_id, said, viewer.staff)
        )
        if isinstance(recorded, Refused):
            field = "words" if recorded.reason is Refusal.WORDS_MISSING else "purpose"
            reader.refuse(field, recorded)
    if reader.problems:
        return await _consents_page(request, viewer, customer_id, typed, reader.problems)
    return RedirectResponse(f"/customers/{customer_id}/consents?done=recorded", 303)


async def _consents_page(
    request: Request,
    viewer: SignedInStaff,
    customer_id: UUID,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    done: str = "",
) -> Response:
    found = await run_in_threadpool(_read_consents, web_context(request), viewer, customer_id)
    if found is None:
        raise HTTPException(404, "customer_unknown")
    words = viewer.words
    return staff_page(
        "person_consents.html",
        viewer,
        "customers",
        path=f"/customers/{customer_id}/consents",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        customer=found.customer,
        lines=found.lines,
        now=[(words.text(PURPOSE_TEXTS[purpose]), found.now.get(purpose)) for purpose in ConsentPurpose],
        purposes=[(each.value, words.text(PURPOSE_TEXTS[each])) for each in STAFF_PURPOSES],
        channels=[(each.value, words.text(WAY_TEXTS[each])) for each in STAFF_CHANNELS],
        suggested=[words.text(GRANT_WORDS[each]) for each in STAFF_PURPOSES],
        may_record=viewer.staff.may(Permission.EDIT_CUSTOMERS),
        may_copy=viewer.staff.holds_all((Permission.EXPORT_CUSTOMERS, Permission.VIEW_CONTACT)),
        may_erase=viewer.staff.may(Permission.ERASE_CUSTOMERS),
        max_chars=MAX_WORDING_CHARS,
        done=done,
    )


def _read_consents(context: WebContext, viewer: SignedInStaff, customer_id: UUID) -> _Consents | None:
    with context.reading() as unit:
        customer = unit.customers.get(customer_id)
        if customer is None or not customer.is_listed:
            return None
        entries = unit.consents.of_customer(customer_id)
        names = {member.id: member.display_name for member in unit.staff.all()}
    lines = [statement(entry, viewer.words, names) for entry in reversed(entries)]
    return _Consents(customer, lines, current_consents(entries))


@router.get("/export")
async def copy_page(customer_id: UUID, request: Request, viewer: Copier) -> Response:
    context = web_context(request)
    found = await run_in_threadpool(_read_copy, context, viewer, customer_id)
    return staff_page(
        "person_copy.html",
        viewer,
        "customers",
        path=f"/customers/{customer_id}/export",
        customer=found.member.customer,
        tables=copy_tables(found, viewer.words, viewer.shop.timezone),
    )


@router.post("/export")
async def post_copy(customer_id: UUID, request: Request, viewer: Copier) -> Response:
    """The archive; written into the log before it is handed over."""
    context = web_context(request)
    found = await run_in_threadpool(_read_copy, context, viewer, customer_id)
    await context.write(lambda unit: note_copied(unit, context.ctx, customer_id, viewer.staff))
    return Response(
        await run_in_threadpool(_archive, context, viewer, found),
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="customer-{customer_id.hex[-8:]}.zip"'},
    )


def _archive(context: WebContext, viewer: SignedInStaff, found: PersonalData) -> bytes:
    now = context.ctx.clock.now()
    html = render(
        "person_copy_file.html",
        viewer.words,
        shop_name=viewer.shop.name,
        name=found.member.customer.display_name or "",
        made_at=viewer.words.time(now, viewer.shop.timezone),
        tables=copy_tables(found, viewer.words, viewer.shop.timezone),
    )
    return archive(as_json(found, now, viewer.shop.name), html, "data")


def _read_copy(context: WebContext, viewer: SignedInStaff, customer_id: UUID) -> PersonalData:
    with context.reading() as unit:
        found = personal_data(unit, customer_id, viewer.staff)
    if found is None:
        raise HTTPException(404, "customer_unknown")
    return found


@router.get("/erase")
async def erase_page(customer_id: UUID, request: Request, viewer: Eraser) -> Response:
    return await _erase_page(request, viewer, customer_id, Typed({}), {})


@router.post("/erase")
async def post_erase(customer_id: UUID, request: Request, viewer: Eraser) -> Response:
    context, typed = web_context(request), await typed_form(request)
    if typed.one("word").strip().casefold() != _word(viewer).casefold():
        return await _erase_page(request, viewer, customer_id, typed, {"word": Problem("word_wrong")})

    def work(unit: UnitOfWork) -> tuple[Customer | Refused, frozenset[str]]:
        contents = attached_contents(unit, customer_id)
        return erase_person(unit, context.ctx, customer_id, viewer.staff), contents

    erased, contents = await context.write(work)
    if isinstance(erased, Refused):
        return await _erase_page(request, viewer, customer_id, typed, {"word": Problem.of(erased)})
    await context.write(lambda unit: forget_files(unit, context.attachments, contents))
    context.station.upkeep.after_erasure()
    await run_in_threadpool(context.note_erasures)
    context.station.refresher.all_changed()
    return staff_page(
        "person_erased.html", viewer, "customers", path=quote(f"/customers/{customer_id}/erase")
    )


def _word(viewer: SignedInStaff) -> str:
    """What has to be typed, in the language of the page."""
    return viewer.words.text("ERASE")


async def _erase_page(
    request: Request,
    viewer: SignedInStaff,
    customer_id: UUID,
    typed: Typed,
    problems: dict[str, Problem],
) -> Response:
    context = web_context(request)

    def read() -> ErasureView | None:
        with context.reading() as unit:
            return erasure_view(unit, customer_id, viewer.staff)

    found = await run_in_threadpool(read)
    if found is None:
        raise HTTPException(404, "customer_unknown")
    return staff_page(
        "person_erase.html",
        viewer,
        "customers",
        path=f"/customers/{customer_id}/erase",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        customer=found.customer,
        view=found,
        word=_word(viewer),
        may_copy=viewer.staff.holds_all((Permission.EXPORT_CUSTOMERS, Permission.VIEW_CONTACT)),
    )
