"""What becomes of people's data at this screen (row 201)."""

from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.screens.shapes import code_texture
from kiosk.screens.sides import Box
from kiosk.session.view import View
from kiosk.words import Catalogue

_QUIET_MODULES = 1
"""The card around it is white too."""

_TRIES = ((1.0, 1.0), *((1 - 0.04 * step, 0.5) for step in range(8)))
"""Letters and the air between them, as parts of their size: long words take the air first."""


class PrivacyPart(Box):
    """An icon and some sentences; takes no room without any."""

    icon = StringProperty("check")
    text = StringProperty("")
    is_beside_codes = BooleanProperty(False)
    fit = NumericProperty(1)

    def needed_height(self) -> float:
        """In pixels, for the letters as they are now."""
        words = self.ids.words_
        words.texture_update()
        return float(max(30 * App.get_running_app().u, words.texture_size[1])) if self.text else 0.0


class PrivacyParts(Box):
    """All that is told, in letters as large as the card has room for."""

    fit = NumericProperty(1)
    air = NumericProperty(1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fit_soon = Clock.create_trigger(self._fit, -1)
        self.bind(size=self.fit_soon)

    def _fit(self, _: float) -> None:
        parts = [part for part in self.children if isinstance(part, PrivacyPart)]
        for self.fit, self.air in _TRIES:
            gaps = self.spacing * (len(self.children) - 1)
            if sum(part.needed_height() for part in parts) + gaps <= self.height:
                break


class PolicyCode(Box):
    """A policy's address as a code for the customer's own phone; takes no room without an address."""

    address = StringProperty("")
    title = StringProperty("")
    code = ObjectProperty(None, allownone=True)

    def on_address(self, *_: Any) -> None:
        theme = App.get_running_app().theme
        self.code = (
            code_texture(theme.night, theme.white, self.address, _QUIET_MODULES) if self.address else None
        )


class PrivacyScreen(KioskScreen):
    """Short sentences; the long text is behind a code, hangs in the shop and stands on the member's page."""

    kept = StringProperty("")
    long = StringProperty("")
    camera = StringProperty("")
    contact = StringProperty("")
    privacy_policy = StringProperty("")
    security_policy = StringProperty("")
    has_policy = BooleanProperty(False)

    def refresh(self, view: View, words: Catalogue) -> None:
        shop = view.shop
        self.kept = words.t(
            "{brand} keeps your number, your first name if you give it, your visits and your points,"
            " for the loyalty programme and nothing else."
        ).format(brand=shop.brand)
        self.long = _how_long(view, words)
        self.privacy_policy, self.security_policy = shop.privacy_policy or "", shop.security_policy or ""
        self.has_policy = bool(self.privacy_policy or self.security_policy)
        self.camera = wording.camera_notice(words, shop)
        self.contact = (
            words.t("Your data stays with us: {contact}").format(contact=shop.privacy_contact)
            if shop.privacy_contact
            else words.t("To see, correct or erase your data, ask our team at the counter.")
        )
        self.ids.parts.fit_soon()


def _how_long(view: View, words: Catalogue) -> str:
    shop = view.shop
    told = []
    if shop.retention_months:
        years, months = divmod(shop.retention_months, 12)
        span = (
            words.n("{number} month", "{number} months", shop.retention_months)
            if months
            else words.n("{number} year", "{number} years", years)
        ).format(number=words.number(shop.retention_months if months else years))
        told.append(
            words.t("It is erased {span} after your last visit; we tell you before.").format(span=span)
        )
    told.append(words.t("This screen forgets what you type when you leave."))
    if shop.minimum_age:
        told.append(wording.minimum_age(words, shop))
    return " ".join(told)
