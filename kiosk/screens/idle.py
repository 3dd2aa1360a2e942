"""Nobody talks to the kiosk: brand, promise, one thing to do."""

from typing import Any

from kivy.app import App
from kivy.properties import StringProperty

from kiosk.screens.base import KioskScreen
from kiosk.screens.widgets import GlassPill
from kiosk.session.view import View
from kiosk.words import OWN_NAMES, Catalogue, has_catalogue

_BESIDE_EACH_OTHER = 4


class LanguageGlass(GlassPill):
    """One language on the dark idle screen."""

    code = StringProperty("fr")


class IdleScreen(KioskScreen):
    """The promise; or the invitation while the till asks for it (rows 143, 153-157)."""

    title = StringProperty("")
    promise = StringProperty("")
    hint = StringProperty("")
    go = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        if view.invited:
            self.title = words.t("Earn points\non this visit.")
            self.promise = words.t("Your number is enough. It takes ten seconds.")
        else:
            own = view.shop.look.promise(view.language)
            self.title = own.title if own else words.t("Your visits\ndeserve more.")
            promised = own.text if own else words.t("Points every time you shop, treats whenever you like.")
            self.promise = promised if view.shop.programme_active else ""  # no points while it is paused
        if view.takes_numbers:
            self.go = words.t("Touch to start")
            self.hint = words.t("Have a card? Just show it to the reader.") if view.shop.readers else ""
        else:
            self.go = words.t("Show my card") if view.shop.readers else ""
            self.hint = "" if view.shop.programme_active else words.t("The loyalty programme is paused.")
        self._offer(view.shop.languages)

    def start(self) -> None:
        touch: Any = App.get_running_app().session.touch
        if self.view.takes_numbers:
            touch.enter_number()
        else:
            touch.show_card()

    def _offer(self, languages: tuple[str, ...]) -> None:
        offered = [code for code in languages if code == "en" or has_catalogue(code)]
        pills = self.ids.languages
        shown = [pill.code for pill in reversed(pills.children) if isinstance(pill, LanguageGlass)]
        direct = offered if 1 < len(offered) <= _BESIDE_EACH_OTHER else []
        if shown != direct:
            pills.clear_widgets()
            for code in direct:
                pills.add_widget(LanguageGlass(code=code, text=OWN_NAMES.get(code, code.upper())))
