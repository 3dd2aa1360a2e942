"""What the station answers on a member's own account: codes, history, a changed number."""

from dataclasses import replace

from kiosk.session.account_touches import request_code
from kiosk.session.conversation import Conversation
from kiosk.session.view import CodeEntry, Notice, Step
from messaging.events.history_requested import HistoryRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.model import Why
from messaging.station.result import Result
from messaging.station.show import CodeSent, History, MemberShown, NumberChanged, Refusal

_DIGITS_AGAIN = ("code_wrong",)
"""Refusals after which the same code may be typed once more."""


class AccountAnswers:
    """Only the answer that is awaited changes the screen; any other came too late."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation

    def to_account(self, kind: str, result: Result) -> None:
        """The answer to an event of this kind."""
        talk = self._talk
        if talk.visit is None or talk.visit.awaited != result.event_id:
            return
        talk.visit.awaited = None
        if kind == "history_requested":
            self._history(result)
        elif talk.view.step is Step.CODE:
            self._code(result)

    def unanswered(self) -> None:
        """The station took too long."""
        talk = self._talk
        if talk.visit is not None:
            talk.visit.awaited = None
        why = Why(code="unanswered_code")
        if talk.view.step is Step.CODE:
            talk.show(code=replace(talk.view.code, state="void", digits="", problem=why))
        else:
            talk.show(notice=Notice(why, good=False), history_pending=False)

    def _code(self, result: Result) -> None:
        talk = self._talk
        code = talk.view.code
        match result.show:
            case CodeSent(challenge_id=challenge) if code.state == "checking":
                # The old number is proved; the digits for the new one are on their way.
                talk.asked_s = talk.now_s()
                talk.show(code=CodeEntry(purpose="new_number", challenge_id=challenge, state="open"))
            case CodeSent(challenge_id=challenge):
                talk.show(code=replace(code, challenge_id=challenge, state="open"))
            case MemberShown() as member:
                self._proved(member)
            case NumberChanged():
                talk.forget_entry()
                talk.trail.clear()
                talk.go(Step.NUMBER_CHANGED, code=CodeEntry())
            case Refusal(why=why):
                self._refused(why)
            case _ if result.outcome == "refused":
                self._refused(result.why or Why(code="refused"))
            case _:
                talk.trail.clear()
                talk.go(Step.RECOGNISED, code=CodeEntry())

    def _refused(self, why: Why) -> None:
        code = self._talk.view.code
        again = why.code in _DIGITS_AGAIN and why.params.get("tries_left") != 0
        self._talk.show(code=replace(code, state="open" if again else "void", digits="", problem=why))

    def _proved(self, member: MemberShown) -> None:
        talk = self._talk
        visit = talk.visit
        if visit is None:
            return
        talk.forget_entry()
        if visit.wants_history:
            talk.show(member=member)
            talk.ask(HistoryRequested())
            return
        wanted, visit.wanted_reward = visit.wanted_reward, None
        talk.trail.clear()
        talk.go(Step.WELCOME, member=member, code=CodeEntry(), rewards_page=0, pending_reward=None)
        if wanted is not None and talk.view.rewards_usable:
            talk.asked_s = talk.now_s()
            talk.send_event(RewardChosen(tier_id=wanted, use=True))
            talk.show(pending_reward=wanted)

    def _history(self, result: Result) -> None:
        talk = self._talk
        if talk.visit is None or talk.view.step not in (Step.ACCOUNT, Step.CODE):
            return
        match result.show:
            case History(entries=entries):
                talk.visit.wants_history = False
                talk.trail[:] = [Step.WELCOME, Step.ACCOUNT]
                talk.go(Step.HISTORY, history=entries, history_page=0, code=CodeEntry())
            case Refusal(why=Why(code="trust_too_low")) if talk.view.step is Step.ACCOUNT:
                request_code(talk, "history")
            case Refusal(why=why):
                self._no_history(why)
            case _:
                self._no_history(result.why or Why(code="refused"))

    def _no_history(self, why: Why) -> None:
        talk = self._talk
        if talk.visit is not None:
            talk.visit.wants_history = False
        talk.trail[:] = [Step.WELCOME]
        talk.go(Step.ACCOUNT, code=CodeEntry(), notice=Notice(why, good=False))
