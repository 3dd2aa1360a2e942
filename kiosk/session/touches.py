"""What a customer does on the screen.

Each touch is safe in every step: where it means nothing, it does nothing.
"""

from dataclasses import replace
from uuid import UUID

from kiosk.session.account_touches import AccountTouches, type_digit
from kiosk.session.aside_touches import AsideTouches
from kiosk.session.conversation import Conversation
from kiosk.session.joining_touches import JoiningTouches
from kiosk.session.names import MAX_NAME_LETTERS, SEPARATORS, is_name_letter, smart_case
from kiosk.session.phone_entry import NumberProblem
from kiosk.session.staff_touches import STAFF_STEPS, StaffTouches, type_staff_digit
from kiosk.session.view import CodeEntry, Step
from kiosk.wording_version import CONSENT_WORDING
from messaging.events.consent_given import ConsentGiven
from messaging.events.number_typed import NumberTyped
from messaging.events.reward_chosen import RewardChosen

_TYPES_A_NUMBER = (Step.PHONE, Step.NEW_NUMBER)
_OPEN_TO_START = (
    Step.IDLE, Step.SIGN_IN, Step.SALE, Step.PAID, Step.SCAN,
    Step.NOT_RECOGNISED, Step.RECOGNISED, Step.THANKS,
)  # fmt: skip


class Touches(AccountTouches, AsideTouches, JoiningTouches, StaffTouches):
    """The customer's side of the conversation."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation)
        self._talk = conversation

    def anywhere(self) -> None:
        """Any touch on the glass: somebody is there."""
        self._talk.customer_is_there()

    def extend(self) -> None:
        """Still here."""
        self.anywhere()

    def enter_number(self) -> None:
        """To the keypad, beginning a session where none is open."""
        view = self._talk.view
        if view.step in _OPEN_TO_START and view.takes_numbers:
            self._begin(Step.PHONE)

    def show_card(self) -> None:
        """The customer has a card."""
        step = self._talk.view.step
        if step is Step.PHONE or step in _OPEN_TO_START:
            self._begin(Step.SCAN)

    def choose_language(self, language: str) -> None:
        talk = self._talk
        self.anywhere()
        if language in talk.view.shop.languages:
            if talk.visit is not None:
                talk.visit.chose_language = True
            talk.show(language=language, choosing_language=False)

    def open_languages(self) -> None:
        self.anywhere()
        self._talk.show(choosing_language=True)

    def close_languages(self) -> None:
        self.anywhere()
        self._talk.show(choosing_language=False)

    def switch_text(self) -> None:
        """Larger letters, or the usual ones again."""
        self.anywhere()
        self._talk.show(larger_text=not self._talk.view.larger_text)

    def switch_voice(self) -> None:
        """The screens are read aloud, or no longer."""
        self.anywhere()
        self._talk.show(read_aloud=not self._talk.view.read_aloud)

    def switch_time(self) -> None:
        """More time before a screen closes, or the usual one again."""
        self.anywhere()
        self._talk.show(more_time=not self._talk.view.more_time)

    def digit(self, digit: str) -> None:
        """One more digit of what is typed on the keypad: a number or a code."""
        self.anywhere()
        view = self._talk.view
        if view.step in _TYPES_A_NUMBER:
            self._talk.show(phone=view.phone.typed(digit))
        elif view.step is Step.CODE:
            self._talk.show(code=type_digit(view.code, digit))
        elif view.step is Step.STAFF_CODE:
            self._talk.show(staff=type_staff_digit(view.staff, digit))

    def erase_digit(self) -> None:
        self.anywhere()
        view = self._talk.view
        if view.step in _TYPES_A_NUMBER:
            self._talk.show(phone=view.phone.erased())
        elif view.step is Step.CODE:
            self._talk.show(code=replace(view.code, digits=view.code.digits[:-1]))
        elif view.step is Step.STAFF_CODE:
            self._talk.show(staff=replace(view.staff, digits=view.staff.digits[:-1]))

    def submit_number(self) -> None:
        """Continue: on to the consents at once, whatever the station may know (row 170).

        Where the shop enrols nobody at this screen, everybody is thanked instead (row 156).
        """
        talk = self._talk
        self.anywhere()
        if talk.view.step is Step.NEW_NUMBER:
            self.submit_new_number()
        if talk.view.step is not Step.PHONE:
            return
        phone = talk.view.phone
        problem = phone.found_problem
        if problem is not None:
            talk.show(phone=replace(phone, problem=problem))
            return
        visit = talk.visit or talk.open_visit()
        if visit.said_number != phone.e164:
            if not talk.number_rate.take(talk.now_s()):
                talk.show(phone=replace(phone, problem=NumberProblem.TOO_MANY_NUMBERS))
                return
            visit.said_number = phone.e164
            talk.send_event(NumberTyped(phone_number=phone.e164, language=talk.view.language))
        if not talk.view.shop.enrolment:
            talk.trail.clear()
            talk.forget_entry()
            talk.go(Step.THANKS)
            return
        talk.forward(Step.CONSENT)

    def toggle_programme(self) -> None:
        self.anywhere()
        view = self._talk.view
        if view.step is Step.CONSENT:
            self._talk.show(consent=replace(view.consent, programme=not view.consent.programme))

    def toggle_marketing(self) -> None:
        self.anywhere()
        view = self._talk.view
        if view.step is Step.CONSENT:
            self._talk.show(consent=replace(view.consent, marketing_sms=not view.consent.marketing_sms))

    def edit_name(self) -> None:
        self.anywhere()
        view = self._talk.view
        if view.step is Step.CONSENT:
            self._talk.forward(Step.NAME, consent=replace(view.consent, draft=view.consent.given_name))

    def letter(self, letter: str) -> None:
        """One letter, hyphen, apostrophe or space of the first name."""
        self.anywhere()
        view = self._talk.view
        if view.step is Step.NAME and is_name_letter(letter):
            draft = smart_case(view.consent.draft + letter)[:MAX_NAME_LETTERS]
            self._talk.show(consent=replace(view.consent, draft=draft))

    def erase_letter(self) -> None:
        self.anywhere()
        view = self._talk.view
        if view.step is Step.NAME:
            self._talk.show(consent=replace(view.consent, draft=view.consent.draft[:-1]))

    def keep_name(self) -> None:
        view = self._talk.view
        if view.step is Step.NAME:
            consent = replace(view.consent, given_name=view.consent.draft.rstrip(SEPARATORS), draft="")
            self._talk.show(consent=consent)
            self.back()

    def submit_consent(self) -> None:
        """Done: thanked as soon as the device has kept it; the station is not asked (row 167)."""
        talk = self._talk
        self.anywhere()
        if talk.view.step is not Step.CONSENT or talk.visit is None or talk.visit.said_number is None:
            return
        given = talk.view.consent
        talk.send_event(
            ConsentGiven(
                phone_number=talk.visit.said_number,
                programme=given.programme,
                marketing_sms=given.marketing_sms,
                given_name=given.given_name or None,
                language=talk.view.language,
                wording=CONSENT_WORDING,
            )
        )
        talk.go(Step.STORING)

    def use_reward(self, tier_id: UUID, *, use: bool = True) -> None:
        """Use a reward, or take it off the sale again (rows 137, 142)."""
        talk = self._talk
        self.anywhere()
        view = talk.view
        if view.step is not Step.WELCOME or view.member is None or not view.rewards_usable:
            return
        known = {reward.tier_id: reward for reward in view.member.rewards}
        reward = known.get(tier_id)
        if reward is None or reward.applied == use or (use and not view.can_have(reward)):
            return
        talk.asked_s = talk.now_s()
        talk.send_event(RewardChosen(tier_id=tier_id, use=use))
        talk.show(pending_reward=tier_id, notice=None)

    def more_rewards(self) -> None:
        """The next page of rewards, then the first again."""
        self.anywhere()
        view = self._talk.view
        if view.step is Step.WELCOME and view.member is not None:
            self._talk.show(rewards_page=(view.rewards_page + 1) % view.rewards_pages)

    def show_sale(self) -> None:
        """From the member's points to the sale of this moment."""
        self.anywhere()
        if self._talk.view.step is Step.WELCOME and self._talk.view.sale is not None:
            self._talk.forward(Step.SALE)

    def show_member(self) -> None:
        """From the sale to the member's points and rewards."""
        self.anywhere()
        view = self._talk.view
        if view.step in (Step.SALE, Step.NOT_RECOGNISED) and view.member is not None:
            self._talk.trail.clear()
            self._talk.go(Step.WELCOME)

    def back(self) -> None:
        """One step back; from the first step of a session, out of it."""
        talk = self._talk
        self.anywhere()
        if talk.view.choosing_language:
            talk.show(choosing_language=False)
        elif talk.view.step in (Step.OUT_OF_SERVICE, Step.STORING):
            return
        elif talk.view.step in (Step.THANKS, Step.PAID, Step.RECOGNISED, Step.NUMBER_CHANGED):
            self.finish()
        elif talk.view.step is Step.PAIRING:
            self.give_up_pairing()
        elif talk.view.step is Step.CODE:
            self._leave_code()
        elif talk.view.step is Step.SCREEN_TEST:
            talk.go(Step.STAFF)
        elif talk.view.step in STAFF_STEPS:
            self.leave_staff()
        elif talk.trail:
            talk.go(talk.trail.pop(), why=None)
        elif talk.visit is not None or talk.view.step not in (Step.IDLE, Step.SALE):
            talk.close_visit("left")
            talk.go_home()

    def finish(self) -> None:
        """Done, or leaving."""
        talk = self._talk
        self.anywhere()
        if talk.view.step in (Step.OUT_OF_SERVICE, Step.STORING, Step.PAIRING):
            return
        talk.close_visit("done")
        talk.go_home(keep_language=True)

    def _leave_code(self) -> None:
        """Whoever asked for a code goes on without it; its answer, should it come, changes nothing."""
        talk = self._talk
        if talk.visit is not None:
            talk.visit.awaited, talk.visit.wants_history, talk.visit.wanted_reward = None, False, None
        step = talk.trail.pop() if talk.trail else talk.home_step()
        talk.go(step, code=CodeEntry(), why=None)

    def _begin(self, step: Step) -> None:
        talk = self._talk
        before = talk.view.step
        self.anywhere()
        if talk.visit is None or before in (Step.THANKS, Step.RECOGNISED):
            talk.close_visit("done")
            talk.open_visit()
            talk.forget_entry()
            talk.go(step, in_session=True, paid=None, why=None, member=None, unanswered=False)
        elif before in (Step.NOT_RECOGNISED, Step.SCAN) and step in talk.trail:
            while talk.trail.pop() is not step:
                pass
            talk.go(step, why=None)
        elif before is Step.NOT_RECOGNISED:
            talk.go(step, why=None)
        else:
            talk.forward(step, why=None)
