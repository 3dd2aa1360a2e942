"""Visits of customers: joining, showing a card, paying."""

from collections.abc import Callable

from kiosk.session import Step
from messaging.local.to_kiosk import (
    EventNotStored,
)
from messaging.model import Why
from messaging.station.show import (
    Refusal,
)
from tools.scenes.actor import Actor
from tools.scenes.made_up import DISCOUNT, TIERS, member, sale, used


def consent(actor: Actor) -> None:
    actor.open()
    actor.touch.enter_number()
    actor.type("0612345678")
    actor.touch.submit_number()


def ticked(actor: Actor) -> None:
    consent(actor)
    actor.touch.toggle_programme()
    actor.touch.edit_name()
    for letter in "ZOÉ":
        actor.touch.letter(letter)
    actor.touch.keep_name()


def asked_name(actor: Actor) -> None:
    consent(actor)
    actor.touch.edit_name()
    for letter in "JEAN-LU":
        actor.touch.letter(letter)


def storing(actor: Actor) -> None:
    ticked(actor)
    actor.touch.submit_consent()


def thanks(actor: Actor) -> None:
    storing(actor)
    actor.store()


def not_stored(actor: Actor) -> None:
    storing(actor)
    actor.tell(EventNotStored(event_id=actor.last_said().event_id, reason="outbox_full"))


def welcome(actor: Actor, **kind: object) -> None:
    actor.open()
    actor.tell(sale(discounts=(DISCOUNT,), total_minor=1197, points_to_earn=11))
    actor.scan(member(**kind))  # type: ignore[arg-type]


def pending(actor: Actor) -> None:
    welcome(actor)
    actor.touch.use_reward(TIERS[0])


def reward_used(actor: Actor) -> None:
    pending(actor)
    actor.answer(actor.last_said().event_id, used(member()))


def refused(actor: Actor) -> None:
    pending(actor)
    actor.answer(actor.last_said().event_id, Refusal(why=Why(code="nothing_to_discount")))


def phone(actor: Actor, digits: str, submit: bool = False) -> None:
    actor.open()
    actor.touch.enter_number()
    actor.type(digits)
    if submit:
        actor.touch.submit_number()


def paid(actor: Actor, **changes: object) -> None:
    actor.open()
    actor.tell(sale())
    actor.tell(sale(6, state="paid", **changes))


def warned(actor: Actor) -> None:
    phone(actor, "0612")
    actor.session._talk.show(warning_s=12)


def language(actor: Actor) -> None:
    consent(actor)
    actor.touch.open_languages()


def then(*plays: Callable[[Actor], None]) -> Callable[[Actor], None]:
    def played(actor: Actor) -> None:
        for play in plays:
            play(actor)

    return played


def out_of_service(actor: Actor) -> None:
    actor.open()
    actor.session._talk.go(Step.OUT_OF_SERVICE, why=Why(code="device_gone"))
