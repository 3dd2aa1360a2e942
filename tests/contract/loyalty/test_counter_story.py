"""The whole story of the counter and its races, on each database."""

import re
import threading
from collections.abc import Callable
from uuid import UUID

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.domain.identification import Evidence
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError, StorageError
from loyalty.services.attach import Identified
from loyalty.services.basket import add_item, open_sale
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.enrol import Enrolled, enrol
from loyalty.services.group_members import put_in_group
from loyalty.services.identify import read_code
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.redeem import choose_reward
from loyalty.services.status_page import status_page
from loyalty.services.till import till_view
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import SIGNER, UNKNOWN, ZOE, counter, enrolment, evidence

Database = InMemoryDatabase


def test_from_the_typed_number_to_the_reward_on_the_receipt(database: Database, ctx: ServiceContext) -> None:
    # rows 22, 79, 112, 114, 116, 117, 130, 142, 162
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Bougie parfumée")
        uow.commit()
    with database.unit_of_work() as uow:
        enrolled = enrol(uow, ctx, evidence(sale), enrolment(name="Nour"))
        assert isinstance(enrolled, Enrolled)
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        put_in_group(uow, ctx, shop.shop.group.id, enrolled.identified.member.customer.id, shop.staff)
        assert shop.pay(sale, "first").receipt.balance_after == 24
        uow.commit()
    with database.reading() as uow:
        bodies = " ".join(message.body for message in uow.messages.recent(5))
        token = re.findall(r"https://lumen\.example/s/([\w-]{43})", bodies)[0]
        page = status_page(uow, ctx, token)
        assert page is not None
        assert page.code is not None
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        header = evidence(sale)
        found = read_code(uow, ctx, header, page.code)
        assert isinstance(found, Identified)
        assert isinstance(choose_reward(uow, header, page.member.rewards[0].tier_id), Sale)
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        view = till_view(uow, shop.shop.lane, shop.staff)
        assert view.quote is not None
        assert view.quote.total_minor == 1600 - 160 - 200
        receipt = shop.pay(sale, "second").receipt
        assert receipt.quote == view.quote
        assert receipt.balance_after == 24 - 10 + 12
        uow.commit()
    with database.reading() as uow:
        stored = uow.sales.get(sale.id)
        assert stored is not None
        assert stored.receipt == receipt
        report = verify_ledger(uow)
        assert (report.accounts, report.entries, report.faults) == (4, 6, ())


def test_two_redemptions_of_the_last_points_at_once_have_one_winner(
    sql_database: SqlDatabase, ctx: ServiceContext
) -> None:
    # row 168
    tills = _two_tills_with_the_last_points(sql_database, ctx)
    answers = _at_once([lambda till=till: _pay(sql_database, ctx, till) for till in tills])
    won = [answer for answer in answers if isinstance(answer, Completed)]
    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert (len(won), len(lost)) == (1, 1), answers
    assert lost[0].reason is Refusal.NOT_ENOUGH_POINTS
    with sql_database.reading() as uow:
        member = uow.customers.member_by_phone(ZOE)
        assert member is not None
        assert member.account is not None
        assert member.account.balance == 71 - 60 + won[0].receipt.quote.points_to_earn
        assert verify_ledger(uow).faults == ()


def _two_tills_with_the_last_points(database: SqlDatabase, ctx: ServiceContext) -> list[tuple[UUID, UUID]]:
    """Two open sales in two lanes, each with a reward for nearly all of Zoé's points: (sale, lane).

    The second reward is put on behind the back of the rules, as two stations might that do not see each
    other's open sales.
    """
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        other = Lane(new_id(), 2, "s0001.k02")
        uow.lanes.save(other)
        programme = uow.programme.current()
        assert programme is not None
        big = programme.tiers[2]
        text = SIGNER.static(shop.card(ZOE).id)
        tills = []
        for lane in (shop.shop.lane, other):
            sale = open_sale(uow, ctx, lane.id, shop.staff)
            assert isinstance(sale, Sale)
            add_item(uow, sale.id, shop.item_id("Bougie parfumée"))
            assert lane.device is not None
            header = Evidence(new_id(), lane.device, new_id(), sale.id)
            read_code(uow, ctx, header, text)
            account = shop.member(ZOE).account
            assert account is not None
            uow.ledger.rewrite_caches(account.id, 1000, {})
            assert isinstance(choose_reward(uow, header, big.id), Sale)
            uow.ledger.rewrite_caches(account.id, 71, {})
            tills.append((sale.id, lane.id))
        uow.commit()
    return tills


def _pay(database: SqlDatabase, ctx: ServiceContext, till: tuple[UUID, UUID]) -> object:
    with database.unit_of_work() as uow:
        staff = counter(uow, ctx).staff
        done = complete_sale(uow, ctx, till[0], Payment(f"pay-{till[0]}", 10_000), staff)
        if isinstance(done, Completed):
            uow.commit()
        return done


def _at_once(calls: list[Callable[[], object]]) -> list[object]:
    """The answers, or the errors, of calls that start together, each on its own thread."""
    gate = threading.Barrier(len(calls))
    answers: list[object] = [None] * len(calls)

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = calls[place]()
        except (ConflictError, StorageError) as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_the_same_payment_at_once_from_many_requests_is_booked_once(
    sql_database: SqlDatabase, ctx: ServiceContext
) -> None:
    with sql_database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(ZOE).id))
        uow.commit()
    till = (sale.id, sale.lane_id)
    answers = _at_once([lambda: _pay(sql_database, ctx, till)] * 6)
    first = [done for done in answers if isinstance(done, Completed) and not done.is_repeated]
    assert len(first) == 1, answers
    others = [done for done in answers if done is not first[0]]
    assert all(
        isinstance(done, ConflictError) or (isinstance(done, Completed) and done.is_repeated)
        for done in others
    ), answers
    with sql_database.reading() as uow:
        member = uow.customers.member_by_phone(ZOE)
        assert member is not None
        assert member.account is not None
        assert member.account.balance == 71 + first[0].receipt.quote.points_to_earn


def test_two_kiosks_enrolling_one_number_at_once_make_one_account(
    sql_database: SqlDatabase, ctx: ServiceContext
) -> None:
    # rows 162, 163
    with sql_database.unit_of_work() as uow:
        counter(uow, ctx)
        uow.commit()

    def enrol_once() -> object:
        with sql_database.unit_of_work() as uow:
            done = enrol(uow, ctx, evidence(None), enrolment())
            uow.commit()
            return done

    answers = _at_once([enrol_once] * 4)
    made = [done for done in answers if isinstance(done, Enrolled) and done.is_new]
    assert len(made) == 1, answers
    with sql_database.reading() as uow:
        assert uow.customers.member_by_phone(UNKNOWN) is not None
        assert verify_ledger(uow).accounts == 4
        assert len(uow.messages.recent(9)) == 1


def test_a_reader_sees_one_moment_while_the_writer_goes_on(
    sql_database: SqlDatabase, ctx: ServiceContext
) -> None:
    with sql_database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Croissant")
        uow.commit()
    with sql_database.reading() as reader:
        before = reader.sales.open_in_lane(sale.lane_id)
        with sql_database.unit_of_work() as writer:
            add_item(writer, sale.id, counter(writer, ctx).item_id("Café crème"))
            writer.commit()
        assert reader.sales.open_in_lane(sale.lane_id) == before
    with sql_database.reading() as reader:
        after = reader.sales.open_in_lane(sale.lane_id)
        assert after is not None
        assert len(after.lines) == 2
