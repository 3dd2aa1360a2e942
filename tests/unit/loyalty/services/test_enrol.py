from dataclasses import replace

import pytest

from loyalty.domain.consent import ConsentChannel, ConsentPurpose, ConsentState, current_consents
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.identification import Attachment
from loyalty.domain.message import MessageKind
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.services.enrol import Enrolled, NothingCreated, enrol
from runtime.ids import new_id
from tests.fakes.shop import IDRIS, UNKNOWN, Counter, enrolment, evidence


def test_a_new_number_with_the_box_ticked_gets_profile_account_and_card(shop: Counter) -> None:
    # rows 22, 116, 162
    sale = shop.sale("Café filtre")
    request = replace(enrolment(name="  Zoé\u202e "), phone_number="06 12 99 99 99")
    done = enrol(shop.uow, shop.ctx, evidence(sale), request)
    assert isinstance(done, Enrolled)
    assert done.is_new
    member = shop.member(UNKNOWN)
    assert member.customer.source is CustomerSource.LOYALTY
    assert member.customer.given_name == "Zoé"
    assert member.account is not None
    assert (member.account.phone_number, member.account.balance) == (UNKNOWN, 0)
    assert len(shop.uow.cards.of_customer(member.customer.id)) == 1


def test_the_enrolled_customer_is_on_the_sale_and_earns(shop: Counter) -> None:
    # rows 20, 116
    sale = shop.sale("Tasse en grès")
    done = enrol(shop.uow, shop.ctx, evidence(sale), enrolment())
    assert isinstance(done, Enrolled)
    assert done.identified.attachment is Attachment.ATTACHED
    assert shop.pay(sale).receipt.balance_after == 16
    assert shop.balance(UNKNOWN) == 16


def test_the_welcome_message_carries_the_status_link_and_is_queued_once(shop: Counter) -> None:
    # rows 117, 158
    for _ in range(2):
        enrol(shop.uow, shop.ctx, evidence(None), enrolment())
    welcomes = [m for m in shop.uow.messages.recent(9) if m.kind is MessageKind.WELCOME]
    assert len(welcomes) == 1
    assert welcomes[0].to == UNKNOWN
    assert "https://lumen.example/s/" in welcomes[0].body


def test_a_known_number_makes_nothing_new(shop: Counter) -> None:
    # rows 162, 163
    before = shop.member(IDRIS)
    done = enrol(shop.uow, shop.ctx, evidence(None), enrolment(IDRIS, name="Voleur"))
    assert isinstance(done, Enrolled)
    assert not done.is_new
    assert shop.member(IDRIS) == before
    assert list(shop.uow.messages.recent(9)) == []


def test_an_unknown_number_with_the_programme_box_unticked_creates_nothing(shop: Counter) -> None:
    # X16
    done = enrol(shop.uow, shop.ctx, evidence(None), enrolment(programme=False, marketing=True))
    assert isinstance(done, NothingCreated)
    assert shop.uow.customers.member_by_phone(UNKNOWN) is None
    assert shop.uow.customers.by_phone_without_account(UNKNOWN) is None
    assert list(shop.uow.messages.recent(9)) == []


def consents(shop: Counter, number: str) -> dict[ConsentPurpose, ConsentState]:
    return current_consents(shop.uow.consents.of_customer(shop.member(number).customer.id))


def test_the_programme_box_is_no_consent_to_marketing(shop: Counter) -> None:
    # X9
    enrol(shop.uow, shop.ctx, evidence(None), enrolment())
    assert consents(shop, UNKNOWN) == {ConsentPurpose.PROGRAMME: ConsentState.GRANTED}


def test_an_unticked_box_never_lowers_a_consent(shop: Counter) -> None:
    # X16
    enrol(shop.uow, shop.ctx, evidence(None), enrolment(marketing=True))
    enrol(shop.uow, shop.ctx, evidence(None), enrolment(programme=False, marketing=False))
    assert consents(shop, UNKNOWN) == {
        ConsentPurpose.PROGRAMME: ConsentState.GRANTED,
        ConsentPurpose.MARKETING_SMS: ConsentState.GRANTED,
    }
    assert len(shop.uow.consents.of_customer(shop.member(UNKNOWN).customer.id)) == 2


def test_a_consent_says_who_when_in_which_words_and_where(shop: Counter) -> None:
    # row 176
    request = replace(enrolment(), wordings={ConsentPurpose.PROGRAMME: "J’adhère au programme."})
    enrol(shop.uow, shop.ctx, evidence(None), request)
    entry = shop.uow.consents.of_customer(shop.member(UNKNOWN).customer.id)[0]
    assert entry.at == shop.ctx.clock.now()
    assert (entry.wording_id, entry.wording_text) == ("kiosk-2026-11", "J’adhère au programme.")
    assert (entry.channel, entry.device) == (ConsentChannel.KIOSK, "s0001.k01")


def test_a_profile_that_has_the_number_already_gets_the_account(shop: Counter) -> None:
    # row 22
    number = PhoneNumber(UNKNOWN)
    there = Customer(
        new_id(), CustomerSource.DIRECTORY, shop.ctx.clock.now(), given_name="Anne", phone_number=number
    )
    shop.uow.customers.add(there)
    enrol(shop.uow, shop.ctx, evidence(None), enrolment(name="Autre"))
    assert shop.member(UNKNOWN).customer == there


def test_a_late_enrolment_takes_effect_and_leaves_the_next_sale_alone(shop: Counter) -> None:
    # row 171, X14
    first = shop.sale("Croissant")
    header = evidence(first)
    shop.pay(first)
    second = shop.sale("Croissant")
    done = enrol(shop.uow, shop.ctx, header, enrolment(marketing=True))
    assert isinstance(done, Enrolled)
    assert done.identified.attachment is Attachment.SALE_CLOSED
    assert shop.uow.customers.member_by_phone(UNKNOWN) is not None
    assert shop.now(second).member is None


@pytest.mark.parametrize("typed", ["", "12", "+33 1", "0" * 40, "\x00", "06 12 34 56 78 90 12"])
def test_an_invalid_number_is_refused_and_creates_nothing(shop: Counter, typed: str) -> None:
    done = enrol(shop.uow, shop.ctx, evidence(None), enrolment(typed))
    assert done == Refused(Refusal.PHONE_NUMBER_INVALID)


def test_a_device_of_no_lane_is_refused(shop: Counter) -> None:
    done = enrol(shop.uow, shop.ctx, evidence(None, device="s0001.k99"), enrolment())
    assert done == Refused(Refusal.LANE_UNKNOWN)


def test_a_training_lane_enrols_nobody(shop: Counter) -> None:
    shop.uow.lanes.save(replace(shop.shop.lane, is_training=True))
    assert isinstance(enrol(shop.uow, shop.ctx, evidence(None), enrolment()), NothingCreated)
    assert shop.uow.customers.member_by_phone(UNKNOWN) is None


def test_enrolment_alone_is_trust_zero(shop: Counter) -> None:
    # row 170
    sale = shop.sale("Croissant")
    enrol(shop.uow, shop.ctx, evidence(sale), enrolment())
    member = shop.now(sale).member
    assert member is not None
    assert member.trust is Trust.TYPED
