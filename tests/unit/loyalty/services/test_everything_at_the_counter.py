"""The use cases in any order: sales, refunds, exchanges, points by hand, time, changes of the programme."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loyalty.domain.accrual import AmountRule, VisitRule
from loyalty.domain.calendar import local_date
from loyalty.domain.expiry import NEVER, DaysAfter, ExpiryPolicy, MonthsToEnd
from loyalty.domain.ledger import balance_of
from loyalty.domain.promotions import PointsAddition, PointsMultiplier, Schedule, TriggerLimit
from loyalty.domain.refunds import AmountBack, LinesBack, RefundRequest, WholeSaleBack
from loyalty.domain.sale import Sale, SaleState, TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.why import Refused
from loyalty.services.adjust_points import adjust_points
from loyalty.services.basket import void_sale
from loyalty.services.clock_work import run_clock_work
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.exchange import ExchangeOrder, exchange_goods
from loyalty.services.identify import read_code
from loyalty.services.late_attachment import attach_to_completed
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.ledger_replay import replay_day
from loyalty.services.move_points import move_visit
from loyalty.services.plan_promotion import PromotionDraft, add_promotion
from loyalty.services.publish_programme import publish_change, with_expiry, with_rule
from loyalty.services.quote import quote_sale
from loyalty.services.redeem import redeem_by_staff
from loyalty.services.refund import Refunded, RefundOrder, preview_refund, refund_sale
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, counter, evidence, service_context

MEMBERS = (CAMILLE, IDRIS, ZOE)
GOODS = ("Croissant", "Café crème", "Tasse en grès", "Bougie parfumée")
RULES = (AmountRule(100), AmountRule(500, 2), VisitRule(3, 500))
POLICIES: tuple[ExpiryPolicy, ...] = (NEVER, DaysAfter(3), MonthsToEnd(1))

members = st.sampled_from(MEMBERS)
goods = st.lists(st.sampled_from(GOODS), min_size=1, max_size=4)


class CounterMachine(RuleBasedStateMachine):
    """A shop where everything happens; whatever does, the ledger is sound and any day can be reckoned again."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.ctx = service_context(self.clock)
        self.database = InMemoryDatabase()
        self.keys = itertools.count()
        self.done: list[Sale] = []
        self.days: set[date] = set()

    @initialize(policy=st.sampled_from(POLICIES), number=members, names=goods)
    def open_the_shop(self, policy: ExpiryPolicy, number: str, names: list[str]) -> None:
        def act(shop: Counter) -> None:
            publish_change(shop.uow, shop.ctx, shop.staff, with_expiry(shop.ctx, policy))
            for rewards in (0, 4):
                self._sell(shop, number, names, rewards, 0)

        self._do(act)

    @rule(number=st.none() | members, names=goods, rewards=st.integers(0, 4), tip=st.integers(0, 300))
    def sell(self, number: str | None, names: list[str], rewards: int, tip: int) -> None:
        self._do(lambda shop: self._sell(shop, number, names, rewards, tip))

    def _sell(self, shop: Counter, number: str | None, names: list[str], rewards: int, tip: int) -> None:
        sale = self._basket(shop, number, names, rewards)
        preview = quote_sale(shop.uow, sale)
        key = f"pay-{next(self.keys)}"
        payment = Payment(key, offers=(Offer(TenderKind.CASH, 50_000),), tip_minor=tip)
        answer = complete_sale(shop.uow, shop.ctx, sale.id, payment, shop.staff)
        if isinstance(answer, Refused):  # points that ran out of time since they were counted
            void_sale(shop.uow, shop.ctx, sale.id, shop.staff)
            return
        assert answer.receipt.quote == preview
        again = complete_sale(shop.uow, shop.ctx, sale.id, payment, shop.staff)
        assert isinstance(again, Completed)
        assert again.is_repeated
        assert sum(each.amount_minor for each in answer.receipt.all_tenders) == preview.total_minor + tip
        self.done.append(answer.sale)

    def _basket(self, shop: Counter, number: str | None, names: list[str], rewards: int) -> Sale:
        sale = shop.sale(*names)
        if number is not None:
            read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id), "QRCode")
            programme = shop.uow.programme.current()
            assert programme is not None
            for tier in programme.tiers[:rewards]:
                redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, shop.staff)
        return shop.now(sale)

    @precondition(lambda self: self.done)
    @rule(data=st.data(), kind=st.sampled_from(("whole", "line", "amount")))
    def give_back(self, data: st.DataObject, kind: str) -> None:
        sale = data.draw(st.sampled_from(self.done))
        request: RefundRequest = WholeSaleBack()
        if kind == "line":
            line = data.draw(st.sampled_from(sale.lines))
            request = LinesBack(((line.id, data.draw(st.integers(1, 2))),))
        elif kind == "amount":
            request = AmountBack(data.draw(st.integers(1, 3000)))

        def act(shop: Counter) -> None:
            preview = preview_refund(shop.uow, sale.id, request)
            order = RefundOrder(f"back-{next(self.keys)}", sale.id, request, "rendu")
            answer = refund_sale(shop.uow, shop.ctx, order, shop.staff)
            if isinstance(answer, Refunded):
                assert answer.refund.quote == preview
                again = refund_sale(shop.uow, shop.ctx, order, shop.staff)
                assert isinstance(again, Refunded)
                assert again.is_repeated
            else:
                assert answer == preview

        self._do(act)

    @precondition(lambda self: self.done)
    @rule(data=st.data(), names=goods)
    def exchange(self, data: st.DataObject, names: list[str]) -> None:
        original = data.draw(st.sampled_from(self.done))

        def act(shop: Counter) -> None:
            sale = self._basket(shop, None, names, 0)
            payment = Payment(f"swap-{next(self.keys)}", 50_000)
            order = ExchangeOrder(sale.id, original.id, WholeSaleBack(), "échange", payment)
            answer = exchange_goods(shop.uow, shop.ctx, order, shop.staff)
            if isinstance(answer, Refused):
                void_sale(shop.uow, shop.ctx, sale.id, shop.staff)
            else:
                self.done.append(answer.completed.sale)

        self._do(act)

    @precondition(lambda self: self.done)
    @rule(data=st.data(), number=members)
    def attach_late(self, data: st.DataObject, number: str) -> None:
        sale = data.draw(st.sampled_from(self.done))
        self._do(
            lambda shop: attach_to_completed(
                shop.uow, shop.ctx, sale.id, shop.member(number).customer.id, shop.staff
            )
        )

    @precondition(lambda self: self.done)
    @rule(data=st.data(), number=members)
    def move(self, data: st.DataObject, number: str) -> None:
        sale = data.draw(st.sampled_from(self.done))
        self._do(
            lambda shop: move_visit(
                shop.uow, shop.ctx, sale.id, shop.member(number).customer.id, shop.staff, reason="erreur"
            )
        )

    @rule(number=members, points=st.integers(-100, 100))
    def adjust(self, number: str, points: int) -> None:
        self._do(
            lambda shop: adjust_points(
                shop.uow,
                shop.ctx,
                shop.member(number).customer.id,
                points,
                shop.staff,
                reason="geste",
                key=str(next(self.keys)),
            )
        )

    @rule(hours=st.integers(1, 72))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours * 3600)
        run_clock_work(self.database.unit_of_work, self.ctx)

    @rule(earn=st.sampled_from(RULES), policy=st.sampled_from(POLICIES))
    def change_the_programme(self, earn: AmountRule | VisitRule, policy: ExpiryPolicy) -> None:
        def act(shop: Counter) -> None:
            publish_change(shop.uow, shop.ctx, shop.staff, with_rule(shop.ctx, earn))
            publish_change(shop.uow, shop.ctx, shop.staff, with_expiry(shop.ctx, policy))

        self._do(act)

    @rule(is_double=st.booleans(), limit=st.none() | st.just(TriggerLimit(1)))
    def promote(self, is_double: bool, limit: TriggerLimit | None) -> None:
        incentive = PointsMultiplier(1500) if is_double else PointsAddition(7)
        draft = PromotionDraft("Fête", incentive, Schedule(date(2026, 1, 1)), trigger_limit=limit)
        self._do(lambda shop: add_promotion(shop.uow, shop.ctx, shop.staff, draft))

    @invariant()
    def the_ledger_is_sound(self) -> None:
        # row 174
        with self.database.reading() as uow:
            assert verify_ledger(uow).faults == ()
            for account_id in uow.accounts.ids():
                account = uow.accounts.get(account_id)
                entries = uow.ledger.entries_of(account_id)
                assert account is not None
                assert account.balance == balance_of(entries)
                assert all(lot.remaining >= 0 for lot in uow.ledger.lots_of(account_id))
                if account.balance < 0:
                    assert any(entry.kind == "reverse" for entry in entries)  # X12

    def _do(self, act: Callable[[Counter], object]) -> None:
        self.days.add(local_date(self.clock.now(), "Europe/Paris"))
        with self.database.unit_of_work() as uow:
            act(counter(uow, self.ctx))
            uow.commit()
        self.clock.advance(1)

    def teardown(self) -> None:
        with self.database.reading() as uow:
            for day in self.days:
                assert replay_day(uow, day).differences == ()
            sales = [uow.sales.get(sale.id) for sale in self.done]
            assert all(sale is not None and sale.state is SaleState.COMPLETED for sale in sales)
            span = timedelta(days=9999)
            now = self.clock.now()
            assert len(uow.reports.visits(now - span, now + span)) <= len(self.done)


@pytest.mark.timeout(600)  # a thousand stories: two minutes where the machine is busy
def test_whatever_happens_at_the_counter_the_ledger_is_sound_and_every_day_can_be_reckoned_again() -> None:
    # rows 174, 175
    case = CounterMachine.TestCase
    case.settings = settings(
        max_examples=1000, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
    )
    case("runTest").runTest()
