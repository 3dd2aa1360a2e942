"""The keypad."""

from typing import Any

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget
from kivy.utils import get_hex_from_color

from kiosk.screens.base import KioskScreen
from kiosk.screens.widgets import IconKey, Key, Tap
from kiosk.session.view import Step, View
from kiosk.wording import number_problem, reason
from kiosk.words import Catalogue


class PhoneEntryField(FloatLayout):
    """Country chip, digits, and the slots still to be filled. The chip opens the countries."""

    chip = StringProperty("+33")
    markup = StringProperty("")
    wrong = StringProperty("")


class CountryChip(Tap):
    """The country's code; touched, it opens the countries."""


class KeyPad(GridLayout):
    """Digits and the erase key; keys act when they are touched."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        touch = App.get_running_app().session.touch
        for face in "123456789":
            self._key(face, touch.digit)
        self.add_widget(Widget())
        self._key("0", touch.digit)
        erase = IconKey(icon="erase")
        erase.bind(on_press=lambda *_: touch.erase_digit())
        self.add_widget(erase)

    def _key(self, face: str, act: Any) -> None:
        key = Key(text=face)
        key.bind(on_press=lambda *_: act(face))
        self.add_widget(key)


class PhoneScreen(KioskScreen):
    """Asks for the mobile number, and says what it is for; or for the new one of an account."""

    title = StringProperty("")
    why = StringProperty("")
    takes_cards = BooleanProperty(False)
    complete = BooleanProperty(False)
    below = StringProperty("")
    """The line below the entry: what is wrong, once "Continue" was touched."""

    def refresh(self, view: View, words: Catalogue) -> None:
        is_new = view.step is Step.NEW_NUMBER
        self.title = words.t("Your new number") if is_new else words.t("Your mobile number")
        self.why = (
            words.t("We text a code to your old number first, then one to the new.")
            if is_new
            else words.t("We use it to find your points. Nothing else is shown here.")
        )
        self.takes_cards = bool(view.shop.readers) and not is_new
        self.complete = view.phone.complete
        entry = self.ids.entry
        entry.chip = view.phone.country_code
        colour = get_hex_from_color(App.get_running_app().theme.faint)[1:7]
        entry.markup = f"{view.phone.shown}[color=#{colour}]{view.phone.slots}[/color]"
        self.below = number_problem(words, view.phone.problem)
        if not self.below and view.notice is not None:
            self.below = reason(words, view.notice.why)
        entry.wrong = self.below
