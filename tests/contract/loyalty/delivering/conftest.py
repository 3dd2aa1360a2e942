"""A shop that may send, its round of delivery, and what is stored of it."""

import pytest

from loyalty.domain.consent import current_consents
from loyalty.services.deliver_messages import MessageDispatch
from tests.contract.loyalty.delivering.gateway import as_a_real_shop
from tests.fakes.messages import sms
from tests.fakes.shop import CAMILLE, counter


@pytest.fixture
def shop(database, ctx):
    """A shop whose queue is empty."""
    with database.unit_of_work() as uow:
        made = counter(uow, ctx)
        uow.commit()
    return made


@pytest.fixture
def dispatch(database, ctx):
    def make(gateway, **options):
        options = {"courier": "s0001.station", "rules_of": as_a_real_shop, **options}
        return MessageDispatch(database.unit_of_work, ctx, gateway, **options)

    return make


@pytest.fixture
def queue(database, ctx, shop):
    def put(number=CAMILLE, **changes):
        with database.unit_of_work() as uow:
            member = uow.customers.member_by_phone(number)
            values = {"to": number, "customer_id": member.customer.id, "queued_at": ctx.clock.now()}
            message = sms(**{**values, **changes})
            uow.messages.queue(message)
            uow.commit()
        return message

    return put


@pytest.fixture
def stored(database):
    def get(message):
        with database.reading() as uow:
            return uow.deliveries.get(message.id)

    return get


@pytest.fixture
def consents(database):
    def of(number):
        with database.reading() as uow:
            customer = uow.customers.member_by_phone(number).customer
            return current_consents(uow.consents.of_customer(customer.id))

    return of
