"""Asides from any conversation: another country's number, and what becomes of one's data."""

from kiosk.session.conversation import Conversation
from kiosk.session.countries import all_countries, country_pages
from kiosk.session.phone_entry import PhoneEntry
from kiosk.session.view import Step

_TYPES_A_NUMBER = (Step.PHONE, Step.NEW_NUMBER)
_TELLS_OF_PRIVACY = (Step.PHONE, Step.CONSENT, Step.SCAN, Step.ACCOUNT)
_OUTSIDE_A_SESSION = (Step.IDLE, Step.SIGN_IN, Step.SALE)


class AsideTouches:
    """Back leads to where the customer was, with what was typed."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation

    def open_countries(self) -> None:
        """From the chip with the country's code to the countries (row 199)."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step in _TYPES_A_NUMBER:
            talk.forward(Step.COUNTRY, country_page=0)

    def turn_countries(self, pages: int) -> None:
        """On by so many pages, round and round."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step is Step.COUNTRY:
            talk.show(country_page=(talk.view.country_page + pages) % country_pages())

    def choose_country(self, region: str) -> None:
        """Numbers are typed as this country writes them, until the session ends."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step is Step.COUNTRY and region in all_countries() and talk.trail:
            phone = PhoneEntry(region=region, digits=talk.view.phone.digits)
            talk.go(talk.trail.pop(), phone=phone)

    def show_privacy(self) -> None:
        """What is kept, how long, and whom to ask (row 201)."""
        talk = self._talk
        talk.customer_is_there()
        step = talk.view.step
        if step in _OUTSIDE_A_SESSION and talk.visit is None:
            talk.open_visit()
            talk.go(Step.PRIVACY, in_session=True)
        elif step in _TELLS_OF_PRIVACY and talk.visit is not None:
            talk.forward(Step.PRIVACY)
