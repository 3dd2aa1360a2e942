"""A member changes the number at the kiosk: a code to the old one, then a code to the new one."""

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.message import MessageKind
from loyalty.domain.why import Refusal, Refused
from loyalty.services.identify import identify_by_number, read_code
from loyalty.services.one_time_codes import CodeChallenge
from loyalty.services.own_number import NumberMoved, enter_number_code, request_number_change
from runtime.ids import new_id
from tests.fakes.shop import CAMILLE, SIGNER, UNKNOWN, ZOE, counter, evidence

NEW = "+33698765432"


@pytest.fixture
def shop(database, ctx):
    with database.unit_of_work() as uow:
        yield counter(uow, ctx)


class AtKiosk:
    """A member whose printed card was read."""

    def __init__(self, shop, number=ZOE):
        self.shop = shop
        self.header = evidence(None)
        read_code(shop.uow, shop.ctx, self.header, SIGNER.static(shop.card(number).id), "QRCode")

    def ask(self, number=NEW):
        return request_number_change(self.shop.uow, self.shop.ctx, self.header, number)

    def enter(self, challenge, digits):
        return enter_number_code(self.shop.uow, self.shop.ctx, self.header, challenge.id, digits)

    def sent(self):
        """Who was sent which digits, newest first."""
        codes = [m for m in self.shop.uow.messages.recent(50) if m.kind is MessageKind.ONE_TIME_CODE]
        return [(m.to, "".join(char for char in m.body if char.isdigit())[:6]) for m in codes]


def test_the_account_follows_the_new_number_once_both_phones_were_proved(shop):
    # part of row 183
    kiosk = AtKiosk(shop)
    before = shop.member(ZOE)
    first = kiosk.ask()
    ((to, digits),) = kiosk.sent()
    assert to == ZOE  # nothing goes to the new number yet
    second = kiosk.enter(first, digits)
    assert isinstance(second, CodeChallenge)
    to, digits = kiosk.sent()[0]
    assert to == NEW
    assert isinstance(kiosk.enter(second, digits), NumberMoved)
    after = shop.member(NEW)
    assert after.account.id == before.account.id
    assert after.account.balance == before.account.balance
    assert after.customer.id == before.customer.id
    assert shop.uow.customers.member_by_phone(ZOE) is None
    noted = shop.uow.audit.of_subject(f"customer:{after.customer.id}")
    entry = next(each for each in noted if each.action is AuditAction.PHONE_CHANGED)
    assert (entry.staff_id, entry.subject) == (None, f"customer:{after.customer.id}")


def test_a_wrong_code_sends_nothing_to_the_new_number(shop):
    # row 207
    kiosk = AtKiosk(shop)
    first = kiosk.ask()
    ((_, digits),) = kiosk.sent()
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    assert kiosk.enter(first, wrong) == Refused(Refusal.CODE_WRONG, {"tries_left": 4})
    assert [to for to, _ in kiosk.sent()] == [ZOE]
    assert shop.member(ZOE).account is not None


@pytest.mark.parametrize("number", [ZOE, UNKNOWN])
def test_a_typed_number_proves_nobody_known_or_not(shop, number):
    # row 170
    header = evidence(None)
    identify_by_number(shop.uow, shop.ctx, header, number)
    asked = request_number_change(shop.uow, shop.ctx, header, NEW)
    assert asked == Refused(Refusal.NO_MEMBER)
    assert AtKiosk(shop).sent() == []


def test_a_number_of_another_account_is_told_only_to_who_holds_its_phone(shop):
    # row 170
    kiosk = AtKiosk(shop)
    first = kiosk.ask(CAMILLE)
    assert isinstance(first, CodeChallenge)
    second = kiosk.enter(first, kiosk.sent()[0][1])
    assert isinstance(second, CodeChallenge)
    refused = kiosk.enter(second, kiosk.sent()[0][1])
    assert refused == Refused(Refusal.PHONE_OF_ANOTHER_ACCOUNT)
    assert shop.member(CAMILLE).customer.id != shop.member(ZOE).customer.id


def test_a_session_that_ended_and_a_code_of_another_session_change_nothing(shop):
    # row 171
    kiosk = AtKiosk(shop)
    first = kiosk.ask()
    digits = kiosk.sent()[0][1]
    other = AtKiosk(shop, CAMILLE)
    assert other.enter(first, digits).reason is Refusal.CODE_FOR_ANOTHER_ACTION
    shop.uow.sessions.end(kiosk.header.session_id, kiosk.header.device, "idle", shop.ctx.clock.now())
    assert kiosk.enter(first, digits).reason is Refusal.SESSION_ENDED
    assert kiosk.ask().reason is Refusal.SESSION_ENDED


def test_what_is_no_number_and_what_is_no_such_code_are_refused(shop):
    kiosk = AtKiosk(shop)
    assert kiosk.ask("12").reason is Refusal.PHONE_NUMBER_INVALID
    assert kiosk.enter(CodeChallenge(new_id()), "123456").reason is Refusal.CODE_EXPIRED
