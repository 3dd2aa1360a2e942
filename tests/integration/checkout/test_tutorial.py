"""The slides that show how the counter works."""

from checkout.web.pages.tutorial import SLIDES
from loyalty.domain.staff import Permission
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk


def test_the_slides_follow_each_other_in_both_languages_from_home_and_till(counter: Counter) -> None:
    # row 165
    async def story() -> None:
        async with desk(counter) as seller:
            assert 'href="/tutorial"' in await seller.page("/home")
            assert 'href="/tutorial"' in await seller.page("/till/1")
            start = await seller.get("/tutorial")
            assert start.headers["location"] == "/tutorial/enrol"
            for place, slide in enumerate(SLIDES):
                page = await seller.page(f"/tutorial/{slide}")
                assert f"Slide {place + 1} of {len(SLIDES)}" in page
                assert "slide-picture" in page
                assert "<script" not in page.partition('id="slide"')[2].partition("</section>")[0]
                assert ('rel="next"' in page) is (slide != SLIDES[-1])
                assert ('rel="prev"' in page) is (slide != SLIDES[0])
                assert 'href="/till/1"' in page
            assert "Enrol a customer" in await seller.page("/tutorial/enrol")
            assert "Inscrire un client" in await seller.page("/tutorial/enrol", "fr")
            assert (await seller.get("/tutorial/other")).status_code == 404

    run(story())


def test_the_slides_are_for_who_sells(counter: Counter) -> None:
    add_staff(counter, "jo", Permission.VIEW_REPORTS)

    async def story() -> None:
        async with desk(counter, "jo") as someone:
            assert (await someone.get("/tutorial/sell")).status_code == 403

    run(story())
