"""What customers' codes say, for one, a selection or a group, on each implementation."""

import pytest

from codes import References, classify
from loyalty.domain.audit import AuditAction
from loyalty.domain.profile_settings import CodeContent, ProfileSettings
from loyalty.domain.staff import CASHIER_PERMISSIONS, Role, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.services.attach import Identified
from loyalty.services.card_codes import customer_code, customers_of_group, issue_card, print_cards
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import edit_profile
from loyalty.services.identify import read_code
from loyalty.services.replace_card import replace_card
from runtime.ids import new_id
from tests.contract.loyalty.test_edit_profile import saved, texts
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, IDRIS, ZOE, counter, evidence

ADDRESS = ProfileSettings(code_address="https://lune.fr/c?reference_id={reference}")


def test_each_kind_of_code_leads_to_its_customer(database: Database, ctx: ServiceContext) -> None:
    # rows 84, 92, 99, 100
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        uow.profiles.save_settings(ADDRESS)
        camille = shop.member(CAMILLE).customer
        sale = shop.sale("Croissant")
        for content in CodeContent:
            text = customer_code(uow, ctx, camille.id, content, shop.staff)
            assert isinstance(text, str)
            found = read_code(uow, ctx, evidence(sale), text)
            assert isinstance(found, Identified), (content, found)
            assert found.member.customer.id == camille.id
        assert text == "https://lune.fr/c?reference_id=000123456"


def test_a_code_that_cannot_be_says_why(database: Database, ctx: ServiceContext) -> None:
    # row 92
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id

        def reason(content: CodeContent) -> Refusal:
            text = customer_code(uow, ctx, camille, content, shop.staff)
            assert isinstance(text, Refused)
            return text.reason

        assert reason(CodeContent.ADDRESS) is Refusal.CODE_ADDRESS_INVALID
        saved(edit_profile(uow, ctx, camille, texts(reference_id="№ 12"), shop.staff))
        assert reason(CodeContent.REFERENCE) is Refusal.REFERENCE_UNSCANNABLE
        saved(edit_profile(uow, ctx, camille, texts(reference_id=""), shop.staff))
        assert reason(CodeContent.REFERENCE) is Refusal.NO_REFERENCE
        for card in uow.cards.of_customer(camille):
            uow.cards.revoke(card.id, ctx.clock.now())
        assert reason(CodeContent.CARD) is Refusal.NO_CARD
        made = issue_card(uow, ctx, camille, shop.staff)
        assert issue_card(uow, ctx, camille, shop.staff) == made
        with pytest.raises(UnknownIdError):
            customer_code(uow, ctx, new_id(), None, shop.staff)


def test_a_reference_in_an_address_comes_out_as_it_went_in(database: Database, ctx: ServiceContext) -> None:
    # row 100
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        uow.profiles.save_settings(ADDRESS)
        camille = shop.member(CAMILLE).customer.id
        for reference in ("00 1/2", "00aB._-9", "0"):
            saved(edit_profile(uow, ctx, camille, texts(reference_id=reference), shop.staff))
            text = customer_code(uow, ctx, camille, CodeContent.ADDRESS, shop.staff)
            assert isinstance(text, str)
            scanned = classify(text)
            assert isinstance(scanned, References)
            assert scanned.candidates[0] == reference


def test_a_selection_and_a_group_are_printed_and_that_is_written_down(
    database: Database, ctx: ServiceContext
) -> None:
    # row 102
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        ids = [shop.member(each).customer.id for each in (CAMILLE, IDRIS)]
        for card in uow.cards.of_customer(ids[1]):
            uow.cards.revoke(card.id, ctx.clock.now())
        printed = print_cards(uow, ctx, [*ids, ids[0], new_id()], CodeContent.CARD, shop.staff)
        assert [each.customer.id for each in printed] == ids
        assert all(isinstance(each.text, str) for each in printed), "a missing card is made"
        group = set(customers_of_group(uow, ctx, shop.shop.group.id))
        assert group == {shop.member(each).customer.id for each in (CAMILLE, ZOE)}
        assert [entry.action for entry in uow.audit.of_subject("customers:")] == [AuditAction.CARDS_PRINTED]
        cashier = StaffMember(new_id(), "x", "X", Role(new_id(), "x", CASHIER_PERMISSIONS))
        for deed in (
            lambda: print_cards(uow, ctx, ids, CodeContent.CARD, cashier),
            lambda: customer_code(uow, ctx, ids[0], None, cashier),
            lambda: issue_card(uow, ctx, ids[0], cashier),
            lambda: replace_card(uow, ctx, ids[0], cashier),
        ):
            with pytest.raises(PermissionDeniedError):
                deed()


def test_a_lost_card_is_refused_at_once_and_the_points_stay(database: Database, ctx: ServiceContext) -> None:
    # part of row 200
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id
        old = customer_code(uow, ctx, camille, CodeContent.CARD, shop.staff)
        before = shop.balance(CAMILLE)
        replace_card(uow, ctx, camille, shop.staff)
        new = customer_code(uow, ctx, camille, CodeContent.CARD, shop.staff)
        assert isinstance(old, str)
        assert isinstance(new, str)
        sale = shop.sale("Croissant")
        refused = read_code(uow, ctx, evidence(sale), old)
        assert refused == Refused(Refusal.CARD_REVOKED)
        assert shop.now(sale).member is None
        assert isinstance(read_code(uow, ctx, evidence(sale), new), Identified)
        assert shop.balance(CAMILLE) == before
        said = [entry.action for entry in uow.audit.of_subject(f"customer:{camille}")]
        assert said == [AuditAction.MEMBERSHIP_CARD_REPLACED]
