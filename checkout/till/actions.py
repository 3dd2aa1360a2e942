"""What staff do at a till, each one transaction of the writer, followed by a refresh of the lane."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from uuid import UUID

from checkout.station import Station
from checkout.till.offers import Offered
from checkout.writer import Priority
from loyalty.domain.payment_card import LinkedCard
from loyalty.domain.register import StatedLine
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified
from loyalty.services.basket import (
    add_item,
    hold_sale,
    open_sale,
    open_sale_or_refusal,
    resume_sale,
    set_quantity,
    void_sale,
)
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.identify import ItemRead, read_at_till
from loyalty.services.late_attachment import AttachedLate, attach_at_receipt
from loyalty.services.one_time_codes import CodeChallenge, enter_code_at_till, send_code_at_till
from loyalty.services.paying_card import link_paying_card
from loyalty.services.redeem import redeem_by_staff, remove_reward
from loyalty.services.register_sale import record_paid, state_sale
from loyalty.services.send_receipt import DrawnReceipt, ReceiptQueued, ReceiptToDraw, send_receipt
from loyalty.services.staff_at_sale import attach_by_staff, confirm_discount, detach_member
from loyalty.services.staff_discounts import DiscountDraft, give_discount, take_discount_off

Outcome = (
    Sale
    | AttachedLate
    | ItemRead
    | Completed
    | Identified
    | LinkedCard
    | ReceiptQueued
    | CodeChallenge
    | Refused
)
Action = Callable[[UnitOfWork], Outcome]


@dataclass(frozen=True)
class TillActions:
    """The actions of one staff member at one lane, for :func:`perform`.

    An action names the sale that the page showed: on a sale that is no longer the lane's open one it is
    refused, so that a page that lags behind never touches the next customer's sale (row 171).
    """

    station: Station
    lane: Lane
    staff: StaffMember

    def open(self) -> Action:
        return lambda unit: open_sale(unit, self.station.ctx, self.lane.id, self.staff)

    def add(self, item_id: UUID) -> Action:
        """Add one of an item to the open sale; the first item opens the sale."""

        def act(unit: UnitOfWork) -> Outcome:
            self.staff.require(Permission.SELL)
            sale = unit.sales.open_in_lane(self.lane.id)
            if sale is None:
                opened = open_sale(unit, self.station.ctx, self.lane.id, self.staff)
                if isinstance(opened, Refused):
                    return opened
                sale = opened
            return add_item(unit, sale.id, item_id)

        return act

    def read(self, text: str) -> Action:
        """What the till's own scanner read, or somebody typed in its place."""
        return lambda unit: read_at_till(unit, self.station.ctx, self.lane, text, self.staff)

    def change_quantity(self, line_id: UUID, by: int) -> Action:
        """So many more, or fewer: touches that come faster than the page is drawn anew all count.

        A line of which none is left is taken off; one that is off already stays off.
        """

        def act(unit: UnitOfWork) -> Outcome:
            self.staff.require(Permission.SELL)
            sale = unit.sales.open_in_lane(self.lane.id)
            if sale is None:
                return Refused(Refusal.SALE_CLOSED)
            line = sale.line(line_id)
            if line is None:
                return sale if by < 0 else Refused(Refusal.LINE_UNKNOWN)
            return set_quantity(unit, sale.id, line_id, max(line.quantity + by, 0))

        return act

    def void(self, sale_id: UUID) -> Action:
        return self._on(sale_id, lambda unit: void_sale(unit, self.station.ctx, sale_id, self.staff))

    def apply_discount(self, sale_id: UUID) -> Action:
        return self._on(sale_id, lambda unit: confirm_discount(unit, sale_id, self.staff))

    def detach(self, sale_id: UUID) -> Action:
        return self._on(sale_id, lambda unit: detach_member(unit, sale_id, self.staff))

    def use_reward(self, sale_id: UUID, tier_id: UUID) -> Action:
        return self._on(
            sale_id, lambda unit: redeem_by_staff(unit, self.station.ctx, sale_id, tier_id, self.staff)
        )

    def take_off_reward(self, sale_id: UUID, reward_id: UUID) -> Action:
        return self._on(sale_id, lambda unit: remove_reward(unit, sale_id, reward_id, self.staff))

    def pay(self, sale_id: UUID, offered: Offered, shown_total_minor: int) -> Action:
        """The sale's id is the key of the payment, so that a repeated request pays once."""
        payment = Payment(
            str(sale_id),
            expected_total_minor=shown_total_minor,
            offers=offered.offers,
            tip_minor=offered.tip_minor,
        )
        ctx = self.station.ctx

        def act(unit: UnitOfWork) -> Outcome:
            sale = unit.sales.get(sale_id)
            if sale is None or sale.lane_id != self.lane.id:
                return Refused(Refusal.SALE_UNKNOWN)
            return complete_sale(unit, ctx, sale_id, payment, self.staff)

        return act

    def begin_payment(self, sale_id: UUID) -> Action:
        """The goods are counted up; nothing of the sale changes."""

        def act(unit: UnitOfWork) -> Outcome:
            self.staff.require(Permission.SELL)
            sale = open_sale_or_refusal(unit, sale_id)
            if isinstance(sale, Sale):
                self.station.payments.begin(self.lane.id, sale_id)
            return sale

        return self._on(sale_id, act)

    def state(self, lines: Sequence[StatedLine]) -> Action:
        """What the register beside the lane sells; see :func:`loyalty.services.register_sale.state_sale`."""

        def act(unit: UnitOfWork) -> Outcome:
            sale = state_sale(unit, self.station.ctx, self.lane.id, lines, self.staff)
            if isinstance(sale, Sale):  # with its total the payment begins
                self.station.payments.begin(self.lane.id, sale.id)
            return sale

        return act

    def record(self, sale_id: UUID, charged_minor: int) -> Action:
        """The register was paid: book what the sale gives."""
        ctx = self.station.ctx

        def act(unit: UnitOfWork) -> Outcome:
            sale = unit.sales.get(sale_id)
            if sale is None or sale.lane_id != self.lane.id:
                return Refused(Refusal.SALE_UNKNOWN)
            return record_paid(unit, ctx, sale_id, self.staff, charged_minor=charged_minor)

        return act

    def hold(self, sale_id: UUID) -> Action:
        """Set the sale aside, so that the lane can serve the next customer."""
        return self._on(sale_id, lambda unit: hold_sale(unit, sale_id, self.staff))

    def resume(self, sale_id: UUID) -> Action:
        """Take a sale up again that was set aside here or at another lane."""
        return lambda unit: resume_sale(unit, sale_id, self.lane.id, self.staff)

    def give_discount(self, sale_id: UUID, draft: DiscountDraft) -> Action:
        return self._on(sale_id, lambda unit: give_discount(unit, sale_id, draft, self.staff))

    def take_discount_off(self, sale_id: UUID, discount_id: UUID) -> Action:
        return self._on(sale_id, lambda unit: take_discount_off(unit, sale_id, discount_id, self.staff))

    def attach(self, sale_id: UUID, customer_id: UUID, *, is_checked: bool) -> Action:
        """Put a customer on the open sale, or on the one just paid while its receipt is shown."""
        ctx = self.station.ctx

        def act(unit: UnitOfWork) -> Outcome:
            sale = unit.sales.get(sale_id)
            if sale is None or sale.lane_id != self.lane.id:
                return Refused(Refusal.SALE_UNKNOWN)
            if sale.is_settled:
                return attach_at_receipt(unit, ctx, sale_id, customer_id, self.staff)
            return attach_by_staff(unit, ctx, sale_id, customer_id, self.staff, is_checked=is_checked)

        return act

    def link_card(self, sale_id: UUID, last_four: str, *, is_checked: bool) -> Action:
        """The card that paid a sale of this lane becomes its customer's."""
        ctx = self.station.ctx

        def act(unit: UnitOfWork) -> Outcome:
            sale = unit.sales.get(sale_id)
            if sale is None or sale.lane_id != self.lane.id:
                return Refused(Refusal.SALE_UNKNOWN)
            return link_paying_card(unit, ctx, sale_id, last_four, self.staff, is_checked=is_checked)

        return act

    def send_code(self, sale_id: UUID) -> Action:
        """A one-time code to the phone of the sale's member."""
        return self._on(sale_id, lambda unit: send_code_at_till(unit, self.station.ctx, sale_id, self.staff))

    def enter_code(self, sale_id: UUID, digits: str) -> Action:
        return self._on(
            sale_id, lambda unit: enter_code_at_till(unit, self.station.ctx, sale_id, digits, self.staff)
        )

    def mail_receipt(
        self, sale_id: UUID, typed_address: str, draw: Callable[[UnitOfWork, ReceiptToDraw], DrawnReceipt]
    ) -> Action:
        """E-mail the receipt of a sale of this lane; an empty address is that of the member's profile."""

        def act(unit: UnitOfWork) -> Outcome:
            sale = unit.sales.get(sale_id)
            if sale is None or sale.lane_id != self.lane.id:
                return Refused(Refusal.SALE_UNKNOWN)
            return send_receipt(
                unit, self.station.ctx, sale_id, self.staff, typed_address=typed_address, draw=draw
            )

        return act

    def _on(self, sale_id: UUID, act: Action) -> Action:
        def checked(unit: UnitOfWork) -> Outcome:
            sale = unit.sales.open_in_lane(self.lane.id)
            if sale is None or sale.id != sale_id:
                return Refused(Refusal.SALE_CLOSED)
            return act(unit)

        return checked


async def perform(actions: TillActions, action: Action) -> Refused | None:
    """Run an action and wait until the lane's pages show it; the refusal, if it was refused.

    Raises:
        PermissionDeniedError: The role does not hold what the action needs.
        ConflictError: Somebody else changed the sale first.
        UnknownIdError: An id that no page could have offered.
        WriterBusyError: Too much waits already.
    """
    station, lane = actions.station, actions.lane

    def after(outcome: Outcome) -> None:
        if isinstance(outcome, Refused):
            return
        if not isinstance(outcome, ReceiptQueued):
            station.refresher.changed(lane.id)
        if isinstance(outcome, Completed | ReceiptQueued | CodeChallenge):
            station.courier.wake()
            if isinstance(outcome, Completed) and not outcome.is_repeated:
                station.receipts.after_payment(outcome.sale)

    outcome = await asyncio.wrap_future(station.writer.submit(Priority.STAFF, action, after))
    if isinstance(outcome, Refused):
        return outcome
    shown: Future[None] = Future()
    station.writer.run(Priority.COUNTER, lambda: shown.set_result(None))
    await asyncio.wrap_future(shown)
    return None
