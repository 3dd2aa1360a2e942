"""A register beside the counter's lane, speaking HTTP as a vendor's till would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from checkout.api.keys import ApiLimits
from checkout.web.app import behind_door, create_app
from loyalty.domain.why import Refused
from loyalty.services.keep_registers import KeyMade, RegisterDraft, add_register
from loyalty.services.register_sale import choose_who_sells
from tests.integration.checkout.counter import Counter

API = "http://127.0.0.1:8080/api/v1"


def make_companion(counter: Counter) -> None:
    """Another register sells in lane 1."""
    with counter.database.unit_of_work() as unit:
        done = choose_who_sells(
            unit, counter.station.ctx, counter.shop.lane.id, counter.shop.staff, is_companion=True
        )
        assert not isinstance(done, Refused)
        unit.commit()
    counter.station.settings_changed()
    counter.settle()


def make_register(
    counter: Counter, name: str = "Caisse avant", *, confirms: bool = False, certificate: str = ""
) -> KeyMade:
    """A register of lane 1, with its key."""
    draft = RegisterDraft(name, (counter.shop.lane.id,), certificate, confirms)
    with counter.database.unit_of_work() as unit:
        made = add_register(unit, counter.station.ctx, draft, counter.shop.staff)
        assert isinstance(made, KeyMade), made
        unit.commit()
    counter.station.settings_changed()
    counter.settle()
    return made


class Till:
    """A vendor's till: asks by HTTP with its key."""

    def __init__(self, http: httpx.AsyncClient, key: str) -> None:
        self.http = http
        self.key = key

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(f"{API}{path}", headers={**self._headers, **headers})

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.http.post(f"{API}{path}", json=body or {}, headers={**self._headers, **headers})

    async def at_lane(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """The answer to something that is to be done at lane 1."""
        answer = await self.post(f"/lanes/1{path}", body, **headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def refused(self, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Status and code of a refusal at lane 1."""
        answer = await self.post(f"/lanes/1{path}", body, **headers)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json()["code"]

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}


@asynccontextmanager
async def till(counter: Counter, made: KeyMade, limits: ApiLimits | None = None) -> AsyncIterator[Till]:
    """The till of a register that was made."""
    app = create_app(counter.web)
    if limits is not None:
        api: Any = next(route for route in app.routes if getattr(route, "name", "") == "api")
        api.app.state.limits = limits
    transport = httpx.ASGITransport(behind_door(app, counter.web), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as http:
        yield Till(http, made.key)
