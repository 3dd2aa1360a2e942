"""A receipt by e-mail: once for each mailbox, to who asked, with nothing that is not theirs to read."""

from dataclasses import replace

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.channel import Channel
from loyalty.domain.message import MessageKind
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal
from loyalty.errors import PermissionDeniedError
from loyalty.services.enrol import enrol
from loyalty.services.identify import identify_by_number, read_code
from loyalty.services.opt_out import LinkChoice, choose_by_link
from loyalty.services.redeem import choose_reward
from loyalty.services.send_receipt import DrawnReceipt, ReceiptQueued, send_receipt
from runtime.ids import new_id
from tests.fakes.shop import CAMILLE, SIGNER, ZOE, counter, enrolment, evidence

MAILBOX = "zoe@example.org"


class Drawer:
    """Keeps what it was asked to draw."""

    def __init__(self):
        self.asked = []

    def __call__(self, _unit, asked):
        self.asked.append(asked)
        return DrawnReceipt("text", "<p>html</p>")


@pytest.fixture
def shop(database, ctx):
    with database.unit_of_work() as uow:
        yield counter(uow, ctx)


@pytest.fixture
def draw():
    return Drawer()


@pytest.fixture
def send(shop, draw):
    def ask(sale, to="", staff=None, ctx=None):
        return send_receipt(
            shop.uow, ctx or shop.ctx, sale.id, staff or shop.cashier, typed_address=to, draw=draw
        )

    return ask


def give_mailbox(shop, number, mailbox=MAILBOX):
    customer = shop.member(number).customer
    shop.uow.customers.save(replace(customer, email_address=mailbox, version=customer.version + 1))


def paid(shop, number=None, *, card=False):
    """A sale that is paid, with a member who typed their number or showed their card."""
    sale = shop.sale("Tasse en grès")
    if card:
        read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id))
    elif number is not None:
        identify_by_number(shop.uow, shop.ctx, evidence(sale), number)
    shop.pay(sale, key=str(sale.id))
    return shop.now(sale)


def test_the_receipt_goes_once_to_each_mailbox(shop, send):
    # X7
    sale = paid(shop)
    assert send(sale, " Paul@Example.org ") == ReceiptQueued(is_new=True)
    assert send(sale, "paul@example.org") == ReceiptQueued(is_new=False)
    assert send(sale, "anna@example.org") == ReceiptQueued(is_new=True)
    letters = [m for m in shop.uow.messages.recent(10) if m.kind is MessageKind.RECEIPT]
    assert [letter.to for letter in letters] == ["anna@example.org", "paul@example.org"]
    assert {letter.customer_id for letter in letters} == {None}
    assert all("paul" not in letter.event_key for letter in letters)
    deeds = shop.uow.audit.of_subject(f"sale:{sale.id}")
    assert [deed.action for deed in deeds] == [AuditAction.RECEIPT_SENT] * 2
    assert all("example" not in str(deed.params) for deed in deeds)


def test_the_members_own_mailbox_needs_no_typing(shop, send, draw):
    give_mailbox(shop, ZOE)
    sale = paid(shop, ZOE)
    assert send(sale) == ReceiptQueued(is_new=True)
    letter = shop.uow.messages.recent(1)[0]
    assert (letter.to, letter.customer_id) == (MAILBOX, shop.member(ZOE).customer.id)
    assert draw.asked[0].shows_account


def test_a_mailbox_that_sent_letters_back_is_not_written_to(shop, send):
    give_mailbox(shop, ZOE)
    customer = shop.member(ZOE).customer
    bounced = replace(customer, email_bounced_at=shop.ctx.clock.now(), version=customer.version + 1)
    shop.uow.customers.save(bounced)
    assert send(paid(shop, ZOE)).reason is Refusal.EMAIL_ADDRESS_INVALID


def test_nobody_reads_the_account_of_a_number_they_typed(shop, send, draw):
    # part of row 170
    sale = paid(shop, CAMILLE)
    assert sale.member.trust is Trust.TYPED
    send(sale, "thief@example.org")
    assert not draw.asked[0].shows_account


def test_who_showed_the_card_reads_points_in_any_mailbox(shop, send, draw):
    sale = paid(shop, ZOE, card=True)
    send(sale, "work@example.org")
    assert draw.asked[0].shows_account


def test_rewards_that_were_used_are_on_it(shop, send, draw):
    # row 152
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(ZOE).id))
    tier = shop.uow.programme.current().tiers[0]
    choose_reward(shop.uow, header, tier.id)
    shop.pay(sale)
    assert send(sale, MAILBOX) == ReceiptQueued(is_new=True)
    (drawn,) = draw.asked
    assert tier.name in [discount.name for discount in drawn.sale.receipt.quote.discounts]


@pytest.mark.parametrize(
    "text", ["", "zoe", "zoe@", "@example.org", "a b@example.org", "zoë@example.org", "x" * 250 + "@e.org"]
)
def test_what_is_no_mailbox_is_refused(shop, send, text):
    assert send(paid(shop), text).reason is Refusal.EMAIL_ADDRESS_INVALID


def test_a_mailbox_that_wants_nothing_gets_nothing(shop, send):
    # rows 160, X7
    sale, other = paid(shop), paid(shop)
    send(sale, MAILBOX)
    link = shop.uow.messages.recent(1)[0].opt_out_link.rsplit("/", 1)[1]
    assert choose_by_link(shop.uow, shop.ctx, link, LinkChoice.STOP)
    assert send(other, MAILBOX.upper()).reason is Refusal.ADDRESS_GETS_NOTHING
    assert choose_by_link(shop.uow, shop.ctx, link, LinkChoice.START)
    assert send(other, MAILBOX) == ReceiptQueued(is_new=True)


def test_a_strangers_not_me_costs_the_member_nothing(shop, send):
    # part of row 199
    sale = paid(shop, ZOE)
    send(sale, "wrong@example.org")
    link = shop.uow.messages.recent(1)[0].opt_out_link.rsplit("/", 1)[1]
    assert choose_by_link(shop.uow, shop.ctx, link, LinkChoice.NOT_ME)
    assert shop.member(ZOE).account.phone_number == ZOE
    assert shop.card(ZOE).revoked_at is None


def test_what_cannot_be_sent_says_why(shop, send):
    # part of row 202
    enrol(shop.uow, shop.ctx, evidence(None), enrolment())
    unpaid = shop.sale("Tasse en grès")
    assert send(unpaid, MAILBOX).reason is Refusal.SALE_NOT_COMPLETED
    assert send(replace(unpaid, id=new_id()), MAILBOX).reason is Refusal.SALE_UNKNOWN
    shop.pay(unpaid)
    no_mail = replace(shop.ctx, open_channels=frozenset({Channel.SMS}))
    assert send(unpaid, MAILBOX, ctx=no_mail).reason is Refusal.EMAIL_NOT_SET_UP
    trained = replace(shop.now(unpaid), is_training=True, version=shop.now(unpaid).version + 1)
    shop.uow.sales.save(trained)
    assert send(unpaid, MAILBOX).reason is Refusal.TRAINING_SENDS_NOTHING


def test_who_may_not_sell_may_not_send(shop, send):
    # part of row 211
    idle = replace(shop.cashier, role=replace(shop.cashier.role, permissions=frozenset()))
    with pytest.raises(PermissionDeniedError):
        send(paid(shop), MAILBOX, staff=idle)


def test_erasing_a_person_takes_their_receipts(shop, send):
    # part of row 176
    give_mailbox(shop, ZOE)
    sale = paid(shop, ZOE)
    send(sale)
    shop.uow.messages.forget(shop.member(ZOE).customer.id)
    letter = next(m for m in shop.uow.messages.recent(10) if m.kind is MessageKind.RECEIPT)
    assert (letter.to, letter.body, letter.html, letter.opt_out_link) == ("", "", None, None)
