"""A member's own account: what can be done, the code by SMS, the history."""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.screens.sides import Box
from kiosk.screens.widgets import TapCard
from kiosk.session.view import CODE_DIGITS, HISTORY_A_PAGE, View
from kiosk.words import Catalogue
from messaging.station.show import HistoryEntry

_ABOUT: dict[str, str] = {
    "redeem": "code",
    "history": "code",
    "old_number": "old",
    "new_number": "new",
}


class DoorCard(TapCard):
    """One thing that can be done, with what it is."""

    icon = StringProperty("next")
    title = StringProperty("")
    explained = StringProperty("")


class AccountScreen(KioskScreen):
    """History, another number, what is kept."""

    said = StringProperty("")
    waiting = BooleanProperty(False)
    """For the history."""

    def refresh(self, view: View, words: Catalogue) -> None:
        self.waiting = view.history_pending
        self.said = wording.reason(words, view.notice.why) if view.notice else ""
        if not self.said and not view.can_prove:
            self.said = words.t("Not while we are offline")


class CodeScreen(KioskScreen):
    """Six digits from an SMS. What it says is the same whether one was sent (row 170)."""

    title = StringProperty("")
    how = StringProperty("")
    markup = StringProperty("")
    below = StringProperty("")
    busy = BooleanProperty(False)
    ready = BooleanProperty(False)
    again = BooleanProperty(False)
    """Whether another code may be asked for."""
    void = BooleanProperty(False)

    def refresh(self, view: View, words: Catalogue) -> None:
        code = view.code
        self.title, self.how = _asked(code.purpose, words)
        slots = "\u2012" * (CODE_DIGITS - len(code.digits))
        self.markup = f"{_grouped(code.digits)}[color=#8a918d]{_grouped(slots, len(code.digits))}[/color]"
        self.busy = code.state == "checking"
        self.void = code.state == "void"
        self.ready = code.is_complete
        self.again = self.void or code.can_ask_again
        self.below = wording.code_problem(words, code.problem)


def _asked(purpose: str, words: Catalogue) -> tuple[str, str]:
    match _ABOUT.get(purpose):
        case "old":
            return words.t("Is it you?"), words.t(
                "We texted six digits to the number of your account. Type them to go on."
            )
        case "new":
            return words.t("And the new number"), words.t(
                "We texted six other digits to your new number. Type them to finish."
            )
        case _:
            return words.t("Your code"), words.t(
                "If we know your number, a text message with six digits is on its way."
            )


def _grouped(signs: str, begin: int = 0) -> str:
    """Three and three."""
    half = CODE_DIGITS // 2
    return "".join(f" {sign}" if begin + at == half else sign for at, sign in enumerate(signs))


class HistoryRow(Box):
    """One entry: when, what, how many points."""

    is_read_aloud = False
    day = StringProperty("")
    what = StringProperty("")
    points = StringProperty("")


class HistoryScreen(KioskScreen):
    """The latest entries, newest first, a few a page."""

    more = StringProperty("")
    empty = BooleanProperty(False)

    def refresh(self, view: View, words: Catalogue) -> None:
        begin = view.history_page * HISTORY_A_PAGE
        shown = view.history[begin : begin + HISTORY_A_PAGE]
        box: Any = self.ids.entries
        box.clear_widgets()
        for entry in shown:
            box.add_widget(_row(entry, words))
        self.empty = not view.history
        self.more = (
            words.t("Earlier ({page} of {pages})").format(
                page=view.history_page + 1, pages=view.history_pages
            )
            if view.history_pages > 1
            else ""
        )


def _row(entry: HistoryEntry, words: Catalogue) -> HistoryRow:
    sign = "+" if entry.points > 0 else ""
    return HistoryRow(
        day=words.day(entry.at),
        what=wording.history(words, entry),
        points=sign + words.number(entry.points).replace("-", "\u2212"),
    )
