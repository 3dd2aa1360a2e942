"""A courier that is killed at any moment never sends a message twice."""

import collections
import os
import random
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.message import MessageState
from tests.fakes.clock import FakeClock
from tests.fakes.http_provider import HttpProvider
from tests.fakes.messages import sms
from tests.fakes.shop import CAMILLE, counter, service_context
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("sender_process.py")


class Shop:
    """A database on disk, a provider, and couriers as processes of their own."""

    def __init__(self, folder, provider):
        self.provider = provider
        self._secret = folder / "secret"
        self._secret.write_text("k3y")
        self._url = f"sqlite:///{folder / 'shop.db'}"
        migrate(self._url)
        self._database = SqlDatabase.open(self._url)
        with self._database.unit_of_work() as uow:
            counter(uow, service_context(FakeClock()))
            self._customer = uow.customers.member_by_phone(CAMILLE).customer.id
            uow.commit()

    def queue(self, count):
        messages = [
            sms(to=CAMILLE, customer_id=self._customer, queued_at=datetime.now(UTC)) for _ in range(count)
        ]
        with self._database.unit_of_work() as uow:
            for message in messages:
                assert uow.messages.queue(message)
            uow.commit()
        return messages

    def courier(self):
        process = subprocess.Popen(
            [sys.executable, SCRIPT, self._url, self.provider.url, self._secret],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert process.stdout.readline() == "ready\n"
        return process

    def state(self, message):
        with self._database.reading() as uow:
            return uow.deliveries.get(message.id).state

    def seen(self):
        """How often the provider was asked to send each message."""
        return collections.Counter(asked.json["id"] for asked in self.provider.asked)

    def close(self):
        self._database.close()


@pytest.fixture
def shop(tmp_path):
    with HttpProvider() as provider:
        made = Shop(tmp_path, provider)
        yield made
        made.close()


def start_round(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def kill(process):
    process.kill()
    process.communicate()


def finish_round(process):
    start_round(process)
    assert process.stdout.readline().startswith("round")
    process.communicate()


def test_killed_between_sending_and_noting_it_leaves_the_message_to_a_person(shop):
    # row 193
    (message,) = shop.queue(1)
    shop.provider.may_answer.clear()
    courier = shop.courier()
    start_round(courier)
    assert shop.provider.was_asked.wait(PATIENCE_S)
    assert shop.state(message) is MessageState.SENDING
    kill(courier)
    shop.provider.may_answer.set()
    finish_round(shop.courier())
    assert shop.seen() == {str(message.id): 1}
    assert shop.state(message) is MessageState.UNKNOWN


def test_killed_at_any_moment_no_message_ever_goes_out_twice(shop):
    # row 193
    messages = shop.queue(40)
    chance = random.Random(20261124)
    for _ in range(6):
        courier = shop.courier()
        start_round(courier)
        death = threading.Timer(chance.uniform(0.0, 0.25), courier.kill)
        death.start()
        courier.wait(30)
        courier.communicate()
        death.join()
    last = shop.courier()
    start_round(last)
    last.stdout.readline()
    finish_round(last)
    seen = shop.seen()
    assert max(seen.values()) == 1
    for message in messages:
        state = shop.state(message)
        assert state in {MessageState.SENT, MessageState.UNKNOWN}
        if state is MessageState.SENT:
            assert seen[str(message.id)] == 1
