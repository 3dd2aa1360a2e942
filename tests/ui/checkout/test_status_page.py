"""The member's page in a real browser: at phone and desktop width, in three languages, without a script."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from checkout.public.listener import PublicListener
from checkout.public.settings import PublicSettings
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.why import Why, WhyCode
from messaging.events.code_read import CodeRead
from runtime.ids import new_id
from tests.integration.checkout.outside import opt_out_path, status_path
from tests.integration.checkout.test_messages_page import unknown_message
from tests.patience import PATIENCE_MS
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
def lived_in(served: ServedCounter) -> ServedCounter:
    """Camille bought something, got a present that expires, and agreed to advertising."""
    counter = served.counter
    counter.sell("Tasse en grès", "Miel de lavande, 500 g")
    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=counter.open_sale_id()))
    counter.pay()
    now = counter.clock.now()
    with counter.database.unit_of_work() as unit:
        member = unit.customers.member(counter.customer_id("Camille"))
        assert member is not None
        assert member.account is not None
        unit.ledger.book(
            LedgerEntry(
                id=new_id(),
                account_id=member.account.id,
                kind=EntryKind.BONUS,
                points=5,
                booked_at=now,
                source="birthday:2026",
                idempotency_key="birthday:2026",
                earned_at=now,
                expires_at=datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
                why=(Why(WhyCode.BIRTHDAY, {"year": 2026}),),
            )
        )
        unit.consents.add(
            ConsentEntry(
                id=new_id(),
                customer_id=member.customer.id,
                purpose=ConsentPurpose.MARKETING_SMS,
                state=ConsentState.GRANTED,
                at=now,
                wording_id="kiosk",
                wording_text="Oui",
                channel=ConsentChannel.KIOSK,
            )
        )
        unit.commit()
    return served


def whole(page: Page, name: str) -> None:
    """A picture of the whole page, however long."""
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"] if page.viewport_size else 390
    page.set_viewport_size({"width": width, "height": height})
    shoot(page, name)


@pytest.mark.parametrize("language", ["fr", "en", "es"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_tells_points_rewards_history_and_expiry(
    lived_in: ServedCounter, open_page: OpenPage, language: str, size: dict[str, int]
) -> None:
    # row 127
    page = open_page(f"{status_path(lived_in.counter)}?language={language}", login=None, **size)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#points")).to_have_text("64")
    expect(page.frame_locator("iframe.code").locator("svg.qr")).to_be_visible()
    expect(page.locator(".past li")).to_have_count(3)
    purchase = {"fr": "Achat", "en": "Purchase", "es": "Compra"}[language]
    expect(page.locator(".past")).to_contain_text(purchase)
    expect(page.locator(".past")).to_contain_text(
        {"fr": "Pour votre anniversaire", "en": "For your birthday", "es": "Por su cumpleaños"}[language]
    )
    expect(page.locator(".expiring")).to_contain_text("31")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("script").count() == 0
    whole(page, f"member-{language}-{'phone' if size is PHONE else 'desktop'}")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_behind_a_link_has_a_fault_of_accessibility(
    lived_in: ServedCounter, open_page: OpenPage, width: int
) -> None:
    # part of row 190
    path = status_path(lived_in.counter)
    for address in (path, f"{path}/code", f"{path}/not-me", "/s/no-such-link-at-all"):
        page = open_page(address, login=None, width=width, height=844)
        assert accessibility_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
        page.context.close()


def test_one_tap_stops_all_messages_without_a_script(lived_in: ServedCounter, open_page: OpenPage) -> None:
    # row 160
    path = status_path(lived_in.counter)
    page = open_page(path, login=None, **PHONE, has_script=False)
    page.get_by_role("button", name="Arrêter la publicité").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La publicité est arrêtée")
    page.get_by_role("link", name="Vers mes points").click()
    page.get_by_role("button", name="Arrêter tous les messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les messages sont arrêtés")
    shoot(page, "status-stopped-phone")
    counter = lived_in.counter
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id("Camille"))
        assert member is not None
        assert member.account is not None
        assert unit.suppressions.of(str(member.account.phone_number)) is not None
    page.get_by_role("button", name="M’écrire à nouveau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les messages reprennent")


def test_not_me_asks_first_and_then_the_link_is_void(lived_in: ServedCounter, open_page: OpenPage) -> None:
    # row 199
    path = status_path(lived_in.counter)
    page = open_page(path, login=None, **PHONE, has_script=False)
    page.get_by_role("link", name="Ce n’est pas moi").click()
    shoot(page, "status-not-me-phone")
    page.get_by_role("button", name="Retirer mon numéro").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le numéro est détaché")
    shoot(page, "status-detached-phone")
    page.goto(lived_in.address + path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien n’est pas valable.")


def test_the_code_changes_by_itself_and_the_page_stays_where_it_is(
    lived_in: ServedCounter, open_page: OpenPage
) -> None:
    # row 169
    counter = lived_in.counter
    counter.clock.advance(59.0 - counter.clock.now().second)
    page = open_page(status_path(counter), login=None, **PHONE, has_script=False)
    code = page.frame_locator("iframe.code").locator("svg.qr path").last
    first = code.get_attribute("d")
    counter.clock.advance(2.0)
    expect(code).not_to_have_attribute("d", first or "", timeout=PATIENCE_MS)
    assert page.locator("meta[http-equiv=refresh]").count() == 0


def test_a_name_of_markup_and_a_long_one_stay_inside(served: ServedCounter, open_page: OpenPage) -> None:
    counter = served.counter
    path = status_path(counter)
    with counter.database.unit_of_work() as unit:
        customer = unit.customers.get(counter.customer_id("Camille"))
        assert customer is not None
        name = "<b>Camille</b>" + "Longueur" * 12
        unit.customers.save(replace(customer, given_name=name, version=customer.version + 1))
        unit.commit()
    page = open_page(path, login=None, width=320, height=800)
    expect(page.get_by_role("heading", level=1)).to_contain_text("<b>Camille</b>")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def outer_door(served: ServedCounter) -> Iterator[str]:
    """The address of a public door that knows loopback by name, so that a browser can go there."""
    chosen = PublicSettings.model_validate({"port": 0, "proxies": ["127.0.0.1"]})
    listener = PublicListener(chosen, "http://127.0.0.1", served.counter.web).start()
    yield f"http://127.0.0.1:{listener.port}"
    listener.stop()


def test_a_browser_outside_sees_the_page_whole_and_its_buttons_work(
    served: ServedCounter, outer_door: str, open_page: OpenPage
) -> None:
    # rows 160, 196
    page = open_page("/s/unknown", login=None, **PHONE, has_script=False)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(outer_door + status_path(served.counter))
    expect(page.frame_locator("iframe.code").locator("svg.qr")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.hello')).borderRadius") != "0px"
    page.get_by_role("button", name="Arrêter tous les messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les messages sont arrêtés")
    assert complaints == []
    assert page.context.cookies() == []


def test_the_opt_out_page_of_a_message(served: ServedCounter, outer_door: str, open_page: OpenPage) -> None:
    # row 160
    # part of row 190
    page = open_page("/s/unknown", login=None, **PHONE)
    page.goto(outer_door + opt_out_path(served.counter))
    assert accessibility_faults(page) == []
    shoot(page, "opt-out-phone")
    page.get_by_role("button", name="Arrêter tous les messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les messages sont arrêtés")
    assert accessibility_faults(page) == []
    shoot(page, "opt-out-done-phone")
    page.get_by_role("button", name="M’écrire à nouveau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les messages reprennent")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_messages_that_wait(served: ServedCounter, open_page: OpenPage, width: int) -> None:
    # row 193
    # part of row 190
    for key in ("a", "b"):
        unknown_message(served.counter, key)
    page = open_page("/messages", width=width, height=800)
    expect(page.get_by_role("heading", level=1)).to_have_text("Messages")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, f"messages-{width}")
    page.get_by_role("button", name="Abandonner").first.click()
    expect(page.locator(".waiting > li")).to_have_count(1)
