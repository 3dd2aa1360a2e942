"""Sales, receipts, identifications and messages come back as they were saved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.identification import Attachment, Identification, IdentificationMethod
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale
from loyalty.domain.sale import SaleLine, SaleMember, SaleReward, SaleState
from loyalty.domain.trust import Trust
from loyalty.errors import ConflictError
from runtime.ids import new_id
from tests.contract.loyalty.stored import AT, NUMBER, Database, enrolled, item_in, lane_of, open_sale


def test_a_sale_comes_back_as_it_was_saved(database: Database) -> None:
    vat = TaxRate("tva-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED)
    with database.unit_of_work() as uow:
        lane, account, item = lane_of(uow), enrolled(uow), item_in(uow)
        line = SaleLine(new_id(), item.id, "Miel", 1190, 2, None, (vat,))
        sale = open_sale(lane, lines=(line,))
        uow.sales.add(sale)
        who = SaleMember(
            account.customer_id,
            account.id,
            new_id(),
            IdentificationMethod.SIGNED_CARD,
            Trust.SIGNED,
            new_id(),
        )
        second = replace(line, id=new_id(), quantity=1)
        rewards = (SaleReward(new_id(), new_id(), "10 %", 25, PercentageOffSale(100_000, 500)),)
        changed = replace(
            sale, lines=(second, replace(line, quantity=5)), member=who, rewards=rewards, version=2
        )
        uow.sales.save(changed)
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.sales.get(sale.id) == changed
        assert uow.sales.open_in_lane(lane.id) == changed
        fewer = replace(changed, lines=(second,), rewards=(), version=3)
        uow.sales.save(fewer)
        uow.commit()
    with database.reading() as uow:
        assert uow.sales.get(sale.id) == fewer
        assert uow.sales.get(new_id()) is None


def test_a_lane_has_one_open_sale(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane, other = lane_of(uow), lane_of(uow, 2)
        uow.sales.add(open_sale(lane))
        uow.sales.add(open_sale(other))
        uow.commit()
        with pytest.raises(ConflictError):
            uow.sales.add(open_sale(lane))


def test_a_held_sale_leaves_its_lane(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane = lane_of(uow)
        sale = open_sale(lane)
        uow.sales.add(sale)
        held = replace(sale, state=SaleState.HELD, version=2)
        uow.sales.save(held)
        uow.sales.add(open_sale(lane))
        assert list(uow.sales.held()) == [held]


def test_a_sale_that_somebody_else_changed_is_not_overwritten(database: Database) -> None:
    with database.unit_of_work() as uow:
        sale = open_sale(lane_of(uow))
        uow.sales.add(sale)
        uow.sales.save(replace(sale, version=2))
        with pytest.raises(ConflictError):
            uow.sales.save(replace(sale, version=2))


def test_rewards_on_unfinished_sales_are_spoken_for(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        sales = []
        for number, points in ((1, 10), (2, 25)):
            who = SaleMember(
                account.customer_id,
                account.id,
                new_id(),
                IdentificationMethod.STAFF,
                Trust.PROVEN,
                None,
            )
            rewards = (SaleReward(new_id(), new_id(), "R", points, AmountOffSale(100)),)
            sales.append(open_sale(lane_of(uow, number), member=who, rewards=rewards))
            uow.sales.add(sales[-1])
        assert uow.sales.reserved_points(account.id, None) == 35
        assert uow.sales.reserved_points(account.id, sales[1].id) == 10
        standing = [(each.lane_id, each.points, each.is_held) for each in uow.sales.unfinished_of(account.id)]
        assert sorted(standing) == sorted((sale.lane_id, sale.reward_points, False) for sale in sales)
        assert {each.since for each in uow.sales.unfinished_of(account.id)} == {AT}
        held = replace(sales[1], state=SaleState.HELD, version=2)
        uow.sales.save(held)
        assert [each.is_held for each in uow.sales.unfinished_of(account.id) if each.points == 25] == [True]
        voided = replace(sales[0], state=SaleState.VOIDED, closed_at=AT, version=2)
        uow.sales.save(voided)
        assert uow.sales.reserved_points(account.id, None) == 25
        assert uow.sales.last_closed_in_lane(voided.lane_id) == voided


def test_receipt_numbers_count_up_and_a_number_not_committed_is_given_again(database: Database) -> None:
    with database.unit_of_work() as uow:
        assert [uow.sales.next_receipt_number() for _ in range(2)] == [1, 2]
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.sales.next_receipt_number() == 3
    with database.unit_of_work() as uow:
        assert uow.sales.next_receipt_number() == 3


def test_training_leaves_no_gap_in_the_shops_receipts(database: Database) -> None:
    # part of row 202
    with database.unit_of_work() as uow:
        assert uow.sales.next_receipt_number() == 1
        assert uow.sales.next_receipt_number(is_training=True) == 900_000_001
        assert uow.sales.next_receipt_number(is_training=True) == 900_000_002
        assert uow.sales.next_receipt_number() == 2


def test_identifications_and_ended_sessions_are_kept(database: Database) -> None:
    session = new_id()
    with database.unit_of_work() as uow:
        account, lane = enrolled(uow), lane_of(uow)
        record = Identification(
            id=new_id(),
            customer_id=account.customer_id,
            account_id=account.id,
            method=IdentificationMethod.ROTATING_CODE,
            trust=Trust.PROVEN,
            lane_id=lane.id,
            session_id=session,
            at=AT,
            device_time=datetime(1970, 1, 1, tzinfo=UTC),
            sale_id=None,
            attachment=Attachment.NO_SALE,
        )
        uow.identifications.add(record)
        assert uow.identifications.last_of_session(session) == record
        assert uow.identifications.last_of_session(new_id()) is None
        sale = open_sale(lane)
        uow.sales.add(sale)
        typed = replace(record, id=new_id(), trust=Trust.TYPED, sale_id=sale.id)
        uow.identifications.add(typed)
        uow.identifications.add(replace(typed, id=new_id(), session_id=None))
        assert (
            uow.identifications.trust_in_session(session, account.customer_id, sale_id=None) is Trust.PROVEN
        )
        assert uow.identifications.trust_in_session(session, new_id(), sale_id=None) is None
        other, code = new_id(), IdentificationMethod.ONE_TIME_CODE
        uow.identifications.add(replace(typed, id=new_id(), session_id=other))
        uow.identifications.add(
            replace(typed, id=new_id(), session_id=other, trust=Trust.PROVEN, method=code)
        )
        for sale_id, best in ((sale.id, Trust.PROVEN), (new_id(), Trust.TYPED), (None, Trust.TYPED)):
            found = uow.identifications.trust_in_session(other, account.customer_id, sale_id=sale_id)
            assert found is best
        assert set(uow.identifications.sessions_on(sale.id)) == {session, other}
        assert uow.sessions.is_ended(session) is False
        uow.sessions.end(session, "s0001.k01", "paid", AT)
        uow.sessions.end(session, "s0001.k01", "idle", AT)
        assert uow.sessions.is_ended(session) is True
        assert uow.sessions.purge(AT) == 0
        assert uow.sessions.purge(AT + timedelta(seconds=1)) == 1
        assert uow.sessions.is_ended(session) is False


def test_a_message_is_queued_once_by_its_event(database: Database) -> None:
    # X7
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        message = MemberMessage(
            new_id(), "welcome:1", MessageKind.WELCOME, account.customer_id, NUMBER, "fr", "Bonjour", AT
        )
        assert uow.messages.queue(message) is True
        assert uow.messages.queue(replace(message, id=new_id())) is False
        assert list(uow.messages.queued(10)) == [message]
        uow.messages.settle(message.id, MessageState.SENT, 1, AT)
        assert list(uow.messages.queued(10)) == []
        assert list(uow.messages.recent(10)) == [
            replace(message, state=MessageState.SENT, attempts=1, settled_at=AT)
        ]


def test_revoked_links_open_nothing(database: Database) -> None:
    with database.unit_of_work() as uow:
        account = enrolled(uow)
        uow.status_links.add(b"a" * 32, account.customer_id, AT)
        uow.status_links.add(b"b" * 32, account.customer_id, AT)
        assert uow.status_links.customer_of(b"a" * 32) == account.customer_id
        assert uow.status_links.customer_of(b"c" * 32) is None
        uow.status_links.revoke_all_of(account.customer_id, AT)
        assert uow.status_links.customer_of(b"a" * 32) is None
        uow.status_links.add(b"d" * 32, account.customer_id, AT)
        assert uow.status_links.customer_of(b"d" * 32) == account.customer_id
