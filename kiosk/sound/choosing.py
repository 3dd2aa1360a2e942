"""Which cue a change of the view deserves. From the view alone: it is the same for everybody (row 170)."""

from kiosk.session.view import Step, View
from kiosk.sound.cues import Cue

_GOOD = (Step.WELCOME, Step.RECOGNISED, Step.THANKS, Step.PAID, Step.NUMBER_CHANGED)
_BAD = (Step.NOT_RECOGNISED, Step.PROBLEM, Step.OUT_OF_SERVICE)
_QUIET = (Step.IDLE, Step.SALE, Step.PAIRING)
"""Where the screen goes by itself."""

_JOINING = {
    "comparing": Cue.ATTENTION,
    "accepted": Cue.GOOD,
    **dict.fromkeys(("refused", "expired", "failed"), Cue.REFUSED),
}
"""A device that joins a shop calls whoever went to the station meanwhile."""


def cue_between(before: View, after: View) -> Cue | None:
    """The cue for what has changed; None where nothing is to be heard."""
    if after.warning_s is not None and before.warning_s is None:
        return Cue.ATTENTION
    if _went_wrong(before, after):
        return Cue.REFUSED
    if after.notice is not None and after.notice != before.notice:
        return Cue.GOOD
    if after.step is not before.step:
        return _entered(before, after)
    if after.joining.shown.stage != before.joining.shown.stage:
        return _JOINING.get(after.joining.shown.stage)
    return Cue.TOUCH if _touched(before) != _touched(after) else None


def _entered(before: View, after: View) -> Cue | None:
    if after.step is Step.READING:
        return Cue.READ
    if after.step in _GOOD and not (after.step is Step.WELCOME and before.member is not None):
        return Cue.GOOD
    return None if after.step in _QUIET else Cue.TOUCH


def _went_wrong(before: View, after: View) -> bool:
    if after.step in _BAD and after.step is not before.step:
        return True
    faults = (
        (before.phone.problem, after.phone.problem),
        (before.code.problem, after.code.problem),
        (before.staff.answer, after.staff.answer if after.step is Step.STAFF_CODE else None),
        (before.notice, None if after.notice is None or after.notice.good else after.notice),
    )
    return any(now is not None and now != was for was, now in faults)


def _touched(view: View) -> tuple[object, ...]:
    """What only a customer's finger changes."""
    return (
        view.phone.digits,
        view.code.digits,
        view.staff.digits,
        view.consent,
        view.country_page,
        view.rewards_page,
        view.history_page,
        view.choosing_language,
        view.language,
        view.larger_text,
        view.more_time,
        view.read_aloud,
        view.joining.typed,
    )
