"""What staff see at the kiosk: their corner and the pairing of a device."""

import json
from collections.abc import Callable

from messaging.local.to_kiosk import (
    PairingShown,
    ReadingShown,
    StaffAnswered,
)
from tools.scenes.actor import Actor
from tools.scenes.made_up import STATUS


def staff_code(actor: Actor, digits: str = "4829") -> None:
    actor.open()
    actor.touch.open_staff()
    actor.type(digits)


def staff(actor: Actor) -> None:
    staff_code(actor, "482913")
    actor.touch.submit_staff_code()
    actor.tell(StaffAnswered(admitted=True, tries_left=5, wait_s=0, is_set=True), STATUS)


def staff_closed(actor: Actor) -> None:
    staff_code(actor, "482913")
    actor.touch.submit_staff_code()
    actor.tell(StaffAnswered(admitted=False, tries_left=0, wait_s=290, is_set=True))


def staff_layout(actor: Actor) -> None:
    staff(actor)
    actor.tell(
        ReadingShown(
            reader="scanner",
            text="CO?PTOIR6",
            symbology="QRCode",
            verdict="layout",
            layout="fr",
            configured="us",
        )
    )


def pairing(
    stage: str, *, code: str = "", found: int = 0, pages: str | None = None
) -> Callable[[Actor], None]:
    def play(actor: Actor) -> None:
        names = ("Maison Lumen", "Lumen, rue des Petites-Écuries", "Atelier Lumen")[:found]
        stations = [
            {"shop": name, "address": f"https://192.168.1.{10 + at}:8082"} for at, name in enumerate(names)
        ]
        shown = {"stage": stage, "code": code, "shop": "Maison Lumen", "found": stations, "pages": pages}
        actor.session.linked(True)
        actor.tell(PairingShown.model_validate_json(json.dumps(shown)))
        actor.touch.choose_language(actor.language)

    return play


def pairing_address(actor: Actor) -> None:
    pairing("searching")(actor)
    actor.touch.type_address()
    for sign in "192.168.1.1":
        actor.touch.address_sign(sign)
