"""Draws a till: the whole page, or the parts of it that change, for a viewer and a language."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from checkout.live import Change
from checkout.till.amounts import quick_amounts
from checkout.till.build import LaneView
from checkout.till.offers import OTHER_TENDERS
from checkout.till.view import TillView
from checkout.web.day_table import tender_name
from checkout.web.rendering import money_fields, render
from checkout.web.session import SignedInStaff
from checkout.words import Words
from loyalty.domain.sale import TenderKind
from loyalty.domain.staff import Permission
from loyalty.domain.trust import Trust

PARTS = ("state", "ticket", "member")
_KEPT = 16

_TRUST_TEXTS = {
    0: "Number typed: not verified",
    1: "Card number read: not signed",
    2: "Signed card",
    3: "Verified",
}
_METHOD_TEXTS = {
    "rotating_code": "Code on the phone",
    "staff": "Checked by staff",
    "one_time_code": "Code by SMS",
}


@dataclass(frozen=True)
class Looks:
    """Everything about a viewer that changes what is drawn."""

    language: str
    sees_contact: bool
    sees_reserved: bool
    may_confirm: bool
    may_add_items: bool
    may_discount: bool
    may_link: bool


def till_fields(view: TillView, number: int, viewer: SignedInStaff) -> dict[str, Any]:
    """The fields that the till's templates use."""
    words = viewer.words

    def trust_text(trust: int, method: str) -> str:
        if method == "staff" and trust < Trust.PROVEN:
            return words.text("Chosen by staff: not verified")
        return words.text(_METHOD_TEXTS.get(method) or _TRUST_TEXTS[trust])

    return {
        "till": view,
        "number": number,
        "may_confirm": viewer.staff.may(Permission.REDEEM_CONFIRM),
        "may_discount": viewer.staff.may(Permission.GIVE_DISCOUNT),
        "may_link": viewer.staff.may(Permission.IDENTIFY),
        "tender_name": lambda kind: tender_name(TenderKind(kind), words),
        "other_tenders": OTHER_TENDERS,
        "till_hour": lambda when: words.hour(when, viewer.shop.timezone),
        "till_time": lambda when: words.time(when, viewer.shop.timezone),
        "currency_sign": words.currency_symbol(view.currency),
        "may_add_items": viewer.staff.may(Permission.MANAGE_CATALOGUE),
        "trust_text": trust_text,
        "quick_amounts": quick_amounts(view.sale.cash_due_minor, view.currency) if view.sale else (),
        **money_fields(words, view.currency, view.points_one, view.points_many),
    }


class TillPainter:
    """Draws each change once per kind of viewer, however many pages are open. On the server's loop."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[tuple[int, bool, Looks], str] = OrderedDict()

    def message(self, change: Change[LaneView], viewer: SignedInStaff, *, is_snapshot: bool) -> str:
        """The JSON of one live event: its number, the parts as HTML, and a toast unless it is a snapshot."""
        looks = Looks(
            viewer.words.language,
            viewer.staff.may(Permission.VIEW_CONTACT),
            viewer.staff.may(Permission.EDIT_CONTACT),
            viewer.staff.may(Permission.REDEEM_CONFIRM),
            viewer.staff.may(Permission.MANAGE_CATALOGUE),
            viewer.staff.may(Permission.GIVE_DISCOUNT),
            viewer.staff.may(Permission.IDENTIFY),
        )
        key = (change.number, is_snapshot, looks)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._drawn[key] = self._draw(change, viewer, is_snapshot=is_snapshot)
            if len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        return drawn

    @staticmethod
    def _draw(change: Change[LaneView], viewer: SignedInStaff, *, is_snapshot: bool) -> str:
        view = change.view.seen_by(viewer.staff)
        fields = till_fields(view, change.number, viewer)
        parts = {part: render(f"_{part}.html", viewer.words, **fields) for part in PARTS}
        toast = None
        if view.notice is not None and not is_snapshot:
            toast = render("_toast.html", viewer.words, **fields)
        return json.dumps({"number": change.number, "parts": parts, "toast": toast}, ensure_ascii=False)


def out_of_band(
    view: TillView, number: int, viewer: SignedInStaff, flash: str | None, done: str | None = None
) -> str:
    """The parts as htmx swaps them in by their ids, for a page without a live stream."""
    fields = till_fields(view, number, viewer)
    drawn = [
        render(f"_{part}.html", viewer.words, **fields).replace(
            f'id="{part}"', f'id="{part}" hx-swap-oob="true"', 1
        )
        for part in PARTS
    ]
    return "\n".join([*drawn, flash_part(viewer.words, flash, done)])


def flash_part(words: Words, flash: str | None, done: str | None = None) -> str:
    """The line above the till that says why something was not done, or that it was; empty to take it away."""
    return render("_flash.html", words, flash=flash, done=done)
