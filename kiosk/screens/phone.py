"""The keypad."""

from typing import Any

from kivy.app import App
from kivy.properties import StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.screens.base import KioskScreen
from kiosk.screens.widgets import Key
from kiosk.session.view import View
from kiosk.wording import number_problem, reason
from kiosk.words import Catalogue


class PhoneEntryField(FloatLayout):
    """Country chip, digits, and the slots still to be filled."""

    chip = StringProperty("+33")
    markup = StringProperty("")
    wrong = StringProperty("")


class KeyPad(GridLayout):
    """Digits and the erase key; keys act when they are touched."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        touch = App.get_running_app().session.touch
        for face in "123456789":
            self._key(face, touch.digit)
        self.add_widget(Widget())
        self._key("0", touch.digit)
        erase = Key(icon="erase")
        erase.bind(on_press=lambda *_: touch.erase_digit())
        self.add_widget(erase)

    def _key(self, face: str, act: Any) -> None:
        key = Key(text=face)
        key.bind(on_press=lambda *_: act(face))
        self.add_widget(key)


class PhoneScreen(KioskScreen):
    """Asks for the mobile number, and says what it is for."""

    below = StringProperty("")
    """The line below the entry: what is wrong, once "Continue" was touched."""

    def refresh(self, view: View, words: Catalogue) -> None:
        entry = self.ids.entry
        entry.chip = view.phone.country_code
        colour = "8a918d"
        entry.markup = f"{view.phone.shown}[color=#{colour}]{view.phone.slots}[/color]"
        self.below = number_problem(words, view.phone.problem)
        if not self.below and view.notice is not None:
            self.below = reason(words, view.notice.why)
        entry.wrong = self.below
