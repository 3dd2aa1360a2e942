"""Sales, identifications and ended sessions in memory."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from loyalty.domain.identification import Identification, IdentificationMethod
from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.trust import Trust
from loyalty.errors import ConflictError
from loyalty.ports.sales import TermsThen, UnfinishedSale
from tests.fakes.loyalty_tables import Repository


class InMemorySales(Repository):
    def add(self, sale: Sale) -> None:
        if sale.is_open and self.open_in_lane(sale.lane_id) is not None:
            raise ConflictError("the lane has an open sale")
        self._tables.sales[sale.id] = sale

    def save(self, sale: Sale) -> None:
        there = self.get(sale.id)
        if there is None or there.version != sale.version - 1:
            raise ConflictError("somebody else changed this sale")
        in_lane = self.open_in_lane(sale.lane_id) if sale.is_open else None
        if in_lane is not None and in_lane.id != sale.id:
            raise ConflictError("the lane has an open sale")
        self._tables.sales[sale.id] = sale

    def get(self, sale_id: UUID) -> Sale | None:
        return self._tables.sales.get(sale_id)

    def open_in_lane(self, lane_id: UUID) -> Sale | None:
        sales = self._tables.sales.values()
        return next((sale for sale in sales if sale.lane_id == lane_id and sale.is_open), None)

    def held(self) -> Sequence[Sale]:
        return [sale for sale in self._tables.sales.values() if sale.state is SaleState.HELD]

    def completed_by_key(self, completion_key: str) -> Sale | None:
        sales = self._tables.sales.values()
        return next((sale for sale in sales if sale.completion_key == completion_key), None)

    def by_receipt_number(self, number: int) -> Sale | None:
        sales = self._tables.sales.values()
        return next((sale for sale in sales if sale.receipt and sale.receipt.number == number), None)

    def reserved_points(self, account_id: UUID, except_sale: UUID | None) -> int:
        return sum(each.points for each in self.unfinished_of(account_id) if each.sale_id != except_sale)

    def unfinished_of(self, account_id: UUID) -> Sequence[UnfinishedSale]:
        came = {each.id: each.at for each in self._tables.identifications}
        found = [
            UnfinishedSale(
                sale.id,
                sale.lane_id,
                sale.state is SaleState.HELD,
                came.get(sale.member.identification_id, sale.opened_at),
                sale.reward_points,
            )
            for sale in self._tables.sales.values()
            if not sale.is_settled
            and not sale.is_training
            and sale.member is not None
            and sale.member.account_id == account_id
        ]
        return sorted(found, key=lambda each: (each.since, each.sale_id))

    def next_receipt_number(self, *, is_training: bool = False) -> int:
        if is_training:
            self._tables.training_receipts += 1
            return self._tables.training_receipts
        self._tables.receipts += 1
        return self._tables.receipts

    def last_closed_in_lane(self, lane_id: UUID) -> Sale | None:
        closed = [s for s in self._tables.sales.values() if s.lane_id == lane_id and s.closed_at is not None]
        return max(closed, key=lambda sale: sale.closed_at or sale.opened_at, default=None)

    def keep_terms(self, sale_id: UUID, terms: TermsThen) -> None:
        self._tables.programme.terms[sale_id] = terms

    def terms_of(self, sale_id: UUID) -> TermsThen | None:
        return self._tables.programme.terms.get(sale_id)

    def completed_between(self, start: datetime, end: datetime) -> Sequence[UUID]:
        found = [
            sale
            for sale in self._tables.sales.values()
            if sale.state is SaleState.COMPLETED
            and not sale.is_training
            and sale.closed_at is not None
            and start <= sale.closed_at < end
        ]
        found.sort(key=lambda sale: (sale.closed_at, sale.receipt.number if sale.receipt else 0))
        return [sale.id for sale in found]

    def confirmed_redemptions(self, account_id: UUID, since: datetime) -> int:
        return sum(
            reward.confirmed_by is not None
            for sale in self._tables.sales.values()
            if sale.member is not None
            and sale.member.account_id == account_id
            and not sale.is_training
            and sale.state is not SaleState.VOIDED
            and (sale.closed_at is None or sale.closed_at >= since)
            for reward in sale.rewards
        )


class InMemoryIdentifications(Repository):
    def add(self, identification: Identification) -> None:
        self._tables.identifications.append(identification)

    def last_of_session(self, session_id: UUID) -> Identification | None:
        found = [i for i in self._tables.identifications if i.session_id == session_id]
        return max(found, key=lambda identification: (identification.at, identification.id), default=None)

    def trust_in_session(self, session_id: UUID, customer_id: UUID, *, sale_id: UUID | None) -> Trust | None:
        found = [
            i.trust
            for i in self._tables.identifications
            if i.session_id == session_id
            and i.customer_id == customer_id
            and (i.method is not IdentificationMethod.ONE_TIME_CODE or i.sale_id == sale_id)
        ]
        return max(found, default=None)

    def sessions_on(self, sale_id: UUID) -> Sequence[UUID]:
        on_sale = [i.session_id for i in self._tables.identifications if i.sale_id == sale_id]
        return list(dict.fromkeys(session_id for session_id in on_sale if session_id is not None))


class InMemorySessions(Repository):
    def end(self, session_id: UUID, device: str, reason: str, at: datetime) -> None:
        self._tables.ended.setdefault(session_id, at)

    def is_ended(self, session_id: UUID) -> bool:
        return session_id in self._tables.ended

    def purge(self, before: datetime) -> int:
        old = [session_id for session_id, at in self._tables.ended.items() if at < before]
        for session_id in old:
            del self._tables.ended[session_id]
        return len(old)
