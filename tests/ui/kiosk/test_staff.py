"""The staff corner by real touches, and the camera's picture in the real window."""

from pathlib import Path

import numpy as np

from device.camera.frames import Frame
from device.camera.preview import Preview
from messaging.local.to_kiosk import ReadingShown, StaffAnswered
from messaging.station.settings import PartHealth
from tests.ui.kiosk.driving import KioskWindow
from tools.scenes import STATUS


def enter(window: KioskWindow) -> None:
    window.hold_corner()
    window.touch(*"482913", "Continuer")
    window.tell(StaffAnswered(admitted=True, tries_left=5, wait_s=0, is_set=True))
    window.tell(STATUS)


def test_a_long_touch_and_the_code_show_how_the_device_is(window: KioskWindow) -> None:
    enter(window)
    assert window.step == "staff"
    assert {"s0001.k01, comptoir 1", "192.168.1.42", "introuvable\u00a0: rebranchez-le"} <= set(window.texts)
    assert window.faults == []
    window.touch("Fermer")
    assert window.step == "idle"
    assert window.said[-1]["kind"] == "staff_left"


def test_the_code_never_stands_on_the_screen(window: KioskWindow) -> None:
    window.hold_corner()
    window.touch(*"482913")
    assert "482913" not in " ".join(window.texts)
    window.touch("Retour")


def test_a_scanner_with_another_keyboard_is_told_in_words(window: KioskWindow) -> None:
    # part of row 179
    enter(window)
    window.tell(
        ReadingShown(
            reader="scanner", text="CO", symbology="QRCode", verdict="layout", layout="fr", configured="us"
        )
    )
    sets_it_right = "«\u00a0comptoir scanner learn\u00a0» le règle."
    assert f"Le lecteur écrit en AZERTY, l’appareil attend QWERTY. {sets_it_right}" in window.texts
    window.touch("Fermer")


def test_the_screen_is_tested_by_touch(window: KioskWindow) -> None:
    enter(window)
    window.touch("Tester l’écran")
    for _ in range(5):
        window.touch_at(0.5, 0.5)
    assert "Suite" in window.texts
    untouched = window.pixels()["digest"]
    window.drag((0.2, 0.3), (0.4, 0.3), (0.7, 0.6))
    assert window.pixels()["digest"] != untouched
    window.touch("Suite")
    assert window.step == "staff"
    window.touch("Fermer")


def test_a_restart_asks_for_a_second_touch(window: KioskWindow) -> None:
    enter(window)
    window.touch("Redémarrer")
    assert "Toucher encore" in window.texts
    assert "restart_asked" not in [said["kind"] for said in window.said]
    window.touch("Tester l’écran")
    for _ in range(5):
        window.touch_at(0.5, 0.5)
    window.touch("Suite")
    assert "Redémarrer" in window.texts
    window.touch("Fermer")


def test_a_short_touch_in_the_corner_does_nothing(window: KioskWindow) -> None:
    window.touch_at(0.03, 0.03)
    assert window.step == "idle"


def test_the_camera_is_asked_for_and_shown_only_while_a_card_is_to_be_shown(
    window: KioskWindow, tmp_path: Path
) -> None:
    # part of rows 167, 201
    window.touch("Touchez pour commencer", "J’ai une carte")
    assert {"v": 1, "kind": "preview_wanted", "on": True} in window.said
    before = window.pixels()["digest"]
    preview = Preview(tmp_path / "preview", (640, 480), lambda message: window.tell(message) or True)
    preview.want(True)
    grey = np.full((480, 640), 90, np.uint8)
    grey[:, :320] = 230
    preview.frame(Frame(grey, 0.0))
    assert window.until_camera() > 0
    assert window.pixels()["digest"] != before
    left, right = window.camera_sides()
    assert left < right  # mirrored: what is bright on the camera's left is on the customer's right
    window.touch("Retour")
    assert {"v": 1, "kind": "preview_wanted", "on": False} in window.said
    assert window.until_camera() == 0
    preview.want(False)


def test_every_part_that_is_not_well_is_told_in_words_with_what_helps(window: KioskWindow) -> None:
    names = ("camera", "certificate", "decoder", "outbox", "front", "signals", "uplink")
    parts = tuple(PartHealth(name=name, health="down", detail="EIO [Errno 5] thread died") for name in names)
    window.open(languages=("fr", "en", "es", "ar"))
    enter(window)
    window.tell(STATUS.model_copy(update={"parts": parts, "online": False}))
    for change in ((), ("FR", "English"), ("EN", "Español"), ("ES", "العربية")):
        window.touch(*change)
        shown = set(window.texts)
        assert not [text for text in shown if "Errno" in text or "8883" in text]
        assert not set(names) & shown
        assert window.faults == []


def test_the_finger_that_asked_for_the_field_leaves_nothing_on_it(window: KioskWindow) -> None:
    enter(window)
    fields = []
    for slipped_to in (0.5, 0.52):
        window.touch("Tester l’écran")
        for _ in range(4):
            window.touch_at(0.5, 0.5)
        window.drag((0.5, 0.5), (slipped_to, 0.5))
        fields.append(window.pixels()["digest"])
        window.touch("Suite")
    window.touch("Fermer")
    assert fields[0] == fields[1]


def test_a_scanner_is_called_one_whatever_its_name_and_told_what_helps(window: KioskWindow) -> None:
    # part of row 179
    parts = (PartHealth(name="front", health="absent"), PartHealth(name="scanner", health="ok"))
    enter(window)
    window.tell(STATUS.model_copy(update={"parts": parts}))
    assert {"Lecteur front", "introuvable\u00a0: rebranchez-le", "Lecteur", "fonctionne"} <= set(window.texts)
    window.tell(ReadingShown(reader="front", text="3017620422003", symbology="EAN13", verdict="other"))
    assert "Lecteur front\u00a0: 3017620422003" in window.texts
    window.touch("Fermer")


def test_how_the_station_is_stands_on_one_line(window: KioskWindow) -> None:
    enter(window)
    parts = (PartHealth(name="uplink", health="degraded", detail="the station does not answer"),)
    window.tell(STATUS.model_copy(update={"parts": parts, "online": False}))
    assert window.texts.count("sans réponse\u00a0: tout est gardé ici") == 1
    window.touch("Fermer")


def test_what_eases_reading_can_be_touched_where_nothing_is_read_aloud(window: KioskWindow) -> None:
    window.touch("FR")
    assert "Texte plus grand" in window.texts
    assert "Lire à voix haute" not in window.texts
    assert window.small_targets == []
    window.touch("Français")
