"""The courier: what is due goes out when it is woken or when its time has come; a broken database does not end it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from checkout.messages import courier as module
from checkout.messages.courier import Courier
from loyalty.errors import StorageError
from loyalty.services.deliver_messages import DeliveryRound
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class Dispatch:
    """Stands in for the use case: hands out what is waiting, and says when it was asked."""

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.asked = threading.Semaphore(0)
        self.fail_next = False
        self.next_due_at: datetime | None = None
        self.options: dict[str, object] = {}

    def __call__(self, *_parts: object, **options: object) -> "Dispatch":
        self.options = options
        return self

    def deliver_due(self, limit: int) -> DeliveryRound:
        try:
            if self.fail_next:
                self.fail_next = False
                raise StorageError("busy")
            sent, self.waiting = self.waiting[:limit], self.waiting[limit:]
            return DeliveryRound(len(sent), 0, 0, self.next_due_at)
        finally:
            self.asked.release()


@pytest.fixture
def dispatch(monkeypatch: pytest.MonkeyPatch) -> Dispatch:
    made = Dispatch()
    monkeypatch.setattr(module, "MessageDispatch", made)
    return made


@pytest.fixture
def courier(dispatch: Dispatch) -> Iterator[Courier]:
    ctx = SimpleNamespace(clock=FakeClock(NOW))
    made = Courier(None, ctx, None, name="s0001.station", retry_s=60)  # type: ignore[arg-type]
    made.start()
    assert dispatch.asked.acquire(timeout=10)
    yield made
    made.stop()


def test_it_looks_at_its_start_and_when_it_is_woken(courier: Courier, dispatch: Dispatch) -> None:
    dispatch.waiting = [1]
    courier.wake()
    assert dispatch.asked.acquire(timeout=10)
    assert dispatch.waiting == []
    assert dispatch.options["courier"] == "s0001.station"


def test_a_full_batch_is_followed_by_the_next(courier: Courier, dispatch: Dispatch) -> None:
    dispatch.waiting = list(range(45))
    courier.wake()
    for _ in range(3):
        assert dispatch.asked.acquire(timeout=10)
    assert dispatch.waiting == []


def test_a_message_that_waits_is_looked_for_when_its_time_has_come(
    courier: Courier, dispatch: Dispatch
) -> None:
    # row 193
    dispatch.next_due_at = NOW + timedelta(milliseconds=100)
    courier.wake()
    assert dispatch.asked.acquire(timeout=10)
    assert dispatch.asked.acquire(timeout=10), "nobody woke it: its own clock did"


def test_a_busy_database_is_tried_again_and_ends_nothing(courier: Courier, dispatch: Dispatch) -> None:
    dispatch.fail_next = True
    courier.wake()
    assert dispatch.asked.acquire(timeout=10)
    courier.wake()
    assert dispatch.asked.acquire(timeout=10)
    assert courier.is_alive
