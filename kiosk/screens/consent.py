"""One screen for known and unknown numbers: two unticked boxes, an optional first name, "Done" (X16)."""

from kivy.properties import BooleanProperty, StringProperty

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.screens.widgets import TapCard
from kiosk.session.view import Step, View
from kiosk.words import Catalogue


class ChoiceCard(TapCard):
    """A box to tick with what it means."""

    ticked = BooleanProperty(False)
    title = StringProperty("")
    explained = StringProperty("")


class ConsentScreen(KioskScreen):
    """Also shown while the answer is being kept, with its controls at rest."""

    busy = BooleanProperty(False)
    joins = BooleanProperty(False)
    takes_marketing = BooleanProperty(False)
    number = StringProperty("")
    programme = StringProperty("")
    name = StringProperty("")
    privacy = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        self.busy = view.step is Step.STORING
        self.joins, self.takes_marketing = view.consent.programme, view.consent.marketing_sms
        self.number = view.phone.masked
        self.programme = words.t("I join the loyalty programme of {brand}").format(brand=view.shop.brand)
        self.name = view.consent.given_name
        self.privacy = wording.privacy(words, view.shop)
