"""The stage: one screen at a time, a short fade between them, and what lies over all of them."""

import math
from typing import Any

from kivy.animation import Animation
from kivy.app import App
from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.floatlayout import FloatLayout

from kiosk.screens.account import AccountScreen, CodeScreen, HistoryScreen
from kiosk.screens.base import KioskScreen
from kiosk.screens.consent import ConsentScreen
from kiosk.screens.country import CountryScreen
from kiosk.screens.idle import IdleScreen
from kiosk.screens.name import NameScreen
from kiosk.screens.pairing import PairingScreen
from kiosk.screens.phone import PhoneScreen
from kiosk.screens.privacy import PrivacyScreen
from kiosk.screens.sale import SaleScreen
from kiosk.screens.scan import ScanScreen
from kiosk.screens.sides import Box
from kiosk.screens.staff import ScreenTestScreen, StaffCodeScreen, StaffScreen
from kiosk.screens.telling import TellingScreen
from kiosk.screens.welcome import WelcomeScreen
from kiosk.screens.widgets import Pill
from kiosk.session.view import Step, View
from kiosk.words import OWN_NAMES, Catalogue, has_catalogue

FADE_S = 0.18
SAME_TOUCH_S = 0.25
"""A second touch at the same place so soon after a change was meant for what stood there before."""

_SAME_PLACE_U = 40

SCREENS: dict[Step, tuple[type[KioskScreen], Step]] = {
    Step.IDLE: (IdleScreen, Step.IDLE),
    Step.PHONE: (PhoneScreen, Step.PHONE),
    Step.CONSENT: (ConsentScreen, Step.CONSENT),
    Step.STORING: (ConsentScreen, Step.CONSENT),
    Step.NAME: (NameScreen, Step.NAME),
    Step.SCAN: (ScanScreen, Step.SCAN),
    Step.READING: (ScanScreen, Step.SCAN),
    Step.WELCOME: (WelcomeScreen, Step.WELCOME),
    Step.SALE: (SaleScreen, Step.SALE),
    Step.ACCOUNT: (AccountScreen, Step.ACCOUNT),
    Step.CODE: (CodeScreen, Step.CODE),
    Step.HISTORY: (HistoryScreen, Step.HISTORY),
    Step.NEW_NUMBER: (PhoneScreen, Step.PHONE),
    Step.COUNTRY: (CountryScreen, Step.COUNTRY),
    Step.PRIVACY: (PrivacyScreen, Step.PRIVACY),
    Step.PAIRING: (PairingScreen, Step.PAIRING),
    Step.STAFF_CODE: (StaffCodeScreen, Step.STAFF_CODE),
    Step.STAFF: (StaffScreen, Step.STAFF),
    Step.SCREEN_TEST: (ScreenTestScreen, Step.SCREEN_TEST),
    **dict.fromkeys(
        (
            Step.SIGN_IN,
            Step.THANKS,
            Step.RECOGNISED,
            Step.NOT_RECOGNISED,
            Step.PAID,
            Step.PROBLEM,
            Step.NUMBER_CHANGED,
            Step.OUT_OF_SERVICE,
        ),
        (TellingScreen, Step.THANKS),
    ),
}
"""Class of each step's screen, and the step under which it is kept: steps may share one."""

_TELLING_IN_TURN = (Step.THANKS, Step.PAID)
"""Under these the two screens are kept that tell something: one can fade into the other."""


class Stage(FloatLayout):
    """Shows views.

    Screens are made when first needed and kept; what a screen showed is wiped when it leaves.
    """

    def __init__(self, *, motion: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.motion = motion
        self.current: KioskScreen | None = None
        self._screens: dict[Step, KioskScreen] = {}
        self._leaving: KioskScreen | None = None
        self._changed_s = 0.0
        self._see = Clock.create_trigger(self._seen)
        self._touched_at = (0.0, 0.0)
        self._band = Band()
        self._warning = StillThere()
        self._languages = LanguageChoice()
        self._edge = MirrorEdge()
        self.add_widget(self._band)
        self.add_widget(self._edge)

    def on_touch_down(self, touch: Any) -> bool:
        """The second half of a double touch does not fall through to what has just come."""
        x, y = self._touched_at
        self._touched_at = touch.pos
        near = _SAME_PLACE_U * App.get_running_app().u
        is_same = abs(touch.x - x) < near and abs(touch.y - y) < near
        if is_same and not self.takes_second_touches:
            return True
        return bool(super().on_touch_down(touch))

    @property
    def takes_second_touches(self) -> bool:
        """Whether what is shown has stood there long enough to be touched where the last touch was."""
        return bool(Clock.get_time() - self._changed_s >= SAME_TOUCH_S)

    def takes(self, widget: Any) -> bool:
        """Whether this widget is where touches go now: not gone, not fading away, not under an overlay."""
        over = next((child for child in self.children if isinstance(child, Overlay)), self.current)
        while widget is not None and widget is not over and widget.parent is not widget:
            widget = widget.parent
        return widget is over

    def show(self, view: View, words: Catalogue) -> None:
        """Bring everything up to date with a view."""
        self._band.show(view, words)
        screen = self._screen(view.step)
        if screen is self._leaving:  # and comes back: what it is told now must not be wiped as it leaves
            self._settle()
        screen.view = view
        if screen is not self.current:
            self._enter(screen)
        self._languages.show(view)
        self._over(self._languages, wanted=view.choosing_language)
        self._warning.show(view, words)
        self._over(self._warning, wanted=view.warning_s is not None)

    def mirrored(self, on: bool) -> None:
        """Mark the screen while it is being mirrored."""
        self._edge.opacity = 1 if on else 0

    @property
    def is_still(self) -> bool:
        """Whether no fade is under way."""
        return self._leaving is None and (self.current is None or self.current.opacity == 1)

    @property
    def leaving(self) -> KioskScreen | None:
        """The screen that is fading away, and can be touched no more."""
        return self._leaving

    def _screen(self, step: Step) -> KioskScreen:
        kind, kept_as = SCREENS[step]
        if isinstance(self.current, kind) and kind is TellingScreen:
            is_first = self.current is self._screens.get(_TELLING_IN_TURN[0])
            kept_as = _TELLING_IN_TURN[is_first != (self.current.view.step is step)]
        if kept_as not in self._screens:
            self._screens[kept_as] = kind()
        return self._screens[kept_as]

    def _enter(self, screen: KioskScreen) -> None:
        self._has_changed()
        self._settle()
        self._leaving, self.current = self.current, screen
        if screen.parent is not None:
            self.remove_widget(screen)
        self.add_widget(screen, index=self._just_below_overlays())
        if self._leaving is None or not self.motion:
            screen.opacity = 1
            self._left()
            return
        screen.opacity = 0
        App.get_running_app().clear_as(paper=False)
        fade = Animation(opacity=1, duration=FADE_S, transition="out_quad")
        fade.bind(on_complete=lambda *_: self._left())
        fade.start(screen)

    def _just_below_overlays(self) -> int:
        overlays = (self._band, self._edge, self._languages, self._warning)
        return sum(1 for child in self.children if child in overlays)

    def _has_changed(self) -> None:
        """From the next frame on somebody can see it, however long this one takes."""
        self._changed_s = math.inf
        self._see()

    def _seen(self, _: float) -> None:
        self._changed_s = Clock.get_time()

    def _settle(self) -> None:
        if self.current is not None:
            Animation.cancel_all(self.current)
            self.current.opacity = 1
        self._left()

    def _left(self) -> None:
        """Take the old screen off, and with it all it said of the last customer."""
        gone, self._leaving = self._leaving, None
        if gone is not None:
            self.remove_widget(gone)
            shown = gone.view
            gone.view = View(step=shown.step, shop=shown.shop, language=shown.language)
        # A fade has two backgrounds; a screen that stands needs none of its own where it is of one colour.
        App.get_running_app().clear_as(paper=self.current is not None and self.current.is_on_paper)

    def _over(self, overlay: FloatLayout, *, wanted: bool) -> None:
        if wanted and overlay.parent is None:
            self._has_changed()
            self.add_widget(overlay, index=1)
        elif not wanted and overlay.parent is not None:
            self._has_changed()
            self.remove_widget(overlay)


class Band(Box):
    """The thin band at the top: offline, training. It lies in the margin, so that nothing moves."""

    text = StringProperty("")

    def show(self, view: View, words: Catalogue) -> None:
        said = []
        if view.shop.training:
            said.append(words.t("Training: nothing is saved."))
        if not view.online:
            said.append(words.t("Offline: your points will be added a little later."))
        self.text = "   ".join(said)


class Overlay(FloatLayout):
    """Lies over a screen and keeps touches from it."""

    def on_touch_down(self, touch: Any) -> bool:
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        super().on_touch_move(touch)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        super().on_touch_up(touch)
        return True


class StillThere(Overlay):
    """Still there? With the seconds that are left."""

    seconds = NumericProperty(0)
    share = NumericProperty(1)
    said = StringProperty("")

    def show(self, view: View, words: Catalogue) -> None:
        if view.warning_s is None:
            return
        self.seconds = view.warning_s
        self.share = min(1.0, view.warning_s / App.get_running_app().warn_s)
        self.said = words.n(
            "This screen closes in {number} second and forgets what you entered.",
            "This screen closes in {number} seconds and forgets what you entered.",
            view.warning_s,
        ).format(number=words.number(view.warning_s))


class LanguageChoice(Overlay):
    """All languages in their own names, and how one likes to read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._voice = self.ids.voice.__self__  # kept while it is nobody's child
        app = App.get_running_app()
        app.fbind("speaks", lambda _, speaks: self._offer_voice(speaks))
        self._offer_voice(app.speaks)

    def _offer_voice(self, speaks: bool) -> None:
        eases = self.ids.eases
        if speaks and self._voice.parent is None:
            eases.add_widget(self._voice)
        elif not speaks:
            eases.remove_widget(self._voice)

    def show(self, view: View) -> None:
        offered = [code for code in view.shop.languages if code == "en" or has_catalogue(code)]
        shown = [choice.code for choice in reversed(self.ids.choices.children)]
        if shown != offered:
            self.ids.choices.clear_widgets()
            for code in offered:
                self.ids.choices.add_widget(LanguageRow(code=code, text=OWN_NAMES.get(code, code.upper())))


class LanguageRow(Pill):
    """One language."""

    code = StringProperty("fr")


class MirrorEdge(FloatLayout):
    """A thin line around the screen while somebody else sees it."""


class Scrim(ButtonBehavior, FloatLayout):
    """The darkened screen behind an overlay."""

    dim = BooleanProperty(True)
