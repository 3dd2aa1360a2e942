"""Plays the counter's whole story through the doors that people use, and says what was seen.

Every step counts only when it was seen on the kiosk's drawn screen and in the till page's data.
"""

import json
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from importlib import metadata

from comptoir.demo.counter import RunningDemo
from comptoir.demo.doors import Counter, Screen
from comptoir.demo.supervisor import DemoError
from comptoir.demo.till import LiveTill, Till

NUMBER = "0612345678"
UNKNOWN_NUMBER = "0698765432"
NAME = "Nina"
FRIENDS = "Amis de la maison"

_OUT_OF_VIEW_S = 6.5
"""A simulated hand holds a card for three seconds; three more, and a reader takes it as shown anew."""


@dataclass
class Seen:
    """What the closing line tells."""

    enrolled: bool = False
    points_before: int = 0
    points_after: int = 0
    group_discount: str | None = None
    reward_applied: str | None = None
    scan_to_result_ms: float = 0.0
    parts: dict[str, str] = field(default_factory=dict)


def play_story(demo: RunningDemo) -> int:
    """Play it all; 0 only if every step was seen."""
    seen = Seen()
    try:
        with closing(Till(demo.origin, demo.address.removeprefix(demo.origin))) as till:
            Story(demo, till, seen).play()
    except DemoError as error:
        print(f"comptoir: the story stopped: {error.message}", file=sys.stderr)
        print(json.dumps(vars(seen), ensure_ascii=False))
        return 1
    print(json.dumps(vars(seen), ensure_ascii=False))
    return 0


class Story:
    """One run of the story, step by step."""

    def __init__(self, demo: RunningDemo, till: Till, seen: Seen) -> None:
        self._demo = demo
        self._counter: Counter = demo.counter
        self._till = till
        self._seen = seen
        self._card_shown_s = 0.0

    def play(self) -> None:
        """All steps, in order.

        Raises:
            DemoError: A step was not seen.
        """
        self._speak_three_languages()
        self.play_until_welcome()
        self._pay_and_earn()
        self._scan_with_the_scanner_and_use_a_reward()
        self._type_the_number_instead()
        self._seen.parts = self._parts()

    def play_until_welcome(self) -> None:
        """Enrol, open a sale, show the card: until both screens greet the member.

        Raises:
            DemoError: A step was not seen.
        """
        self._enrol()
        self._open_the_card()
        self._scan_before_the_camera()

    def _speak_three_languages(self) -> None:
        _say("idle screen, in three languages")
        self._counter.wait_for(lambda screen: screen.step == "idle", "the idle screen")
        for label, start in (
            ("Español", "Toca para empezar"),
            ("English", "Touch to start"),
            ("Français", "Touchez pour commencer"),
        ):
            self._counter.touch(label)
            self._see(start)

    def _enrol(self) -> None:
        _say("enrol with a phone number")
        screens = self._type_number(NUMBER)
        if not any(screen.shows("06 12 34 56 78") for screen in screens):
            raise DemoError("the keypad did not show the number in its national format")
        self._counter.touch("Je rejoins le programme")
        self._type_name()
        self._counter.touch("Valider")
        thanks = self._counter.wait_for(lambda screen: screen.step == "thanks", "the thanks")
        self._must_not_show(thanks, "Bonjour", _national(NUMBER))
        self._counter.touch("Terminer")
        self._counter.wait_for(lambda screen: screen.step == "idle", "the idle screen again")

    def _open_the_card(self) -> None:
        _say("the welcome message, the status page, the card")
        link = self._till.status_link()
        page, card = self._till.page(link), self._till.page(f"{link}/code")
        if "<svg" not in card or "<script" in page + card:
            raise DemoError("the status page must show the card, without any script")
        self._seen.enrolled = True
        self._till.demo("friend", group=FRIENDS)

    def _scan_before_the_camera(self) -> None:
        _say("a sale; the card before the camera")
        self._till.open_sale("Café crème", "Café en grains, 250 g", "Croissant")
        self._till.demo("code", how="camera")
        self._card_shown_s = time.monotonic()
        state = self._till.wait_for(lambda state: state["sale"]["member"], "the member")
        sale = state["sale"]
        self._seen.points_before = sale["member"]["balance"]
        discounts = [each for each in sale["discounts"] if each["kind"] == "group"]
        if not discounts or discounts[0]["name"] != FRIENDS:
            raise DemoError("the group discount did not apply by itself")
        self._seen.group_discount = f"{discounts[0]['name']}: -{discounts[0]['amount_minor'] / 100:.2f} EUR"
        if sale["member"]["name"] != NAME:
            raise DemoError("the till does not show the member's name")
        self._counter.wait_for(lambda screen: screen.step == "welcome", "the welcome")
        self._see(f"Bonjour {NAME}")

    def _pay_and_earn(self) -> None:
        _say("cash; points are earned")
        receipt = self._till.pay()["sale"]["receipt"]
        if receipt["points_earned"] <= 0:
            raise DemoError("the sale earned no points")
        self._see(f"{receipt['points_earned']} points")
        self._wait_idle()

    def _scan_with_the_scanner_and_use_a_reward(self) -> None:
        _say("the next sale; the card at the USB scanner; a reward is used at the kiosk")
        self._till.open_sale("Huile d’olive, 75 cl", "Tasse en grès")
        self._wait_for_sale_at_device()
        code = self._till.demo("code", how="text").text.strip()
        self._put_the_card_away()
        with closing(LiveTill(self._demo.origin, self._till.cookies)) as live:
            self._counter.ask(do="type", text=code, end=False)
            last_key = time.perf_counter()
            self._counter.ask(do="type", text="", end=True)
            at_till = live.wait_for(FRIENDS)
        self._seen.scan_to_result_ms = round((at_till - last_key) * 1000, 1)
        self._counter.wait_for(lambda screen: screen.step == "welcome", "the welcome")
        self._counter.touch("Utiliser")
        state = self._till.wait_for(
            lambda state: any(each["kind"] == "reward" for each in state["sale"]["discounts"]), "the reward"
        )
        reward = next(each for each in state["sale"]["discounts"] if each["kind"] == "reward")
        self._see(reward["name"])
        receipt = self._till.pay()["sale"]["receipt"]
        if receipt["points_used"] <= 0:
            raise DemoError("the receipt does not show the reward")
        self._seen.reward_applied = f"{reward['name']}: -{reward['amount_minor'] / 100:.2f} EUR"
        self._seen.points_after = receipt["balance"]
        self._wait_idle()

    def _type_the_number_instead(self) -> None:
        _say("typed numbers: known and unknown look alike; the discount waits for one tap")
        self._till.open_sale("Miel de lavande, 500 g")
        self._wait_for_sale_at_device()
        self._counter.wait_for(
            lambda screen: screen.step == "sale" and not screen.shows("Touchez"), "the live sale"
        )
        known = [_plain(screen) for screen in self._type_number(NUMBER)]
        state = self._till.wait_for(lambda state: state["sale"]["proposal"], "the proposed discount")
        if state["sale"]["discounts"]:
            raise DemoError("a typed number got a discount without a tap of staff")
        self._leave()
        unknown = [_plain(screen) for screen in self._type_number(UNKNOWN_NUMBER)]
        if known[-1] != unknown[-1]:
            raise DemoError("the kiosk told a known number from an unknown one")
        self._leave()
        self._till.post("/discount", sale=state["sale"]["id"])
        self._till.wait_for(lambda state: state["sale"]["discounts"], "the confirmed discount")
        receipt = self._till.pay()["sale"]["receipt"]
        if receipt["points_earned"] <= 0:
            raise DemoError("a typed number earned no points")
        self._seen.points_after = receipt["balance"]

    def _type_number(self, number: str) -> list[Screen]:
        """From idle to the screen with the boxes; what stood there before and after "Continue"."""
        self._put_the_card_away()
        self._counter.touch("Touchez pour commencer", "Saisir mon numéro")
        self._counter.wait_for(lambda screen: screen.step == "phone", "the keypad")
        for digit in number:
            self._counter.touch(digit)
        typed = self._counter.wait_for(lambda screen: screen.shows(_national(number)), "the number")
        self._counter.touch("Continuer")
        boxes = self._counter.wait_for(
            lambda screen: screen.step == "consent" and not screen.shows(_national(number)),
            "the two boxes, with the number masked",
        )
        boxes = self._settled(boxes)
        self._must_not_show(boxes, "Bonjour", "points :")
        return [typed, boxes]

    def _put_the_card_away(self) -> None:
        """A card that the camera still sees is read again once its sale is over."""
        time.sleep(max(0.0, self._card_shown_s + _OUT_OF_VIEW_S - time.monotonic()))

    def _settled(self, screen: Screen) -> Screen:
        """The screen once two looks in a row are the same: nothing fades any more."""
        for _ in range(20):
            time.sleep(0.2)
            before, screen = screen, self._counter.screen()
            if _plain(before) == _plain(screen):
                break
        return screen

    def _type_name(self) -> None:
        self._counter.touch("Prénom")
        self._counter.wait_for(lambda screen: screen.step == "name", "the keyboard")
        for letter in NAME.upper():
            self._counter.touch(letter)
        self._see(NAME)
        self._counter.touch("Valider")
        self._counter.wait_for(
            lambda screen: screen.step == "consent" and screen.shows(NAME), "the boxes with the name"
        )

    def _leave(self) -> None:
        self._counter.touch("Retour")
        self._counter.wait_for(lambda screen: screen.step == "phone", "the keypad again")
        self._counter.touch("Retour")
        self._counter.wait_for(lambda screen: screen.step in {"idle", "sale"}, "the sale again")

    def _wait_idle(self) -> None:
        """Customers leave by the button where there is one; the screen would go by itself in seconds."""
        screen = self._counter.screen()
        if screen.step != "idle" and any(text["text"] == "Terminer" for text in screen.texts):
            self._counter.touch("Terminer")
        self._counter.wait_for(lambda screen: screen.step == "idle", "the idle screen", timeout_s=30)

    def _wait_for_sale_at_device(self) -> None:
        sale = self._till.state()["sale"]["id"]
        deadline = time.monotonic() + 10
        while self._counter.ask(do="status")["open_sale"] != sale:
            if time.monotonic() > deadline:
                raise DemoError("the device never heard of the sale")
            time.sleep(0.02)

    def _see(self, text: str) -> Screen:
        return self._counter.wait_for(lambda screen: screen.shows(text), f"« {text} »")

    @staticmethod
    def _must_not_show(screen: Screen, *texts: str) -> None:
        for text in texts:
            if screen.shows(text):
                raise DemoError(f"the kiosk shows « {text} », which it must not")

    def _parts(self) -> dict[str, str]:
        status = self._counter.ask(do="status")
        return {
            "broker": self._demo.broker,
            "tls": self._demo.tls_version(),
            "kiosk": f"kivy {metadata.version('kivy')}",
            "decoder": str(status["decoder"]),
            "database": f"sqlite {sqlite3.sqlite_version}",
        }


def _say(step: str) -> None:
    print(f"· {step}", file=sys.stderr, flush=True)


def _national(number: str) -> str:
    return " ".join(number[place : place + 2] for place in range(0, len(number), 2))


def _plain(screen: Screen) -> tuple[str, tuple[str, ...]]:
    """A screen without the digits that the customer typed."""
    return screen.step, tuple(
        "".join("#" if char.isdigit() else char for char in str(text["text"])) for text in screen.texts
    )
