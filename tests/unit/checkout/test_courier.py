"""The courier: each queued message goes out once, when it is woken; a broken database does not end it."""

import threading
from collections.abc import Iterator

import pytest

from checkout.messages import courier as module
from checkout.messages.courier import Courier
from loyalty.errors import StorageError


class Sender:
    """Stands in for the use case: hands out what is waiting, and says when it was asked."""

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.asked = threading.Semaphore(0)
        self.fail_next = False

    def __call__(self, _open_unit: object, _ctx: object, _gateway: object, limit: int) -> int:
        try:
            if self.fail_next:
                self.fail_next = False
                raise StorageError("busy")
            sent, self.waiting = self.waiting[:limit], self.waiting[limit:]
            return len(sent)
        finally:
            self.asked.release()


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Sender:
    made = Sender()
    monkeypatch.setattr(module, "send_queued", made)
    return made


@pytest.fixture
def courier(sender: Sender) -> Iterator[Courier]:
    made = Courier(None, None, None, retry_s=60)  # type: ignore[arg-type]
    made.start()
    assert sender.asked.acquire(timeout=10)
    yield made
    made.stop()


def test_it_looks_at_its_start_and_when_it_is_woken(courier: Courier, sender: Sender) -> None:
    sender.waiting = [1]
    courier.wake()
    assert sender.asked.acquire(timeout=10)
    assert sender.waiting == []


def test_a_full_batch_is_followed_by_the_next(courier: Courier, sender: Sender) -> None:
    sender.waiting = list(range(45))
    courier.wake()
    for _ in range(3):
        assert sender.asked.acquire(timeout=10)
    assert sender.waiting == []


def test_a_busy_database_is_tried_again_and_ends_nothing(courier: Courier, sender: Sender) -> None:
    sender.fail_next = True
    courier.wake()
    assert sender.asked.acquire(timeout=10)
    courier.wake()
    assert sender.asked.acquire(timeout=10)
    assert courier.is_alive
