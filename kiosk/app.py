"""The Kivy application: views to screens, touches to the session."""

import logging
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import AliasProperty, BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.fonts import Fonts
from kiosk.screens.camera_frames import CameraFrames
from kiosk.screens.load import load_rules
from kiosk.screens.shapes import code_texture, dusk_texture, logo_texture, soft_texture
from kiosk.screens.stage import Stage
from kiosk.scripts import RIGHT_TO_LEFT
from kiosk.session import Session, View
from kiosk.theme import Theme
from kiosk.words import Catalogue
from messaging.self_test import SELF_TEST_TEXT
from messaging.station.look import KioskLook

_log = logging.getLogger(__name__)

_TICK_S = 0.25
_LARGER = 1.2
_LONG_TOUCH_S = 2.5
_CORNER_WIDE, _CORNER_HIGH = 0.3, 0.2


class KioskApp(App):
    """One window, one session.

    Kivy properties for the rules: ``u`` is 1 px on the reference 800x480 panel, ``t`` the same for letters,
    which a customer may have larger, ``wide`` the orientation, ``speaks`` whether screens can be read aloud,
    ``rtl`` whether the language runs from the right. Texts begin at the side ``near`` and end at ``far``.
    What all screens show of a view has a property here too, because a rule that reads through the view is
    reckoned anew on every screen that is kept, with every key that is touched.
    """

    kv_directory = "/nonexistent"  # all rules are loaded by load_rules, none by the class's name
    u = NumericProperty(1)
    t = NumericProperty(1)
    wide = BooleanProperty(True)
    rtl = BooleanProperty(False)
    near = AliasProperty(lambda self: "right" if self.rtl else "left", bind=("rtl",))
    far = AliasProperty(lambda self: "left" if self.rtl else "right", bind=("rtl",))
    theme = ObjectProperty(Theme.of(), rebind=True)
    fonts = ObjectProperty(None, rebind=True)
    words = ObjectProperty(None, rebind=True)
    language = StringProperty("fr")
    brand = StringProperty("")
    number_region = StringProperty("FR")
    takes_numbers = BooleanProperty(False)
    takes_cards = BooleanProperty(False)
    can_prove = BooleanProperty(False)
    larger_text = BooleanProperty(False)
    more_time = BooleanProperty(False)
    read_aloud = BooleanProperty(False)
    dusk = ObjectProperty(None, allownone=True)
    soft = ObjectProperty(None, allownone=True)
    card_code = ObjectProperty(None, allownone=True)
    logo = ObjectProperty(None, allownone=True)
    test_code = ObjectProperty(None, allownone=True)
    camera = ObjectProperty(None, allownone=True)
    speaks = BooleanProperty(False)
    clears_as_paper = BooleanProperty(False)

    def __init__(self, session: Session, fonts: Fonts, *, motion: bool, warn_s: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.view = session.view
        self.fonts = fonts
        self.warn_s = warn_s
        self.words = Catalogue(session.view.language, session.view.shop.region)
        self.rtl = session.view.language in RIGHT_TO_LEFT
        self.stage: Stage | None = None
        self.drawn_frames = 0
        self._motion = motion
        self._long_touch = Clock.create_trigger(lambda _: self.session.touch.open_staff(), _LONG_TOUCH_S)

    def open_settings(self, *_: Any) -> bool:
        """Kivy's own settings panel is not for customers."""
        return False

    def build(self) -> Stage:
        load_rules()
        self._measure()
        self.soft = soft_texture()
        self._wear(self.session.view.shop.look)
        self.test_code = code_texture(self.theme.night, self.theme.white, SELF_TEST_TEXT, border=4)
        self.stage = Stage(motion=self._motion)
        self.show(self.session.view)
        self.session.listen(self.show)
        Window.bind(on_touch_down=self._touched, on_touch_up=self._let_go, on_flip=self._flipped)
        Clock.schedule_interval(lambda _: self.session.tick(), _TICK_S)
        return self.stage

    def show_camera(self, path: Path, width: int, height: int) -> None:
        """The camera's frames lie in this file from now on."""
        try:
            self.camera = CameraFrames(path, width, height)
        except (OSError, ValueError) as error:
            _log.warning("no picture of the camera", extra={"why": str(error)})

    def hide_camera(self) -> None:
        """No frame is shown any more."""
        camera, self.camera = self.camera, None
        if camera is not None:
            camera.close()

    @staticmethod
    def across(widget: Any, x: float, rtl: bool) -> float:
        """A place measured from the left, or its mirror image; for rules, which pass ``rtl``."""
        return float(widget.x + widget.right - x if rtl else x)

    def show(self, view: View) -> None:
        """Draw a view from the next frame on."""
        if (view.language, view.shop.region) != (self.view.language, self.view.shop.region):
            self.rtl = view.language in RIGHT_TO_LEFT
            self.words = Catalogue(view.language, view.shop.region)
        if view.shop.look != self.view.shop.look:
            self._wear(view.shop.look)
        self.t = self.u * (_LARGER if view.larger_text else 1)
        self.view = view
        self._tell_rules(view)
        if self.stage is not None:
            self.stage.show(view, self.words)

    def _tell_rules(self, view: View) -> None:
        self.language = view.language
        self.brand = view.shop.brand
        self.number_region = view.phone.region
        self.takes_numbers = view.takes_numbers
        self.takes_cards = bool(view.shop.readers)
        self.can_prove = view.can_prove
        self.larger_text, self.more_time, self.read_aloud = view.larger_text, view.more_time, view.read_aloud

    def _wear(self, look: KioskLook) -> None:
        """Change the look of all screens at once, without a restart."""
        self.theme = Theme.of(look.colours)
        self.dusk = dusk_texture(self.theme.dusk_top, self.theme.dusk_bottom)
        self.card_code = code_texture(self.theme.night, self.theme.paper)
        self.logo = logo_texture(look.logo_base64)
        self.clear_as(paper=self.clears_as_paper)

    def clear_as(self, *, paper: bool) -> None:
        """What the window is cleared with before each frame: paper, which then nobody draws, or dusk."""
        self.clears_as_paper = paper
        Window.clearcolor = self.theme.paper if paper else self.theme.dusk_bottom

    def _measure(self) -> None:
        width, height = Window.size
        self.wide = width >= height
        self.u = min(width / 800, height / 480) if self.wide else min(width / 480, height / 800)
        self.t = self.u

    def _touched(self, _: Any, touch: Any) -> bool:
        self.session.touch.anywhere()
        # A long touch in the brand's corner opens the staff corner.
        self._long_touch.cancel()
        width, height = Window.size
        aside = (width - touch.x if self.rtl else touch.x) / width
        if touch.y / height > 1 - _CORNER_HIGH and aside < _CORNER_WIDE:
            self._long_touch()
        return False

    def _let_go(self, *_: Any) -> bool:
        self._long_touch.cancel()
        return False

    def _flipped(self, *_: Any) -> None:
        self.drawn_frames += 1
