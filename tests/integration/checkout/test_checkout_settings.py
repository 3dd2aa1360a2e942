"""What a shop decides about customers at the checkout: each setting has an effect at till, lane and device."""

from typing import Any
from uuid import UUID

import pytest

from loyalty.domain.checkout_settings import CheckoutSettings
from loyalty.domain.money import PPM
from loyalty.domain.staff import Permission
from loyalty.services.staff_discounts import DiscountDraft
from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.staff_code import is_right
from messaging.station.settings import KioskSettings
from messaging.station.show import ItemAdded, NotRecognised
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, desk
from tests.integration.checkout.test_till_member import member_name, new_customer
from tests.integration.checkout.test_till_sale import at_till

EVERYTHING = {
    "adds_during_checkout": "yes",
    "adds_after_checkout": "yes",
    "scans_customer_codes": "yes",
    "shows_search_scan": "yes",
    "enrols_at_kiosk": "yes",
    "sign_in_screen": "start",
    "redeems_away_points": "0",
}


def settings_of(counter: Counter) -> CheckoutSettings:
    with counter.database.reading() as unit:
        return unit.programme.settings().checkout


def decide(counter: Counter, *off: str, **changed: str) -> None:
    """Save the page with these switches off and these answers; all else stays on."""
    form = {name: value for name, value in EVERYTHING.items() if name not in off}

    async def story() -> None:
        revision = str(settings_of(counter).revision)
        answer = await desk(counter).send_form("/settings/checkout", **{**form, **changed}, revision=revision)
        assert answer.headers["location"] == "/settings/checkout?done=saved", answer.text

    run(story())
    counter.settle()


def test_the_cap_of_rewards_without_the_station_is_chosen_on_the_page(counter: Counter) -> None:
    # part of row 168
    assert settings_of(counter).redeems_away_points == 0
    decide(counter, redeems_away_points="40")
    assert settings_of(counter).redeems_away_points == 40

    async def story() -> None:
        form = {**EVERYTHING, "revision": str(settings_of(counter).revision)}
        wrong = await desk(counter).send_form("/settings/checkout", **{**form, "redeems_away_points": "-1"})
        assert wrong.status_code == 422
        assert 'value="-1"' in wrong.text

    run(story())
    assert settings_of(counter).redeems_away_points == 40


def told(counter: Counter) -> KioskSettings:
    """What the lane's device was told last to run."""
    return counter.link.desired[-1][1].kiosk


def scan(counter: Counter, sale: UUID, given_name: str = "Camille") -> Any:
    read = CodeRead(text=counter.card_of(given_name), symbology="QRCode", source="camera")
    return counter.send(counter.envelope(read, sale=sale)).show


def texts(counter: Counter, path: str) -> str:
    found: list[str] = []

    async def story() -> None:
        found.append((await at_till(counter).get(path, headers={**HTML, "accept-language": "en"})).text)

    run(story())
    return found[0]


def post(counter: Counter, path: str, **form: str) -> str:
    found: list[str] = []

    async def story() -> None:
        answer = await at_till(counter).send_form(path, **form)
        found.append(answer.headers.get("location") or f"/till/1?refused={answer.headers['x-refused']}")

    run(story())
    return found[0]


def test_the_page_keeps_what_was_chosen_and_says_who_changed_it(counter: Counter) -> None:
    assert settings_of(counter) == CheckoutSettings()  # row 86
    decide(counter, "adds_after_checkout", sign_in_screen="payment")
    assert settings_of(counter).revision == 1
    page: list[str] = []

    async def story() -> None:
        browser = desk(counter)
        page.append((await browser.get("/settings/checkout", headers=HTML)).text)
        stale = await browser.send_form("/settings/checkout", **EVERYTHING, revision="0")
        assert stale.status_code == 409
        wrong = await browser.send_form(
            "/settings/checkout", **{**EVERYTHING, "sign_in_screen": "sometimes"}, revision="1"
        )
        assert wrong.status_code == 422

    run(story())
    assert 'name="adds_during_checkout" value="yes" checked' in page[0]
    assert 'name="adds_after_checkout" value="yes">' in page[0]
    assert settings_of(counter).revision == 1


def test_only_who_runs_the_shop_decides(counter: Counter) -> None:
    add_staff(counter, "caisse2", Permission.SELL)

    async def story() -> None:
        browser = desk(counter, "caisse2")
        assert (await browser.get("/settings/checkout")).status_code == 403
        assert (await browser.send_form("/settings/checkout", **EVERYTHING, revision="0")).status_code == 403

    run(story())


def test_nobody_is_added_during_checkout_where_the_shop_switched_it_off(counter: Counter) -> None:
    # row 26
    sale = counter.sell("Croissant")
    assert "/till/1/member" in texts(counter, "/till/1")
    decide(counter, "adds_during_checkout")
    assert "/till/1/member" not in texts(counter, "/till/1")
    page = texts(counter, "/till/1/member?q=camil")
    assert "adds no customers during checkout" in page
    assert "Put on the sale" not in page
    assert "/member/new" not in page
    camille = str(counter.customer_id("Camille"))
    assert post(counter, "/till/1/member", sale=str(sale), customer=camille).endswith("=adding_during_off")
    assert post(counter, "/till/1/member/new", **new_customer(sale)).endswith("=adding_during_off")
    card = counter.card_of("Camille")
    assert post(counter, "/till/1/scan", text=card).endswith("=adding_during_off")
    assert member_name(counter) is None
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone("+33611223344") is None  # type: ignore[arg-type]
    counter.pay()
    assert post(counter, "/till/1/member", sale=str(sale), customer=camille) == "/till/1"
    assert member_name(counter) == "Camille Moreau"


def test_nobody_is_added_after_checkout_where_the_shop_switched_it_off(counter: Counter) -> None:
    # row 30
    before = counter.balance("Camille")
    decide(counter, "adds_after_checkout")
    sale = counter.sell("Croissant")
    counter.pay()
    assert "adds no customers after checkout" in texts(counter, "/till/1/member")
    assert "/till/1/member" not in texts(counter, "/till/1")
    camille = str(counter.customer_id("Camille"))
    assert post(counter, "/till/1/member", sale=str(sale), customer=camille).endswith("=adding_after_off")
    assert post(counter, "/till/1/member/new", **new_customer(sale)).endswith("=adding_after_off")
    assert member_name(counter) is None
    assert counter.balance("Camille") == before


@pytest.mark.parametrize(
    "off", [("scans_customer_codes",), ("adds_during_checkout", "adds_after_checkout")], ids=["off", "no way"]
)
def test_a_card_identifies_nobody_where_reading_is_off(counter: Counter, off: tuple[str, ...]) -> None:
    # row 85
    sale = counter.sell("Croissant")
    decide(counter, *off)
    assert not told(counter).reads_cards
    shown = scan(counter, sale)
    assert isinstance(shown, NotRecognised)
    assert shown.why.code == "code_reading_off"
    notice = counter.till().notice
    assert notice is not None
    assert notice.why is not None
    assert notice.why.code == "code_reading_off"
    assert "switched off" in texts(counter, "/till/1")
    assert member_name(counter) is None
    reference = CodeRead(text="000123456", symbology="Code128", source="scanner")
    assert isinstance(counter.send(counter.envelope(reference, sale=sale)).show, NotRecognised)
    assert member_name(counter) is None


def test_codes_are_read_from_the_start_and_goods_are_read_whatever_is_chosen(counter: Counter) -> None:
    # rows 85, 86
    sale = counter.sell("Croissant")
    scan(counter, sale)
    assert member_name(counter) == "Camille Moreau"
    decide(counter, "scans_customer_codes")
    with counter.database.reading() as unit:
        barcode = next(item.barcode for item in unit.catalogue.items() if item.barcode)
    read = CodeRead(text=barcode, symbology="EAN13", source="scanner")
    assert isinstance(counter.send(counter.envelope(read, sale=sale)).show, ItemAdded)


def test_the_search_has_a_field_for_codes_that_can_be_turned_off(counter: Counter) -> None:
    # row 105
    sale = counter.sell("Croissant")
    assert 'name="text"' in texts(counter, "/till/1/member")
    card = counter.card_of("Camille")
    assert post(counter, "/till/1/scan", text=card) == "/till/1"
    view = counter.till().sale
    assert view is not None
    assert view.member is not None
    assert (view.member.name, view.member.trust) == ("Camille Moreau", 2)
    post(counter, "/till/1/member/remove", sale=str(sale))
    decide(counter, "shows_search_scan")
    assert 'name="text"' not in texts(counter, "/till/1/member")
    assert post(counter, "/till/1/scan", text=card).endswith("=code_reading_off")
    assert member_name(counter) is None


@pytest.mark.parametrize("code", ["nothing-known", "5901234123457", "CPT1.broken", "\u202e"])
def test_a_code_that_names_nobody_says_so(counter: Counter, code: str) -> None:
    counter.sell("Croissant")
    where = post(counter, "/till/1/scan", text=code)
    assert where.removeprefix("/till/1?refused=") in {"not_recognised", "code_malformed"}
    assert member_name(counter) is None


def kiosk_invites(counter: Counter) -> bool:
    counter.settle()
    return counter.link.sales[-1][1].invitation


def test_the_customers_screen_asks_from_the_start_when_payment_begins_or_never(counter: Counter) -> None:
    # rows 143, 153, 154, 157
    sale = counter.sell("Croissant")
    assert kiosk_invites(counter)
    decide(counter, sign_in_screen="never")
    assert told(counter).sign_in == "never"
    assert not kiosk_invites(counter)
    decide(counter, sign_in_screen="payment")
    assert told(counter).sign_in == "payment"
    assert not kiosk_invites(counter)
    page = texts(counter, "/till/1")
    assert "/till/1/payment" in page
    assert 'action="/till/1/pay"' not in page
    post(counter, "/till/1/payment", sale=str(sale))
    assert kiosk_invites(counter)
    page = texts(counter, "/till/1")
    assert "/till/1/payment" not in page
    assert 'action="/till/1/pay"' in page
    counter.pay()
    assert not kiosk_invites(counter)
    # The next sale earns nothing at all: it asks all the same, and only once its payment begins.
    second = counter.sell("Croissant")
    free = DiscountDraft("geste commercial", PPM, None, None)
    assert counter.do(lambda till: till.give_discount(second, free)) is None
    assert not kiosk_invites(counter)
    assert counter.link.sales[-1][1].points_to_earn == 0
    late = post(counter, "/till/1/payment", sale=str(sale))
    assert late.endswith("=sale_closed")
    assert not kiosk_invites(counter)
    post(counter, "/till/1/payment", sale=str(second))
    assert kiosk_invites(counter)


def test_nobody_new_enrols_at_the_screen_where_the_shop_switched_it_off(counter: Counter) -> None:
    # row 156
    sale = counter.sell("Croissant")
    decide(counter, "enrols_at_kiosk")
    assert not told(counter).enrolment
    for number, name in (("+33688776655", None), ("+33612000001", "Camille Moreau")):
        given = ConsentGiven(
            phone_number=number, programme=True, marketing_sms=False, language="fr", wording="kiosk-2026-11"
        )
        counter.send(counter.envelope(given, sale=sale))
        assert member_name(counter) == name
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone("+33688776655") is None  # type: ignore[arg-type]


def test_a_programme_that_pauses_or_runs_again_reaches_device_and_screen_at_once(counter: Counter) -> None:
    # rows 144, 155
    counter.sell("Croissant")
    assert kiosk_invites(counter)

    async def switch() -> None:
        browser = desk(counter)
        assert (await browser.fill("/programme/change/switch")).status_code == 303
        assert (await browser.fill("/programme/publish")).status_code == 303

    for is_active in (False, True):
        run(switch())
        counter.settle()
        assert told(counter).programme_active is is_active
        assert kiosk_invites(counter) is is_active
    first, last = counter.link.desired[-2][1], counter.link.desired[-1][1]
    assert last.version > first.version


def test_the_code_of_the_staff_corner_reaches_the_devices_and_survives_other_choices(
    counter: Counter,
) -> None:
    def send(code: str) -> int:
        found: list[int] = []

        async def story() -> None:
            answer = await desk(counter).send_form("/settings/checkout/staff-code", staff_code=code)
            found.append(answer.status_code)

        run(story())
        counter.settle()
        return found[0]

    assert send("12345") == 422
    assert counter.link.desired == [] or counter.link.desired[-1][1].staff_code is None
    assert send("482913") == 303
    verifier = counter.link.desired[-1][1].staff_code
    assert verifier is not None
    assert is_right("482913", verifier)
    decide(counter, "enrols_at_kiosk")
    assert counter.link.desired[-1][1].staff_code == verifier
    assert "482913" not in repr(settings_of(counter))
    assert verifier not in repr(settings_of(counter))
    assert send("") == 303
    assert counter.link.desired[-1][1].staff_code is None
