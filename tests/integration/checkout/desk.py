"""A member of staff at a desk: reads the station's pages and fills in their forms."""

import re
from typing import Any

import httpx
from sqlalchemy import delete

from loyalty.adapters.sql import schema
from loyalty.domain.programme import ProgrammeVersion
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import OWN, Browser
from tests.integration.checkout.counter import Counter

HTML = {"accept": "text/html"}
FRENCH = {"accept-language": "fr"}


def plain(text: str) -> str:
    """With ordinary spaces, to be compared."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


class Desk(Browser):
    """A signed-in browser that reads pages as people do."""

    async def page(self, path: str, language: str = "en") -> str:
        answer = await self.get(path, headers={**HTML, "accept-language": language})
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
        return plain(answer.text)

    async def fill(self, path: str, **form: Any) -> httpx.Response:
        headers = {"origin": OWN, **HTML, "accept-language": "en"}
        if path.startswith(("/programme/change/", "/programme/publish")):
            form.setdefault("draft", draft_token(self.counter))  # as the page that was just looked at has it
        answer = await self.post(path, data=form, headers=headers)
        answer._text = plain(answer.text)
        return answer


def draft_token(counter: Counter) -> str:
    """What the forms of the draft carry now."""
    with counter.database.reading() as unit:
        found = unit.drafts.get()
    return str(found.revision) if found is not None else ""


def desk(counter: Counter, login: str = "demo") -> Desk:
    made = Desk(counter)
    made.sign_in(login, lane=None)
    return made


def programme(counter: Counter) -> ProgrammeVersion:
    with counter.database.reading() as unit:
        found = unit.programme.current()
    assert found is not None
    return found


def amount_rule(**changed: str) -> dict[str, str]:
    return {"earn_by": "amount", "tranche": "5", "tranche_points": "1", "tax_mode": "before_tax", **changed}


def a_reward(**changed: Any) -> dict[str, Any]:
    return {"name": "Un café offert", "points": "15", "kind": "amount_off_sale", "amount": "2,50", **changed}


def points_fields(**changed: str) -> dict[str, str]:
    return {"points_one": "grain", "points_many": "grains", "expiry": "never", "limit": "", **changed}


def sell_to(counter: Counter, given_name: str, *items: str) -> None:
    sale = counter.sell(*items)
    card = CodeRead(text=counter.card_of(given_name), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    counter.pay()
    counter.settle()


# --- set-up ----------------------------------------------------------------------------------------


def forget_programme(counter: Counter) -> None:
    """Leave the shop as it was before its programme."""
    with counter.database._engine.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            if any(key.column.table is schema.programme_versions for key in table.foreign_keys):
                connection.execute(delete(table))
        connection.execute(delete(schema.programme_versions))
    with counter.database.unit_of_work() as unit:
        unit.shop.save(counter.shop.settings)  # every process reads the set-up anew
        unit.commit()


def fields_of(text: str) -> dict[str, Any]:
    """What a browser would send of a form: hidden fields, texts, chosen radios and ticks."""
    main = text[text.index("<main") :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        kind = re.search(r'type="(\w+)"', tag)
        if name is None or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            continue
        found.setdefault(name[1], value[1] if value else "")
    return found


# --- promotions ------------------------------------------------------------------------------------


def a_promotion(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Points doublés", "gives": "points_multiplier", "multiplier": "2", "first_day": "2026-11-24",
        "last_day": "2026-12-24", "hours": "always", "minimum": "", "goods": "all", "limit": "",
        "per": "all_time", **changed,
    }  # fmt: skip
