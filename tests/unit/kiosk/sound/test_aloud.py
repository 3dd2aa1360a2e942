"""What is read aloud, and when."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.session import Step, View
from kiosk.session.view import Consent, Shop
from kiosk.sound.aloud import sayable, sentence
from kiosk.sound.cues import Cue
from kiosk.sound.sounding import Sounding
from messaging.local.from_kiosk import TextShown
from messaging.station.settings import KioskSound
from tools.scenes import member


def shown(*texts: str) -> tuple[TextShown, ...]:
    return tuple(
        TextShown(text=text, x=0, y=at / 100, width=0.5, height=0.01, touchable=False)
        for at, text in enumerate(texts)
    )


class Heard:
    """Stands for the loudspeaker."""

    def __init__(self) -> None:
        self.cues: list[Cue] = []
        self.said: list[tuple[str, str]] = []
        self.hushed = 0
        self.volumes: list[int] = []

    def set_volume(self, percent: int) -> None:
        self.volumes.append(percent)

    def cue(self, cue: Cue) -> None:
        self.cues.append(cue)

    def say(self, text: str, language: str) -> None:
        self.said.append((text, language))

    def hush(self) -> None:
        self.hushed += 1

    def stop(self) -> None:
        self.hushed += 1


def test_words_are_said_and_what_is_somebodys_own_is_not() -> None:
    # part of rows 170, 190
    view = View(member=member(), consent=Consent(given_name="Ana", draft="Jean-L"))
    texts = shown(
        "Bonjour Zoé !", "240", "points", "06 12 34", "12,50 €", "Jean-L", "Bonjour Ana", "•• ••", "٢٤٠ نقطة",
        "Vos\nrécompenses", "Terminer", "A",
    )  # fmt: skip

    assert sayable(texts, view) == ("points", "Vos récompenses", "Terminer")
    assert sentence(sayable(texts, view)) == "points. Vos récompenses. Terminer."


@given(st.lists(st.text(max_size=60), max_size=20), st.text(min_size=1, max_size=12))
def test_no_figure_and_no_first_name_is_ever_said(texts: list[str], name: str) -> None:
    view = View(consent=Consent(given_name=name))
    said = sentence(sayable(shown(*texts, f"Bonjour {name}"), view))

    assert not any(char in "0123456789" for char in said)
    assert name.casefold() not in " ".join(sayable(shown(f"Hi {name}"), view)).casefold()


def test_a_screen_is_read_once_and_then_what_is_new_on_it_only_while_somebody_wants_it() -> None:
    # part of row 190
    texts = list(shown("Votre numéro", "Continuer"))
    heard = Heard()
    sounding = Sounding(heard, lambda: tuple(texts), cues=True)
    view = View(step=Step.PHONE)
    sounding.changed(view)
    sounding.drawn()
    assert heard.said == []

    sounding.changed(view := replace(view, read_aloud=True))
    sounding.drawn()
    sounding.drawn()
    assert heard.said == [("Votre numéro. Continuer.", "fr")]
    texts += shown("Il manque quelques chiffres.")
    sounding.drawn()
    assert heard.said[-1] == ("Il manque quelques chiffres.", "fr")

    before = heard.hushed
    sounding.changed(replace(view, read_aloud=False, step=Step.IDLE))
    sounding.drawn()
    assert (len(heard.said), heard.hushed) == (2, before + 1)


def test_staff_set_volume_and_cues_for_this_lane_and_what_they_did_not_set_stays() -> None:
    # part of row 190
    heard = Heard()
    sounding = Sounding(heard, lambda: (), cues=True)
    sounding.changed(View(step=Step.PHONE))
    assert (heard.volumes, len(heard.cues)) == ([], 1)
    quiet = Shop(sound=KioskSound(volume_percent=25, cues=False, speech=True))
    sounding.changed(View(step=Step.SCAN, shop=quiet))
    sounding.changed(View(step=Step.PHONE, shop=quiet))
    assert (heard.volumes, len(heard.cues)) == ([25], 1)
    sounding.changed(
        View(step=Step.SCAN, shop=Shop(sound=KioskSound(volume_percent=80, cues=True, speech=True)))
    )
    assert (heard.volumes, len(heard.cues)) == ([25, 80], 2)
