"""Screens that tell how something went: thanks, recognised, not recognised, paid, problem, out of service."""

from dataclasses import dataclass

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.session.view import Step, View
from kiosk.words import Catalogue

STAFF_CODES: dict[str, str] = {
    "starting": "K1",
    "device_gone": "K2",
    "": "K9",
}
"""What a screen out of service tells staff, by its reason; ``docs/operations.md`` says what to do."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What such a screen says.

    Attributes:
        icon: Name of a drawing.
        figure: A short number that stands in the icon's place.
        actions: Names of touches, the first being the main one.
    """

    title: str
    text: str
    icon: str
    figure: str = ""
    word: str = ""
    good: bool = True
    actions: tuple[tuple[str, str], ...] = ()


def telling(view: View, words: Catalogue) -> Telling:
    """The words of a telling screen."""
    done = (("finish", words.t("Finish")),)
    points = (("see_points", words.t("See my points")),) if view.can_prove else ()
    match view.step:
        case Step.THANKS:
            return Telling(
                title=words.t("Thank you,\nall set."),
                text=words.t(
                    "Your points follow your number."
                    " If you just joined, the link to your card comes by text message."
                ),
                icon="check",
                actions=done + points,
            )
        case Step.NUMBER_CHANGED:
            return Telling(
                title=words.t("Your number\nis changed."),
                text=words.t("From now on your points follow the new number. Your card stays the same."),
                icon="check",
                actions=done,
            )
        case Step.SIGN_IN:
            return _sign_in(view, words)
        case Step.RECOGNISED:
            return Telling(
                title=words.t("Thank you,\ncard read."),
                text=_recognised(view, words),
                icon="check",
                actions=done + points,
            )
        case Step.PAID:
            return _paid(view, words)
        case Step.NOT_RECOGNISED:
            return _not_recognised(view, words)
        case Step.PROBLEM:
            return Telling(
                title=words.t("That could not\nbe saved."),
                text=wording.reason(words, view.why),
                icon="attention",
                good=False,
                actions=(("back", words.t("Back to start")),),
            )
        case _:
            return _out_of_service(view, words)


def _out_of_service(view: View, words: Catalogue) -> Telling:
    code = STAFF_CODES.get(view.why.code if view.why else "", STAFF_CODES[""])
    told = words.t("Our team is there for you meanwhile: your purchases go on as usual.")
    for_staff = words.t("For our team: code {code}").format(code=code)
    return Telling(
        title=words.t("Back in a\nmoment."), text=f"{told}\n\n{for_staff}", icon="pause", good=False
    )


def _sign_in(view: View, words: Catalogue) -> Telling:
    card = (("show_card", words.t("I have a card")),) if view.shop.readers else ()
    return Telling(
        title=words.t("Earn points\non this visit."),
        text=words.t("Your number or your card, before you pay."),
        icon="tag",
        actions=(("enter_number", words.t("Type my number")), *card, ("back", words.t("Not now"))),
    )


def _recognised(view: View, words: Catalogue) -> str:
    if view.unanswered:
        return words.t("Your points will be added as soon as the connection is back.")
    return words.t(
        "Your points are added to this purchase. To see them here, show the code from your text message."
    )


def _paid(view: View, words: Catalogue) -> Telling:
    sale = view.paid
    earned = sale.points_earned if sale is not None else None
    balance = sale.points_balance if sale is not None else None
    parts = []
    if earned:
        parts.append(words.t("You earned {points}.").format(points=wording.points(words, view.shop, earned)))
    if balance is not None:
        parts.append(
            words.t("You now have {points}.").format(points=wording.points(words, view.shop, balance))
        )
    if not parts:
        parts.append(words.t("See you soon at {brand}.").format(brand=view.shop.brand))
    return Telling(
        title=words.t("Thank you,\nsee you soon!"),
        text=" ".join(parts),
        icon="check",
        figure=f"+{words.number(earned)}" if earned else "",
        word=wording.points_word(words, view.shop, earned) if earned else "",
        actions=(("finish", words.t("Finish")),),
    )


def _not_recognised(view: View, words: Catalogue) -> Telling:
    actions = [("show_card", words.t("Try again"))]
    if view.takes_numbers:
        actions.append(("enter_number", words.t("Type my number")))
    actions.append(("back", words.t("Back")))
    return Telling(
        title=words.t("Card not\nrecognised."),
        text=wording.reason(words, view.why),
        icon="question",
        good=False,
        actions=tuple(actions),
    )


class TellingScreen(KioskScreen):
    """Large words, one drawing, at most three buttons."""

    title = StringProperty("")
    text = StringProperty("")
    icon = StringProperty("check")
    figure = StringProperty("")
    word = StringProperty("")
    good = BooleanProperty(True)
    first = StringProperty("")
    second = StringProperty("")
    third = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        told = telling(view, words)
        self.title, self.text = told.title, told.text
        self.icon, self.figure, self.word, self.good = told.icon, told.figure, told.word, told.good
        labels = [label for _, label in told.actions] + ["", "", ""]
        self.first, self.second, self.third = labels[:3]
        self._acts = [name for name, _ in told.actions]

    def act(self, number: int) -> None:
        """Do what the button of this number says."""
        if number < len(self._acts):
            getattr(App.get_running_app().session.touch, self._acts[number])()
