"""Show your card: where to hold it."""

from typing import Any

from kivy.app import App
from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.session.view import Step, View
from kiosk.words import Catalogue


class CameraPicture(Widget):
    """What the camera sees, as in a mirror, cut to a square; nothing until the first frame."""

    camera = ObjectProperty(None, allownone=True, rebind=True)
    texture = ObjectProperty(None, allownone=True)
    mirrored = ListProperty([1, 1, 0, 1, 0, 0, 1, 0])

    def on_camera(self, _: Any, camera: Any) -> None:
        self.texture = None
        if camera is not None:
            camera.bind(number=self._shown)

    def _shown(self, camera: Any, _: Any) -> None:
        if self.texture is None and camera is self.camera:
            width, height = camera.texture.size
            cut = min(width, height)
            left, low = (1 - cut / width) / 2, (1 - cut / height) / 2
            right, high = 1 - left, 1 - low
            # The first row of a frame is its upper one: upside down for a texture, and mirrored besides.
            self.mirrored = [right, high, left, high, left, low, right, low]
            self.texture = camera.texture
            self.parent.sees = True
        self.canvas.ask_update()


class ReaderArt(FloatLayout):
    """A card before a reader's frame, drawn, until the camera's picture is there."""

    reading = BooleanProperty(False)
    sees = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        App.get_running_app().fbind("camera", self._camera)

    def _camera(self, _: Any, camera: Any) -> None:
        if camera is None:
            self.sees = False

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
