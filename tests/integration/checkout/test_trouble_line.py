"""The line at the top of the staff's pages when something is away, and the links to policies."""

from loyalty.domain.privacy import PrivacySettings
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.test_web_security import Browser, run


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
            counter.station.devices.broker_changed(is_up=False)
            page = (await browser.get("/home")).text
            assert "Le relais de messages est absent" in page
            assert 'href="https://status.lumen.example"' in page
            counter.station.courier.stop()
            assert "aucun n’est perdu" in (await browser.get("/home")).text

    run(story())


def test_policies_are_linked_on_the_pages_of_the_staff(counter: Counter) -> None:
    # part of row 13
    with counter.database.unit_of_work() as unit:
        settings = PrivacySettings(
            privacy_policy="https://lumen.example/vie", security_policy="https://lumen.example/s"
        )
        unit.privacy.save_settings(settings)
        unit.commit()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            page = (await browser.get("/home")).text
            assert 'href="https://lumen.example/vie"' in page
            assert 'href="https://lumen.example/s"' in page

    run(story())
