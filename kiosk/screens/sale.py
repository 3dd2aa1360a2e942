"""The live sale of the lane, with what it is worth."""

from typing import Any

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from kiosk import wording
from kiosk.screens.base import KioskScreen
from kiosk.screens.sides import Box
from kiosk.session.view import View
from kiosk.words import Catalogue
from messaging.station.sale import SaleShown

_LINE_U = 33
_DISCOUNT_U = 52


class SaleRow(Box):
    """A line of the basket, or the count of those that are not shown."""

    is_read_aloud = False
    name = StringProperty("")
    quantity = StringProperty("")
    amount = StringProperty("")
    quiet = BooleanProperty(False)


class DiscountRow(Box):
    """A discount with its reason."""

    is_read_aloud = False
    name = StringProperty("")
    why = StringProperty("")
    amount = StringProperty("")


class SaleScreen(KioskScreen):
    """Left what is bought, right what it earns and the way in."""

    total = StringProperty("")
    figure = StringProperty("")
    figure_word = StringProperty("")
    words_beside = StringProperty("")
    is_member = BooleanProperty(False)
    is_invited = BooleanProperty(False)

    def refresh(self, view: View, words: Catalogue) -> None:
        sale = view.sale
        box: Any = self.ids.lines
        box.clear_widgets()
        if sale is None:
            self.total = self.figure = self.figure_word = self.words_beside = ""
            return
        self.total = words.money(sale.total_minor, sale.currency)
        self.is_member = view.member is not None
        self.is_invited = view.invited
        self._beside(view, sale, words)
        for row in _rows(sale, words, room_u=self._room_u()):
            box.add_widget(row)

    def on_size(self, *_: Any) -> None:
        if self.view.sale is not None:
            self.on_view(self, self.view)

    def _room_u(self) -> float:
        app = App.get_running_app()
        used_u = 32 + 56 + 8 + 16 + 78 + 28 if app.wide else 32 + 56 + 8 + 16 + 78 + 388
        return float(self.height / app.u) - used_u

    def _beside(self, view: View, sale: SaleShown, words: Catalogue) -> None:
        earn = sale.points_to_earn
        if view.member is not None:
            self.figure = words.number(view.member.points)
            self.figure_word = wording.points_word(words, view.shop, view.member.points)
            self.words_beside = (
                words.t("{points} more with this purchase.").format(
                    points=wording.points(words, view.shop, earn)
                )
                if earn
                else ""
            )
            return
        self.figure = f"+{words.number(earn)}" if earn else ""
        self.figure_word = words.n("point to earn", "points to earn", earn) if earn else ""
        if earn and view.shop.points_name != "points":
            self.figure_word = words.t("{points} to earn").format(points=view.shop.points_name)
        self.words_beside = (
            words.t("Your number or your card, before you pay.")
            if view.invited
            else words.t("Member? Show your card before you pay.")
        )


def _rows(sale: SaleShown, words: Catalogue, room_u: float) -> list[Any]:
    room = max(1, int((room_u - _DISCOUNT_U * len(sale.discounts)) // _LINE_U))
    lines = list(sale.lines)
    hidden = sale.more_lines
    if len(lines) + (1 if hidden else 0) > room:
        keep = max(0, room - 1)
        hidden += len(lines) - keep
        lines = lines[len(lines) - keep :]
    rows: list[Any] = []
    if hidden:
        more = words.n("{number} more item", "{number} more items", hidden)
        rows.append(SaleRow(name=more.format(number=words.number(hidden)), quiet=True))
    rows += [
        SaleRow(
            name=line.name,
            quantity=f"× {line.quantity}" if line.quantity > 1 else "",
            amount=words.money(line.amount_minor, sale.currency),
        )
        for line in lines
    ]
    rows += [
        DiscountRow(
            name=line.name,
            why=wording.discount(words, line),
            amount=words.money(line.amount_minor, sale.currency),
        )
        for line in sale.discounts
    ]
    return rows
