"""Work that the shop's clock starts, on each database: everything once, in slices."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty.domain.booking.birthday import Birthday, BirthdayGift
from loyalty.domain.expiry import DaysAfter
from loyalty.domain.ledger import EntryKind
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.message import MessageKind
from loyalty.domain.programme_edit import TierDraft
from loyalty.domain.rewards import AmountOffSale
from loyalty.errors import ConflictError, PermissionDeniedError
from loyalty.services.birthday_gifts import days_kept, give_birthday_gifts
from loyalty.services.clock_work import CLOCK_SLICES, run_clock_work
from loyalty.services.context import ServiceContext
from loyalty.services.daily_digest import digest_of, make_digest, unusual_activity
from loyalty.services.expire_points import expire_points, expire_slice, warn_of_expiry
from loyalty.services.identify import read_code
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.publish_programme import (
    publish_change,
    switched,
    with_expiry,
    with_new_tier,
)
from loyalty.services.tell_programme_changed import TELL_AFTER, tell_programme_changed
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, counter, evidence

Database = InMemoryDatabase
DAY_S = 24 * 3600


def sell(shop: Counter, number: str, key: str, item: str = "Tasse en grès") -> None:
    sale = shop.sale(item)
    read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id), "QRCode")
    shop.pay(sale, key)


def told(database: Database, kind: MessageKind) -> list[str]:
    with database.reading() as uow:
        return sorted(message.to for message in uow.messages.recent(99) if message.kind is kind)


def balances(database: Database) -> dict[str, int]:
    with database.reading() as uow:
        found = {number: uow.customers.member_by_phone(number) for number in (CAMILLE, IDRIS, ZOE)}
    return {number: each.account.balance for number, each in found.items() if each and each.account}


def test_points_end_with_their_day_in_slices_and_once(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 164, 175
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        publish_change(uow, ctx, shop.staff, with_expiry(ctx, DaysAfter(10)))
        for number in (CAMILLE, IDRIS, ZOE):
            sell(shop, number, f"first-{number}")
        uow.commit()
    clock.set_wall(datetime(2026, 3, 12, 22, 59, 59, tzinfo=UTC))  # 23:59:59 in Paris
    assert expire_points(database.unit_of_work, ctx).lots == 0
    clock.set_wall(datetime(2026, 3, 12, 23, 0, tzinfo=UTC))
    slices = [expire_points(database.unit_of_work, ctx, limit=2) for _ in range(3)]
    assert [done.lots for done in slices] == [2, 1, 0]
    assert sum(done.points for done in slices) == 14 + 16 + 14
    assert balances(database) == {CAMILLE: 34, IDRIS: 8, ZOE: 71}
    clock.set_wall(datetime(2026, 3, 1, tzinfo=UTC))  # a dead battery
    assert expire_points(database.unit_of_work, ctx).lots == 0
    with database.reading() as uow:
        member = uow.customers.member_by_phone(IDRIS)
        assert member is not None
        assert member.account is not None
        last = uow.ledger.entries_of(member.account.id)[-1]
        assert (last.kind, last.points, len(last.uses)) == (EntryKind.EXPIRE, -16, 1)
        report = verify_ledger(uow)
        assert (report.accounts, report.entries, report.faults) == (3, 9, ())


def test_a_slice_that_was_not_committed_is_done_again(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 164
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        publish_change(uow, ctx, shop.staff, with_expiry(ctx, DaysAfter(10)))
        sell(shop, IDRIS, "first")
        uow.commit()
    clock.advance(30 * DAY_S)
    with database.unit_of_work() as uow:
        assert expire_slice(uow, ctx).lots == 1
    assert expire_points(database.unit_of_work, ctx).lots == 1
    with database.unit_of_work() as uow:
        member = uow.customers.member_by_phone(IDRIS)
        assert member is not None
        assert member.account is not None
        ended = uow.ledger.entries_of(member.account.id)[-1]
        with pytest.raises(ConflictError):
            uow.ledger.book_all([ended])


def test_members_hear_of_points_that_end_soon_once_for_each_day(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 159, 164
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        publish_change(uow, ctx, shop.staff, with_expiry(ctx, DaysAfter(40)))
        for number in (CAMILLE, IDRIS):
            sell(shop, number, f"first-{number}")
        uow.commit()
    assert warn_of_expiry(database.unit_of_work, ctx) == 0
    clock.advance(20 * DAY_S)
    while warn_of_expiry(database.unit_of_work, ctx, limit=1):
        pass
    clock.advance(DAY_S)
    while warn_of_expiry(database.unit_of_work, ctx):
        pass
    assert told(database, MessageKind.POINTS_EXPIRING) == [CAMILLE, IDRIS]
    with database.unit_of_work() as uow:
        uow.programme.save_settings(LoyaltySettings(expiring_notice_days=0))
        uow.commit()
    clock.advance(DAY_S)
    assert warn_of_expiry(database.unit_of_work, ctx) == 0


def test_several_changes_of_the_programme_are_told_together_and_once(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 119
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        for name in ("Un café", "Un thé"):
            publish_change(uow, ctx, shop.staff, with_new_tier(ctx, TierDraft(name, 5, AmountOffSale(250))))
        uow.commit()
    assert tell_programme_changed(database.unit_of_work, ctx) == 0
    clock.advance(TELL_AFTER.total_seconds())
    while tell_programme_changed(database.unit_of_work, ctx, limit=2):
        pass
    assert told(database, MessageKind.PROGRAMME_CHANGED) == [CAMILLE, IDRIS, ZOE]
    assert tell_programme_changed(database.unit_of_work, ctx) == 0


def test_what_is_taken_back_before_anybody_heard_of_it_is_told_to_nobody(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 119
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        publish_change(uow, ctx, shop.staff, switched(ctx, is_active=False))
        publish_change(uow, ctx, shop.staff, switched(ctx, is_active=True))
        uow.commit()
    clock.advance(TELL_AFTER.total_seconds())
    assert tell_programme_changed(database.unit_of_work, ctx) == 0
    assert told(database, MessageKind.PROGRAMME_CHANGED) == []


def test_the_birthday_gift_comes_once_a_year(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 184
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        uow.programme.save_settings(LoyaltySettings(birthday_gift=BirthdayGift(50)))
        for number, birthday in (
            (CAMILLE, Birthday(3, 10)),
            (IDRIS, Birthday(2, 29)),
            (ZOE, Birthday(3, 11)),
        ):
            uow.birthdays.put(shop.member(number).customer.id, birthday)
        uow.commit()
    clock.set_wall(datetime(2026, 3, 10, 9, tzinfo=UTC))
    for _ in range(3):
        while give_birthday_gifts(database.unit_of_work, ctx, limit=1):
            pass
    assert balances(database) == {CAMILLE: 84, IDRIS: 8, ZOE: 71}
    clock.set_wall(datetime(2027, 2, 28, 9, tzinfo=UTC))
    give_birthday_gifts(database.unit_of_work, ctx)
    assert balances(database)[IDRIS] == 58
    assert told(database, MessageKind.BIRTHDAY) == [CAMILLE, IDRIS]
    with database.reading() as uow:
        member = uow.customers.member_by_phone(CAMILLE)
        assert member is not None
        assert uow.birthdays.of_customer(member.customer.id) == Birthday(3, 10)
    with database.unit_of_work() as uow:
        uow.birthdays.put(member.customer.id, None)
        assert uow.birthdays.of_customer(member.customer.id) is None


def test_the_twenty_ninth_of_february_is_kept_on_the_day_before_where_there_is_none() -> None:
    # row 184
    assert days_kept(date(2027, 2, 28), 0) == {(2, 28), (2, 29)}
    assert days_kept(date(2028, 2, 28), 0) == {(2, 28)}
    assert days_kept(date(2026, 1, 1), 1) == {(1, 1), (12, 31)}


def test_five_earning_visits_a_day_are_flagged_and_stand_in_the_digest(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 185, 206
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        for number in range(5):
            sell(shop, IDRIS, f"idris-{number}", "Croissant")
        for number in range(4):
            sell(shop, ZOE, f"zoe-{number}", "Croissant")
        uow.commit()
        clock.advance(1)
        today = date(2026, 3, 2)
        flagged = unusual_activity(uow, today, today)
        idris = shop.member(IDRIS).account
        assert idris is not None
        assert [(each.account_id, each.visits) for each in flagged] == [(idris.id, 5)]
    clock.advance(DAY_S)
    assert make_digest(database.unit_of_work, ctx) == today
    assert make_digest(database.unit_of_work, ctx) is None
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        digest = digest_of(uow, today, shop.staff)
        assert digest["unusual"] == [{"account_id": str(idris.id), "visits": 5}]
        with pytest.raises(PermissionDeniedError):
            digest_of(uow, today, shop.cashier)


def test_the_figures_of_a_day_add_up(database: Database, ctx: ServiceContext, clock: FakeClock) -> None:
    # rows 126, 166
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        start = clock.now()
        publish_change(uow, ctx, shop.staff, with_expiry(ctx, DaysAfter(10)))
        sell(shop, IDRIS, "one")
        sell(shop, ZOE, "two", "Croissant")
        shop.pay(shop.sale("Croissant"), "three")
        uow.commit()
        clock.advance(60)
        end = clock.now()
        sums = uow.reports.sums_by_kind(start, end)
        assert sums[EntryKind.EARN] == 16 + 1
        visits = uow.reports.visits(start, end)
        assert [(visit.points_earned, visit.is_qualifying) for visit in visits] == [(16, True), (1, True)]
        lane = uow.reports.by_lane(start, end)[0]
        assert (lane.lane_id, lane.sales, lane.with_member) == (shop.shop.lane.id, 3, 2)
        assert (lane.points_earned, lane.points_redeemed) == (17, 0)
        assert uow.reports.outstanding().points == 34 + 24 + 72
        assert uow.reports.expiring(start, end + timedelta(days=20)) == 17
        rows = uow.reports.ledger_rows(start, end, kinds=[EntryKind.EARN])
        assert [(row.display_name, row.lane_id, row.entry.points) for row in rows] == [
            ("Idris Benali", shop.shop.lane.id, 16),
            ("Zoé Lefèvre", shop.shop.lane.id, 1),
        ]
        first = uow.reports.ledger_rows(start, end, limit=1)[0]
        after = (first.entry.booked_at, first.entry.id)
        rest = uow.reports.ledger_rows(start, end, after=after)
        assert len(rest) == 4
        assert first.entry.id not in {row.entry.id for row in rest}
        zoe = uow.reports.ledger_rows(start, end, customer_id=shop.member(ZOE).customer.id)
        assert [row.entry.points for row in zoe] == [71, 1]


def test_one_call_does_a_slice_of_everything(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        publish_change(uow, ctx, shop.staff, with_expiry(ctx, DaysAfter(10)))
        sell(shop, IDRIS, "one")
        settings = shop.shop.settings
        uow.shop.save(replace(settings, smallest_coin_minor=5))
        uow.commit()
    clock.advance(11 * DAY_S)
    first = run_clock_work(database.unit_of_work, ctx)
    assert (first.expired_lots, first.has_digest, first.is_idle) == (1, True, False)
    while not run_clock_work(database.unit_of_work, ctx).is_idle:
        pass
    assert run_clock_work(database.unit_of_work, ctx).is_idle


def test_a_station_gives_the_slices_to_its_one_writer(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 164
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        publish_change(uow, ctx, shop.staff, with_expiry(ctx, DaysAfter(10)))
        sell(shop, IDRIS, "one")
        uow.commit()
    clock.advance(11 * DAY_S)
    done = []
    for work in CLOCK_SLICES * 2:
        with database.unit_of_work() as uow:
            done.append(work(uow, ctx))
            uow.commit()
    assert done == [1, 0, 0, 3, 0, 3, 0, 0, 1, 0, *([0] * 8), 1, 0]
    assert balances(database)[IDRIS] == 8
