"""What a member does with their own account: a code by SMS, the history, another number."""

from dataclasses import replace
from uuid import UUID

from kiosk.session.conversation import Conversation
from kiosk.session.phone_entry import NumberProblem
from kiosk.session.view import CODE_DIGITS, CodeEntry, CodePurpose, Step
from messaging.events.history_requested import HistoryRequested
from messaging.events.one_time_code_entered import OneTimeCodeEntered
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.model import Why

_MAY_PROVE = (Step.THANKS, Step.RECOGNISED)


class AccountTouches:
    """Every screen here is the same for known and unknown numbers until a code was right (row 170)."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation

    def see_points(self) -> None:
        """A number or a bare card proves nobody: a code by SMS does (rows 169, 207)."""
        talk = self._talk
        talk.customer_is_there()
        if talk.visit is None or talk.view.step not in _MAY_PROVE or not talk.view.can_prove:
            return
        request_code(talk, "redeem" if talk.view.sale is not None else "history")

    def open_account(self) -> None:
        """From the points to what else can be done."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step is Step.WELCOME and talk.view.member is not None:
            talk.forward(Step.ACCOUNT)

    def show_history(self) -> None:
        """Asks for it; where this session has not proved enough, a code by SMS comes first."""
        talk = self._talk
        talk.customer_is_there()
        visit = talk.visit
        if talk.view.step is not Step.ACCOUNT or visit is None or not talk.view.can_prove:
            return
        if visit.awaited is not None:
            return
        visit.wants_history = True
        talk.ask(HistoryRequested())
        talk.show(notice=None, history_pending=True)

    def more_history(self) -> None:
        """The next page, then the first again."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step is Step.HISTORY:
            talk.show(history_page=(talk.view.history_page + 1) % talk.view.history_pages)

    def change_number(self) -> None:
        """To the keypad for the new number (row 183)."""
        talk = self._talk
        talk.customer_is_there()
        if talk.view.step is Step.ACCOUNT and talk.view.can_prove:
            talk.forget_entry()
            talk.forward(Step.NEW_NUMBER)

    def submit_new_number(self) -> None:
        """Says the new number; a code goes to the old one first, whoever has the new one."""
        talk = self._talk
        phone = talk.view.phone
        problem = phone.found_problem
        if problem is None and not talk.number_rate.take(talk.now_s()):
            problem = NumberProblem.TOO_MANY_NUMBERS
        if problem is not None:
            talk.show(phone=replace(phone, problem=problem))
            return
        talk.ask(PhoneChangeRequested(new_phone_number=phone.e164))
        talk.forward(Step.CODE, code=CodeEntry(purpose="old_number"))

    def submit_code(self) -> None:
        """Send the six digits."""
        talk = self._talk
        talk.customer_is_there()
        code = talk.view.code
        if talk.view.step is not Step.CODE or not code.is_complete or code.challenge_id is None:
            return
        talk.ask(OneTimeCodeEntered(challenge_id=code.challenge_id, digits=code.digits))
        talk.show(code=replace(code, state="checking", problem=None))

    def resend_code(self) -> None:
        """Another code: the first did not come, or is void."""
        talk = self._talk
        talk.customer_is_there()
        code = talk.view.code
        if talk.view.step is not Step.CODE or not (code.can_ask_again or code.state == "void"):
            return
        if code.purpose in ("redeem", "history"):
            talk.ask(OneTimeCodeRequested(purpose=code.purpose))
            talk.show(code=CodeEntry(purpose=code.purpose))
        elif talk.view.phone.complete:
            talk.ask(PhoneChangeRequested(new_phone_number=talk.view.phone.e164))
            talk.show(code=CodeEntry(purpose="old_number"))


def request_code(talk: Conversation, purpose: CodePurpose) -> None:
    """Ask for a code and show where its digits go, before anything is known of whether one comes."""
    if purpose not in ("redeem", "history"):
        return
    talk.ask(OneTimeCodeRequested(purpose=purpose))
    talk.forward(Step.CODE, code=CodeEntry(purpose=purpose))


def type_digit(code: CodeEntry, digit: str) -> CodeEntry:
    """With one more digit; unchanged where that is none, or none is taken now."""
    if len(digit) != 1 or digit not in "0123456789" or code.state not in ("asking", "open"):
        return code
    if len(code.digits) >= CODE_DIGITS:
        return code
    return replace(code, digits=code.digits + digit, problem=None)


def reward_needs_code(talk: Conversation, tier_id: UUID | None, why: Why) -> bool:
    """Whether a refused reward can be had after a code by SMS: then the code is asked for."""
    if why.code != "trust_too_low" or tier_id is None or talk.visit is None or not talk.view.can_prove:
        return False
    talk.visit.wanted_reward = tier_id
    request_code(talk, "redeem")
    return True
