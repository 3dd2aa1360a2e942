"""The line at the top of the staff's pages when something is away, and the links to policies."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from checkout.desired import desired_for
from checkout.errors import PrinterAwayError
from checkout.printing.queue import PrintJob
from checkout.trouble.finding import troubles_of
from checkout.trouble.kinds import Trouble, TroubleKind, concerning
from checkout.words.parts import PART_TEXTS
from loyalty.domain.message import MemberMessage, MessageKind
from loyalty.domain.privacy import PrivacySettings
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from messaging.station.presence import Presence
from messaging.station.settings import PartHealth, Reported
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import Counter


class Closed:
    """A gateway that takes nothing."""

    def send(self, message: MemberMessage) -> GatewayAnswer:
        return GatewayAnswer(GatewayOutcome.REFUSED, "no credit")


def unreachable() -> None:
    raise PrinterAwayError("off")


def report(counter: Counter, device: str, parts: Mapping[str, Any]) -> None:
    said = tuple(PartHealth(name=name, health=health) for name, health in parts.items())
    told = Reported(version=1, release="1.0.0", parts=said, outbox_events=0)
    counter.station.devices.reported(device, told, counter.clock.now())


def test_what_is_away_stands_at_the_top_with_a_link_to_the_page_that_tells_of_trouble(
    counter: Counter,
) -> None:
    # row 14
    with counter.database.unit_of_work() as unit:
        unit.privacy.save_settings(PrivacySettings(status_page="https://status.lumen.example"))
        unit.commit()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            assert "La borne de la caisse 1 est absente" in (await browser.get("/home")).text
            devices = counter.station.devices
            devices.broker_changed(is_up=False, at=counter.clock.now())
            page = (await browser.get("/home")).text
            assert "Le relais de messages est absent" in page
            assert "depuis 11:00" in page
            assert "La borne de la caisse 1" not in page, "nothing is known of it"
            assert 'href="https://status.lumen.example"' in page
            counter.station.courier.stop()
            assert "aucun n’est perdu" in (await browser.get("/home")).text
            counter.clock.advance(24 * 3600)
            browser.sign_in()
            health = (await browser.get("/health")).text
            assert "2 choses à régler" in health
            assert "depuis 24/11/2026 11:00" in health
            assert "redémarrez-la" in health
            assert 'href="https://status.lumen.example"' in health

    run(story())


def test_parts_of_a_device_and_its_printer_are_told_of_with_what_to_do(counter: Counter) -> None:
    # part of row 14
    station, now = counter.station, counter.clock.now()
    lane = station.lanes.all()[0]
    device = lane.device or ""
    parts = {
        "front": "absent",
        "kiosk": "degraded",
        "decoder": "down",
        "outbox": "degraded",
        "uplink": "degraded",
    }
    station.devices.present(device, Presence(state="online", boot=uuid4(), release="1.0.0"), now)
    report(counter, device, parts)
    counter.clock.advance(60)
    report(counter, device, parts)
    station.prints.stop()
    station.prints.submit(PrintJob(lane.id, "7", unreachable))
    assert station.prints.print_next(1)
    found = troubles_of(station)
    assert found[:4] == (
        Trouble(TroubleKind.READER, now, 1, "front"),
        Trouble(TroubleKind.SCREEN, now, 1),
        Trouble(TroubleKind.DECODER, now, 1),
        Trouble(TroubleKind.OUTBOX, now, 1),
    ), "since the first report of it"
    assert found[4] == Trouble(TroubleKind.PRINTER, counter.clock.now(), 1)
    assert concerning(found, 2) == tuple(each for each in found if each.lane == 2)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            page = (await browser.get("/health")).text
            for text in (
                "Le lecteur «\u00a0front\u00a0»",
                "L’écran de la caisse 1",
                "La caméra de la caisse 1",
            ):
                assert text in page
            assert "Puis réimprimez le ticket" in page
            report(counter, device, dict.fromkeys(parts, "ok"))
            page = (await browser.get("/health")).text
            assert "Le lecteur" not in page
            assert "L’imprimante de tickets de la caisse 1 est absente" in page

    run(story())


def test_no_part_of_a_device_but_a_scanner_is_called_a_reader(counter: Counter) -> None:
    # part of row 14
    station, now = counter.station, counter.clock.now()
    device = station.lanes.all()[0].device or ""
    station.devices.present(device, Presence(state="online", boot=uuid4(), release="1.0.0"), now)

    report(counter, device, {**dict.fromkeys(set(PART_TEXTS) - {"uplink"}, "degraded"), "front": "absent"})

    found = troubles_of(station)
    assert len({each.kind for each in found}) == len(PART_TEXTS)
    assert [each.part for each in found if each.kind is TroubleKind.READER] == ["front"]


def test_a_way_to_members_that_takes_nothing_is_told_of_until_it_takes_something(counter: Counter) -> None:
    # part of row 14
    gateway = counter.station.courier._watch
    gateway._gateway = Closed()
    message = MemberMessage(
        uuid4(), "k", MessageKind.WELCOME, None, "+33611223344", "fr", "Bonjour", counter.clock.now()
    )
    for _ in range(3):
        gateway.send(message)
    assert Trouble(TroubleKind.SMS, counter.clock.now()) in concerning(troubles_of(counter.station), 1)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            assert "Les SMS ne partent pas" in (await browser.get("/home")).text
            assert "le crédit chez le prestataire" in (await browser.get("/health")).text

    run(story())


def test_policies_are_linked_on_the_pages_of_the_staff_and_told_to_the_kiosk(counter: Counter) -> None:
    # row 13: in the back office; the kiosk's screen is tested with the kiosk
    with counter.database.unit_of_work() as unit:
        settings = PrivacySettings(
            privacy_policy="https://lumen.example/vie", security_policy="https://lumen.example/s"
        )
        unit.privacy.save_settings(settings)
        unit.commit()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            for path in (
                "/home",
                "/customers",
                "/settings/privacy",
                f"/customers/{counter.customer_id('Zoé')}",
            ):
                page = (await browser.get(path)).text
                assert 'href="https://lumen.example/vie"' in page, path
                assert 'href="https://lumen.example/s"' in page, path

    run(story())
    told = desired_for(counter.shop.lane, counter.shop.settings, None, counter.clock.now(), privacy=settings)
    assert told.kiosk.privacy_policy == "https://lumen.example/vie"
    assert told.kiosk.security_policy == "https://lumen.example/s"
