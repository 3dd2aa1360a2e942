"""The first start: which station, and whether it has really let this device in."""

from dataclasses import replace

from kiosk.session.conversation import Conversation
from kiosk.session.view import Step
from messaging.local.from_kiosk import PairingConfirmed, PairingGivenUp, StationChosen

_MOST_SIGNS = 21
"""Of an address with a port."""


class JoiningTouches:
    """Works on the one screen of the first start alone."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation

    def choose_station(self, address: str) -> None:
        """One of the stations that were found."""
        talk = self._talk
        if talk.view.step is Step.PAIRING and talk.view.joining.shown.stage == "searching":
            talk.say(StationChosen(address=address))

    def type_address(self) -> None:
        """To the keypad."""
        talk = self._talk
        if talk.view.step is Step.PAIRING:
            talk.show(joining=replace(talk.view.joining, typed=""))

    def address_sign(self, sign: str) -> None:
        """A digit, point or colon of the address."""
        talk = self._talk
        joining = talk.view.joining
        is_sign = len(sign) == 1 and sign in "0123456789.:"
        if talk.view.step is Step.PAIRING and joining.typed is not None and is_sign:
            talk.show(joining=replace(joining, typed=(joining.typed + sign)[:_MOST_SIGNS]))

    def erase_sign(self) -> None:
        talk = self._talk
        joining = talk.view.joining
        if talk.view.step is Step.PAIRING and joining.typed is not None:
            talk.show(joining=replace(joining, typed=joining.typed[:-1]))

    def submit_address(self) -> None:
        talk = self._talk
        typed = talk.view.joining.typed
        if talk.view.step is Step.PAIRING and typed:
            talk.say(StationChosen(address=typed))

    def confirm_pairing(self) -> None:
        """The station's page says that this device is in."""
        talk = self._talk
        if talk.view.step is Step.PAIRING and talk.view.joining.shown.stage == "accepted":
            talk.say(PairingConfirmed())

    def give_up_pairing(self) -> None:
        """Back to the stations."""
        talk = self._talk
        if talk.view.step is not Step.PAIRING:
            return
        if talk.view.joining.typed is not None:
            talk.show(joining=replace(talk.view.joining, typed=None))
        if talk.view.joining.shown.stage != "searching":
            talk.say(PairingGivenUp())
