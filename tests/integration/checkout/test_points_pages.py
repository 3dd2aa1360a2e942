"""Points by hand besides adjustments: a visit that goes over to another member, points brought along."""

from typing import Any
from uuid import UUID

import pytest

from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.ledger import LedgerEntry
from loyalty.domain.staff import Permission
from loyalty.services.ledger_check import verify_ledger
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, fields_of, sell_to

ZOE = "06 12 00 00 03"


def entries(counter: Counter, given_name: str) -> list[LedgerEntry]:
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id(given_name))
        assert member is not None
        assert member.account is not None
        return list(unit.ledger.entries_of(member.account.id))


def deeds(counter: Counter, given_name: str) -> list[AuditEntry]:
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id(given_name))
        assert member is not None
        assert member.account is not None
        return list(unit.audit.of_subject(f"account:{member.account.id}"))


def number_of(counter: Counter, given_name: str) -> str:
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id(given_name))
    assert member is not None
    assert member.account is not None
    return str(member.account.phone_number)


def test_a_visit_on_the_wrong_account_goes_over_after_a_look_and_can_come_back(counter: Counter) -> None:
    # part of row 199
    sell_to(counter, "Idris", "Tasse en grès")
    idris, zoe = counter.balance("Idris"), counter.balance("Zoé")
    page = f"/points/move?customer={counter.customer_id('Idris')}"

    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.page(page)
            form = fields_of(found) | {
                "source": sale_source(counter), "to": number_of(counter, "Zoé"), "reason": "mauvais numéro",
            }  # fmt: skip
            look = (await browser.fill("/points/move", **form)).text
            assert "Is this right?" in look
            assert f"New balance: {idris - 16} points" in look
            assert f"New balance: {zoe + 16} points" in look
            assert (counter.balance("Idris"), counter.balance("Zoé")) == (idris, zoe)
            for _ in range(2):
                booked = await browser.fill("/points/move", **fields_of(look), go="book")
                assert booked.status_code == 303
            done = await browser.page(booked.headers["location"])
            assert f"now has {zoe + 16} points" in done
            assert (counter.balance("Idris"), counter.balance("Zoé")) == (idris - 16, zoe + 16)
            back = await browser.page(f"/points/move?customer={counter.customer_id('Zoé')}")
            again = fields_of(back) | {
                "source": entries(counter, "Zoé")[-1].source, "to": number_of(counter, "Idris"), "reason": "erreur",
            }  # fmt: skip
            look = (await browser.fill("/points/move", **again)).text
            assert (await browser.fill("/points/move", **fields_of(look), go="book")).status_code == 303
            assert "Moved" in await browser.page("/activity")

    run(story())
    assert (counter.balance("Idris"), counter.balance("Zoé")) == (idris, zoe)
    taken, given = entries(counter, "Idris")[-2], entries(counter, "Zoé")[-2]
    assert taken.corrects == given.corrects
    assert taken.staff_id == counter.shop.staff.id
    (noted,) = deeds(counter, "Idris")
    assert noted.action is AuditAction.POINTS_MOVED
    assert noted.params["reason"] == "mauvais numéro"
    with counter.database.reading() as unit:
        assert verify_ledger(unit).faults == ()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"to": "06 99 99 99 99"}, "Nobody is found under this number"),
        ({"to": "Idris"}, "These are the same member"),
        ({"source": "sale:00000000-0000-0000-0000-000000000000"}, "Choose one of these"),
        ({"source": ""}, "Choose one of these"),
        ({"reason": " \x00 "}, "Say why"),
        ({"go": "book", "source": "opening:x"}, "Nothing of this visit can move any more"),
    ],
)
def test_a_move_is_refused_with_the_reason(counter: Counter, changed: dict[str, str], sentence: str) -> None:
    # row 199
    sell_to(counter, "Idris", "Tasse en grès")
    before = counter.balance("Idris")
    changed = {
        key: number_of(counter, value) if value == "Idris" else value for key, value in changed.items()
    }

    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.page(f"/points/move?customer={counter.customer_id('Idris')}")
            form = fields_of(found) | {"source": sale_source(counter), "to": ZOE, "reason": "x", **changed}
            form["to"] = changed.get("to", number_of(counter, "Zoé"))
            answer = await browser.fill("/points/move", **form)
            assert answer.status_code == 422
            assert sentence in answer.text

    run(story())
    assert counter.balance("Idris") == before


def test_nobody_moves_points_to_or_from_their_own_account(counter: Counter) -> None:
    # row 206
    sell_to(counter, "Idris", "Tasse en grès")
    link(counter, "Zoé")

    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.page(f"/points/move?customer={counter.customer_id('Idris')}")
            form = fields_of(found) | {
                "source": sale_source(counter), "to": number_of(counter, "Zoé"), "reason": "x", "go": "book",
            }  # fmt: skip
            assert (
                "Nobody changes the points of their own account"
                in (await browser.fill("/points/move", **form)).text
            )
            assert "Nobody changes" in await browser.page(
                f"/points/opening?customer={counter.customer_id('Zoé')}"
            )
            opening = {
                "customer": str(counter.customer_id("Zoé")),
                "points": "5",
                "origin": "x",
                "go": "book",
            }
            assert (await browser.fill("/points/opening", **opening)).status_code == 422

    before = counter.balance("Zoé")
    run(story())
    assert counter.balance("Zoé") == before


def test_points_brought_along_are_looked_at_then_booked_once_for_each_origin(counter: Counter) -> None:
    # part of row 184
    before = counter.balance("Idris")
    path = f"/points/opening?customer={counter.customer_id('Idris')}"

    async def story() -> None:
        async with desk(counter) as browser:
            form = fields_of(await browser.page(path)) | {"points": "40", "origin": "Carte en papier"}
            look = (await browser.fill("/points/opening", **form)).text
            assert f"New balance: {before + 40} points" in look
            assert counter.balance("Idris") == before
            for _ in range(2):
                booked = await browser.fill("/points/opening", **fields_of(look), go="book")
                assert booked.status_code == 303
            assert "Booked." in await browser.page(booked.headers["location"])
            more = form | {"points": "50"}
            for go in ("", "book"):
                answer = await browser.fill("/points/opening", **more, go=go)
                assert answer.status_code == 422
                assert "points of this origin already" in answer.text
            other = form | {"origin": "Ancienne caisse", "go": "book"}
            assert (await browser.fill("/points/opening", **other)).status_code == 303

    run(story())
    assert counter.balance("Idris") == before + 80
    assert [deed.action for deed in deeds(counter, "Idris")] == [AuditAction.OPENING_BALANCE] * 2
    assert deeds(counter, "Idris")[0].params == {"points": 40, "origin": "Carte en papier"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"points": "0"}, "points"), ({"points": "1000001"}, "points"), ({"points": "-3"}, "points"),
     ({"points": "2.5"}, "points"), ({"origin": " \u202e\x00"}, "origin")],
)  # fmt: skip
def test_points_brought_along_that_cannot_be_are_refused(
    counter: Counter, changed: dict[str, str], field: str
) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            form = {"customer": str(counter.customer_id("Idris")), "points": "5", "origin": "x", "go": "book"}
            answer = await browser.fill("/points/opening", **{**form, **changed})
            assert answer.status_code == 422
            assert f'id="{field}-fault"' in answer.text

    before = counter.balance("Idris")
    run(story())
    assert counter.balance("Idris") == before


@pytest.mark.parametrize("path", ["/points/move", "/points/opening"])
def test_both_pages_ask_for_the_permission_and_for_a_member(counter: Counter, path: str) -> None:
    # row 211
    add_staff(counter, "others", *(set(Permission) - {Permission.ADJUST_POINTS}))
    add_staff(counter, "blind", Permission.ADJUST_POINTS)

    async def story() -> None:
        async with desk(counter, "others") as browser:
            assert (await browser.get(path)).status_code == 403
            assert (await browser.fill(path, go="book")).status_code == 403
        async with desk(counter, "blind") as browser:
            assert (await browser.get(path)).headers["location"] == "/points"
            assert (await browser.fill(path, customer=str(UUID(int=9)))).headers["location"] == "/points"
            page = await browser.page(f"{path}?customer={counter.customer_id('Camille')}")
            assert "Camille" not in page
            assert "12 00 00" not in page

    run(story())


def sale_source(counter: Counter) -> str:
    """Of the sale that Idris paid last."""
    return next(
        each.source for each in reversed(entries(counter, "Idris")) if each.source.startswith("sale:")
    )


def link(counter: Counter, given_name: str) -> Any:
    with counter.database.unit_of_work() as unit:
        unit.staff.link_customer(counter.shop.staff.id, counter.customer_id(given_name))
        unit.commit()
