"""The staff corner: the code, the device's state, the scanner's test, the screen's test."""

from typing import Any

from kivy.app import App
from kivy.graphics import Color, Ellipse, Line
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.screens.base import KioskScreen
from kiosk.screens.sides import Box
from kiosk.session.view import View
from kiosk.words import Catalogue, message
from messaging.local.to_kiosk import DeviceStatus, ReadingShown, StaffAnswered
from messaging.station.settings import PartHealth

_KEYBOARDS = {"us": "QWERTY", "fr": "AZERTY", "de": "QWERTZ"}
_HEALTH: dict[str, str] = {
    "ok": message("works"),
    "degraded": message("works in part"),
    "down": message("does not work"),
    "absent": message("is missing"),
}
_PARTS: dict[str, str] = {
    "camera": message("Camera"),
    "certificate": message("Pass to the station"),
    "decoder": message("Reading of codes"),
    "kiosk": message("Screen"),
    "outbox": message("Kept here"),
    "scanner": message("Scanner"),
    "signals": message("Lamp and buzzer"),
}
"""Parts of every device; any other is a scanner, by the name that its configuration gives it."""

_ADVICE: dict[str, str] = {
    "camera": message("not seen: check its cable"),
    "certificate": message("ends soon: tell who looks after it"),
    "decoder": message("stopped: restart"),
    "kiosk": message("does not answer: restart"),
    "outbox": message("needs help: tell who looks after it"),
    "scanner": message("not seen: plug it in again"),
    "signals": message("not seen: check its cable"),
}
"""What is so and what helps, where a part is not well; details for whoever mends it stand at the station."""

_STATION = "uplink"
"""The part that has no line of its own: how the station is stands higher up."""

_NAMED_BY_MAKER = ("camera", "scanner")
"""Parts whose detail, while they work, is the name on the thing."""

_MOST_LINES = 12
"""So many stand legibly in their card on the lowest screen; of the parts, what is not well comes first."""


class StaffCodeScreen(KioskScreen):
    """Asks for the shop's staff code."""

    markup = StringProperty("")
    below = StringProperty("")
    ready = BooleanProperty(False)
    busy = BooleanProperty(False)

    def refresh(self, view: View, words: Catalogue) -> None:
        staff = view.staff
        self.markup = "\u2022" * len(staff.digits) or " "
        self.ready = bool(staff.digits)
        self.busy = staff.is_asking
        self.below = _refusal(staff.answer, words)


def _refusal(answer: StaffAnswered | None, words: Catalogue) -> str:
    if answer is None or answer.admitted:
        return ""
    if not answer.is_set:
        return words.t("No staff code is set. It is set at the station, under Customers at the checkout.")
    if answer.wait_s:
        minutes = -(-answer.wait_s // 60)
        return words.n(
            "Too many tries. Wait {number} minute.", "Too many tries. Wait {number} minutes.", minutes
        ).format(number=words.number(minutes))
    return words.n(
        "That was not the code. {number} try left.",
        "That was not the code. {number} tries left.",
        answer.tries_left,
    ).format(number=words.number(answer.tries_left))


class StatusLine(Box):
    """One thing and how it is: told by words, not by colour alone."""

    name = StringProperty("")
    said = StringProperty("")
    good = BooleanProperty(True)


class StaffScreen(KioskScreen):
    """State on the one side, the test code and what was read on the other."""

    test_title = StringProperty("")
    test_said = StringProperty("")
    test_good = BooleanProperty(True)
    mirror = StringProperty("")
    restart = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        staff = view.staff
        self._lines(staff.status, words)
        self.test_title, self.test_said, self.test_good = _tested(staff.reading, words)
        self.mirror = words.t("End the mirror") if view.mirror_s is not None else words.t("Mirror, 15 min")
        self.restart = words.t("Touch again") if staff.is_restart_next else words.t("Restart")

    def _lines(self, status: DeviceStatus | None, words: Catalogue) -> None:
        box: Any = self.ids.lines
        box.clear_widgets()
        for name, said, good in _status_lines(status, words)[:_MOST_LINES]:
            box.add_widget(StatusLine(name=name, said=said, good=good))


def _status_lines(status: DeviceStatus | None, words: Catalogue) -> list[tuple[str, str, bool]]:
    if status is None:
        return [(words.t("Device"), words.t("One moment…"), True)]
    lane = words.t("lane {number}").format(number=words.number(status.lane)) if status.lane else ""
    link = words.t("connected") if status.online else words.t("no answer: all is kept here")
    waiting = status.waiting_events
    lines = [
        (words.t("Device"), ", ".join(text for text in (status.device, lane) if text), True),
        (words.t("Release"), status.release, True),
        (words.t("Address"), ", ".join(status.addresses) or words.t("no network"), bool(status.addresses)),
        (words.t("Station"), link, status.online),
        (
            words.t("Waiting to be sent"),
            words.n("{number} message", "{number} messages", waiting).format(number=words.number(waiting)),
            status.quarantined_events == 0 and waiting < 50,
        ),
    ]
    lines += [
        (_part_name(part.name, words), _part_said(part, words), part.health == "ok")
        for part in sorted(status.parts, key=lambda part: part.health == "ok")
        if part.name != _STATION
    ]
    return lines


def _part_name(name: str, words: Catalogue) -> str:
    """As in "Scanner front"."""
    return words.t(_PARTS[name]) if name in _PARTS else f"{words.t(_PARTS['scanner'])} {name}"


def _part_said(part: PartHealth, words: Catalogue) -> str:
    kind = part.name if part.name in _PARTS else "scanner"
    health = words.t(_HEALTH[part.health])
    if part.health != "ok":
        return words.t(_ADVICE[kind])
    return f"{health} · {part.detail}" if part.detail and kind in _NAMED_BY_MAKER else health


def _tested(read: ReadingShown | None, words: Catalogue) -> tuple[str, str, bool]:
    if read is None:
        return (
            words.t("Test the scanner"),
            words.t("Scan this code, from the screen or printed."),
            True,
        )
    reader = _part_name(read.reader, words)
    match read.verdict:
        case "good":
            return words.t("Read as it should be"), _by(reader, read.symbology, words), True
        case "layout":
            return (
                words.t("The keyboards differ"),
                words.t(
                    "The scanner types {played}, this device expects {configured}."
                    " “comptoir scanner learn” sets it right."
                ).format(
                    played=_KEYBOARDS.get(read.layout or "", ""),
                    configured=_KEYBOARDS.get(read.configured or "", ""),
                ),
                False,
            )
        case "misread":
            return words.t("Read in part only"), words.t("Hold the code still and try again."), False
        case _:
            return words.t("Another code"), _by(reader, read.text[:40], words), True


def _by(reader: str, read: str, words: Catalogue) -> str:
    return words.t("{reader}: {read}").format(reader=reader, read=read) if read else reader


class ScreenTestScreen(KioskScreen):
    """Whole colours to find dead dots, then a field that shows where it is touched."""

    field = NumericProperty(0)
    hint = StringProperty("")

    def refresh(self, view: View, words: Catalogue) -> None:
        if view.staff.test_field != self.field:
            self.canvas.after.clear()
        self.field = view.staff.test_field
        self.hint = (
            words.t("Draw with your finger, then touch “Next”")
            if self.draws
            else words.t("Touch for the next colour")
        )

    @property
    def draws(self) -> bool:
        """Whether this is the field to draw on."""
        return bool(self.field >= 5)

    def on_touch_down(self, touch: Any) -> bool:
        if super().on_touch_down(touch):
            return True
        if self.draws:
            touch.ud[self] = self._stroke(touch)
        else:
            App.get_running_app().session.touch.test_screen()
        return True

    def on_touch_move(self, touch: Any) -> bool:
        stroke = touch.ud.get(self)  # none: this finger only asked for the field
        if stroke is not None:
            stroke.points = [*stroke.points, *touch.pos]
        return bool(super().on_touch_move(touch))

    def _stroke(self, touch: Any) -> Line:
        half = 9 * App.get_running_app().u
        with self.canvas.after:
            Color(*App.get_running_app().theme.brand)
            Ellipse(pos=(touch.x - half, touch.y - half), size=(2 * half, 2 * half))
            return Line(points=[*touch.pos], width=half, cap="round", joint="round")
