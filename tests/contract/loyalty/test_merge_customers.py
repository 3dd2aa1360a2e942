"""Two profiles become one and part again, on each implementation."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from loyalty.domain.address import PostalAddress
from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.birthday import Birthday, BirthdayGift
from loyalty.domain.calendar import local_date
from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.filters import MessageSent
from loyalty.domain.group import Group
from loyalty.domain.ledger import EntryKind
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.merge import Merge
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.domain.papers import CustomerNote
from loyalty.domain.payment_card import CardToken
from loyalty.domain.profile import ProfileField
from loyalty.domain.promotions import PointsMultiplier, Promotion, Schedule
from loyalty.domain.refunds import WholeSaleBack
from loyalty.domain.staff import CASHIER_PERMISSIONS, Role, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.activity import verify_activity
from loyalty.services.adjust_points import adjust_points
from loyalty.services.birthday_gifts import give_birthday_gifts
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import read_profile
from loyalty.services.erase_person import erase_person
from loyalty.services.identify import read_code
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.merge_customers import MergeOrder, merge_customers, preview_merge
from loyalty.services.payment_card import link_card
from loyalty.services.refund import Refunded, RefundOrder, refund_sale
from loyalty.services.status_link import new_status_link
from loyalty.services.status_page import status_page
from loyalty.services.undo_merge import undo_merge
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, counter, evidence


def merged(shop: Counter, kept: str, gone: str, *picked: ProfileField) -> Merge:
    order = MergeOrder(shop.member(kept).customer.id, shop.member(gone).customer.id, frozenset(picked))
    done = merge_customers(shop.uow, shop.ctx, order, shop.staff)
    assert isinstance(done, Merge), done
    return done


def picture(uow: UnitOfWork, *customer_ids: UUID) -> list[object]:
    """Everything that an undo has to bring back; versions grow and the ledgers go on."""
    found: list[object] = []
    for customer_id in customer_ids:
        profile = read_profile(uow, customer_id)
        member = uow.customers.as_stored(customer_id)
        assert profile is not None
        assert member is not None
        account = member.account
        lots = uow.ledger.open_lots_of(account.id) if account is not None else ()
        found.append(
            (
                replace(profile, customer=replace(profile.customer, version=1)),
                account and (account.id, account.phone_number, account.balance),
                sorted((lot.remaining, lot.earned_at, str(lot.expires_at)) for lot in lots),
                {group.id for group in uow.groups.of_customer(customer_id)},
                current_consents(uow.consents.of_customer(customer_id)),
                [card.id for card in uow.cards.of_customer(customer_id)],
                uow.linked_cards.of_customer(customer_id),
                uow.papers.notes(customer_id),
                uow.customer_activity.visits(customer_id),
                uow.activity.summary(customer_id),
                sent_to(uow, customer_id),
            )
        )
    return found


def sent_to(uow: UnitOfWork, customer_id: UUID) -> tuple[MessageSent, ...]:
    """The automatic messages that filters know of."""
    facts = uow.activity.facts(customer_id)
    assert facts is not None
    return facts.messages


def test_a_merge_keeps_everything_and_an_undo_brings_it_back(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        zoe, idris = shop.member(ZOE).customer.id, shop.member(IDRIS).customer.id
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(IDRIS).id))
        shop.pay(sale)
        link_card(uow, ctx, idris, CardToken("Visa", "4242", "fp_idris"), shop.staff)
        uow.papers.add_note(CustomerNote(new_id(), idris, "préfère la fenêtre", clock.now(), shop.staff.id))
        uow.birthdays.put(idris, Birthday(3, 10, 1990))
        uow.profiles.put_addresses(idris, [PostalAddress(line_1="3 rue du Lac", locality="Annecy")])
        field = CustomField(new_id(), "Pointure", FieldKind.TEXT)
        uow.profiles.save_custom_field(field)
        uow.profiles.put_custom_value(idris, field, "42")
        club = Group(new_id(), "Club du samedi")
        uow.groups.add(club)
        uow.groups.add_member(club.id, idris, clock.now())
        for customer_id, reference in ((zoe, "Z-1"), (idris, "I-1")):
            there = uow.customers.get(customer_id)
            assert there is not None
            uow.customers.save(replace(there, reference_id=reference, version=there.version + 1))
        token = new_status_link(uow, ctx, idris).rsplit("/", 1)[1]
        card = shop.card(IDRIS)
        before = picture(uow, zoe, idris)
        points = shop.balance(ZOE) + shop.balance(IDRIS)
        visits = sum(uow.customer_activity.visits(each).visits for each in (zoe, idris))
        uow.commit()
    clock.advance(60)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        merge = merged(shop, ZOE, IDRIS, ProfileField.GIVEN_NAME, ProfileField.REFERENCE_ID)
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        kept = read_profile(uow, zoe)
        assert kept is not None
        assert kept.customer.given_name == "Idris"
        assert kept.birthday == Birthday(3, 10, 1990)
        assert [each.line_1 for each in kept.addresses] == ["3 rue du Lac"]
        assert kept.custom_values == {field.id: "42"}
        for found in (
            uow.customers.member_by_phone(IDRIS),
            uow.customers.member_by_phone(ZOE),
            uow.customers.member_by_reference("I-1"),
            uow.customers.member_by_reference("Z-1"),
            uow.customers.member(idris),
        ):
            assert found is not None
            assert (found.customer.id, found.account and found.account.balance) == (zoe, points)
        holder = uow.cards.holder(card.id)
        assert holder is not None
        assert holder[1].customer.id == zoe
        page = status_page(uow, ctx, token)
        assert page is not None
        linked = uow.linked_cards.by_fingerprint("fp_idris")
        assert linked is not None
        assert linked in uow.linked_cards.of_customer(zoe)
        assert [note.text for note in uow.papers.notes(zoe)] == ["préfère la fenêtre"]
        assert club in uow.groups.of_customer(zoe)
        assert uow.customer_activity.visits(zoe).visits == visits
        assert verify_activity(uow).faults == ()
        assert verify_ledger(uow).faults == ()
        noted = [each.action for each in uow.audit.of_subject(f"customer:{zoe}")]
        assert AuditAction.CUSTOMERS_MERGED in noted
        clock.advance(60)
        undone = undo_merge(uow, ctx, merge.id, shop.staff)
        assert isinstance(undone, Merge), undone
        uow.commit()
    with database.unit_of_work() as uow:
        assert picture(uow, zoe, idris) == before
        assert uow.customers.member_by_reference("I-1") == uow.customers.as_stored(idris)
        assert verify_activity(uow).faults == ()
        assert verify_ledger(uow).faults == ()
        again = undo_merge(uow, ctx, merge.id, counter(uow, ctx).staff)
        assert again == Refused(Refusal.MERGE_UNDONE)


def test_what_either_took_back_stays_taken_back(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of rows 182, 176
    def said(uow: UnitOfWork, who: UUID, purpose: ConsentPurpose, state: ConsentState) -> None:
        entry = ConsentEntry(new_id(), who, purpose, state, clock.now(), "w1", "Oui", ConsentChannel.KIOSK)
        uow.consents.add(entry)

    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        zoe, idris = shop.member(ZOE).customer.id, shop.member(IDRIS).customer.id
        clock.advance(1)
        said(uow, idris, ConsentPurpose.MARKETING_SMS, ConsentState.WITHDRAWN)
        said(uow, idris, ConsentPurpose.MARKETING_EMAIL, ConsentState.GRANTED)
        clock.advance(1)
        said(uow, zoe, ConsentPurpose.MARKETING_SMS, ConsentState.GRANTED)
        before = current_consents(uow.consents.of_customer(zoe))
        clock.advance(1)
        merge = merged(shop, ZOE, IDRIS)
        now = current_consents(uow.consents.of_customer(zoe))
        assert now[ConsentPurpose.MARKETING_SMS] is ConsentState.WITHDRAWN
        assert now[ConsentPurpose.MARKETING_EMAIL] is ConsentState.GRANTED
        clock.advance(1)
        assert isinstance(undo_merge(uow, ctx, merge.id, shop.staff), Merge)
        parted = current_consents(uow.consents.of_customer(zoe))
        assert parted[ConsentPurpose.MARKETING_SMS] is before[ConsentPurpose.MARKETING_SMS]
        assert parted[ConsentPurpose.MARKETING_EMAIL] is ConsentState.WITHDRAWN


def test_a_profile_without_account_takes_the_account_of_the_other(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        plain = Customer(new_id(), CustomerSource.DIRECTORY, clock.now(), given_name="Idriss")
        uow.customers.add(plain)
        idris = shop.member(IDRIS).customer.id
        before = picture(uow, plain.id, idris)
        done = merge_customers(uow, ctx, MergeOrder(plain.id, idris), shop.staff)
        assert isinstance(done, Merge)
        assert shop.member(IDRIS).customer.id == plain.id
        assert shop.balance(IDRIS) == 8
        assert verify_ledger(uow).faults == ()
        undone = undo_merge(uow, ctx, done.id, shop.staff)
        assert isinstance(undone, Merge)
        assert picture(uow, plain.id, idris) == before


def test_a_refund_after_the_merge_takes_the_points_where_they_are(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of rows 175, 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(IDRIS).id))
        before = shop.balance(IDRIS), shop.balance(ZOE)
        shop.pay(sale)
        earned = shop.balance(IDRIS) - before[0]
        assert earned > 0
        clock.advance(60)
        merge = merged(shop, ZOE, IDRIS)
        assert shop.balance(ZOE) == sum(before) + earned
        clock.advance(60)
        refund_whole(shop, sale.id)
        assert shop.balance(ZOE) == sum(before)
        stored = uow.customers.as_stored(merge.gone_id)
        assert stored is not None
        assert stored.account is not None
        assert stored.account.balance == 0
        assert verify_ledger(uow).faults == ()
        refused = undo_merge(uow, ctx, merge.id, shop.staff)
        assert isinstance(refused, Refused)
        assert refused.reason in (Refusal.POINTS_USED_SINCE, Refusal.BOOKED_SINCE)


def refund_whole(shop: Counter, sale_id: UUID) -> None:
    order = RefundOrder("r", sale_id, WholeSaleBack(), "cassée")
    done = refund_sale(shop.uow, shop.ctx, order, shop.staff)
    assert isinstance(done, Refunded), done


def test_a_debt_comes_along_and_goes_back(database: Database, ctx: ServiceContext, clock: FakeClock) -> None:
    # part of rows 175, 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(IDRIS).id))
        shop.pay(sale)
        clock.advance(60)
        idris = shop.member(IDRIS).customer.id
        spent = adjust_points(uow, ctx, idris, -shop.balance(IDRIS), shop.staff, reason="geste", key="k1")
        assert not isinstance(spent, Refused), spent
        clock.advance(60)
        refund_whole(shop, sale.id)
        before = shop.balance(IDRIS), shop.balance(ZOE)
        assert before[0] < 0
        clock.advance(60)
        merge = merged(shop, ZOE, IDRIS)
        assert shop.balance(ZOE) == sum(before)
        assert verify_ledger(uow).faults == ()
        clock.advance(60)
        assert isinstance(undo_merge(uow, ctx, merge.id, shop.staff), Merge)
        assert (shop.balance(IDRIS), shop.balance(ZOE)) == before
        assert verify_ledger(uow).faults == ()


def test_points_used_since_stand_in_the_way_of_an_undo(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        merge = merged(shop, ZOE, IDRIS)
        clock.advance(60)
        taken = adjust_points(
            uow, ctx, shop.member(ZOE).customer.id, -75, shop.staff, reason="geste", key="k1"
        )
        assert not isinstance(taken, Refused), taken
        assert undo_merge(uow, ctx, merge.id, shop.staff) == Refused(Refusal.POINTS_USED_SINCE)


def test_merges_in_a_row_lead_straight_to_who_stays_and_part_in_turn(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille, idris, zoe = (shop.member(each).customer.id for each in (CAMILLE, IDRIS, ZOE))
        sent = MemberMessage(
            new_id(), "b:1", MessageKind.BIRTHDAY, camille, CAMILLE, "fr", "x", clock.now(), MessageState.SENT
        )
        uow.messages.queue(sent)
        before = picture(uow, camille, idris, zoe)
        first = merged(shop, IDRIS, CAMILLE)
        clock.advance(1)
        second = merged(shop, ZOE, IDRIS)
        for number in (CAMILLE, IDRIS, ZOE):
            assert shop.member(number).customer.id == zoe
            assert shop.balance(number) == 34 + 8 + 71
        assert sent_to(uow, zoe) == (MessageSent(MessageKind.BIRTHDAY, clock.now() - timedelta(seconds=1)),)
        clock.advance(1)
        assert undo_merge(uow, ctx, first.id, shop.staff) == Refused(Refusal.MERGED_FURTHER)
        assert isinstance(undo_merge(uow, ctx, second.id, shop.staff), Merge)
        assert shop.member(CAMILLE).customer.id == idris
        clock.advance(1)
        assert isinstance(undo_merge(uow, ctx, first.id, shop.staff), Merge)
        assert picture(uow, camille, idris, zoe) == before
        assert verify_ledger(uow).faults == ()


def test_what_stands_in_the_way_of_a_merge_is_said(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        zoe, idris = shop.member(ZOE).customer, shop.member(IDRIS).customer
        order = MergeOrder(zoe.id, idris.id)
        till = StaffMember(new_id(), "x", "X", Role(new_id(), "x", CASHIER_PERMISSIONS))
        for deed in (
            lambda: merge_customers(uow, ctx, order, till),
            lambda: preview_merge(uow, order, till),
            lambda: undo_merge(uow, ctx, new_id(), till),
        ):
            with pytest.raises(PermissionDeniedError):
                deed()
        with pytest.raises(UnknownIdError):
            merge_customers(uow, ctx, MergeOrder(zoe.id, new_id()), shop.staff)

        def why(order: MergeOrder) -> Refusal:
            refused = merge_customers(uow, ctx, order, shop.staff)
            assert isinstance(refused, Refused)
            assert preview_merge(uow, order, shop.staff).why_not == refused
            return refused.reason

        assert why(MergeOrder(zoe.id, zoe.id)) is Refusal.SAME_CUSTOMER
        stale = MergeOrder(zoe.id, idris.id, versions=(zoe.version, idris.version + 1))
        assert why(stale) is Refusal.PROFILE_CHANGED_MEANWHILE
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(IDRIS).id))
        assert why(order) is Refusal.SALE_UNFINISHED
        shop.pay(sale)
        merged(shop, ZOE, IDRIS)
        assert why(order) is Refusal.PROFILE_GONE
        assert undo_merge(uow, ctx, new_id(), shop.staff) == Refused(Refusal.MERGE_UNKNOWN)


def test_nobody_merges_their_own_profile(database: Database, ctx: ServiceContext) -> None:
    # part of rows 182, 206
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        zoe, idris = shop.member(ZOE).customer.id, shop.member(IDRIS).customer.id
        uow.staff.link_customer(shop.staff.id, idris)
        for order in (MergeOrder(zoe, idris), MergeOrder(idris, zoe)):
            assert merge_customers(uow, ctx, order, shop.staff) == Refused(Refusal.OWN_ACCOUNT)
        uow.staff.link_customer(shop.staff.id, None)
        merged(shop, ZOE, IDRIS)
        uow.staff.link_customer(shop.staff.id, idris)
        own = adjust_points(uow, ctx, zoe, 5, shop.staff, reason="geste", key="k1")
        assert own == Refused(Refusal.OWN_ACCOUNT)


def test_what_was_changed_since_stays_after_an_undo(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        merge = merged(shop, ZOE, IDRIS, ProfileField.GIVEN_NAME)
        there = uow.customers.get(merge.kept_id)
        assert there is not None
        uow.customers.save(replace(there, given_name="Zoë", version=there.version + 1))
        clock.advance(1)
        assert isinstance(undo_merge(uow, ctx, merge.id, shop.staff), Merge)
        kept, gone = uow.customers.get(merge.kept_id), uow.customers.get(merge.gone_id)
        assert kept is not None
        assert gone is not None
        assert (kept.given_name, gone.given_name) == ("Zoë", "Idris")


def test_erasing_forgets_what_a_merge_remembers(database: Database, ctx: ServiceContext) -> None:
    # part of rows 176, 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        merge = merged(shop, ZOE, IDRIS)
        assert isinstance(erase_person(uow, ctx, merge.kept_id, shop.staff), Customer)
        stored = uow.merges.get(merge.id)
        assert stored is not None
        assert stored.record is None
        assert undo_merge(uow, ctx, merge.id, shop.staff) == Refused(Refusal.PROFILE_GONE)
        assert uow.customers.member_by_phone(IDRIS) is None


def test_points_keep_their_dates(database: Database, ctx: ServiceContext, clock: FakeClock) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        idris = shop.member(IDRIS)
        assert idris.account is not None
        was = {
            (lot.remaining, lot.earned_at, lot.expires_at)
            for lot in uow.ledger.open_lots_of(idris.account.id)
        }
        clock.advance(timedelta(days=3).total_seconds())
        merge = merged(shop, ZOE, IDRIS)
        kept = shop.member(ZOE).account
        assert kept is not None
        came = [each for each in uow.ledger.entries_of(kept.id) if each.source == f"merge:{merge.id}"]
        assert {(each.points, each.earned_at, each.expires_at) for each in came} == was
        assert {each.kind for each in came} == {EntryKind.CORRECTION}


def test_promotions_already_had_count_for_the_one_who_stays_and_go_back(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        zoe, idris = (shop.member(each).account for each in (ZOE, IDRIS))
        assert zoe is not None
        assert idris is not None
        promotion = Promotion(
            new_id(),
            "Double",
            PointsMultiplier(2000),
            Schedule(local_date(clock.now(), "Europe/Paris"), None),
            clock.now(),
        )
        uow.promotions.add(promotion)
        first = shop.sale("Tasse en grès")
        uow.promotions.note_use(promotion.id, idris.id, first.id, clock.now())
        shop.pay(first)
        second = shop.sale("Tasse en grès")
        uow.promotions.note_use(promotion.id, zoe.id, second.id, clock.now())
        shop.pay(second, key="pay-2")
        assert len(uow.promotions.history(zoe.id)[promotion.id]) == 1
        merge = merged(shop, ZOE, IDRIS)
        assert len(uow.promotions.history(zoe.id)[promotion.id]) == 2
        assert isinstance(undo_merge(uow, ctx, merge.id, shop.staff), Merge)
        for account in (zoe, idris):
            assert len(uow.promotions.history(account.id)[promotion.id]) == 1


def test_a_birthday_gift_that_either_had_is_not_given_again(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of row 182
    today = clock.now()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        uow.programme.save_settings(LoyaltySettings(birthday_gift=BirthdayGift(50, days_after=10)))
        uow.birthdays.put(shop.member(IDRIS).customer.id, Birthday(today.month, today.day, 1990))
        uow.commit()
    give_birthday_gifts(database.unit_of_work, ctx)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        merge = merged(shop, ZOE, IDRIS)
        balance = shop.balance(ZOE)
        uow.commit()
    clock.advance(24 * 3600)
    while give_birthday_gifts(database.unit_of_work, ctx):
        continue
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        assert shop.balance(ZOE) == balance, "the gift of the year came before the merge"
        undone = undo_merge(uow, ctx, merge.id, shop.staff)
        assert isinstance(undone, Merge), undone
        zoe = shop.member(ZOE).customer.id
        uow.birthdays.put(zoe, Birthday(today.month, today.day, 1990))
        before = shop.balance(ZOE)
        uow.commit()
    clock.advance(24 * 3600)
    while give_birthday_gifts(database.unit_of_work, ctx):
        continue
    with database.unit_of_work() as uow:
        assert counter(uow, ctx).balance(ZOE) == before + 50, "parted, she has her own"
