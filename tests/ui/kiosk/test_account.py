"""Codes by SMS, history, another number, countries and data protection, by real touches on the real window."""

from pathlib import Path

import zxingcpp
from PIL import Image

from messaging.model import Why
from messaging.station.show import CodeSent, History, MemberShown, Noted, NumberChanged, Refusal, Show
from runtime.ids import new_id
from tests.ui.kiosk.driving import KioskWindow
from tests.ui.kiosk.test_window import NARROW, NUMBER, enrol, scan
from tools.scenes import CHALLENGE, ENTRIES, member, sale

SENT = CodeSent(challenge_id=CHALLENGE, valid_s=300)
DIGITS = "482913"


def thank(window: KioskWindow, start: str = "Touchez pour commencer") -> None:
    window.touch(start, *NUMBER, "Continuer")
    window.touch("Valider")
    window.store()


def answer(window: KioskWindow, show: Show) -> None:
    window.answer(window.said[-1]["event_id"], show)


def test_a_number_sees_its_points_after_a_code_by_sms(window: KioskWindow) -> None:
    # row 169
    window.tell(sale())
    thank(window, "Saisir mon numéro")
    window.touch("Voir mes points")
    assert window.step == "code"
    answer(window, SENT)
    window.touch(*DIGITS, "Continuer")
    body = window.said[-1]["body"]
    assert (body["kind"], body["digits"]) == ("one_time_code_entered", DIGITS)
    answer(window, member())
    assert {"Bonjour Zoé" + NARROW + "!", "240"} <= set(window.texts)


def test_known_and_unknown_numbers_look_the_same_all_the_way_to_a_wrong_code(window: KioskWindow) -> None:
    # row 170
    def story(known: Show) -> list[str]:
        window.open()
        drawn = []
        enrol(window)
        window.answer(window.said[-1]["event_id"], known)
        window.touch("Valider")
        window.store()
        drawn.append(window.pixels()["digest"])
        window.touch("Voir mes points")
        answer(window, CodeSent(challenge_id=new_id(), valid_s=300))
        drawn.append(window.pixels()["digest"])
        window.touch(*DIGITS, "Continuer")
        answer(window, Refusal(why=Why(code="code_wrong", params={"tries_left": 4})))
        drawn.append(window.pixels()["digest"])
        return drawn

    assert story(Noted()) == story(member())


def test_a_void_code_offers_another(window: KioskWindow) -> None:
    thank(window)
    window.touch("Voir mes points")
    answer(window, SENT)
    window.touch(*DIGITS, "Continuer")
    answer(window, Refusal(why=Why(code="code_locked")))
    assert "Trop d’essais. Nous renvoyons volontiers un autre code." in window.texts
    window.touch("Renvoyer un code")
    assert window.said[-1]["body"]["kind"] == "one_time_code_requested"
    window.touch("Retour")
    assert window.step == "thanks"


def test_the_history_of_a_proved_member(window: KioskWindow) -> None:
    scan(window, member())
    window.touch("Mon compte", "Mon historique")
    assert "Un instant…" in window.texts
    answer(window, History(entries=ENTRIES))
    assert "Un instant…" not in window.texts
    assert {"Achat", "+13", "Récompense utilisée", "−50"} <= set(window.texts)
    window.touch("Plus anciens (1 sur 2)")
    assert "Cadeau de la maison" in window.texts
    window.touch("Retour")
    assert window.step == "account"
    window.touch("Retour")
    assert window.step == "welcome"


def test_nothing_of_the_history_or_the_code_stays_behind_the_screen(window: KioskWindow) -> None:
    # rows 170, 171
    scan(window, member())
    window.touch("Mon compte", "Mon historique")
    answer(window, History(entries=ENTRIES))
    window.advance(61)
    assert window.step == "idle"
    left = " ".join([*window.texts, *window.hidden_texts])
    assert not [text for text in ("+13", "Récompense utilisée", "Zoé", "240") if text in left]


def test_a_number_is_changed_by_touch(window: KioskWindow) -> None:
    # part of row 183
    scan(window, member())
    window.touch("Mon compte", "Changer mon numéro", *NUMBER, "Continuer")
    assert window.said[-1]["body"]["new_phone_number"] == "+33612345678"
    answer(window, SENT)
    window.touch(*DIGITS, "Continuer")
    answer(window, CodeSent(challenge_id=new_id(), valid_s=300))
    assert "Et le nouveau numéro" in window.texts
    window.touch(*DIGITS, "Continuer")
    answer(window, NumberChanged())
    assert "Votre numéro\na changé." in window.texts
    window.touch("Terminer")
    assert window.step == "idle"


def test_a_visitor_chooses_the_country(window: KioskWindow) -> None:
    # part of row 199
    window.touch("Touchez pour commencer", "+33", "Belgique")
    assert window.step == "phone"
    assert "+32" in window.texts
    window.touch(*"0470123456", "Continuer")
    assert window.said[-1]["body"]["phone_number"] == "+32470123456"


def test_data_protection_is_told_from_the_first_screen(window: KioskWindow) -> None:
    # part of row 201
    window.open(privacy_contact="donnees@maison-lumen.example", retention_months=36, minimum_age=16)
    window.touch("Vos données")
    told = " ".join(window.texts)
    for piece in ("donnees@maison-lumen.example", "3 ans", "Aucune image n’est conservée", "16 ans"):
        assert piece in told
    window.touch("Retour")
    assert window.step == "idle"


def test_the_shops_policies_are_codes_for_the_customers_own_phone(
    window: KioskWindow, tmp_path: Path
) -> None:
    # row 13: at the kiosk; the links on the staff's pages are tested there
    privacy, security = "https://maison-lumen.example/vie-privee", "https://maison-lumen.example/securite"
    picture = tmp_path / "data.png"
    for language, data, titles in (
        ("Français", "Vos données", {"Politique de confidentialité", "Politique de sécurité"}),
        ("English", "Your data", {"Privacy policy", "Security policy"}),
        ("Español", "Tus datos", {"Política de privacidad", "Política de seguridad"}),
    ):
        window.open(
            privacy_contact="donnees@maison-lumen.example",
            retention_months=36,
            minimum_age=16,
            privacy_policy=privacy,
            security_policy=security,
        )
        window.touch(language, data)
        assert titles <= set(window.texts)
        window.picture(picture)
        assert window.faults == []
    with Image.open(picture) as shown:
        read = [code.text for code in zxingcpp.read_barcodes(shown.resize((1600, 960)))]
    assert sorted(read) == sorted([privacy, security])
    window.open(privacy_policy=privacy)
    window.touch("Vos données")
    assert "Politique de confidentialité" in window.texts
    assert "Politique de sécurité" not in window.texts


def test_every_new_screen_keeps_its_texts_in_place(window: KioskWindow) -> None:
    # part of rows 189, 190
    for language, data, account in (
        ("Français", "Vos données", ("Mon compte", "Changer mon numéro")),
        ("English", "Your data", ("My account", "Change my number")),
        ("Español", "Tus datos", ("Mi cuenta", "Cambiar mi número")),
    ):
        window.open(privacy_contact="donnees@maison-lumen.example", retention_months=36, minimum_age=16)
        window.touch(language, data)
        assert window.faults == []
        window.open()
        window.touch(language)
        scan(window, MemberShown.model_validate(member()))
        assert window.faults == []
        window.touch(account[0])
        assert window.faults == []
        window.touch(account[1])
        assert window.faults == []
        window.touch("+33")
        assert window.faults == []


def test_a_screen_out_of_service_tells_staff_a_code(window: KioskWindow) -> None:
    window.link(False)
    window.advance(5)
    assert any("code K2" in text for text in window.texts)
    window.link(True)
