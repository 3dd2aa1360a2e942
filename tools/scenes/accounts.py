"""What customers do with their account: code, history, another number, privacy."""

from messaging.model import Why
from messaging.station.show import (
    CodeSent,
    History,
    NumberChanged,
    Refusal,
)
from tools.scenes.actor import Actor
from tools.scenes.made_up import CHALLENGE, ENTRIES, OWN_LOOK, member
from tools.scenes.visits import phone, thanks


def code(actor: Actor, digits: str = "") -> None:
    thanks(actor)
    actor.touch.see_points()
    actor.answer(actor.last_said().event_id, CodeSent(challenge_id=CHALLENGE, valid_s=300))
    actor.type(digits)


def code_wrong(actor: Actor) -> None:
    code(actor, "482913")
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, Refusal(why=Why(code="code_wrong", params={"tries_left": 3})))


def code_locked(actor: Actor) -> None:
    code(actor, "482913")
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, Refusal(why=Why(code="code_locked")))


def account(actor: Actor) -> None:
    actor.open(privacy_contact="donnees@maison-lumen.example", retention_months=36, minimum_age=16)
    actor.scan(member())
    actor.touch.open_account()


def history(actor: Actor) -> None:
    account(actor)
    actor.touch.show_history()
    actor.answer(actor.last_said().event_id, History(entries=ENTRIES))


def new_number(actor: Actor, digits: str = "0698765432") -> None:
    account(actor)
    actor.touch.change_number()
    actor.type(digits)


def old_number(actor: Actor) -> None:
    new_number(actor)
    actor.touch.submit_number()
    actor.answer(actor.last_said().event_id, CodeSent(challenge_id=CHALLENGE, valid_s=300))
    actor.type("482913")


def both_numbers(actor: Actor) -> None:
    old_number(actor)
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, CodeSent(challenge_id=CHALLENGE, valid_s=300))


def number_changed(actor: Actor) -> None:
    both_numbers(actor)
    actor.type("482913")
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, NumberChanged())


def countries(actor: Actor, page: int = 0) -> None:
    phone(actor, "06")
    actor.touch.open_countries()
    actor.touch.turn_countries(page)


def privacy(actor: Actor) -> None:
    actor.open(privacy_contact="donnees@maison-lumen.example", retention_months=36, minimum_age=16)
    actor.touch.show_privacy()


def privacy_at_the_counter(actor: Actor) -> None:
    """The longest words: no address to write to."""
    actor.open(privacy_contact=None, retention_months=36, minimum_age=16)
    actor.touch.show_privacy()


def own_look_consent(actor: Actor) -> None:
    actor.open(look=OWN_LOOK)
    actor.touch.enter_number()
    actor.type("0612345678")
    actor.touch.submit_number()
    actor.touch.toggle_programme()
