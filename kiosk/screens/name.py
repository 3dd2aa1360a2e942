"""The keyboard for the optional first name."""

from typing import Any

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screens.base import KioskScreen
from kiosk.screens.widgets import IconKey, Key
from kiosk.session.view import View
from kiosk.words import Catalogue

_ROWS: dict[str, tuple[str, ...]] = {
    "fr": ("AZERTYUIOP", "QSDFGHJKLM", "WXCVBN’-"),
    "es": ("QWERTYUIOP", "ASDFGHJKLÑ", "ZXCVBNM’-"),
    "ar": ("ضصثقفغعهخحجد", "شسيبلاتنمكطذ", "ئءؤرىةوزظأإآ"),
    "": ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM’-"),
}
"""Wide screens have the keyboard that people know."""

_ALPHABET = ("ABCDEFG", "HIJKLMN", "OPQRSTU", "VWXYZ’-")
"""Tall screens are narrow: seven large keys a row, in the order of the alphabet."""

_ARABIC_ALPHABET = ("ابتثجحخ", "دذرزسشص", "ضطظعغفق", "كلمنهوي", "ىةءئأإآ")
"""In its own order, which begins at the right."""

_ACCENTS_WIDE = ("ÀÁÂÄÃÅÆÇÈÉ", "ÊËÌÍÎÏÑÒÓÔ", "ÖÕŒÙÚÛÜŸŠŽ")
_ACCENTS_TALL = ("ÀÁÂÄÆÇÈ", "ÉÊËÍÎÏÑ", "ÓÔÖŒÙÚÛ", "ÜŸÃÕÅŠŽ")


class Keyboard(BoxLayout):
    """Letters, and a second page of letters with accents."""

    tall_height = NumericProperty(340)
    """In units, on tall windows: more rows make the whole higher before they make keys small."""
    language = StringProperty("")
    accents = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("language", self._build)
        self.fbind("accents", self._build)

    def _build(self, *_: Any) -> None:
        app = App.get_running_app()
        if not self.language:
            return
        self.clear_widgets()
        rows = self._rows(wide=app.wide)
        gap = 8 if app.wide and max(map(len, rows)) < 12 else 6
        self.tall_height = max(340, (len(rows) + 1) * 66 - 8)
        for letters in rows:
            row = BoxLayout(spacing=gap * app.u)
            for letter in letters:
                row.add_widget(self._key(letter, app.session.touch.letter))
            self.add_widget(row)
        self.add_widget(self._last_row(app))

    def _rows(self, *, wide: bool) -> tuple[str, ...]:
        """The letters of the page; the second page of an Arabic keyboard is Latin."""
        if self.language == "ar":
            if self.accents:
                return _ROWS[""] if wide else _ALPHABET
            return _ROWS["ar"] if wide else tuple(row[::-1] for row in _ARABIC_ALPHABET)
        if self.accents:
            return _ACCENTS_WIDE if wide else _ACCENTS_TALL
        return _ROWS.get(self.language, _ROWS[""]) if wide else _ALPHABET

    def _last_row(self, app: Any) -> BoxLayout:
        row = BoxLayout(spacing=8 * app.u if app.wide else 6 * app.u)
        row.add_widget(self._page_key())
        space = Key(text="", size_hint_x=4 if app.wide else 2.4, radius=14)
        space.bind(on_press=lambda *_: app.session.touch.letter(" "))
        row.add_widget(space)
        erase = IconKey(icon="erase", size_hint_x=1.6, radius=14)
        erase.bind(on_press=lambda *_: app.session.touch.erase_letter())
        row.add_widget(erase)
        return row

    def _page_key(self) -> Key:
        first, second = ("أ ب ت", "ABC") if self.language == "ar" else ("ABC", "É È Ç")
        page = Key(text=first if self.accents else second, base=20, size_hint_x=1.6, radius=14)
        page.bind(on_release=lambda *_: setattr(self, "accents", not self.accents))
        return page

    def _key(self, letter: str, act: Any) -> Key:
        key = Key(text=letter, base=24, radius=14)
        key.bind(on_press=lambda *_: act(letter))
        return key


class NameScreen(KioskScreen):
    """Types a first name; nobody has to."""

    typed = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        self.typed = view.consent.draft
        keyboard = self.ids.keyboard
        keyboard.language = words.language
        if not view.consent.draft:
            keyboard.accents = False
