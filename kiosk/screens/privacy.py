"""What becomes of people's data at this screen (row 201)."""

from kivy.properties import StringProperty

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.session.view import View
from kiosk.words import Catalogue


class PrivacyScreen(KioskScreen):
    """Short sentences; the long text hangs in the shop and stands on the member's page."""

    kept = StringProperty("")
    long = StringProperty("")
    camera = StringProperty("")
    contact = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        shop = view.shop
        self.kept = words.t(
            "{brand} keeps your number, your first name if you give it, your visits and your points,"
            " for the loyalty programme and nothing else."
        ).format(brand=shop.brand)
        self.long = _how_long(view, words)
        self.camera = wording.camera_notice(words, shop)
        self.contact = (
            words.t("Your data stays with us: {contact}").format(contact=shop.privacy_contact)
            if shop.privacy_contact
            else words.t("To see, correct or erase your data, ask our team at the counter.")
        )


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
