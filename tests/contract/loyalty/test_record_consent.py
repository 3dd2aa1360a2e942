"""What staff write down about messages and advertising, on each database."""

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.consent import ConsentChannel, ConsentPurpose, ConsentState, current_consents
from loyalty.domain.contact.delivery import Suppression, SuppressionReason
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_person
from loyalty.services.record_consent import SaidToStaff, record_consent
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, counter

Database = InMemoryDatabase
MARKETING = ConsentPurpose.MARKETING_SMS
MESSAGES = ConsentPurpose.PROGRAMME_MESSAGES
YES, NO = ConsentState.GRANTED, ConsentState.WITHDRAWN


def said(purpose: ConsentPurpose, state: ConsentState, words: str = "I agree") -> SaidToStaff:
    return SaidToStaff(purpose, state, ConsentChannel.LETTER, words)


def test_the_ledger_says_who_when_how_and_in_which_words(database: Database, ctx: ServiceContext) -> None:
    # row 176
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        customer_id = shop.member(CAMILLE).customer.id
        entry = record_consent(
            uow, ctx, customer_id, said(MARKETING, YES, " Offers\u202e by SMS "), shop.staff
        )
        assert not isinstance(entry, Refused)
        uow.commit()
    with database.reading() as uow:
        (kept,) = [each for each in uow.consents.of_customer(customer_id) if each.purpose is MARKETING]
        assert kept == entry
        assert (kept.wording_text, kept.channel, kept.staff_id, kept.at) == (
            "Offers by SMS",
            ConsentChannel.LETTER,
            shop.staff.id,
            ctx.clock.now(),
        )
        deed = uow.audit.of_subject(f"customer:{customer_id}")[-1]
        assert deed.action is AuditAction.CONSENT_RECORDED
        assert dict(deed.params) == {"purpose": "marketing_sms", "state": "granted", "channel": "letter"}


def test_who_wants_no_messages_gets_none_and_no_advertising(database: Database, ctx: ServiceContext) -> None:
    # part of row 160
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        customer_id = shop.member(CAMILLE).customer.id
        assert record_consent(uow, ctx, customer_id, said(MARKETING, YES), shop.staff)
        assert record_consent(uow, ctx, customer_id, said(MESSAGES, NO, "No more SMS"), shop.staff)
        now = current_consents(uow.consents.of_customer(customer_id))
        assert (now[MARKETING], now[MESSAGES]) == (NO, NO)
        assert uow.suppressions.of(CAMILLE).reason is SuppressionReason.OPTED_OUT
        assert record_consent(uow, ctx, customer_id, said(MESSAGES, YES, "Again"), shop.staff)
        now = current_consents(uow.consents.of_customer(customer_id))
        assert (now[MARKETING], now[MESSAGES]) == (NO, YES)
        assert uow.suppressions.of(CAMILLE) is None


def test_an_address_whose_holder_is_somebody_else_stays_silent(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 199
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        customer_id = shop.member(CAMILLE).customer.id
        not_me = Suppression(CAMILLE, SuppressionReason.NOT_ME, "link", ctx.clock.now())
        uow.suppressions.put(not_me)
        assert record_consent(uow, ctx, customer_id, said(MESSAGES, YES), shop.staff)
        assert uow.suppressions.of(CAMILLE) == not_me


def test_what_staff_cannot_record(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        customer_id = shop.member(CAMILLE).customer.id
        before = list(uow.consents.of_customer(customer_id))
        empty = record_consent(uow, ctx, customer_id, said(MARKETING, YES, "\u0000 "), shop.staff)
        assert empty == Refused(Refusal.WORDS_MISSING)
        joined = record_consent(uow, ctx, customer_id, said(ConsentPurpose.PROGRAMME, YES), shop.staff)
        assert joined == Refused(Refusal.CONSENT_NOT_BY_STAFF)
        kiosk = SaidToStaff(MARKETING, YES, ConsentChannel.KIOSK, "x")
        assert record_consent(uow, ctx, customer_id, kiosk, shop.staff) == Refused(
            Refusal.CONSENT_NOT_BY_STAFF
        )
        with pytest.raises(PermissionDeniedError):
            record_consent(uow, ctx, customer_id, said(MARKETING, YES), shop.cashier)
        with pytest.raises(UnknownIdError):
            record_consent(uow, ctx, new_id(), said(MARKETING, YES), shop.staff)
        assert list(uow.consents.of_customer(customer_id)) == before
        erase_person(uow, ctx, customer_id, shop.staff)
        with pytest.raises(UnknownIdError):
            record_consent(uow, ctx, customer_id, said(MARKETING, YES), shop.staff)
