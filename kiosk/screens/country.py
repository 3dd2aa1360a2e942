"""The countries whose numbers the keypad takes, in their names in the customer's language."""

from typing import Any

import phonenumbers
from kivy.app import App
from kivy.properties import StringProperty

from kiosk.screens.base import KioskScreen
from kiosk.screens.widgets import TapCard
from kiosk.session.countries import COUNTRIES_A_PAGE, all_countries, country_pages, likely_countries
from kiosk.session.view import View
from kiosk.words import Catalogue


class CountryCard(TapCard):
    """One country with its code."""

    region = StringProperty("")
    title = StringProperty("")
    code = StringProperty("")

    def on_release(self) -> None:
        if self.region:
            App.get_running_app().session.touch.choose_country(self.region)


class CountryScreen(KioskScreen):
    """First the likely ones, then all by name (row 199)."""

    place = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        shown = _page(view, words)
        self.place = _place(view, shown, words)
        box: Any = self.ids.countries
        while len(box.children) < COUNTRIES_A_PAGE:
            box.add_widget(CountryCard())
        for at, card in enumerate(reversed(box.children)):
            region = shown[at] if at < len(shown) else ""
            card.region = region
            card.title = words.country(region) if region else ""
            card.code = f"+{phonenumbers.country_code_for_region(region)}" if region else ""
            card.opacity = 1 if region else 0


def _page(view: View, words: Catalogue) -> list[str]:
    if view.country_page == 0:
        return list(likely_countries(view.shop.region))
    named = sorted(all_countries(), key=lambda region: words.sort_key(words.country(region)))
    begin = (view.country_page - 1) * COUNTRIES_A_PAGE
    return named[begin : begin + COUNTRIES_A_PAGE]


def _place(view: View, shown: list[str], words: Catalogue) -> str:
    if view.country_page == 0 or not shown:
        return words.t("All countries")
    first, last = (words.country(region)[:3] for region in (shown[0], shown[-1]))
    return f"{first} – {last}  ({words.number(view.country_page)}/{words.number(country_pages() - 1)})"
