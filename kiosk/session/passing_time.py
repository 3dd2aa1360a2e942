"""What happens when nothing happens."""

import math
from dataclasses import replace

from kiosk.session.account_answers import AccountAnswers
from kiosk.session.conversation import Conversation
from kiosk.session.limits import MORE_TIME, STAY_S
from kiosk.session.staff_touches import STAFF_STEPS
from kiosk.session.view import Notice, Step
from messaging.local.from_kiosk import MirrorAllowed, StaffLeft, StaffStays
from messaging.model import Why

_STAYS_S = 2.0


class PassingTime:
    """Looks at the clock; call ``tick`` several times a second."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation
        self._account = AccountAnswers(conversation)
        self._stayed_s = 0.0
        self._gone_since_s: float | None = conversation.now_s()

    def device_is_gone(self) -> None:
        if self._gone_since_s is None:
            self._gone_since_s = self._talk.now_s()

    def device_is_back(self) -> None:
        self._gone_since_s = None

    def tick(self) -> None:
        """Let everything that is due happen."""
        talk = self._talk
        now_s = talk.now_s()
        self._mirror(now_s)
        if self._gone_since_s is not None and now_s - self._gone_since_s >= talk.limits.gone_s:
            self._close_screen()
        elif talk.view.step is not Step.OUT_OF_SERVICE:
            self._unanswered(now_s)
            self._quiet(now_s - max(talk.touched_s, talk.entered_s))

    def _close_screen(self) -> None:
        talk = self._talk
        starting = Why(code="starting")
        if talk.view.step is not Step.OUT_OF_SERVICE:
            talk.close_visit("restarted")
            talk.go_home()
            talk.go(Step.OUT_OF_SERVICE, why=Why(code="device_gone"), sale=None)
        elif talk.view.why == starting:
            talk.show(why=Why(code="device_gone"))

    def _unanswered(self, now_s: float) -> None:
        talk = self._talk
        limits = talk.limits
        step = talk.view.step
        if step is Step.STORING and now_s - talk.entered_s >= limits.storing_s:
            talk.close_visit("left")
            talk.tell(Step.PROBLEM, why=Why(code="not_stored"))
        elif step is Step.READING and (not talk.view.online or now_s - talk.asked_s >= limits.answer_s):
            talk.go(Step.RECOGNISED, unanswered=True)
        elif talk.view.pending_reward is not None and now_s - talk.asked_s >= limits.reward_s:
            talk.show(pending_reward=None, notice=Notice(Why(code="unanswered"), good=False))
        self._unanswered_account(now_s)

    def _unanswered_account(self, now_s: float) -> None:
        talk = self._talk
        is_awaited = talk.visit is not None and talk.visit.awaited is not None
        waited_s = now_s - talk.asked_s
        if is_awaited and (not talk.view.online or waited_s >= talk.limits.code_s):
            self._account.unanswered()
        elif (
            talk.view.step is Step.CODE
            and talk.view.code.state == "open"
            and not talk.view.code.can_ask_again
            and waited_s >= talk.limits.code_again_s
        ):
            talk.show(code=replace(talk.view.code, can_ask_again=True))

    def _staff(self, now_s: float, quiet_s: float) -> None:
        """The corner closes when nobody touches it; meanwhile the device hears that it is open."""
        talk = self._talk
        if quiet_s >= talk.limits.idle_s + talk.limits.warn_s:
            talk.say(StaffLeft())
            talk.go_home()
        elif talk.view.step is not Step.STAFF_CODE and now_s - self._stayed_s >= _STAYS_S:
            self._stayed_s = now_s
            talk.say(StaffStays())

    def _mirror(self, now_s: float) -> None:
        talk = self._talk
        if talk.mirror_until_s is None:
            return
        left_s = max(0, math.ceil(talk.mirror_until_s - now_s))
        if left_s == 0:
            talk.mirror_until_s = None
            talk.say(MirrorAllowed(on=False))
        talk.show(mirror_s=left_s or None)

    def _quiet(self, quiet_s: float) -> None:
        talk = self._talk
        if talk.view.step is Step.PAIRING:
            return
        if talk.view.step in STAFF_STEPS:
            self._staff(talk.now_s(), quiet_s)
            return
        patience = MORE_TIME if talk.view.more_time else 1
        idle_s = talk.limits.idle_s * patience
        stay_s = STAY_S.get(talk.view.step)
        if stay_s is not None and not talk.view.choosing_language:
            if quiet_s >= stay_s * patience:
                talk.close_visit("done")
                talk.go_home(keep_language=True)
        elif talk.visit is None:
            # Nobody talks, but somebody may have chosen a language, or how they read.
            if quiet_s >= idle_s and self._is_chosen():
                talk.go_home()
            elif quiet_s >= idle_s and talk.view.choosing_language:
                talk.show(choosing_language=False)
        else:
            self._warn(idle_s + talk.limits.warn_s - quiet_s)

    def _is_chosen(self) -> bool:
        view = self._talk.view
        return (
            view.language != view.shop.languages[0] or view.larger_text or view.more_time or view.read_aloud
        )

    def _warn(self, left_s: float) -> None:
        talk = self._talk
        if left_s <= 0:
            talk.close_visit("idle")
            talk.go_home()
        elif left_s <= talk.limits.warn_s:
            talk.show(warning_s=math.ceil(left_s))
