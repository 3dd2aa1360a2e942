"""A profile changed section by section; two people at once both see what the other wrote (row 96)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.profiles.consent_wording import email_wording
from checkout.profiles.profile_form import filled, read_edit
from checkout.profiles.sections import SECTIONS, ProfileSection, own_fields_for, own_key
from checkout.profiles.two_edits import TwoTexts, differing, to_choose_again
from checkout.profiles.worded import country_options, language_options, other_profile
from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.customer import CustomerReader
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from checkout.writer import Priority
from loyalty.domain.custom_field import CustomField
from loyalty.domain.profile import Profile, ProfileField
from loyalty.domain.profile_cleaning import FieldName
from loyalty.domain.profile_settings import ProfileSettings
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.edit_profile import (
    EditTerms,
    ProfileConflict,
    ProfileFaults,
    ProfileSaved,
    edit_profile,
    read_profile,
)

router = APIRouter()


@dataclass(frozen=True)
class _Form:
    """The section of a profile as it is now, for one viewer."""

    profile: Profile
    section: ProfileSection
    own_fields: list[CustomField]
    has_account: bool
    settings: ProfileSettings


@router.get("/customers/{customer_id:uuid}/edit/{section}")
async def edit_page(request: Request, viewer: CustomerReader, customer_id: UUID, section: str) -> Response:
    form = await run_in_threadpool(_read, web_context(request), viewer, customer_id, section)
    return _page(viewer, form, _opened(viewer, form), {})


@router.post("/customers/{customer_id:uuid}/edit/{section}")
async def post_edit(request: Request, viewer: CustomerReader, customer_id: UUID, section: str) -> Response:
    context, typed = web_context(request), await typed_form(request)
    form = await run_in_threadpool(_read, context, viewer, customer_id, section)
    edit = read_edit(typed, form.section, form.own_fields)
    version = typed.one("version")
    terms = EditTerms(
        version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        email_wording=email_wording(viewer.words),
        is_identity_checked=typed.has("is_identity_checked", "yes"),
    )

    def change(unit: UnitOfWork) -> ProfileSaved | ProfileFaults | ProfileConflict | Refused:
        return edit_profile(unit, context.ctx, customer_id, edit, viewer.staff, terms=terms)

    try:
        done = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, change))
    except ConflictError:
        form = await run_in_threadpool(_read, context, viewer, customer_id, section)
        done = ProfileConflict(form.profile)
    match done:
        case ProfileSaved():
            context.station.refresher.all_changed()
            return RedirectResponse(f"/customers/{customer_id}?done=saved", 303)
        case ProfileFaults():
            return _page(viewer, form, typed, done.faults)
        case ProfileConflict():
            rows = differing(typed, done.now, form.section, form.own_fields, viewer.shop.phone_region)
            return _page(viewer, form, to_choose_again(typed, done.now, rows), {}, rows)
        case Refused():
            raise HTTPException(404, done.reason.value)


def _read(context: WebContext, viewer: SignedInStaff, customer_id: UUID, key: str) -> _Form:
    """What the form is about.

    Raises:
        HTTPException: 404 for an unknown customer or section, 403 without its permissions.
    """
    section = SECTIONS.get(key)
    if section is None:
        raise HTTPException(404, "unknown_section")
    for permission in section.permissions:
        viewer.require(permission)
    with context.reading() as unit:
        profile = read_profile(unit, customer_id)
        member = unit.customers.member(customer_id)
        settings = unit.profiles.settings()
        own_fields = own_fields_for(unit.profiles.custom_fields(), viewer.staff) if key == "fields" else []
    if profile is None or not profile.customer.is_listed:
        raise HTTPException(404, "unknown_customer")
    section = replace(section, fields=settings.shown(section.fields))
    has_account = member is not None and member.account is not None
    return _Form(profile, section, own_fields, has_account, settings)


def _opened(viewer: SignedInStaff, form: _Form) -> Typed:
    return filled(form.profile, form.section, form.own_fields, viewer.shop.phone_region)


def _page(
    viewer: SignedInStaff,
    form: _Form,
    typed: Typed,
    faults: Mapping[FieldName, Refused],
    rows: list[TwoTexts] | None = None,
) -> Response:
    customer = form.profile.customer
    problems, others = field_problems(faults)
    return staff_page(
        "customer_edit.html",
        viewer,
        "customers",
        path=f"/customers/{customer.id}/edit/{form.section.key}",
        status=409 if rows is not None else 422 if problems else 200,
        typed=typed,
        problems=problems,
        others=others,
        customer=customer,
        form_section=form.section.key,
        own_fields=own_inputs(form.own_fields),
        rows=rows,
        has_account=form.has_account,
        address_numbers=address_numbers(typed),
        **form_fields(viewer, typed, form.settings),
    )


def field_problems(
    faults: Mapping[FieldName, Refused],
) -> tuple[dict[str, Problem], dict[str, tuple[UUID, str]]]:
    """Faults by the name of their field in the form; and the other profiles that they name."""
    problems: dict[str, Problem] = {}
    others: dict[str, tuple[UUID, str]] = {}
    for name, refused in faults.items():
        key = name.value if isinstance(name, ProfileField) else own_key(name)
        problems[key] = Problem.of(refused)
        other = other_profile(refused.params)
        if other is not None:
            others[key] = other
    return problems, others


def form_fields(viewer: SignedInStaff, typed: Typed, settings: ProfileSettings) -> dict[str, Any]:
    """What every form of a profile needs besides what was typed."""
    return {
        "shown": settings.shown(tuple(ProfileField)),
        "languages": language_options(viewer.words, typed.one("language")),
        "home": viewer.shop.country,
        "countries": country_options(viewer.words),
        "months": viewer.words.month_names(),
        "email_wording": email_wording(viewer.words).text,
    }


def own_inputs(own_fields: Sequence[CustomField]) -> list[tuple[str, CustomField, list[tuple[str, str]]]]:
    """The shop's fields with their names in the form, and what there is to choose from."""
    return [(own_key(each.id), each, [(text, text) for text in each.choices]) for each in own_fields]


def address_numbers(typed: Typed) -> list[int]:
    """The addresses that were typed, and one more to fill."""
    used = [n for n in range(11) if any(name.startswith(f"address{n}_") for name in typed.values)]
    return [*used, max(used, default=-1) + 1][:10]
