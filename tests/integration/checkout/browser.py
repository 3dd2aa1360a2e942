"""A browser of the station's pages without a screen: its cookies, its origin, who is signed in."""

import asyncio
from typing import Any

import httpx

from checkout.web.app import behind_door, create_app
from loyalty.domain.staff import Permission, Role, StaffMember
from loyalty.services.sign_in import start_session
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter

OWN = "http://127.0.0.1:8080"


class Browser(httpx.AsyncClient):
    """A client that behaves as a page of the station: own origin on posts, cookies kept."""

    def __init__(self, counter: Counter) -> None:
        self.app = create_app(counter.web)
        super().__init__(
            transport=httpx.ASGITransport(behind_door(self.app, counter.web), raise_app_exceptions=False),
            base_url=OWN,
        )
        self.counter = counter

    def sign_in(self, login: str = "demo", *, lane: int | None = 1) -> str:
        with self.counter.database.unit_of_work() as unit:
            found = unit.staff.by_login(login)
            assert found is not None
            token = start_session(unit, self.counter.station.ctx, found[0]).token
            unit.commit()
        self.cookies.set("comptoir_session", token)
        if lane is not None:
            self.cookies.set("comptoir_lane", str(lane))
        return token

    async def send_form(self, path: str, **form: Any) -> httpx.Response:
        return await self.post(path, data=form, headers={"origin": OWN})


def run(story: Any) -> None:
    asyncio.run(story)


def add_staff(counter: Counter, login: str, *permissions: Permission) -> None:
    role = Role(new_id(), login, frozenset(permissions))
    with counter.database.unit_of_work() as unit:
        unit.staff.save_role(role)
        unit.staff.add(StaffMember(new_id(), login, login, role), "!")
        unit.commit()
