"""A new customer, in the directory (rows 17, 23); at the till see ``till_member`` (row 25)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.profiles.consent_wording import email_wording
from checkout.profiles.profile_form import read_edit
from checkout.profiles.sections import SECTIONS, ProfileSection, own_fields_for
from checkout.programme.typed import Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.customer_edit import address_numbers, field_problems, form_fields, own_inputs
from checkout.web.session import SignedInStaff, Viewer
from checkout.web.staff_page import staff_page, typed_form
from checkout.writer import Priority
from loyalty.domain.custom_field import CustomField
from loyalty.domain.profile import ProfileField
from loyalty.domain.profile_settings import ProfileSettings
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.edit_profile import EditTerms, ProfileFaults, ProfileSaved, create_profile
from runtime.ids import new_id

router = APIRouter()

_WHOLE = ProfileSection(
    "new",
    (*SECTIONS["personal"].fields, *SECTIONS["contact"].fields, ProfileField.PREFERENCES),
    (Permission.CREATE_CUSTOMERS,),
)


@dataclass(frozen=True)
class _Asked:
    """What the shop asks for."""

    own_fields: list[CustomField]
    settings: ProfileSettings


_Created = ProfileSaved | ProfileFaults | Refused


@router.get("/customers/new")
async def new_page(request: Request, viewer: Viewer) -> Response:
    viewer.require(Permission.CREATE_CUSTOMERS)
    asked = await run_in_threadpool(_asked, web_context(request), viewer)
    return _new_page(viewer, Typed({"key": (str(new_id()),)}), asked, None)


@router.post("/customers/new")
async def post_new(request: Request, viewer: Viewer) -> Response:
    viewer.require(Permission.CREATE_CUSTOMERS)
    context, typed = web_context(request), await typed_form(request)
    asked = await run_in_threadpool(_asked, context, viewer)
    section = replace(_WHOLE, fields=asked.settings.shown(_WHOLE.fields))
    made = await _create(context, viewer, typed, section, own_fields=asked.own_fields)
    if isinstance(made, ProfileSaved):
        may_look = viewer.staff.may(Permission.VIEW_CUSTOMERS)
        there = f"/customers/{made.profile.customer.id}?done=created" if may_look else "/home"
        return RedirectResponse(there, 303)
    return _new_page(viewer, typed, asked, made)


async def _create(
    context: WebContext,
    viewer: SignedInStaff,
    typed: Typed,
    section: ProfileSection,
    *,
    own_fields: Sequence[CustomField] = (),
) -> _Created:
    edit = read_edit(typed, section, own_fields)
    terms = EditTerms(email_wording=email_wording(viewer.words))
    key = uuid_of(typed.one("key"))

    def create(unit: UnitOfWork) -> _Created:
        return create_profile(unit, context.ctx, edit, viewer.staff, customer_id=key, terms=terms)

    return await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, create))


def _asked(context: WebContext, viewer: SignedInStaff) -> _Asked:
    with context.reading() as unit:
        own_fields = own_fields_for(unit.profiles.custom_fields(), viewer.staff)
        return _Asked(own_fields, unit.profiles.settings())


def _problems(made: _Created | None) -> tuple[dict[str, Problem], dict[str, tuple[UUID, str]]]:
    if isinstance(made, Refused):
        return {"given_name": Problem.of(made)}, {}
    return field_problems(made.faults) if isinstance(made, ProfileFaults) else ({}, {})


def _new_page(
    viewer: SignedInStaff, typed: Typed, asked: _Asked, made: ProfileFaults | Refused | None
) -> Response:
    problems, others = _problems(made)
    return staff_page(
        "customer_new.html",
        viewer,
        "customers",
        path="/customers/new",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        others=others,
        own_fields=own_inputs(asked.own_fields),
        has_account=False,
        address_numbers=address_numbers(typed),
        **form_fields(viewer, typed, asked.settings),
    )
