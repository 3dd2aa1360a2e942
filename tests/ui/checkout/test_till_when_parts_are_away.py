"""The till says at once what is away, and sales go on: kiosk, broker, scanner, printer, ways to members."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from checkout.errors import PrinterAwayError
from checkout.printing.queue import PrintJob
from loyalty.domain.message import MemberMessage, MessageKind
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from messaging.station.presence import Presence
from messaging.station.settings import PartHealth, Reported
from tests.integration.checkout.counter import Counter
from tests.patience import PATIENCE_MS
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_whole_sales import scan


class Closed:
    """A provider that takes nothing."""

    def send(self, message: MemberMessage) -> GatewayAnswer:
        return GatewayAnswer(GatewayOutcome.REFUSED, "no credit")


def unreachable() -> None:
    raise PrinterAwayError("off")


def chip(page: Page, text: str, *, is_there: bool = True) -> None:
    """Seen without a reload."""
    expect(page.locator("#state .chip.alert", has_text=text)).to_have_count(
        int(is_there), timeout=PATIENCE_MS
    )


def kiosk(counter: Counter, state: str, **parts: str) -> None:
    """What the lane's device says of itself."""
    station, now = counter.station, counter.clock.now()
    lane = station.lanes.all()[0]
    assert lane.device is not None
    station.devices.present(lane.device, Presence(state=state, boot=uuid4(), release="1.0.0"), now)  # type: ignore[arg-type]
    said = tuple(PartHealth(name=name, health=health) for name, health in parts.items())  # type: ignore[arg-type]
    told = Reported(version=1, release="1.0.0", parts=said, outbox_events=0)
    station.devices.reported(lane.device, told, now)
    station._device_changed(lane.device)


def sell(page: Page, total: str) -> None:
    page.get_by_role("button", name="Croissant").click()
    expect(page.locator("#total")).to_contain_text(total)
    page.get_by_role("button", name="Compte juste").click()
    expect(page.locator(".receipt")).to_contain_text("Payé")
    page.get_by_role("button", name="Nouvelle vente").click()
    expect(page.locator("#ticket")).to_contain_text("Annuler")


def test_each_part_that_goes_is_said_at_once_and_the_sale_goes_on(
    served: ServedCounter, open_page: OpenPage
) -> None:
    counter = served.counter
    station = counter.station
    kiosk(counter, "online", front="ok", kiosk="ok")
    page = open_page("/till/1", width=1180, height=820)
    expect(page.locator("#state")).to_contain_text("Borne connectée")
    expect(page.locator("#state .chip.alert")).to_have_count(0)

    kiosk(counter, "online", front="absent", kiosk="degraded")
    chip(page, "Lecteur « front » absent")
    chip(page, "L’écran du client ne répond pas")
    sell(page, "1,40")
    kiosk(counter, "online", camera="absent", signals="down", certificate="degraded")
    chip(page, "La caméra est absente")
    chip(page, "Voyant et sonnerie ne fonctionnent pas")
    chip(page, "La borne n’a pas pu renouveler son accès")
    kiosk(counter, "online", front="ok", kiosk="ok")
    chip(page, "Lecteur", is_there=False)

    kiosk(counter, "offline")
    chip(page, "Borne absente")
    sell(page, "1,40")

    station._link_changed(False)
    chip(page, "Messagerie absente")
    sell(page, "1,40")
    # without kiosk and broker a card still identifies: by the scanner of the till itself
    page.get_by_role("button", name="Croissant").click()
    scan(page, counter.card_of("Camille"))
    expect(page.locator("#member-name")).to_have_text("Camille Moreau")
    page.get_by_role("button", name="Compte juste").click()
    expect(page.locator(".receipt")).to_contain_text("Nouveau solde")

    gateway = station.courier._watch
    gateway._gateway = Closed()
    for number in range(3):
        gateway.send(
            MemberMessage(
                uuid4(),
                f"k{number}",
                MessageKind.WELCOME,
                None,
                "+33611223344",
                "fr",
                "Bonjour",
                counter.clock.now(),
            )
        )
    chip(page, "Les SMS ne partent pas")

    lane = station.lanes.all()[0]
    station.prints.submit(PrintJob(lane.id, "7", unreachable))
    chip(page, "Imprimante absente")
    assert accessibility_faults(page) == []
    shoot(page, "till-everything-away")
    page.get_by_role("button", name="Nouvelle vente").click()
    sell(page, "1,40")

    station._link_changed(True)
    kiosk(counter, "online", front="ok", kiosk="ok")
    chip(page, "Messagerie absente", is_there=False)
    chip(page, "Borne absente", is_there=False)
    station.prints.submit(PrintJob(lane.id, "8", lambda: None))
    chip(page, "Imprimante absente", is_there=False)


def test_the_parts_of_a_device_are_named_and_told_in_words(
    served: ServedCounter, open_page: OpenPage
) -> None:
    kiosk(served.counter, "online", front="absent", outbox="ok", uplink="degraded")

    page = open_page("/health")

    parts = page.locator(".tile", has=page.get_by_role("heading", name="Caisse 1")).get_by_role("listitem")
    expect(parts).to_have_text(
        [
            "Lecteur « front » : introuvable",
            "Réserve de la borne : fonctionne",
            "Liaison avec la caisse : fonctionne en partie",
        ]
    )
    shoot(page, "health-parts")
    page = open_page("/devices")
    expect(page.locator(".note.bad").first).to_have_text("Lecteur « front » : introuvable")
