"""A register of another make beside a station process and a real broker: killed, asked again, never twice."""

import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.payment_card import CardToken, LinkedCard
from loyalty.domain.why import Refused
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.keep_registers import KeyMade, RegisterDraft, add_register
from loyalty.services.payment_card import link_card
from loyalty.services.register_sale import choose_who_sells
from messaging.codec import decode
from messaging.mqtt import Delivery, MqttLink
from messaging.register.answered import LaneNow, RegisterSetup, SaleRecorded
from messaging.register.envelope import RegisterAnswered
from messaging.topics import REGISTER_BRANCHES, register_topic
from runtime.clock import SystemClock
from runtime.ids import new_id
from tests.fakes.broker import MosquittoBroker
from tests.fakes.shop import SIGNER, VERIFIER
from tests.integration.checkout.test_station_process import (
    WAIT_S,
    StationProcess,
    broker,
    signed_card,
    station,
)

__all__ = ["broker", "station"]

NAME = "s0001.pos-one"


class Pos:
    """The wire of one register: asks, and keeps what comes on each branch."""

    def __init__(self, broker: MosquittoBroker) -> None:
        self.online: queue.Queue[bool] = queue.Queue()
        self.heard: dict[str, queue.Queue[bytes]] = {each: queue.Queue() for each in REGISTER_BRANCHES}
        topics = tuple(register_topic(NAME, each) for each in REGISTER_BRANCHES if each != "ask")
        self.link = MqttLink(broker.address(NAME), topics, self._take, self.online.put)
        self.link.start()
        assert self.online.get(timeout=WAIT_S)

    def publish(self, payload: bytes) -> None:
        assert self.link.publish(register_topic(NAME, "ask"), payload)

    def ask(self, payload: bytes) -> bytes:
        self.publish(payload)
        return self.heard["answer"].get(timeout=WAIT_S)

    def _take(self, delivery: Delivery) -> None:
        self.heard[delivery.topic.rsplit("/", 1)[1]].put(delivery.payload)
        delivery.acknowledge()


def question(**ask: Any) -> bytes:
    return json.dumps({"v": 1, "id": str(new_id()), "lane": 1, "ask": ask}).encode()


def set_up(station: StationProcess) -> KeyMade:
    """The demo's shop with a register of lane 1, made before the station runs."""
    ctx = ServiceContext(SystemClock(), VERIFIER, TemplateWording(), "https://x", SIGNER)
    migrate(station.database_url)
    database = SqlDatabase.open(station.database_url)
    with database.unit_of_work() as unit:
        fill_demo_shop(unit, ctx)
        owner = next(each for each in unit.staff.all() if each.role.is_owner)
        lane = unit.lanes.by_number(1)
        assert lane is not None
        assert not isinstance(choose_who_sells(unit, ctx, lane.id, owner, is_companion=True), Refused)
        made = add_register(unit, ctx, RegisterDraft("Caisse avant", (lane.id,), NAME), owner)
        assert isinstance(made, KeyMade)
        member = unit.customers.member_by_reference("000123456")
        assert member is not None
        card = CardToken("Visa", "4242", "tok_7Jw0aQ")
        assert isinstance(link_card(unit, ctx, member.customer.id, card, owner), LinkedCard)
        unit.commit()
    database.close()
    return made


@pytest.fixture
def made(station: StationProcess) -> KeyMade:
    return set_up(station)


@pytest.fixture
def pos(broker: MosquittoBroker) -> Iterator[Pos]:
    opened = Pos(broker)
    yield opened
    opened.link.stop()


@pytest.fixture
def dying(station: StationProcess, made: KeyMade) -> "Iterator[subprocess.Popen[bytes]]":
    """A station that kills itself between what it books and its answer."""
    del made
    script = Path(__file__).with_name("dies_before_telling.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    station.port_file.unlink(missing_ok=True)
    process = subprocess.Popen([sys.executable, str(script), str(station.configuration)], env=environment)
    yield process
    process.kill()
    process.wait(WAIT_S)


def booked(station: StationProcess) -> tuple[int, int]:
    """How many sales the ledger has, and Camille's balance."""
    database = SqlDatabase.open(station.database_url)
    with database.reading() as unit:
        member = unit.customers.member_by_reference("000123456")
        sales = sum(unit.sales.by_receipt_number(number) is not None for number in range(1, 9))
    database.close()
    assert member is not None
    assert member.account is not None
    return sales, member.account.balance


def test_killed_between_booking_and_answer_over_http_the_same_order_is_answered_and_booked_once(
    broker: MosquittoBroker, station: StationProcess, made: KeyMade, dying: "subprocess.Popen[bytes]"
) -> None:
    # part of rows 167, 195
    before = booked(station)
    code = signed_card(broker, station, "000123456")
    order = {"reference": "T-1", "total_minor": 2000, "member": {"code": code}}
    headers = {"authorization": f"Bearer {made.key}"}
    deadline = time.monotonic() + WAIT_S
    while not station.port_file.exists():
        assert dying.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    address = f"http://127.0.0.1:{station.port_file.read_text().strip()}/api/v1/lanes/1/sales"
    with pytest.raises(httpx.TransportError):
        httpx.post(address, json=order, headers=headers, timeout=WAIT_S)
    assert dying.wait(WAIT_S) == -signal.SIGKILL
    after = booked(station)
    assert after[0] == before[0] + 1
    assert after[1] > before[1]

    station.start()
    answers = [
        httpx.post(f"{station.address}/api/v1/lanes/1/sales", json=order, headers=headers, timeout=WAIT_S)
        for _ in range(2)
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["idempotency-replayed"] for answer in answers} == {"true"}
    assert answers[0].content == answers[1].content
    assert answers[0].json()["points_earned"] == after[1] - before[1]
    assert booked(station) == after


def test_killed_between_booking_and_answer_over_mqtt_too(
    broker: MosquittoBroker, station: StationProcess, dying: "subprocess.Popen[bytes]", pos: Pos
) -> None:
    # part of rows 167, 195
    before = booked(station)
    code = signed_card(broker, station, "000123456")
    order = question(kind="record_sale", reference="T-1", total_minor=2000, member={"code": code})
    setup = decode(pos.heard["setup"].get(timeout=WAIT_S), RegisterSetup)
    assert [lane.number for lane in setup.lanes] == [1]
    pos.publish(order)
    assert dying.wait(WAIT_S) == -signal.SIGKILL
    after = booked(station)
    assert (after[0], after[1] > before[1]) == (before[0] + 1, True)

    station.start()
    first = pos.ask(order)
    assert pos.ask(order) == first
    answer = decode(first, RegisterAnswered).answer
    assert isinstance(answer, SaleRecorded)
    assert answer.points_earned == after[1] - before[1]
    assert booked(station) == after


def test_a_register_is_told_of_its_lane_and_comes_back_after_the_broker_died(
    broker: MosquittoBroker, station: StationProcess, made: KeyMade, pos: Pos
) -> None:
    del made
    station.start()
    pos.heard["setup"].get(timeout=WAIT_S)
    code = signed_card(broker, station, "000123456")
    pos.ask(question(kind="state_sale", reference="T-1", total_minor=2000))
    pos.ask(question(kind="name_member", member={"code": code}))
    while True:
        told = decode(pos.heard["lane"].get(timeout=WAIT_S), LaneNow)
        if told.sale is not None and told.sale.member is not None:
            break
    assert told.sale.reference == "T-1"
    order = question(kind="record_sale", reference="T-1", total_minor=2000)
    first = pos.ask(order)
    broker.kill()
    assert pos.online.get(timeout=WAIT_S) is False
    broker.start()
    assert pos.online.get(timeout=WAIT_S) is True
    pos.heard["setup"].get(timeout=WAIT_S)
    assert pos.ask(order) == first
