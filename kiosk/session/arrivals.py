"""What the device process tells, and what follows on the screen."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any
from uuid import UUID

from kiosk.session.account_answers import AccountAnswers
from kiosk.session.answers import Answers
from kiosk.session.conversation import Conversation
from kiosk.session.sale_order import SaleOrder
from kiosk.session.staff_touches import STAFF_STEPS
from kiosk.session.view import Joining, Notice, Shop, StaffCorner, Step
from messaging.local.to_kiosk import (
    CodeNoticed,
    CodeRefused,
    DeviceStatus,
    EventNotStored,
    EventStored,
    LinkChanged,
    PairingShown,
    ReadingShown,
    ResultArrived,
    SaleChanged,
    SettingsArrived,
    StaffAnswered,
    ToKiosk,
)
from messaging.model import Why
from messaging.station.look import KioskLook
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.show import MemberShown, NotRecognised, Recognised

_READY_TO_SCAN = (
    Step.IDLE, Step.SIGN_IN, Step.SALE, Step.SCAN, Step.PHONE, Step.PAID, Step.THANKS,
    Step.RECOGNISED, Step.NOT_RECOGNISED, Step.WELCOME,
)  # fmt: skip
_TELLS_UNREAD = (
    Step.IDLE, Step.SIGN_IN, Step.SALE, Step.SCAN, Step.READING, Step.NOT_RECOGNISED, Step.RECOGNISED,
)  # fmt: skip
_TELLS_OF_A_PERSON = (MemberShown, Recognised, NotRecognised)
_ACCOUNT = ("one_time_code_requested", "one_time_code_entered", "history_requested", "phone_change_requested")
_REMEMBERED_SCANS = 8
_EARLY_S = 1.0
_STANDS_THERE_S = 15.0
"""So long after a scan somebody still waits before the screen; a later answer finds another there."""

_NO_PLACE_FOR_CUSTOMERS = (Step.OUT_OF_SERVICE, Step.PAIRING, *STAFF_STEPS)


class Arrivals:
    """The device's side of the conversation. What fits no running session changes nothing (row 171)."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation
        self._answers = Answers(conversation)
        self._account = AccountAnswers(conversation)
        self._order = SaleOrder()
        self._asked_sale: UUID | None = None
        """The sale at whose payment the customer was asked to sign in: once."""
        self._scans: OrderedDict[UUID, tuple[float, UUID]] = OrderedDict()
        """Time and session of scans made while nobody talked, by event: an item's code opens no session."""
        self._early: OrderedDict[UUID, tuple[float, Result]] = OrderedDict()
        """Results that overtook the notice of their scan, with the time they came."""

    def receive(self, message: ToKiosk) -> None:
        """Take a message; pictures and touches of a mirror, and the preview, are the window's business."""
        match message:
            case EventStored():
                self._stored(message.event_id)
            case EventNotStored():
                self._not_stored(message)
            case CodeNoticed():
                self._noticed(message)
            case CodeRefused():
                self._refused(message)
            case ResultArrived():
                self._result(message.result)
            case SaleChanged():
                self._sale(message.sale)
            case LinkChanged():
                self._link(message.online)
            case SettingsArrived():
                self._settings(message)
            case _:
                self._to_staff(message)

    def _to_staff(self, message: ToKiosk) -> None:
        """What concerns the staff corner; anything else is for others."""
        if isinstance(message, PairingShown):
            self._joining(message)
        elif isinstance(message, StaffAnswered):
            self._staff_answered(message)
        elif isinstance(message, DeviceStatus):
            self._staff(status=message)
        elif isinstance(message, ReadingShown):
            self._staff(reading=message)

    def _joining(self, shown: PairingShown) -> None:
        """The device has not joined a shop yet: nothing else is on the screen."""
        talk = self._talk
        is_new = shown.stage != talk.view.joining.shown.stage
        joining = Joining(shown, None if is_new else talk.view.joining.typed)
        if talk.view.step is Step.PAIRING:
            talk.show(joining=joining)
        else:
            talk.close_visit("restarted")
            talk.go_home()
            talk.go(Step.PAIRING, joining=joining)

    def _staff_answered(self, answer: StaffAnswered) -> None:
        talk = self._talk
        if talk.view.step is not Step.STAFF_CODE:
            return
        step = Step.STAFF if answer.admitted else Step.STAFF_CODE
        talk.go(step, staff=StaffCorner(answer=answer))

    def _staff(self, **news: Any) -> None:
        if self._talk.view.step in (Step.STAFF, Step.SCREEN_TEST):
            self._talk.show(staff=replace(self._talk.view.staff, **news))

    def _stored(self, event_id: UUID) -> None:
        visit = self._talk.visit
        if visit is None or event_id not in visit.unstored:
            return
        said = visit.unstored.pop(event_id)
        if said.body.kind == "consent_given" and self._talk.view.step is Step.STORING:
            self._talk.trail.clear()
            self._talk.forget_entry()
            self._talk.go(Step.THANKS)

    def _not_stored(self, message: EventNotStored) -> None:
        visit = self._talk.visit
        if visit is None or message.event_id not in visit.unstored:
            return
        kind = visit.unstored.pop(message.event_id).body.kind
        if kind in _ACCOUNT:
            self._account.unanswered()
            return
        if kind == "reward_chosen":
            self._talk.show(pending_reward=None, notice=Notice(Why(code="not_stored"), good=False))
            return
        self._talk.close_visit("left")
        self._talk.tell(Step.PROBLEM, why=Why(code="not_stored"))

    def _noticed(self, message: CodeNoticed) -> None:
        talk = self._talk
        if message.session in talk.ended or talk.view.step is Step.OUT_OF_SERVICE:
            return
        if talk.visit is not None and talk.visit.id != message.session:
            if talk.visit.events:
                return
            talk.close_visit("left")
            talk.open_visit(message.session)
        if talk.visit is None and message.signature == "none":
            self._scans[message.event_id] = (talk.now_s(), message.session)
            early = self._early.pop(message.event_id, None)
            if early is not None:
                self._result(early[1])
                return
            while len(self._scans) > _REMEMBERED_SCANS:
                self._scans.popitem(last=False)
            return
        visit = talk.visit or talk.open_visit(message.session)
        visit.events[message.event_id] = "code_read"
        early = self._early.pop(message.event_id, None)
        if early is not None:
            self._result(early[1])
            return
        talk.touched_s = talk.now_s()
        step = talk.view.step
        if step in _READY_TO_SCAN and (message.signature != "none" or step is Step.SCAN):
            self._reading(step)

    def _reading(self, step: Step) -> None:
        talk = self._talk
        talk.asked_s = talk.now_s()
        if step in (Step.SCAN, Step.PHONE, Step.WELCOME):
            talk.trail.append(step)
        talk.go(Step.READING, in_session=True, paid=None, why=None, unanswered=False)

    def _refused(self, message: CodeRefused) -> None:
        talk = self._talk
        why = Why(code=message.reason)
        step = talk.view.step
        if step in _TELLS_UNREAD:
            self._answers.not_recognised(why)
        elif step in (Step.PHONE, Step.CONSENT, Step.WELCOME):
            talk.show(notice=Notice(why, good=False))

    def _result(self, result: Result) -> None:
        talk = self._talk
        scanned_s, scanned_in = self._scans.pop(result.event_id, (0.0, None))
        if scanned_in is not None and talk.visit is None and scanned_in not in talk.ended:
            is_late = talk.now_s() - scanned_s >= _STANDS_THERE_S
            tells = isinstance(result.show, _TELLS_OF_A_PERSON)
            if is_late or not tells or talk.view.step in _NO_PLACE_FOR_CUSTOMERS:
                return
            talk.open_visit(scanned_in).events[result.event_id] = "code_read"
        visit = talk.visit
        kind = visit.events.get(result.event_id) if visit is not None else None
        if kind is None:
            self._early[result.event_id] = (talk.now_s(), result)
        if visit is None or kind is None or result.session not in (None, visit.id):
            return
        if kind == "code_read":
            self._answers.to_code(result)
        elif kind == "reward_chosen":
            self._answers.to_reward(result)
        elif kind in _ACCOUNT:
            self._account.to_account(kind, result)

    def _sale(self, sale: SaleShown) -> None:
        talk = self._talk
        if not self._order.admits(sale):
            return
        before = talk.view.sale
        talk.show(sale=sale if sale.state == "open" else None)
        if talk.view.step is Step.OUT_OF_SERVICE:
            return
        if sale.state == "paid" and before is not None and before.sale == sale.sale:
            talk.close_visit("paid")
            talk.tell(Step.PAID, paid=sale)
        elif talk.visit is not None:
            self._sale_beside_visit(sale)
        elif self._asks_at_payment(sale):
            self._asked_sale = sale.sale
            talk.go(Step.SIGN_IN, paid=None)
        elif self._gives_way(sale) and talk.view.step is not talk.home_step():
            talk.go(talk.home_step(), paid=None)

    def _asks_at_payment(self, sale: SaleShown) -> bool:
        """Payment has begun and the shop wants everybody asked then, whatever the sale earns (row 154)."""
        view = self._talk.view
        is_wanted = view.shop.sign_in == "payment" and view.invited
        return is_wanted and sale.sale != self._asked_sale and view.step in (Step.IDLE, Step.SALE)

    def _gives_way(self, sale: SaleShown) -> bool:
        """Whether what shows while nobody talks may change to another picture of the sale."""
        step = self._talk.view.step
        if step is Step.SIGN_IN:
            return not sale.invitation
        has_begun = sale.state == "open" and bool(sale.lines)
        return step in (Step.IDLE, Step.SALE) or (step is Step.PAID and has_begun)

    def _sale_beside_visit(self, sale: SaleShown) -> None:
        talk = self._talk
        visit = talk.visit
        if visit is None:
            return
        if sale.state == "open" and visit.sale is None:
            visit.sale = sale.sale
        elif sale.state == "open" and visit.sale != sale.sale:
            talk.close_visit("left")  # another customer's basket: the session must not reach it (row 171)
            talk.go_home()
        elif sale.state != "open" and talk.view.step is Step.SALE:
            talk.trail.clear()
            if talk.view.member is not None:
                talk.go(Step.WELCOME)
            else:
                talk.close_visit("left")
                talk.go_home()

    def _link(self, online: bool) -> None:
        if online and not self._talk.view.online:
            self._order.begin_anew()
        self._talk.show(online=online)

    def forget_early(self) -> None:
        """Drop results whose scan nobody told of: they are late, or another's (row 171)."""
        now_s = self._talk.now_s()
        for event_id, (came_s, _) in list(self._early.items()):
            if now_s - came_s >= _EARLY_S:
                del self._early[event_id]

    def device_is_back(self) -> None:
        """The device process connected (again)."""
        self._order.begin_anew()
        if self._talk.view.step in (Step.OUT_OF_SERVICE, Step.PAIRING):
            self._talk.go_home()
        else:
            self._talk.say_again()

    def _settings(self, message: SettingsArrived) -> None:
        talk = self._talk
        told = message.settings
        shop = Shop(
            brand=told.brand,
            languages=told.languages,
            region=told.region,
            programme_active=told.programme_active,
            points_name=told.points_name,
            privacy_contact=told.privacy_contact,
            privacy_policy=told.privacy_policy,
            security_policy=told.security_policy,
            camera_notice=told.camera_notice,
            minimum_age=told.minimum_age,
            training=message.training,
            sign_in=told.sign_in,
            enrolment=told.enrolment,
            readers=message.readers if told.reads_cards else (),
            retention_months=told.retention_months,
            look=told.look or KioskLook(),
            sound=told.sound,
        )
        phone = talk.view.phone
        language = talk.view.language
        if talk.visit is None or language not in shop.languages:
            language = shop.languages[0]
        if shop.region != talk.view.shop.region and phone.region == talk.view.shop.region:
            phone = type(phone)(region=shop.region)
        talk.show(shop=shop, language=language, phone=phone)
