"""Show your card: where to hold it."""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.session.view import Step, View
from kiosk.words import Catalogue


class ReaderArt(FloatLayout):
    """A card before a reader's frame, drawn; the place of the camera's picture."""

    reading = BooleanProperty(False)

    def corners(self, half: float, arm: float) -> list[list[float]]:
        """Points of the four frame corners around the middle; ``half`` and ``arm`` in pixels."""
        x, y = self.center
        return [
            [
                x + sx * half,
                y + sy * (half - arm),
                x + sx * half,
                y + sy * half,
                x + sx * (half - arm),
                y + sy * half,
            ]
            for sx in (-1, 1)
            for sy in (-1, 1)
        ]


class ScanScreen(KioskScreen):
    """Also shown while the station is asked, in the same layout."""

    reading = BooleanProperty(False)
    title = StringProperty("")
    how = StringProperty("")
    notice = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        self.reading = view.step is Step.READING
        self.notice = wording.camera_notice(words, view.shop)
        if self.reading:
            self.title = words.t("Card read.")
            self.how = words.t("One moment, please…")
        else:
            self.title = words.t("Show your card")
            self.how = _where(view, words)

    def on_reading(self, *_: Any) -> None:
        self.ids.art.reading = self.reading


def _where(view: View, words: Catalogue) -> str:
    if "camera" in view.shop.readers:
        return words.t(
            "Hold the code about a hand’s width before the camera."
            " On your phone: open the link we texted you."
        )
    return words.t("Hold the code before the reader. On your phone: open the link we texted you.")
