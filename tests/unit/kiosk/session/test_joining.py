"""The first start on the screen."""

from kiosk.session import Session, Step
from messaging.local.from_kiosk import PairingConfirmed, PairingGivenUp, StationChosen
from messaging.local.to_kiosk import PairingShown, StationSeen
from tests.fakes.clock import FakeClock
from tests.unit.kiosk.session.test_time import let
from tools.scenes import Actor

FOUND = (StationSeen(shop="Maison Lumen", address="https://192.168.1.10:8082"),)


def test_a_device_that_has_not_joined_shows_nothing_else(
    actor: Actor, session: Session, clock: FakeClock
) -> None:
    # part of row 204
    actor.tell(PairingShown(stage="searching", found=FOUND))
    assert session.view.step is Step.PAIRING
    actor.touch.enter_number()
    actor.touch.show_card()
    actor.touch.open_staff()
    actor.touch.finish()
    actor.touch.choose_language("en")
    let(session, clock, 600)
    assert (session.view.step, session.view.language) == (Step.PAIRING, "en")


def test_a_station_is_chosen_or_its_address_typed(actor: Actor, session: Session) -> None:
    actor.tell(PairingShown(stage="searching", found=FOUND))
    actor.touch.choose_station(FOUND[0].address)
    assert actor.said[-1] == StationChosen(address="https://192.168.1.10:8082")
    actor.touch.type_address()
    for sign in "192.168.1.100x":
        actor.touch.address_sign(sign)
    actor.touch.erase_sign()
    actor.touch.submit_address()
    assert actor.said[-1] == StationChosen(address="192.168.1.10")
    actor.touch.back()
    assert session.view.joining.typed is None


def test_only_an_accepted_device_is_confirmed(actor: Actor, session: Session) -> None:
    actor.tell(PairingShown(stage="comparing", code="482913"))
    actor.touch.confirm_pairing()
    assert PairingConfirmed() not in actor.said
    actor.tell(PairingShown(stage="accepted"))
    actor.touch.confirm_pairing()
    assert actor.said[-1] == PairingConfirmed()
    actor.touch.back()
    assert actor.said[-1] == PairingGivenUp()
    assert session.view.step is Step.PAIRING


def test_the_joined_device_comes_back_as_an_ordinary_screen(actor: Actor, session: Session) -> None:
    actor.tell(PairingShown(stage="joined"))
    session.linked(False)
    session.linked(True)
    assert session.view.step is Step.IDLE
