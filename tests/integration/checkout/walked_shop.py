"""A shop in which every route of the staff's pages has something to show, and all of those routes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from checkout.web.app import PAGES, PUBLIC_PATHS
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, sell_to
from tests.integration.checkout.test_customer_pages import open_form

PHONE, EMAIL, STREET = "+33698765432", "tout.prive@introuvable.example", "17 rue des Introuvables"
SECOND_PHONE, SECOND_EMAIL = "+33687654329", "autre.prive@introuvable.example"
SECRETS = (
    "698765432",
    "6 98 76 54 32",
    "687654329",
    "6 87 65 43 29",
    "tout.prive",
    "autre.prive",
    "introuvable",
    "Introuvable",
)
"""As they may stand in an answer, whatever the format."""


@dataclass(frozen=True)
class Route:
    """One way to ask the staff's application for something."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def staff_routes() -> Iterator[Route]:
    """Every route that asks for a session."""
    for module in PAGES:
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            if route.path not in PUBLIC_PATHS and route.path != "/":
                yield from (Route(method, route.path) for method in sorted(route.methods or ()))


async def fill(counter: Counter) -> dict[str, str]:
    """Give Camille unmistakable contact details and a past; the value of each parameter of a path."""
    camille = counter.customer_id("Camille")
    async with desk(counter) as owner:
        for name, kind in (("Second numéro", "phone"), ("Second courriel", "email")):
            added = await owner.fill("/settings/profiles/fields", name=name, kind=kind)
            assert added.status_code == 303
        with counter.database.reading() as unit:
            phone, email = (
                next(each.id for each in unit.profiles.custom_fields() if each.name == name)
                for name in ("Second numéro", "Second courriel")
            )
        wanted = {
            "contact": {
                "phone_number": PHONE,
                "email_address": EMAIL,
                "is_identity_checked": "yes",
                "address0_line_1": STREET,
                "address0_postal_code": "75011",
                "address0_locality": "Paris",
            },
            "fields": {f"own-{phone}": SECOND_PHONE, f"own-{email}": SECOND_EMAIL},
        }
        for section, fields in wanted.items():
            form = await open_form(owner, f"/customers/{camille}/edit/{section}")
            saved = await owner.fill(f"/customers/{camille}/edit/{section}", **form | fields)
            assert saved.status_code == 303, saved.text
        assert STREET in await owner.page(f"/customers/{camille}")
        noted = await owner.fill(f"/customers/{camille}/notes", text="Aime les tasses", key="1")
        assert noted.status_code in {303, 422}
        sell_to(counter, "Camille", "Croissant")
        return _parameters(counter) | {"customer_id": str(camille), "field_id": str(phone)}


def _parameters(counter: Counter) -> dict[str, str]:
    with counter.database.reading() as unit:
        caisse = unit.staff.by_login("caisse")
        programme = unit.programme.current()
        assert caisse is not None
        assert programme is not None
        sale = unit.sales.last_closed_in_lane(counter.shop.lane.id)
        assert sale is not None
        return {
            "number": "1",
            "sale_id": str(sale.id),
            "item_id": str(counter.item("Croissant")),
            "category_id": str(unit.catalogue.categories()[0].id),
            "staff_id": str(caisse[0].id),
            "role_id": str(caisse[0].role.id),
            "tier_id": str(programme.tiers[0].id),
            "group_id": str(unit.groups.all()[0].id),
            "section": "personal",
            "ending": "svg",
            "kind": "csv",
            "deed": "archive",
        }


def address(route: Route, parameters: dict[str, str]) -> str:
    """The path with real ids, and one that is nobody's where the shop has none."""

    def value(found: re.Match[str]) -> str:
        return parameters.get(found[1], "0192f3c0-0000-7000-8000-000000000001")

    return re.sub(r"\{(\w+)(?::\w+)?\}", value, route.path)
