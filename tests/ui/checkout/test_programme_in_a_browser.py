"""The staff's pages about the programme in a real browser, at three widths, without a script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from messaging.events.code_read import CodeRead
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import forget_programme
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import SHOTS, OpenPage
from tests.ui.checkout.served import ServedCounter

WIDTHS = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
MONTHS = {1: 2, 2: 3, 3: 2, 4: 4, 5: 3, 6: 5, 7: 4, 8: 1, 9: 5, 10: 6, 11: 4}
MEMBERS = ("Camille", "Idris", "Zoé")


def shoot_whole(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def buy(counter: Counter, given_name: str, *items: str, uses_reward: bool = False) -> None:
    sale = counter.sell(*items)
    card = CodeRead(text=counter.card_of(given_name), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    if uses_reward:
        member = counter.till().sale.member  # type: ignore[union-attr]
        assert member is not None
        ready = next(reward for reward in member.rewards if reward.state == "available")
        assert counter.do(lambda till: till.use_reward(sale, ready.tier_id)) is None
    counter.pay()
    counter.settle()


@pytest.fixture
def year(served: ServedCounter) -> ServedCounter:
    """A shop with a year behind it, one busy member, and promotions of every state."""
    counter, today = served.counter, served.counter.clock.now()
    for month, visits in MONTHS.items():
        counter.clock.set_wall(datetime(2026, month, 3, 10, 30, tzinfo=UTC))
        for number in range(visits):
            who = MEMBERS[(month + number) % 3]
            buy(counter, who, "Bougie parfumée", "Café crème", uses_reward=number % 3 == 1)
    counter.clock.set_wall(today)
    for _ in range(5):
        buy(counter, "Idris", "Café filtre", "Croissant")
    return served


def add_promotions(page: Page, address: str) -> None:
    for name, first, hours in (
        ("Points doublés le mardi", "2026-11-20", True),
        ("Dix points pour Noël", "2026-12-01", False),
        ("Journée des sablés", "2026-11-24", False),
    ):
        page.goto(f"{address}/promotions/new")
        page.get_by_label("Nom").fill(name)
        page.get_by_label("Premier jour").fill(first)
        if hours:
            page.get_by_text("À certains jours ou heures").click()
            page.get_by_role("group", name="Plage 1").get_by_text("mardi").click()
            page.get_by_role("group", name="Plage 1").get_by_label("De").fill("14:00")
            page.get_by_role("group", name="Plage 1").get_by_label("À", exact=True).fill("16:00")
        page.get_by_role("button", name="Créer la promotion").click()
        expect(page.get_by_role("status")).to_contain_text("La promotion est créée.")
    card = page.locator(".promotion", has_text="Journée des sablés")
    card.locator("summary").click()
    card.get_by_role("button", name="Oui, annuler la promotion").click()
    expect(page.get_by_role("status")).to_contain_text("annulée")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.timeout(300)  # many pages, each with axe: a minute and more where the machine is busy
def test_pictures_of_every_page_and_no_fault_of_accessibility(
    year: ServedCounter, open_page: OpenPage, width: str
) -> None:
    # part of row 190
    counter = year.counter
    first = open_page("/home")
    add_promotions(first, year.address)
    first.goto(f"{year.address}/programme/change/rule")
    first.get_by_label("Par tranche de").fill("5")
    first.get_by_role("button", name="Retenir").click()
    items = "&".join(f"item-{counter.item(name)}=1" for name in ("Bougie parfumée", "Café filtre"))
    with counter.database.reading() as unit:
        current = unit.programme.current()
    assert current is not None
    sale = f"/programme/try?{items}&member=card&group={counter.shop.group.id}&tier={current.tiers[0].id}"
    paths = {
        "home": "/home",
        "programme": "/programme",
        "programme-settings": "/programme/settings",
        "sending-rules": "/messages/rules",
        "messages": "/messages",
        "message-texts": "/messages/texts",
        "message-stops": "/messages/stopped",
        "programme-change": "/programme/change",
        "programme-rule": "/programme/change/rule",
        "programme-points": "/programme/change/points",
        "programme-reward": f"/programme/change/rewards/{current.tiers[3].id}",
        "programme-publish": "/programme/publish",
        "programme-versions": "/programme/versions",
        "programme-try": f"{sale}&day=2026-11-24&time=15:00",
        "promotions": "/promotions",
        "promotion-new": "/promotions/new",
        "activity": "/activity?by=member",
        "activity-empty": "/activity?from=2020-01-01&to=2020-01-02",
        "reports": "/reports",
        "digest": "/reports/digest?day=2026-11-24",
        "points-find": "/points",
        "points": f"/points?customer={counter.customer_id('Camille')}",
        "points-move": f"/points/move?customer={counter.customer_id('Idris')}",
        "points-opening": f"/points/opening?customer={counter.customer_id('Idris')}",
    }
    faults: list[str] = []
    across, down = WIDTHS[width]
    page = open_page("/home", width=across, height=down)
    for name, path in paths.items():
        page.goto(year.address + path)
        shoot_whole(page, f"staff-{name}-{width}")
        too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not too_wide, f"{name} at {width} scrolls sideways"
        faults += [f"{name} {width}: {fault}" for fault in accessibility_faults(page)]
    assert faults == []


def test_errors_are_clear_and_keep_what_was_typed(year: ServedCounter, open_page: OpenPage) -> None:
    # rows 140, 141
    # part of row 190
    page = open_page("/programme/change/rewards/new", width=390, height=844, has_script=False)
    page.get_by_label("Nom").fill("Un très bon café " * 6 + "!")
    page.get_by_label("Son prix en points").fill("dix")
    page.get_by_role("button", name="Créer l’avantage").click()
    expect(page.get_by_role("alert")).to_contain_text("3 réponses sont à revoir")
    expect(page.locator("#name-fault")).to_contain_text("Le nom compte 103 caractères")
    expect(page.get_by_label("Son prix en points")).to_have_value("dix")
    shoot_whole(page, "staff-reward-faults-phone")
    script = open_page("/programme/change/rewards/new", width=1440, height=900)
    script.get_by_label("Nom").fill("x")
    script.get_by_label("Son prix en points").fill("0")
    script.get_by_role("button", name="Créer l’avantage").click()
    expect(script.get_by_role("alert")).to_be_visible()
    assert accessibility_faults(script) == []
    shoot_whole(script, "staff-reward-faults-desktop")


def test_the_set_up_needs_no_script_and_asks_only_what_the_answers_leave_open(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # row 138
    forget_programme(served.counter)
    page = open_page("/programme", width=390, height=844, has_script=False)
    shoot_whole(page, "staff-setup-0-phone")
    page.get_by_role("link", name="Créer le programme").click()
    for step, (heading, act) in enumerate(
        (
            ("Comment vos clients gagnent-ils des points", lambda: page.get_by_text("À la visite").click()),
            ("Combien de points", lambda: page.get_by_label("Achat minimum").fill("5")),
            ("Comment s’appellent vos points", lambda: page.get_by_label("Au pluriel").fill("tampons")),
            ("Quel est le premier avantage", lambda: choose_free_coffee(page)),
            ("Combien de temps durent les points", lambda: page.get_by_text("Toujours").click()),
        ),
        start=1,
    ):
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        shoot_whole(page, f"staff-setup-{step}-phone")
        act()
        page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voici votre programme")
    expect(page.locator("main")).to_contain_text("1 point à chaque visite de plus de 5,00 €")
    expect(page.locator("main")).to_contain_text("Offert : 1 parmi Café filtre")
    shoot_whole(page, "staff-setup-6-phone")
    page.get_by_role("button", name="Lancer le programme").click()
    expect(page.get_by_role("status")).to_contain_text("C’est publié")


def test_the_set_up_and_empty_pages_have_no_fault_of_accessibility(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # part of row 190
    forget_programme(served.counter)
    page = open_page("/home", width=1440, height=900, language="en-GB")
    faults: list[str] = []
    for path in ("/home", "/programme", "/programme/setup", "/programme/try", "/promotions", "/reports"):
        page.goto(served.address + path)
        faults += [f"{path}: {fault}" for fault in accessibility_faults(page)]
        shoot_whole(page, f"staff-empty{path.replace('/', '-')}-desktop")
    assert faults == []


def test_a_visit_is_moved_without_a_script(served: ServedCounter, open_page: OpenPage) -> None:
    # part of row 190
    counter = served.counter
    buy(counter, "Idris", "Tasse en grès")
    for width, height, has_script in ((390, 844, False), (1440, 900, True)):
        page = open_page(
            f"/points/move?customer={counter.customer_id('Idris')}",
            width=width,
            height=height,
            has_script=has_script,
        )
        page.locator(".choice").first.click()
        page.get_by_label("Numéro de téléphone ou référence").fill("000123456")
        page.get_by_label("Pourquoi").fill("Numéro mal saisi à la borne")
        page.get_by_role("button", name="Vérifier d’abord").click()
        expect(page.get_by_role("heading", level=2)).to_have_text("Est-ce bien cela ?")
        shoot_whole(page, f"staff-points-move-look-{width}")
        if has_script:
            assert accessibility_faults(page) == []
    before = counter.balance("Camille")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("C’est déplacé.")
    assert counter.balance("Camille") == before + 16
    shoot_whole(page, "staff-points-move-done-desktop")


def choose_free_coffee(page: Page) -> None:
    page.get_by_text("Un article offert").click()
    page.locator("summary", has_text="Articles").click()
    page.get_by_label("Café filtre").check()
    page.get_by_label("Nom").fill("Café offert")
    page.get_by_label("Son prix en points").fill("10")
