"""The shop chooses how its customers' screens look; devices are told at once, what cannot be read is not kept."""

from loyalty.domain.kiosk_look import KioskLook
from loyalty.domain.staff import Permission
from messaging.station.look import KioskLook as ToldLook
from tests.integration.checkout.browser import OWN, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk
from tests.integration.checkout.test_checkout_settings import texts, told
from tests.unit.checkout.looks.test_logo import picture

WORDS = {"title_fr": "Ici, on vous\nconnaît.", "text_fr": "Des points dès le premier café."}


def kept(counter: Counter) -> KioskLook:
    with counter.database.reading() as unit:
        return unit.programme.settings().look


def send(counter: Counter, *, staff: str = "", logo: bytes = b"", **form: str) -> tuple[int, str]:
    fields = {
        "brand": "#0C4A3E",
        "accent": "#F4BE5B",
        "paper": "#FAF6EE",
        "do": "save",
        "revision": "0",
        **form,
    }
    found: list[tuple[int, str]] = []

    async def story() -> None:
        browser = desk(counter, staff) if staff else desk(counter)
        files = {"logo": ("logo.png", logo, "image/png")} if logo else None
        answer = await browser.post("/settings/look", data=fields, files=files, headers={"origin": OWN})
        found.append((answer.status_code, answer.headers.get("location") or answer.text))

    run(story())
    counter.settle()
    return found[0]


def test_colours_logo_and_words_are_kept_and_told_to_the_devices(counter: Counter) -> None:
    assert send(counter, brand="#5A1F3D", logo=picture(), **WORDS) == (303, "/settings/look?done=saved")

    look = told(counter).look
    assert isinstance(look, ToldLook)
    assert (look.brand, look.accent) == ("#5A1F3D", "#F4BE5B")
    promise = look.promise("fr")
    assert promise is not None
    assert promise.title == "Ici, on vous\nconnaît."
    assert look.logo_base64
    page = texts(counter, "/settings/look")
    assert "data:image/png;base64," in page
    assert 'value="#5A1F3D"' in page
    # Another change keeps the logo, and only a tick takes it off.
    assert send(counter, brand="#5A1F3D", revision="1", **WORDS)[0] == 303
    assert kept(counter).logo_base64
    assert send(counter, brand="#5A1F3D", revision="1", no_logo="yes", **WORDS)[0] == 303
    assert not kept(counter).logo_base64
    assert kept(counter).revision == 2


def test_colours_that_cannot_be_read_are_refused_with_the_pair_and_by_how_much(counter: Counter) -> None:
    status, page = send(counter, brand="#E0641F", **WORDS)

    assert status == 422
    told_of = (
        "Le texte blanc sur un bouton à la couleur de la marque\u00a0: 3,4 pour 1, il faut au moins 7 pour 1"
    )
    assert told_of in page
    assert "Avec #" in page
    assert "connaît." in page  # what was typed is still there
    assert kept(counter) == KioskLook()


def test_a_look_can_be_seen_before_it_is_kept(counter: Counter) -> None:
    status, page = send(counter, brand="#5A1F3D", do="try")

    assert status == 200
    assert 'fill="#5A1F3D"' in page
    assert kept(counter) == KioskLook()


def test_a_wrong_file_and_long_words_are_told_beside_their_fields(counter: Counter) -> None:
    status, page = send(counter, logo=b"%PDF-1.7", title_fr="x" * 41, text_fr="y")

    assert status == 422
    assert 'id="logo-fault"' in page
    assert 'id="title_fr-fault"' in page


def test_a_change_on_an_old_page_is_refused(counter: Counter) -> None:
    assert send(counter, brand="#5A1F3D")[0] == 303
    assert send(counter, brand="#1F2D5A")[0] == 409


def test_only_who_runs_the_shop_decides(counter: Counter) -> None:
    add_staff(counter, "caisse2", Permission.SELL)

    assert send(counter, staff="caisse2")[0] == 403


def test_a_shop_that_chose_nothing_tells_devices_nothing(counter: Counter) -> None:
    counter.station.settings_changed()
    counter.settle()

    assert told(counter).look is None
