"""The scenes that are photographed: what was touched and told before the picture."""

from collections.abc import Callable
from typing import NamedTuple

from kiosk.session import Step
from messaging.local.to_kiosk import (
    CodeRefused,
    LinkChanged,
)
from messaging.model import Why
from messaging.station.show import (
    NotRecognised,
    Recognised,
)
from tools.scenes.accounts import (
    account,
    both_numbers,
    code,
    code_locked,
    code_wrong,
    countries,
    history,
    new_number,
    number_changed,
    old_number,
    own_look_consent,
    privacy,
    privacy_at_the_counter,
)
from tools.scenes.actor import Actor
from tools.scenes.made_up import DISCOUNT, LONG_LINES, OWN_LOOK, REWARD_LINE, member, sale
from tools.scenes.staffed import pairing, pairing_address, staff, staff_closed, staff_code, staff_layout
from tools.scenes.visits import (
    asked_name,
    consent,
    language,
    not_stored,
    out_of_service,
    paid,
    pending,
    phone,
    refused,
    reward_used,
    storing,
    thanks,
    then,
    ticked,
    warned,
    welcome,
)


class Scene(NamedTuple):
    """A picture's name and what happens before it."""

    name: str
    play: Callable[[Actor], None]


def _open(actor: Actor) -> None:
    actor.open()


def _eased(actor: Actor) -> None:
    language(actor)
    actor.touch.switch_text()
    actor.touch.switch_time()
    actor.touch.switch_voice()


def _larger(play: Callable[[Actor], None]) -> Callable[[Actor], None]:
    return then(play, lambda a: a.touch.switch_text())


_LARGER_TOO: tuple[tuple[str, Callable[[Actor], None]], ...] = (
    ("idle", _open),
    ("phone", lambda a: phone(a, "06123", submit=True)),
    ("consent", ticked),
    ("thanks", thanks),
    ("welcome", welcome),
    ("sale", then(_open, lambda a: a.tell(sale()))),
    ("scan", then(_open, lambda a: a.touch.show_card())),
    ("privacy", privacy),
    ("privacy-at-the-counter", privacy_at_the_counter),
    ("not-recognised", then(_open, lambda a: a.scan(NotRecognised(why=Why(code="unknown_member"))))),
    ("history", history),
    ("code", lambda a: code(a, "482")),
)


# ruff: noqa: E501 - one scene a line reads as a table
SCENES: tuple[Scene, ...] = (
    Scene("idle", _open),
    Scene("idle-invited", then(_open, lambda a: a.tell(sale(lines=(), total_minor=0, points_to_earn=None)))),
    Scene("idle-offline", then(_open, lambda a: a.tell(LinkChanged(online=False, waiting_events=2)))),
    Scene("sign-in", then(lambda a: a.open(sign_in="payment"), lambda a: a.tell(sale(1, invitation=False), sale(2)))),
    Scene("idle-paused", lambda a: a.open(programme_active=False)),
    Scene("phone-empty", lambda a: phone(a, "")),
    Scene("phone-part", lambda a: phone(a, "06123")),
    Scene("phone-full", lambda a: phone(a, "0612345678")),
    Scene("phone-wrong", lambda a: phone(a, "06123", submit=True)),
    Scene("phone-offline", then(lambda a: phone(a, "06123"), lambda a: a.tell(LinkChanged(online=False, waiting_events=2)))),
    Scene("consent", consent),
    Scene("consent-ticked", ticked),
    Scene("consent-storing", storing),
    Scene("name", asked_name),
    Scene("thanks", thanks),
    Scene("problem", not_stored),
    Scene("scan", then(_open, lambda a: a.touch.show_card())),
    Scene("scan-reading", then(_open, lambda a: a.touch.enter_number(), lambda a: a.touch.show_card(), lambda a: a.session._talk.go(Step.READING))),
    Scene("welcome", welcome),
    Scene("welcome-no-sale", then(_open, lambda a: a.scan(member(name=None)))),
    Scene("welcome-many", lambda a: welcome(a, count=5, points=12480)),
    Scene("welcome-pending", pending),
    Scene("welcome-used", reward_used),
    Scene("welcome-refused", refused),
    Scene("recognised", then(_open, lambda a: a.scan(Recognised()))),
    Scene("not-recognised", then(_open, lambda a: a.scan(NotRecognised(why=Why(code="unknown_member"))))),
    Scene("code-refused", then(_open, lambda a: a.tell(CodeRefused(reason="cut_off", source="scanner")))),
    Scene("sale", then(_open, lambda a: a.tell(sale()))),
    Scene("sale-discount", then(_open, lambda a: a.tell(sale(invitation=False, discounts=(DISCOUNT, REWARD_LINE), total_minor=947, points_to_earn=9)))),
    Scene("sale-long", then(_open, lambda a: a.tell(sale(lines=LONG_LINES, total_minor=11180, points_to_earn=111, discounts=(DISCOUNT,))))),
    Scene("sale-member", then(welcome, lambda a: a.touch.show_sale())),
    Scene("paid", lambda a: paid(a, points_earned=13, points_balance=253)),
    Scene("paid-plain", paid),
    Scene("account", account),
    Scene("code", lambda a: code(a, "482")),
    Scene("code-wrong", code_wrong),
    Scene("code-locked", code_locked),
    Scene("history", history),
    Scene("new-number", new_number),
    Scene("new-number-old-code", old_number),
    Scene("new-number-new-code", both_numbers),
    Scene("number-changed", number_changed),
    Scene("country", countries),
    Scene("country-all", lambda a: countries(a, 4)),
    Scene("privacy", privacy),
    Scene("privacy-at-the-counter", privacy_at_the_counter),
    Scene("staff-code", staff_code),
    Scene("staff-code-closed", staff_closed),
    Scene("staff", staff),
    Scene("staff-layout", staff_layout),
    Scene("screen-test", then(staff, *([lambda a: a.touch.test_screen()] * 6))),
    Scene("pairing-searching", pairing("searching")),
    Scene("pairing-found", pairing("searching", found=1)),
    Scene("pairing-many", pairing("searching", found=3)),
    Scene("pairing-address", pairing_address),
    Scene("pairing-code", pairing("comparing", code="482913", pages="https://station.local:8443")),
    Scene("pairing-code-alone", pairing("comparing", code="482913")),
    Scene("pairing-accepted", pairing("accepted")),
    Scene("pairing-refused", pairing("refused")),
    Scene("warning", warned),
    Scene("languages", language),
    Scene("own-look", lambda a: a.open(look=OWN_LOOK)),
    Scene("own-look-consent", own_look_consent),
    Scene("languages-eased", _eased),
    *(Scene(f"larger-{name}", _larger(play)) for name, play in _LARGER_TOO),
    Scene("training", lambda a: a.open(training=True)),
    Scene("out-of-service", out_of_service),
)  # fmt: skip
"""One scene for each thing a person can see: a new screen is one more line."""
