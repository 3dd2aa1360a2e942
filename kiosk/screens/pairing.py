"""The first start: which station, the six digits, and the last touch that closes the circle."""

from typing import Any

from kivy.app import App
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.screens.base import KioskScreen
from kiosk.screens.shapes import code_texture
from kiosk.screens.sides import Box
from kiosk.screens.widgets import IconKey, Key, SandPill, TapCard
from kiosk.session.view import View
from kiosk.words import OWN_NAMES, Catalogue, has_catalogue, message
from messaging.local.to_kiosk import PairingShown
from messaging.pairing_code import page_for

_MOST = 3
_MOST_LANGUAGES = 4
_QUIET_MODULES = 2
"""The card around it is white too."""

_STAGES: dict[str, tuple[str, str]] = {
    "asking": (message("One moment…"), ""),
    "comparing": (
        message("The code of this screen"),
        message("At the station, open Equipment, Devices, and type these six digits there."),
    ),
    "accepted": (
        message("Almost done"),
        message("Does the station’s page say that this device is in? Touch Yes only if it does."),
    ),
    "joined": (message("All done"), message("This screen starts anew in a moment.")),
    "refused": (
        message("Not accepted"),
        message("The code was wrong too often, or the device was sent away."),
    ),
    "expired": (message("Too late"), message("A code holds for five minutes.")),
    "failed": (message("That did not work"), message("No station answers there.")),
}


_SIGNS: dict[str, str] = {
    "accepted": "question",
    "joined": "check",
    "refused": "attention",
    "expired": "attention",
    "failed": "attention",
}
"""Icons of the stages that have nothing else to show."""


class StationCard(TapCard):
    """One station that was found."""

    shop = StringProperty("")
    address = StringProperty("")

    def on_release(self) -> None:
        App.get_running_app().session.touch.choose_station(self.address)


class LanguageSand(SandPill):
    """One language in its own name, before any shop has said which it speaks."""

    code = StringProperty("fr")


class PhoneCode(Box):
    """The station's page of devices with the digits, for a phone's camera; no room without an address."""

    pages = StringProperty("")
    digits = StringProperty("")
    place = StringProperty("")
    """The address as people read it."""
    code = ObjectProperty(None, allownone=True)

    def on_pages(self, *_: Any) -> None:
        self.place = self.pages.partition("//")[2]
        self._draw()

    def on_digits(self, *_: Any) -> None:
        self._draw()

    def _draw(self) -> None:
        theme = App.get_running_app().theme
        address = page_for(self.pages, self.digits) if self.pages and self.digits else ""
        self.code = code_texture(theme.night, theme.white, address, _QUIET_MODULES) if address else None


class AddressPad(BoxLayout):
    """Digits, point, colon, and the erase key below."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        touch = App.get_running_app().session.touch
        signs = GridLayout(cols=3, size_hint_y=4)
        self.bind(spacing=signs.setter("spacing"))
        for face in "123456789.0:":
            key = Key(text=face)
            key.bind(on_press=lambda _, sign=face: touch.address_sign(sign))
            signs.add_widget(key)
        self.add_widget(signs)
        erase = IconKey(icon="erase", size_hint_y=0.95)
        erase.bind(on_press=lambda *_: touch.erase_sign())
        self.add_widget(erase)


class PairingScreen(KioskScreen):
    """One layout for all that may be asked; what is not asked is not there."""

    title = StringProperty("")
    text = StringProperty("")
    figure = StringProperty("")
    sign = StringProperty("")
    """Name of the drawing in the middle; none where it is empty."""
    main = StringProperty("")
    """Text of the main button; none where it is empty."""
    back = StringProperty("")
    typing = BooleanProperty(False)
    digits = StringProperty("")
    pages = StringProperty("")
    """Where a phone may take the digits; empty where none can."""
    greets = BooleanProperty(False)
    """Whether it is the very first screen, which offers the languages."""

    def refresh(self, view: View, words: Catalogue) -> None:
        joining = view.joining
        self.typing = joining.typed is not None and joining.shown.stage in ("searching", "failed")
        self.title, self.text = _told(joining.shown, typing=self.typing, words=words)
        self.digits = code = joining.shown.code if joining.shown.stage == "comparing" else ""
        self.figure = f"{code[:3]} {code[3:]}" if code else (joining.typed or "" if self.typing else "")
        self.sign = "" if self.typing else _SIGNS.get(joining.shown.stage, "")
        self.pages = (joining.shown.pages or "") if code else ""
        self.main, self.back = _buttons(joining.shown, typing=self.typing, words=words)
        self._stations(joining.shown, hidden=self.typing)
        self.greets = joining.shown.stage == "searching" and not self.typing
        self._offer(view.shop.languages if self.greets else ())

    def act(self) -> None:
        """What the main button says."""
        touch: Any = App.get_running_app().session.touch
        if self.typing:
            touch.submit_address()
        elif self.view.joining.shown.stage == "accepted":
            touch.confirm_pairing()
        elif self.view.joining.shown.stage == "searching":
            touch.type_address()
        else:
            touch.give_up_pairing()

    def _stations(self, shown: PairingShown, *, hidden: bool) -> None:
        box: Any = self.ids.stations
        found = () if hidden or shown.stage != "searching" else shown.found[:_MOST]
        box.clear_widgets()
        for station in found:
            address = station.address.partition("//")[2]
            box.add_widget(StationCard(shop=f"{station.shop}  ·  {address}", address=station.address))

    def _offer(self, languages: tuple[str, ...]) -> None:
        offered = [code for code in languages if code == "en" or has_catalogue(code)][:_MOST_LANGUAGES]
        box: Any = self.ids.languages
        if [pill.code for pill in reversed(box.children)] != offered:
            box.clear_widgets()
            for code in offered:
                box.add_widget(LanguageSand(code=code, text=OWN_NAMES.get(code, code.upper())))


def _told(shown: PairingShown, *, typing: bool, words: Catalogue) -> tuple[str, str]:
    if typing:
        wrong = words.t("No station answers there.") + " " if shown.stage == "failed" else ""
        return (
            words.t("The station’s address"),
            wrong + words.t("As the station shows it under Equipment, Devices: like 192.168.1.10"),
        )
    if shown.stage == "searching":
        looking = (
            words.t("Which shop does this screen belong to?")
            if shown.found
            else words.t("Looking for the station in the shop’s network…")
        )
        return words.t("Welcome"), looking
    title, text = _STAGES[shown.stage]
    return words.t(title), words.t(text) if text else ""


def _buttons(shown: PairingShown, *, typing: bool, words: Catalogue) -> tuple[str, str]:
    if typing:
        return words.t("Continue"), words.t("Back")
    match shown.stage:
        case "searching":
            return words.t("Type the address"), ""
        case "comparing" | "asking":
            return "", words.t("Back")
        case "accepted":
            return words.t("Yes, it is accepted"), words.t("No")
        case "joined":
            return "", ""
        case _:
            return words.t("Begin again"), ""
