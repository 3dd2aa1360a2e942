"""The customer's whole way through the real window, by real touches."""

from uuid import UUID

from messaging.local.to_kiosk import CodeNoticed, LinkChanged, SaleChanged
from messaging.station.sale import SaleShown
from messaging.station.show import MemberShown, Noted, Show
from runtime.ids import new_id
from tests.ui.kiosk.driving import KioskWindow
from tools.scenes import DISCOUNT, member, sale, used

NUMBER = "0612345678"
NARROW = "\u202f"


def enrol(window: KioskWindow, digits: str = NUMBER) -> None:
    window.touch("Touchez pour commencer", *digits, "Continuer")


def scan(window: KioskWindow, show: Show) -> tuple[UUID, UUID]:
    """Show a card; the event and the session that the device made for it."""
    event, session = (
        new_id(),
        new_id(),
    )  # a kiosk never opens an ended session again, and this window lives on
    window.tell(CodeNoticed(event_id=event, session=session, source="camera", signature="good"))
    window.answer(str(event), show)
    return event, session


def test_something_is_drawn_in_the_size_that_was_asked_for(window: KioskWindow) -> None:
    pixels = window.pixels()

    assert (pixels["width"], pixels["height"]) == (800, 480)
    assert pixels["colours"] > 20


def test_a_customer_enrols_by_touch(window: KioskWindow) -> None:
    # rows 22, 116, 135
    enrol(window)
    assert window.step == "consent"
    assert "06 •• •• •• 78" in window.texts

    window.touch("Je rejoins le programme de fidélité de Maison Lumen", "Prénom (facultatif)", *"ZO", "É È Ç")
    window.touch("É", "Valider")
    assert "Zoé" in window.texts
    window.touch("Valider")
    assert "Un instant…" in window.texts
    window.store()

    assert window.step == "thanks"
    consent = [message for message in window.said if message["kind"] == "said"][-1]["body"]
    assert (consent["programme"], consent["marketing_sms"], consent["given_name"]) == (True, False, "Zoé")
    window.touch("Terminer")
    assert window.step == "idle"
    assert window.said[-1] == {
        "v": 1,
        "kind": "session_closed",
        "session": window.said[0]["session"],
        "reason": "done",
    }


def test_known_and_unknown_numbers_look_and_sound_the_same(window: KioskWindow) -> None:
    # row 170, X15, X16
    def story(answer: Show) -> tuple[list[str], list[str]]:
        window.open()
        drawn, spoken = [], []
        enrol(window)
        drawn.append(window.pixels()["digest"])
        window.answer(window.said[-1]["event_id"], answer)
        drawn.append(window.pixels()["digest"])
        window.touch("Valider")
        drawn.append(window.pixels()["digest"])
        window.answer(window.said[-1]["event_id"], answer)
        window.store()
        drawn.append(window.pixels()["digest"])
        window.advance(10)
        drawn.append(window.pixels()["digest"])
        for message in window.said:
            body = {key: value for key, value in message.items() if key not in ("event_id", "session")}
            spoken.append(repr(body))
        return drawn, spoken

    assert story(Noted()) == story(member())


def test_a_wrong_number_is_told_after_continue_and_goes_with_the_next_digit(window: KioskWindow) -> None:
    window.touch("Touchez pour commencer", *"0612")
    assert "Il manque quelques chiffres." not in window.texts
    window.touch("Continuer")
    assert "Il manque quelques chiffres." in window.texts
    window.touch("3")
    assert "Il manque quelques chiffres." not in window.texts


def test_the_language_changes_at_once_on_any_screen(window: KioskWindow) -> None:
    # part of row 189
    window.touch("English")
    assert "Touch to start" in window.texts
    window.touch("Touch to start", "EN", "Español")
    assert "Tu número de móvil" in window.texts
    assert window.step == "phone"


def test_quiet_warns_counts_down_and_forgets(window: KioskWindow) -> None:
    # row 170
    # part of row 190
    window.touch("Touchez pour commencer", *NUMBER)
    window.advance(50)
    assert "Toujours là" + NARROW + "?" in window.texts
    assert "10" in window.texts
    window.touch("Je suis là")
    assert window.step == "phone"
    window.advance(61)

    assert window.step == "idle"
    assert not [text for text in window.hidden_texts if "06 12" in text]


def test_a_card_shows_points_and_a_reward_is_used(window: KioskWindow) -> None:
    # rows 107, 137, 142
    window.tell(sale(discounts=(DISCOUNT,), total_minor=1197))
    scan(window, member())
    assert {"Bonjour Zoé" + NARROW + "!", "240", "Un café offert"} <= set(window.texts)

    window.touch("Utiliser")
    assert "…" in window.texts
    chosen = window.said[-1]
    assert chosen["body"]["kind"] == "reward_chosen"
    window.answer(chosen["event_id"], used(member()))
    assert {"Retirer", "Sur cet achat", "190"} <= set(window.texts)


def test_nothing_of_a_member_stays_behind_the_screen(window: KioskWindow) -> None:
    # rows 170, 171
    window.tell(sale())
    scan(window, member())
    window.tell(sale(6, state="paid", points_earned=13))
    assert window.step == "paid"

    left = " ".join([*window.texts, *window.hidden_texts])
    assert "Zoé" not in left
    assert "240" not in left
    assert "Un café offert" not in left


def test_the_sale_is_shown_with_discounts_their_reason_and_what_it_earns(window: KioskWindow) -> None:
    # row 173
    window.tell(sale(discounts=(DISCOUNT,), total_minor=1197, points_to_earn=11))

    assert {
        "Café filtre", "5,00\u00a0€", "Amis de la maison", f"10{NARROW}% pour votre groupe", "−1,33\u00a0€",
        "11,97\u00a0€", "+11", "points à gagner",
    } <= set(window.texts)  # fmt: skip


def test_offline_is_said_on_every_screen(window: KioskWindow) -> None:
    # row 167
    told = "Hors ligne\u00a0: vos points seront ajoutés un peu plus tard."
    window.tell(LinkChanged(online=False, waiting_events=1))
    assert told in window.texts
    enrol(window)
    assert told in window.texts
    window.touch("Valider")
    window.store()
    assert window.step == "thanks"
    assert told in window.texts
    window.tell(LinkChanged(online=True, waiting_events=0))
    assert told not in window.texts


def test_a_lost_device_process_closes_the_screen_and_its_return_opens_it(window: KioskWindow) -> None:
    window.link(False)
    window.advance(5)
    assert window.step == "out_of_service"
    window.link(True)
    assert window.step == "idle"


def test_touches_beside_the_buttons_do_nothing(window: KioskWindow) -> None:
    for x, y in ((0.01, 0.01), (0.5, 0.02), (0.99, 0.99), (0.35, 0.6)):
        window.touch_at(x, y)

    assert window.step == "idle"


def test_two_customers_one_after_the_other(window: KioskWindow) -> None:
    # row 171
    window.tell(sale())
    first_event, first_session = scan(window, member())
    first = MemberShown.model_validate(member())
    window.tell(sale(6, state="paid", points_earned=13, points_balance=253))
    window.touch("Terminer")
    enrol(window, "0687654321")
    window.answer(str(first_event), first)

    assert window.step == "consent"
    assert "Zoé" not in " ".join([*window.texts, *window.hidden_texts])
    sessions = [message["session"] for message in window.said if message["kind"] == "session_started"]
    assert sessions[-1] != str(first_session)


def test_texts_keep_their_places_in_every_language(window: KioskWindow) -> None:
    # part of rows 189, 190
    for language, start in (
        ("Français", "Touchez pour commencer"),
        ("English", "Touch to start"),
        ("Español", "Toca para empezar"),
        ("العربية", "المسوا للبدء"),
    ):
        window.open(languages=("fr", "en", "es", "ar"))
        window.touch(language)
        assert window.faults == []
        window.touch(start, *NUMBER)
        assert window.faults == []


def test_the_shops_own_look_is_worn_at_once_and_taken_off_again(window: KioskWindow) -> None:
    # part of row 190
    own = {
        "brand": "#5A1F3D",
        "promises": ({"language": "fr", "title": "Ici, on vous\nconnaît.", "text": "Des points."},),
    }
    before = window.pixels()
    window.open(look=own)
    assert "Ici, on vous\nconnaît." in window.texts
    assert window.faults == []
    assert window.pixels()["digest"] != before["digest"]
    window.open()

    assert window.pixels()["digest"] == before["digest"]


def test_an_empty_basket_does_not_take_the_idle_screen_away(window: KioskWindow) -> None:
    # row 143
    window.tell(
        SaleChanged(
            sale=SaleShown(
                sale=new_id(), revision=1, state="open", invitation=True, currency="EUR", total_minor=0
            )
        )
    )

    assert window.step == "idle"
    assert "Gagnez des points\nsur cet achat." in window.texts
