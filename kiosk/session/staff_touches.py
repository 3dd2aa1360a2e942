"""The staff corner: in by a code, then the device's state, tests, a restart, and the mirror."""

from dataclasses import replace

from kiosk.session.conversation import Conversation
from kiosk.session.view import StaffCorner, Step
from messaging.local.from_kiosk import MirrorAllowed, RestartAsked, StaffCodeTyped, StaffLeft

MOST_DIGITS = 10
TEST_FIELDS = 6
"""Five colours and a field to draw on."""

MIRROR_S = 15 * 60.0
_FROM = (Step.IDLE, Step.SALE, Step.SIGN_IN)
STAFF_STEPS = (Step.STAFF_CODE, Step.STAFF, Step.SCREEN_TEST)


class StaffTouches:
    """Nothing of a customer is on the screen meanwhile: it opens only where nobody's session runs."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation

    def open_staff(self) -> None:
        """A long touch in the corner."""
        talk = self._talk
        talk.customer_is_there()
        if talk.visit is None and talk.view.step in _FROM:
            talk.go(Step.STAFF_CODE, staff=StaffCorner())

    def submit_staff_code(self) -> None:
        """Have the device try the code."""
        talk = self._talk
        talk.customer_is_there()
        staff = talk.view.staff
        if talk.view.step is Step.STAFF_CODE and staff.digits and not staff.is_asking:
            talk.say(StaffCodeTyped(digits=staff.digits))
            talk.show(staff=replace(staff, digits="", is_asking=True, answer=None))

    def test_screen(self) -> None:
        """Colours and a field to draw on, one touch each."""
        talk = self._talk
        talk.customer_is_there()
        staff = talk.view.staff
        if talk.view.step is Step.STAFF:
            talk.go(Step.SCREEN_TEST, staff=replace(staff, test_field=0, is_restart_next=False))
        elif talk.view.step is Step.SCREEN_TEST:
            if staff.test_field + 1 < TEST_FIELDS:
                talk.show(staff=replace(staff, test_field=staff.test_field + 1))
            else:
                talk.go(Step.STAFF)

    def toggle_mirror(self) -> None:
        """Let the screen be seen and touched from elsewhere for a quarter of an hour, or end it."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step is not Step.STAFF:
            return
        on = talk.mirror_until_s is None
        talk.mirror_until_s = talk.now_s() + MIRROR_S if on else None
        talk.say(MirrorAllowed(on=on))
        talk.show(
            mirror_s=int(MIRROR_S) if on else None, staff=replace(talk.view.staff, is_restart_next=False)
        )

    def restart(self) -> None:
        """Device process and screen start anew, at the second touch: the first may have slipped."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step is not Step.STAFF:
            return
        if talk.view.staff.is_restart_next:
            talk.say(RestartAsked())
            talk.wants_restart = True
        else:
            talk.show(staff=replace(talk.view.staff, is_restart_next=True))

    def leave_staff(self) -> None:
        """Back to the customers."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step in STAFF_STEPS:
            talk.say(StaffLeft())
            talk.go_home()


def type_staff_digit(staff: StaffCorner, digit: str) -> StaffCorner:
    """With one more digit; unchanged where that is none."""
    if len(digit) != 1 or digit not in "0123456789" or len(staff.digits) >= MOST_DIGITS:
        return staff
    return replace(staff, digits=staff.digits + digit, answer=None)
