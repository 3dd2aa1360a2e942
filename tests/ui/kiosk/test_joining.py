"""The first start by real touches."""

from messaging.local.to_kiosk import PairingShown, StationSeen
from tests.ui.kiosk.driving import KioskWindow

FOUND = (StationSeen(shop="Maison Lumen", address="https://192.168.1.10:8082"),)


def test_the_first_start_from_the_list_to_the_last_touch(window: KioskWindow) -> None:
    # part of row 204
    window.tell(PairingShown(stage="searching", found=FOUND))
    assert window.faults == []
    window.touch("Maison Lumen  ·  192.168.1.10:8082")
    assert window.said[-1]["address"] == "https://192.168.1.10:8082"
    window.tell(PairingShown(stage="comparing", code="482913", shop="Maison Lumen"))
    assert "482 913" in window.texts
    assert window.faults == []
    window.tell(PairingShown(stage="accepted", shop="Maison Lumen"))
    window.touch("Oui, il est admis")
    assert window.said[-1]["kind"] == "pairing_confirmed"
    window.link(False)
    window.advance(1)
    window.link(True)
    assert window.step == "idle"


def test_the_first_screen_of_all_speaks_the_language_of_whoever_stands_before_it(window: KioskWindow) -> None:
    # part of rows 189, 204
    window.tell(PairingShown(stage="searching"))
    assert {"Français", "English", "Español"} <= set(window.texts)
    window.touch("Español")
    assert "Bienvenido" in window.texts
    window.tell(PairingShown(stage="comparing", code="482913", shop="Maison Lumen"))
    assert "El código de esta pantalla" in window.texts
    assert "Français" not in window.texts
    window.link(False)
    window.advance(1)
    window.link(True)


def test_an_address_is_typed_where_nothing_is_found(window: KioskWindow) -> None:
    window.tell(PairingShown(stage="searching"))
    window.touch("Taper l’adresse", *"10.0.0.7:99", "Continuer")
    assert window.said[-1] == {"v": 1, "kind": "station_chosen", "address": "10.0.0.7:99"}
    window.tell(PairingShown(stage="failed"))
    assert any("Aucune caisse ne répond là." in text for text in window.texts)
    window.touch("Recommencer")
    assert window.said[-1]["kind"] == "pairing_given_up"
    window.link(False)
    window.advance(1)
    window.link(True)


def test_every_end_of_it_shows_a_sign_beside_its_words(window: KioskWindow) -> None:
    # part of row 204
    ends = (("joined", "check"), ("refused", "attention"), ("expired", "attention"), ("failed", "attention"))
    for stage, sign in ends:
        window.tell(PairingShown.model_validate({"stage": stage}))
        assert f"icon {sign}" in window.signs
        assert window.faults == []
    window.tell(PairingShown(stage="comparing", code="482913", shop="Maison Lumen"))
    assert "icon attention" not in window.signs
    window.link(False)
    window.advance(1)
    window.link(True)
