"""What the station's results do to the screen.

Results of typed numbers and consents never come here: nothing of them is drawn (row 170).
"""

from uuid import UUID

from kiosk.session.account_touches import reward_needs_code
from kiosk.session.conversation import Conversation
from kiosk.session.view import CodeEntry, Notice, Step
from messaging.model import Why
from messaging.station.result import Result
from messaging.station.show import (
    ItemAdded,
    MemberShown,
    NotRecognised,
    Recognised,
    Refusal,
    RewardUsed,
)


class Answers:
    """Applies results that belong to the running session."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation

    def to_code(self, result: Result) -> None:
        """A card, an item or nothing was scanned."""
        match result.show:
            case MemberShown() as member:
                self._welcome(member)
            case Recognised():
                self._talk.trail.clear()
                self._talk.forget_entry()
                self._talk.go(Step.RECOGNISED, in_session=True, member=None, history=(), unanswered=False)
            case NotRecognised(why=why) | Refusal(why=why):
                self.not_recognised(why)
            case ItemAdded():
                self._leave_reading()
            case _ if result.outcome == "refused":
                self.not_recognised(result.why or Why(code="not_read"))
            case _:
                self._leave_reading()

    def not_recognised(self, why: Why) -> None:
        """Say why and what to do; "Back" leads to where the customer was."""
        talk = self._talk
        step = talk.view.step
        if talk.visit is not None and step in (
            Step.PHONE, Step.SCAN, Step.CONSENT, Step.NAME, Step.WELCOME, Step.SALE, Step.ACCOUNT, Step.CODE,
            Step.HISTORY, Step.NEW_NUMBER, Step.COUNTRY, Step.PRIVACY,
        ):  # fmt: skip
            talk.trail.append(step)
        if step is Step.STORING:
            return
        talk.go(Step.NOT_RECOGNISED, in_session=talk.visit is not None, why=why, paid=None, unanswered=False)

    def to_reward(self, result: Result) -> None:
        """A reward was put on the sale, taken off it, or refused."""
        talk = self._talk
        wanted = talk.view.pending_reward
        talk.show(pending_reward=None)
        match result.show:
            case RewardUsed(applied=applied, member=member, name=name):
                code = "reward_used" if applied else "reward_taken_off"
                talk.show(member=member, notice=Notice(Why(code=code, params={"reward": name}), good=True))
            case MemberShown() as member:
                talk.show(member=member)
            case Refusal(why=why) if reward_needs_code(talk, wanted, why):
                return
            case Refusal(why=Why(code="already_applied")):
                self._applied_already(wanted)
            case Refusal(why=why):
                talk.show(notice=Notice(why, good=False))
            case _ if result.outcome == "refused":
                talk.show(notice=Notice(result.why or Why(code="refused"), good=False))
            case _:
                return

    def _applied_already(self, tier_id: UUID | None) -> None:
        """A second touch is no second reward, and no fault: what the first one did is told, if it was not."""
        member = self._talk.view.member
        there = next((each for each in member.rewards if each.tier_id == tier_id), None) if member else None
        if member is None or there is None or there.applied:
            return
        rewards = tuple(
            each.model_copy(update={"applied": True}) if each is there else each for each in member.rewards
        )
        used = Notice(Why(code="reward_used", params={"reward": there.name}), good=True)
        self._talk.show(member=member.model_copy(update={"rewards": rewards}), notice=used)

    def _welcome(self, member: MemberShown) -> None:
        talk = self._talk
        visit = talk.visit
        language = talk.view.language
        if visit is not None:
            visit.awaited, visit.wants_history, visit.wanted_reward = None, False, None
        if visit is not None and not visit.chose_language and member.language in talk.view.shop.languages:
            language = member.language or language
        talk.trail.clear()
        talk.forget_entry()
        talk.go(
            Step.WELCOME,
            member=member,
            language=language,
            in_session=True,
            paid=None,
            why=None,
            pending_reward=None,
            rewards_page=0,
            code=CodeEntry(),
            history=(),
            unanswered=False,
        )

    def _leave_reading(self) -> None:
        talk = self._talk
        if talk.view.step is not Step.READING:
            return
        if talk.trail:
            talk.go(talk.trail.pop())
        else:
            talk.close_visit("done")
            talk.go_home()
