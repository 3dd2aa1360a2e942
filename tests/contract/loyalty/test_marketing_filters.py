"""Who gets marketing, on each implementation: consents, addresses that work, private ones, and who wants none."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.customer import Customer
from loyalty.domain.filters import FilterSet, Moment
from loyalty.domain.filters.email_subscribers import EmailSubscribers
from loyalty.domain.filters.sms_subscribers import SmsSubscribers
from loyalty.domain.presets import Preset
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.follow_groups import follow_slice
from loyalty.services.identify import read_code
from loyalty.services.keep_groups import add_preset
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, SIGNER, Counter, counter, evidence

EMAIL, SMS = FilterSet((EmailSubscribers(),)), FilterSet((SmsSubscribers(),))


def reached(uow: UnitOfWork, ctx: ServiceContext, filters: FilterSet) -> set[UUID]:
    moment = Moment(ctx.clock.now(), "Europe/Paris")
    return set(uow.directory.ids(filters.condition(uow.groups.known()), moment, None, 100))


def say(shop: Counter, customer_id: UUID, purpose: ConsentPurpose, state: ConsentState) -> None:
    shop.uow.consents.add(
        ConsentEntry(
            id=new_id(),
            customer_id=customer_id,
            purpose=purpose,
            state=state,
            at=shop.ctx.clock.now(),
            wording_id="test",
            wording_text="Oui.",
            channel=ConsentChannel.STAFF,
            device=None,
            staff_id=shop.staff.id,
        )
    )


def camille_with(shop: Counter, **fields: object) -> Customer:
    there = shop.member(CAMILLE).customer
    changed = replace(there, version=there.version + 1, **fields)  # type: ignore[arg-type]
    shop.uow.customers.save(changed)
    return changed


def test_a_phone_number_alone_is_no_consent_to_sms(database: Database, ctx: ServiceContext) -> None:
    # row 66
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id
        assert camille not in reached(uow, ctx, SMS)
        say(shop, camille, ConsentPurpose.PROGRAMME, ConsentState.GRANTED)
        assert camille not in reached(uow, ctx, SMS), "joining the programme is none either"
        say(shop, camille, ConsentPurpose.MARKETING_SMS, ConsentState.GRANTED)
        assert camille in reached(uow, ctx, SMS)
        assert camille not in reached(uow, ctx, EMAIL)


def test_a_public_address_that_works_and_was_not_unsubscribed_is_reached(
    database: Database, ctx: ServiceContext
) -> None:
    # rows 70, 72
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id
        assert camille not in reached(uow, ctx, EMAIL), "there is no address"
        camille_with(shop, email_address="camille@exemple.fr")
        assert camille not in reached(uow, ctx, EMAIL), "an address alone, as an import brings it"
        say(shop, camille, ConsentPurpose.MARKETING_EMAIL, ConsentState.GRANTED)
        assert camille in reached(uow, ctx, EMAIL)
        camille_with(shop, email_bounced_at=ctx.clock.now())
        assert camille not in reached(uow, ctx, EMAIL), "bounced"
        camille_with(shop, email_bounced_at=None)
        assert camille in reached(uow, ctx, EMAIL)
        say(shop, camille, ConsentPurpose.MARKETING_EMAIL, ConsentState.WITHDRAWN)
        assert camille not in reached(uow, ctx, EMAIL), "unsubscribed"
        kept = uow.customers.get(camille)
        assert kept is not None
        assert kept.email_address == "camille@exemple.fr"
        assert kept.is_listed, "in the directory as before"


def test_a_private_address_is_reached_for_a_year_after_a_payment(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 71
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = camille_with(shop, email_address="x@relais.exemple", is_email_private=True).id
        assert camille not in reached(uow, ctx, EMAIL)
        sale = shop.sale("Croissant")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(CAMILLE).id))
        shop.pay(sale)
        assert camille in reached(uow, ctx, EMAIL)
        clock.advance(timedelta(days=364).total_seconds())
        assert camille in reached(uow, ctx, EMAIL)
        clock.advance(timedelta(days=3).total_seconds())
        assert camille not in reached(uow, ctx, EMAIL)


def test_who_unsubscribed_leaves_the_smart_group_of_subscribers(
    database: Database, ctx: ServiceContext
) -> None:
    # row 72
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = camille_with(shop, email_address="camille@exemple.fr").id
        say(shop, camille, ConsentPurpose.MARKETING_EMAIL, ConsentState.GRANTED)
        group = add_preset(uow, ctx, Preset.EMAIL_SUBSCRIBERS, "Abonnés", staff=shop.staff, business=None)
        uow.commit()
    _follow(database, ctx)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        assert [each for _, each in uow.smart_groups.members(group.id, 10)] == [camille]  # type: ignore[union-attr]
        say(shop, camille, ConsentPurpose.MARKETING_EMAIL, ConsentState.WITHDRAWN)
        uow.commit()
    _follow(database, ctx)
    with database.reading() as uow:
        assert list(uow.smart_groups.members(group.id, 10)) == []  # type: ignore[union-attr]


def _follow(database: Database, ctx: ServiceContext) -> None:
    done = 1
    while done:
        with database.unit_of_work() as uow:
            done = follow_slice(uow, ctx)
            uow.commit()
