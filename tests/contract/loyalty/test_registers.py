"""Registers, their keys and their deeds, on each database."""

from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.payment_card import CardToken, LinkedCard
from loyalty.domain.refunds import WholeSaleBack
from loyalty.domain.register import REGISTER_ROLE, StatedLine
from loyalty.domain.sale import TenderKind
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError, PermissionDeniedError
from loyalty.services.attach import Identified
from loyalty.services.close_sale import Completed
from loyalty.services.context import ServiceContext
from loyalty.services.keep_registers import (
    KeyMade,
    RegisterDraft,
    acting_register,
    add_register,
    change_register,
    make_new_key,
    note_use,
    register_of_key,
    revoke_register,
)
from loyalty.services.payment_card import identify_by_card, link_card
from loyalty.services.refund import Refunded
from loyalty.services.register_deeds import (
    At,
    Named,
    RecordOrder,
    give_back,
    name_member,
    record_sale,
    show_card,
)
from loyalty.services.register_sale import choose_who_sells
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, SIGNER, ZOE, Counter, counter

Database = InMemoryDatabase
VISA = CardToken("Visa", "4242", "fp_7Jw0")


def draft(shop: Counter, name: object = "Caisse avant", **changes: object) -> RegisterDraft:
    return replace(RegisterDraft(str(name), (shop.shop.lane.id,)), **changes)  # type: ignore[arg-type]


def made(shop: Counter, ctx: ServiceContext, name: str = "Caisse avant", **changes: object) -> KeyMade:
    done = add_register(shop.uow, ctx, draft(shop, name, **changes), shop.staff)
    assert isinstance(done, KeyMade), done
    return done


def reason(answer: object) -> Refusal:
    assert isinstance(answer, Refused), answer
    return answer.reason


def test_a_key_is_stored_hashed_and_opens_until_it_is_replaced(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        first = made(shop, ctx, certificate="S0001.pos-front", confirms=True)
        assert first.key.encode() not in (uow.registers.key_hash_of(first.register.id) or b"")
        again = make_new_key(uow, ctx, first.register.id, shop.staff)
        assert isinstance(again, KeyMade)
        assert again.key != first.key
        uow.commit()
    with database.reading() as uow:
        assert register_of_key(uow, first.key) is None
        found = register_of_key(uow, again.key)
        assert (
            found == uow.registers.get(first.register.id) == uow.registers.by_certificate("s0001.pos-front")
        )
        assert found is not None
        assert (found.confirms, found.lane_ids) == (True, first.register.lane_ids)
        for wrong in ("", "x", again.key[:-1], again.key + "a", again.key.replace("_", "-"), "é" * 50):
            assert register_of_key(uow, wrong) is None


def test_a_register_acts_within_its_own_rights_and_nobody_signs_in_with_its_account(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        plain, trusted = made(shop, ctx, "A"), made(shop, ctx, "B", confirms=True)
        for each, may_confirm in ((plain, False), (trusted, True)):
            acting = acting_register(uow, each.register.id)
            assert acting is not None
            account = acting[1]
            assert account.may(Permission.SELL)
            assert account.may(Permission.REFUND_SALE)
            assert account.may(Permission.REDEEM_CONFIRM) is may_confirm
            assert not account.may(Permission.ADJUST_POINTS)
            assert not account.may(Permission.VIEW_CONTACT)
            stored = uow.staff.get(account.id)
            assert stored is not None
            assert (stored.role, stored.login) == (REGISTER_ROLE, f"register:{each.register.id}")


def test_a_register_is_changed_and_shut_out_at_once(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        one = made(shop, ctx, certificate="s0001.pos-a")
        register_id = one.register.id
        changed = change_register(uow, ctx, register_id, draft(shop, "Caisse 2"), shop.staff)
        assert not isinstance(changed, Refused)
        assert (changed.name, changed.certificate, changed.is_active) == ("Caisse 2", None, True)
        account = uow.staff.get(changed.staff_id)
        assert account is not None
        assert account.display_name == "Caisse 2"
        assert register_of_key(uow, one.key) is not None
        note_use(uow, ctx, register_id)
        used = uow.registers.get(register_id)
        assert used is not None
        assert used.last_used_at == ctx.clock.now()
        assert not isinstance(revoke_register(uow, ctx, register_id, shop.staff), Refused)
        assert register_of_key(uow, one.key) is None
        assert acting_register(uow, register_id) is None
        for deed in (
            revoke_register(uow, ctx, register_id, shop.staff),
            make_new_key(uow, ctx, register_id, shop.staff),
            change_register(uow, ctx, register_id, draft(shop), shop.staff),
            change_register(uow, ctx, new_id(), draft(shop), shop.staff),
        ):
            assert reason(deed) is Refusal.REGISTER_UNKNOWN
        deeds = [each.action for each in uow.audit.of_subject(f"register:{register_id}")]
        assert deeds == [
            AuditAction.REGISTER_ADDED,
            AuditAction.REGISTER_CHANGED,
            AuditAction.REGISTER_REVOKED,
        ]
        made(shop, ctx, "Caisse 2", certificate="s0001.pos-a")
        uow.commit()
    with database.reading() as uow:
        assert [each.is_active for each in uow.registers.all()] == [False, True]


def test_what_cannot_be_a_register_is_refused(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        first = made(shop, ctx, certificate="s0001.pos-a")

        def answer(**changes: object) -> Refusal:
            return reason(add_register(uow, ctx, draft(shop, **{"name": "Autre", **changes}), shop.staff))

        assert answer(name="\u202e") is Refusal.NAME_INVALID
        assert answer(name="caisse AVANT") is Refusal.NAME_TAKEN
        assert answer(lane_ids=()) is Refusal.LANE_UNKNOWN
        assert answer(lane_ids=(new_id(),)) is Refusal.LANE_UNKNOWN
        assert answer(certificate="s0001.k01") is Refusal.CERTIFICATE_NAME_INVALID
        assert answer(certificate="s0002.pos-a") is Refusal.CERTIFICATE_NAME_INVALID
        assert answer(certificate="s0001.pos-a") is Refusal.CERTIFICATE_NAME_TAKEN
        manager = replace(
            shop.staff.role, is_owner=False, permissions=frozenset({Permission.MANAGE_SHOP, Permission.SELL})
        )
        weak = replace(shop.staff, role=manager)
        assert reason(add_register(uow, ctx, draft(shop, "Autre"), weak)) is Refusal.PERMISSION_NOT_HELD
        assert reason(make_new_key(uow, ctx, first.register.id, weak)) is Refusal.PERMISSION_NOT_HELD
        nobody = replace(weak, role=replace(manager, permissions=frozenset({Permission.SELL})))
        for deed in (
            lambda: add_register(uow, ctx, draft(shop, "Autre"), nobody),
            lambda: change_register(uow, ctx, first.register.id, draft(shop), nobody),
            lambda: make_new_key(uow, ctx, first.register.id, nobody),
            lambda: revoke_register(uow, ctx, first.register.id, nobody),
        ):
            with pytest.raises(PermissionDeniedError):
                deed()


def test_the_database_holds_one_register_of_a_certificate(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        first = made(shop, ctx, certificate="s0001.pos-a").register
        with pytest.raises(ConflictError):
            uow.registers.save(replace(first, id=new_id(), name="B"))


def test_a_sale_of_a_register_is_booked_and_given_back_once(database: Database, ctx: ServiceContext) -> None:
    # part of row 195
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        choose_who_sells(uow, ctx, shop.shop.lane.id, shop.staff, is_companion=True)
        register = made(shop, ctx).register
        acting = acting_register(uow, register.id)
        lane = uow.lanes.get(shop.shop.lane.id)
        assert acting is not None
        assert lane is not None
        at = At(register, lane, acting[1])
        before = shop.balance(CAMILLE)
        card = Named(code=SIGNER.static(shop.card(CAMILLE).id))
        order = RecordOrder("T-1", (StatedLine("Achat", 2000),), member=card)
        sales = []
        for repeat in range(3):
            done = record_sale(uow, ctx, at, order)
            assert isinstance(done, Completed)
            assert done.is_repeated is (repeat > 0)
            sales.append(done.sale.id)
        assert len(set(sales)) == 1
        earned = shop.balance(CAMILLE) - before
        assert earned > 0
        other = replace(order, lines=(StatedLine("Achat", 1999),))
        assert reason(record_sale(uow, ctx, at, other)) is Refusal.REFERENCE_USED
        for _ in range(2):
            back = give_back(uow, ctx, at, "T-1", WholeSaleBack(), refund_reference="R-1", reason="retour")
            assert isinstance(back, Refunded)
        assert shop.balance(CAMILLE) == before
        assert reason(give_back(uow, ctx, at, "T-1", ((2, 1),), refund_reference="R-2", reason="x")) is (
            Refusal.LINE_UNKNOWN
        )
        uow.commit()


def test_the_payment_card_of_a_register_brings_its_member_and_takes_nobody_off(
    database: Database, ctx: ServiceContext
) -> None:
    # row 145
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        lane_id = shop.shop.lane.id
        register = made(shop, ctx).register
        acting = acting_register(uow, register.id)
        lane = uow.lanes.get(lane_id)
        assert acting is not None
        assert lane is not None
        at = At(register, lane, acting[1])
        assert reason(show_card(uow, ctx, at, VISA)) is Refusal.LANE_SELLS_ITSELF
        assert isinstance(link_card(uow, ctx, shop.member(CAMILLE).customer.id, VISA, shop.staff), LinkedCard)
        companion = choose_who_sells(uow, ctx, lane_id, shop.staff, is_companion=True)
        assert not isinstance(companion, Refused)
        at = replace(at, lane=companion)
        found = show_card(uow, ctx, at, VISA)
        assert isinstance(found, Identified)
        assert found.sale == uow.sales.open_in_lane(lane_id)
        assert (found.method, found.trust) == (IdentificationMethod.PAYMENT_CARD, Trust.SIGNED)
        before = shop.balance(CAMILLE)
        done = record_sale(uow, ctx, at, RecordOrder("T-1", (StatedLine("Achat", 2000),), card=VISA))
        assert isinstance(done, Completed)
        assert shop.balance(CAMILLE) > before
        assert (done.receipt.tender.kind, done.receipt.tender.card) == (TenderKind.CARD, VISA)
        zoe = Named(code=SIGNER.static(shop.card(ZOE).id))
        assert isinstance(name_member(uow, ctx, at, zoe), Identified)
        assert reason(show_card(uow, ctx, at, VISA)) is Refusal.ANOTHER_MEMBER
        uow.commit()


def test_a_register_sale_that_nobody_was_named_for_is_one_of_the_cards_profile(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 2
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        companion = choose_who_sells(uow, ctx, shop.shop.lane.id, shop.staff, is_companion=True)
        assert not isinstance(companion, Refused)
        register = made(shop, ctx).register
        acting = acting_register(uow, register.id)
        assert acting is not None
        at = At(register, companion, acting[1])
        order = RecordOrder("T-1", (StatedLine("Achat", 2000),), card=VISA)
        done = record_sale(uow, ctx, at, order)
        assert isinstance(done, Completed)
        assert done.sale.member is not None
        assert done.sale.member.account_id is None
        assert done.receipt.balance_after is None
        again = record_sale(uow, ctx, at, order)
        assert isinstance(again, Completed)
        assert again.sale.member == done.sale.member
        assert reason(show_card(uow, ctx, at, VISA)) is Refusal.CARD_UNKNOWN, "such a profile is no member"
        uow.commit()


def test_a_card_puts_nobody_on_a_sale_that_they_ring_up_or_where_the_shop_adds_none(
    database: Database, ctx: ServiceContext
) -> None:
    # part of rows 26, 206
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id
        link_card(uow, ctx, camille, VISA, shop.staff)
        sale = shop.sale("Croissant")
        uow.staff.link_customer(shop.cashier.id, camille)
        assert reason(identify_by_card(uow, ctx, sale.id, VISA, shop.cashier)) is Refusal.OWN_ACCOUNT
        settings = uow.programme.settings()
        checkout = replace(settings.checkout, adds_during_checkout=False)
        uow.programme.save_settings(replace(settings, checkout=checkout))
        assert reason(identify_by_card(uow, ctx, sale.id, VISA, shop.staff)) is Refusal.ADDING_DURING_OFF
        stored = uow.sales.get(sale.id)
        assert stored is not None
        assert stored.member is None


def test_rewards_given_while_the_station_was_away_stay_under_the_cap_of_the_member(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 168
    def late(reference: str, *tiers: UUID, of: str = ZOE) -> RecordOrder:
        card = Named(code=SIGNER.static(shop.card(of).id))
        lines = (StatedLine("Achat", 3000),)
        return RecordOrder(reference, lines, member=card, reward_tiers=tiers, is_late=True)

    def allow(points: int) -> None:
        settings = uow.programme.settings()
        chosen = replace(settings.checkout, redeems_away_points=points)
        uow.programme.save_settings(replace(settings, checkout=chosen))

    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        lane = choose_who_sells(uow, ctx, shop.shop.lane.id, shop.staff, is_companion=True)
        assert isinstance(lane, Lane)
        programme = uow.programme.current()
        assert programme is not None
        tier = programme.tiers[0]
        places = []
        for name in ("Caisse avant", "Caisse arrière"):
            acting = acting_register(uow, made(shop, ctx, name).register.id)
            assert acting is not None
            places.append(At(acting[0], lane, acting[1]))
        front, back = places
        start = shop.balance(ZOE)
        none = record_sale(uow, ctx, front, late("T-0", tier.id))
        assert none == Refused(Refusal.AWAY_LIMIT_REACHED, {"max": 0, "left": 0}), "the shop allowed nothing"
        assert shop.balance(ZOE) == start
        allow(tier.points + tier.points // 2)
        done = record_sale(uow, ctx, front, late("T-1", tier.id))
        assert isinstance(done, Completed), done
        repeated = record_sale(uow, ctx, front, late("T-1", tier.id))
        assert isinstance(repeated, Completed)
        assert repeated.is_repeated
        again = record_sale(uow, ctx, back, late("T-1", tier.id))
        left = {"max": tier.points + tier.points // 2, "left": tier.points // 2}
        assert again == Refused(Refusal.AWAY_LIMIT_REACHED, left), "the other register gave the same points"
        without = record_sale(uow, ctx, back, late("T-1"))
        assert isinstance(without, Completed), "the sale itself still counts"
        camille = record_sale(uow, ctx, back, late("T-2", tier.id, of=CAMILLE))
        assert isinstance(camille, Completed), "each member has a cap of their own"
        allow(10**6)
        clock.advance(86_400)
        dear = max(programme.tiers, key=lambda each: each.points)
        poor = record_sale(uow, ctx, front, late("T-3", *[dear.id] * 20))
        assert reason(poor) is Refusal.NOT_ENOUGH_POINTS, "no cap lends points"
        tomorrow = record_sale(uow, ctx, front, late("T-4", tier.id))
        assert isinstance(tomorrow, Completed)
        deeds = uow.audit.of_subject(f"customer:{shop.member(ZOE).customer.id}")
        used = [each.params["points"] for each in deeds if each.action is AuditAction.REDEEMED_AWAY]
        assert used == [tier.points, tier.points]
