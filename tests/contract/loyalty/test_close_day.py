"""What a lane took, and the close of its day, on each database."""

from datetime import timedelta

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.calendar import local_date
from loyalty.domain.day_close import DayClose
from loyalty.domain.payment_card import CardToken
from loyalty.domain.refunds import AmountBack, WholeSaleBack
from loyalty.domain.reports.takings import TaxTakings, TenderTakings
from loyalty.domain.sale import Sale, TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError, PermissionDeniedError, UnknownIdError
from loyalty.services.close_day import Count, close_day, running_day, takings_on
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.refund import RefundOrder, refund_sale, void_completed_sale
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import Counter, counter

VISA = CardToken("Visa", "4242", "fp_7Jw0")


def sold(shop: Counter, key: str, *names: str, card_minor: int = 0, tip_minor: int = 0) -> Sale:
    sale = shop.sale(*names)
    offers = (Offer(TenderKind.CARD, card_minor, VISA),) if card_minor else ()
    payment = Payment(key, offers=(*offers, Offer(TenderKind.CASH, 100_000)), tip_minor=tip_minor)
    done = complete_sale(shop.uow, shop.ctx, sale.id, payment, shop.staff)
    assert isinstance(done, Completed), done
    return done.sale


def close(shop: Counter, number: int = 1, counted_minor: int = 0, float_minor: int = 0) -> DayClose:
    done = close_day(
        shop.uow,
        shop.ctx,
        shop.shop.lane.id,
        Count(number, float_minor, counted_minor, "  soir \x00"),
        shop.staff,
    )
    assert isinstance(done, DayClose), done
    return done


def test_a_day_is_closed_with_each_tender_and_tax_to_the_cent(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sold(shop, "a", "Tasse en grès", card_minor=1_000, tip_minor=50)
        cup = sold(shop, "b", "Tasse en grès")
        refund_sale(uow, ctx, RefundOrder("r", cup.id, AmountBack(400), "éclat"), shop.staff)
        done = close(shop, float_minor=10_000, counted_minor=11_840)
        uow.commit()
    with database.reading() as uow:
        assert uow.day_closes.get(done.id) == done
        assert uow.day_closes.last_of(done.lane_id) == done
        assert list(uow.day_closes.recent(5)) == [done]
        assert list(uow.day_closes.recent(5, new_id())) == []
        subject = f"lane:{done.lane_id}"
        assert [entry.action for entry in uow.audit.of_subject(subject)] == [AuditAction.DAY_CLOSED]
    takings = done.takings
    assert (takings.sales, takings.refunds, takings.voids) == (2, 1, 0)
    assert (takings.gross_minor, takings.total_minor, takings.tip_minor) == (3_200, 3_200, 50)
    assert takings.tenders == (
        TenderTakings(TenderKind.CASH, 2, 2_250, 400),
        TenderTakings(TenderKind.CARD, 1, 1_000, 0),
    )
    # 20 % included: 2.67 in each cup, 0.67 in what went back
    assert takings.taxes == (TaxTakings("TVA 20 %", 200_000, is_included=True, amount_minor=2 * 267 - 67),)
    assert done.expected_minor == 10_000 + 2_250 - 400
    assert done.difference_minor == -10
    assert done.note == "soir"


def test_each_sale_and_refund_is_in_one_close_alone(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        first = sold(shop, "a", "Croissant")
        morning = close(shop)
        void_completed_sale(uow, ctx, first.id, shop.staff, key="v", reason="erreur")
        sold(shop, "b", "Sac en toile")
        assert running_day(uow, ctx, shop.shop.lane.id).since == morning.closed_at
        evening = close(shop, number=2)
        empty = close(shop, number=3)
        uow.commit()
    assert (morning.takings.sales, morning.takings.voids) == (1, 0)
    assert (evening.takings.sales, evening.takings.voids, evening.takings.refunded_minor) == (1, 1, 140)
    assert evening.first_receipt == evening.last_receipt > morning.last_receipt
    assert empty.takings.is_empty
    assert empty.last_receipt == evening.last_receipt
    with database.unit_of_work() as uow, pytest.raises(ConflictError):
        uow.day_closes.add(evening, ())


def test_a_repeated_close_and_an_open_sale_are_refused(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        lane_id = shop.shop.lane.id
        close(shop)
        assert close_day(uow, ctx, lane_id, Count(1, 0, 0), shop.staff) == Refused(
            Refusal.DAY_ALREADY_CLOSED, {"number": 1}
        )
        shop.sale("Croissant")
        assert close_day(uow, ctx, lane_id, Count(2, 0, 0), shop.staff) == Refused(Refusal.SALE_STILL_OPEN)
        with pytest.raises(PermissionDeniedError):
            close_day(uow, ctx, lane_id, Count(2, 0, 0), shop.cashier)
        with pytest.raises(UnknownIdError):
            close_day(uow, ctx, new_id(), Count(1, 0, 0), shop.staff)
        refused = close_day(uow, ctx, lane_id, Count(2, -1, 0), shop.staff)
        assert isinstance(refused, Refused)
        assert refused.reason is Refusal.AMOUNT_OUT_OF_RANGE


def test_the_figures_of_any_day_of_the_shop(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        lane_id = shop.shop.lane.id
        today = local_date(clock.now(), shop.shop.settings.timezone)
        sale = sold(shop, "a", "Croissant")
        clock.advance(86_400)
        refund_sale(uow, ctx, RefundOrder("r", sale.id, WholeSaleBack(), "rassis"), shop.staff)
        assert takings_on(uow, lane_id, today).sales == 1
        assert takings_on(uow, lane_id, today).refunds == 0
        after = takings_on(uow, lane_id, today + timedelta(days=1))
        assert (after.sales, after.refunds, after.cash_minor) == (0, 1, -140)


def test_the_first_close_looks_a_month_back(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sold(shop, "a", "Croissant")
        clock.advance(40 * 86_400)
        sold(shop, "b", "Croissant")
        assert running_day(uow, ctx, shop.shop.lane.id).takings.sales == 1
        assert close(shop).takings.sales == 1
