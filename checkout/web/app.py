"""The station's web application."""

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope as StarletteScope

from checkout.api.app import create_api
from checkout.api.operations import ROOT as API_ROOT
from checkout.web import demo, error_pages
from checkout.web.context import WebContext
from checkout.web.door import LOOPBACK_NAMES, AsgiApp, Door, DoorRules
from checkout.web.pages import (
    activity,
    audit,
    backup,
    catalogue,
    catalogue_import,
    catalogue_item,
    catalogue_labels,
    catalogue_shelves,
    checkout_settings,
    customer,
    customer_codes,
    customer_edit,
    customer_export,
    customer_import,
    customer_import_likely,
    customer_imports,
    customer_new,
    customer_papers,
    customers,
    customers_chosen,
    day,
    device_look,
    devices,
    digest,
    duplicates,
    group,
    group_discounts,
    groups,
    health,
    home,
    kiosk_look,
    lane_mode,
    lane_settings,
    message_stops,
    message_texts,
    messages,
    own_account,
    payment_cards,
    person_privacy,
    points,
    points_move,
    points_opening,
    privacy_settings,
    profile_settings,
    programme,
    programme_change,
    programme_publish,
    programme_settings,
    programme_setup,
    programme_try,
    promotions,
    receipt_settings,
    receipts,
    registers,
    reports,
    roles,
    sale_after,
    sale_exchange,
    sales,
    scanner_check,
    sending_rules,
    sign_in,
    staff,
    staff_report,
    start,
    status,
    status_choices,
    stream,
    tablets,
    till,
    till_about,
    till_commands,
    till_companion,
    till_filters,
    till_member,
    till_photo,
    till_posts,
    tutorial,
    updates,
)
from checkout.web.rendering import STATIC_FOLDER
from checkout.web.till_page import TillPainter
from checkout.web.watch import Rights, SessionWatch, ended_sessions

_FORM_BYTES = 64 * 1024
"""What a form holds around a file."""

PUBLIC_PATHS = (
    "/sign-in",
    "/sign-out",
    "/claim",
    "/language",
    "/alive",
    "/trusted",
    "/static",
    "/s/{token}",
    "/s/{token}/code",
    "/s/{token}/not-me",
    "/s/{token}/{choice}",
)
"""Everything else asks for a session; a test walks all routes."""


PAGES = (
    start,
    sign_in,
    home,
    till,
    till_about,
    till_commands,
    till_companion,
    till_filters,
    till_member,
    till_photo,
    till_posts,
    stream,
    status,
    status_choices,
    programme,
    programme_change,
    programme_publish,
    programme_settings,
    programme_setup,
    programme_try,
    promotions,
    catalogue,
    catalogue_shelves,
    catalogue_import,
    catalogue_labels,
    catalogue_item,
    receipt_settings,
    lane_mode,
    registers,
    receipts,
    activity,
    digest,
    reports,
    staff_report,
    day,
    duplicates,
    sales,
    sale_after,
    sale_exchange,
    points,
    points_move,
    points_opening,
    sending_rules,
    customers,
    customers_chosen,
    groups,
    group,
    group_discounts,
    customer_new,
    customer,
    customer_codes,
    customer_edit,
    customer_export,
    customer_import,
    customer_import_likely,
    customer_imports,
    customer_papers,
    payment_cards,
    profile_settings,
    message_texts,
    message_stops,
    messages,
    roles,
    staff,
    person_privacy,
    own_account,
    privacy_settings,
    checkout_settings,
    kiosk_look,
    lane_settings,
    devices,
    device_look,
    scanner_check,
    tablets,
    audit,
    tutorial,
    updates,
    backup,
    health,
)
"""Modules with a ``router``; a new page is a module and its name here."""


class _KeptFiles(StaticFiles):
    """Static files are named with their digest, so browsers may keep them."""

    async def get_response(self, path: str, scope: StarletteScope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == 200:
            answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer


def create_app(context: WebContext) -> FastAPI:
    """The pages of a station, without the door (see :func:`behind_door`)."""
    app = FastAPI(title="Comptoir", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context
    app.state.painter = TillPainter()
    app.state.fresh_keys = registers.FreshKeys()
    app.state.catalogue_imports = catalogue_import.WaitingImports()

    def ended(tokens: Mapping[str, Rights]) -> set[str]:
        with context.reading() as unit:
            return ended_sessions(unit, context.ctx, tokens)

    app.state.watch = SessionWatch(ended)
    app.mount(API_ROOT, create_api(context), name="api")
    app.mount("/static", _KeptFiles(directory=STATIC_FOLDER), name="static")
    for module in PAGES:
        app.include_router(module.router)
    if context.demo is not None:
        app.include_router(demo.router)
    error_pages.install(app)
    return app


def behind_door(
    app: FastAPI, context: WebContext, host_names: tuple[str, ...] = (), origins: frozenset[str] = frozenset()
) -> AsgiApp:
    """The application behind its :class:`Door`.

    Args:
        app: See :func:`create_app`.
        context: The same as the application's.
        host_names: Names besides loopback under which browsers know the station.
        origins: Origins of a TLS proxy in front, if any.
    """
    rules = DoorRules(
        hosts=LOOPBACK_NAMES | {name.lower() for name in host_names},
        origins=origins,
        is_secure=context.is_secure,
        keyed_paths=(f"{API_ROOT}/",),
        may_frame_itself=context.demo is not None,
        large_bodies=(
            customer_papers.UPLOAD_PATH,
            catalogue_import.UPLOAD_PATH,
            till_photo.UPLOAD_PATH,
            *(("/demo/picture",) if context.demo is not None else ()),
        ),
        body_bytes_of={customer_imports.UPLOAD_PATH: customer_imports.MAX_UPLOAD_BYTES + _FORM_BYTES},
    )
    return Door(app, rules)
