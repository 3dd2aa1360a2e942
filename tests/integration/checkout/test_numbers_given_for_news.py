"""Who agreed to news by themselves keeps their number from whoever may not change contact details (ADR 0016)."""

from dataclasses import replace

from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.staff import Permission
from runtime.ids import new_id
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, plain, sell_to

NUMBER = "06 12 00 00 01"
ADDRESS = "camille.moreau@lumen.example"
EXPORT = "/customers/export/customers.csv"
PLACES = (
    "/customers/CAMILLE",
    "/customers",
    "/customers?q=Camille",
    "/activity",
    "/activity.csv",
    EXPORT,
    "/till/1",
    "/till/1/member/found?q=Camille",
    "/points?customer=CAMILLE",
)
READS = (
    Permission.SELL,
    Permission.VIEW_CUSTOMERS,
    Permission.VIEW_CONTACT,
    Permission.VIEW_REPORTS,
    Permission.ADJUST_POINTS,
    Permission.EXPORT_CUSTOMERS,
)


def agrees(
    counter: Counter,
    channel: ConsentChannel,
    purpose: ConsentPurpose,
    state: ConsentState = ConsentState.GRANTED,
) -> None:
    counter.clock.advance(1)
    with counter.database.unit_of_work() as unit:
        unit.consents.add(
            ConsentEntry(
                new_id(),
                counter.customer_id("Camille"),
                purpose,
                state,
                counter.clock.now(),
                "news-1",
                "J’accepte les actualités.",
                channel,
            )
        )
        unit.commit()


def with_address(counter: Counter) -> None:
    with counter.database.unit_of_work() as unit:
        customer = unit.customers.get(counter.customer_id("Camille"))
        assert customer is not None
        unit.customers.save(replace(customer, email_address=ADDRESS, version=customer.version + 1))
        unit.commit()


async def texts(counter: Counter, login: str) -> list[str]:
    """Everywhere that Camille's number stands for who may see it."""
    camille = str(counter.customer_id("Camille"))
    pages = [place.replace("CAMILLE", camille) for place in PLACES]
    async with Browser(counter) as browser:
        browser.sign_in(login)
        answers = [await browser.get(path) for path in pages]
        assert [answer.status_code for answer in answers] == [200] * len(pages)
        return [plain(answer.text).replace("+33612000001", NUMBER) for answer in answers]


def test_a_number_given_for_news_is_masked_for_who_may_not_change_it(counter: Counter) -> None:
    # row 11
    add_staff(counter, "vera", *READS)
    add_staff(counter, "luc", *READS, Permission.EDIT_CONTACT)
    sell_to(counter, "Camille", "Croissant")

    async def story() -> None:
        shown = await texts(counter, "vera")
        assert [NUMBER in text for text in shown] == [True] * len(shown)
        agrees(counter, ConsentChannel.KIOSK, ConsentPurpose.MARKETING_SMS)
        counter.station.refresher.all_changed()
        counter.settle()
        shown = await texts(counter, "vera")
        assert [NUMBER in text for text in shown] == [False] * len(shown)
        assert [path for path, text in zip(PLACES, shown, strict=True) if "•• 01" not in text] == [EXPORT]
        assert all(NUMBER in text for text in await texts(counter, "luc"))
        agrees(counter, ConsentChannel.LINK, ConsentPurpose.MARKETING_SMS, ConsentState.WITHDRAWN)
        counter.station.refresher.all_changed()
        counter.settle()
        assert all(NUMBER in text for text in await texts(counter, "vera"))

    run(story())


def test_what_a_customer_told_a_person_is_shown_to_people(counter: Counter) -> None:
    # part of row 11
    add_staff(counter, "vera", *READS)
    sell_to(counter, "Camille", "Croissant")
    agrees(counter, ConsentChannel.STAFF, ConsentPurpose.MARKETING_SMS)

    async def story() -> None:
        assert all(NUMBER in text for text in await texts(counter, "vera"))

    run(story())


def test_an_address_is_masked_by_itself(counter: Counter) -> None:
    # row 11
    add_staff(counter, "vera", *READS)
    with_address(counter)
    agrees(counter, ConsentChannel.STATUS_PAGE, ConsentPurpose.MARKETING_EMAIL)

    async def story() -> None:
        async with desk(counter, "vera") as browser:
            page = await browser.page(f"/customers/{counter.customer_id('Camille')}")
            assert NUMBER in page
            assert ADDRESS not in page
            assert "subscribed to news by themselves" in page
        async with desk(counter) as browser:
            page = await browser.page(f"/customers/{counter.customer_id('Camille')}")
            assert ADDRESS in page
            assert "subscribed to news by themselves" not in page

    run(story())
