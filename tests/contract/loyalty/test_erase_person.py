"""Forgetting a person, on each database."""

import pytest

from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.payment_card import CardToken
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.ports.message_delivery import OptOutLink
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_person
from loyalty.services.identify import read_code
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.payment_card import link_card
from loyalty.services.status_link import new_status_link
from loyalty.services.status_page import status_page
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, SIGNER, counter, evidence

Database = InMemoryDatabase


def test_a_person_is_forgotten_and_the_totals_stay(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 176
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        start = clock.now()
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(CAMILLE).id))
        shop.pay(sale)
        customer_id = shop.member(CAMILLE).customer.id
        link_card(uow, ctx, customer_id, CardToken("Visa", "4242", "fp_7Jw0"), shop.staff)
        uow.birthdays.put(customer_id, Birthday(3, 10))
        uow.opt_out_links.add(b"x" * 32, OptOutLink(customer_id, CAMILLE), clock.now())
        token = new_status_link(uow, ctx, customer_id).rsplit("/", 1)[1]
        card = shop.card(CAMILLE)
        with pytest.raises(PermissionDeniedError):
            erase_person(uow, ctx, customer_id, shop.cashier)
        clock.advance(1)
        before = uow.reports.sums_by_kind(start, clock.now())
        outstanding = uow.reports.outstanding()
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        erased = erase_person(uow, ctx, customer_id, shop.staff)
        assert erase_person(uow, ctx, customer_id, shop.staff) == erased
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.customers.get(customer_id) == erased
        assert erased.display_name is None
        assert uow.customers.member_by_phone(CAMILLE) is None
        assert uow.customers.member_by_reference("000123456") is None
        assert status_page(uow, ctx, token) is None
        refused = read_code(uow, ctx, evidence(None), SIGNER.static(card.id))
        assert isinstance(refused, Refused)
        assert refused.reason is Refusal.CARD_REVOKED
        assert uow.linked_cards.by_fingerprint("fp_7Jw0") is None
        assert uow.birthdays.of_customer(customer_id) is None
        assert uow.opt_out_links.find(b"x" * 32) is None
        assert uow.groups.of_customer(customer_id) == ()
        messages = [each for each in uow.messages.recent(9) if each.customer_id == customer_id]
        assert messages
        assert {(each.to, each.body) for each in messages} == {("", "")}
        assert list(uow.messages.queued(9)) == []
        assert uow.reports.sums_by_kind(start, clock.now()) == before
        assert uow.reports.outstanding() == outstanding
        assert verify_ledger(uow).faults == ()
