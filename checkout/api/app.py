"""The interface as an application, mounted at ``/api/v1`` in the station's."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from checkout.api import problems, stream
from checkout.api.description import openapi_text
from checkout.api.keys import ApiLimits
from checkout.api.operations import DESCRIPTION_PATH
from checkout.api.routes import make_router
from checkout.web.context import WebContext


def create_api(context: WebContext, limits: ApiLimits | None = None) -> FastAPI:
    """The interface of a station; it shares nothing with the pages but the station behind them."""
    api = FastAPI(title="Comptoir", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    api.state.context = context
    api.state.limits = limits or ApiLimits()
    api.include_router(make_router())
    api.include_router(stream.router)
    description = openapi_text()

    @api.get(DESCRIPTION_PATH, include_in_schema=False)
    async def describe(_request: Request) -> Response:
        """Without a key: it says nothing of this shop."""
        return Response(description, media_type="application/json")

    problems.install(api)
    return api
