"""A message from the broker becomes one transaction; in the end it is acknowledged, whatever came of it.

Both who take events of devices and who take questions of registers do it so: a message that is refused for
now is one that its sender keeps and sends again, and one that breaks its use case is refused for good, or it
would break us for ever.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from checkout.errors import CheckoutError
from checkout.writer import Priority, Writer
from loyalty.errors import StorageError
from loyalty.ports.unit_of_work import UnitOfWork
from messaging.mqtt import Delivery

TakenT = TypeVar("TakenT")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Turn(Generic[TakenT]):
    """What is done with one message. All of it runs on the writer's thread.

    Args:
        delivery: The message.
        apply: Its effect and what is to be published of it, in one transaction.
        after: Publishes after the commit, and sees that the message is acknowledged.
        refuse_for_good: Where ``apply`` broke: keeps the message as a dead letter.
        publish: Publishes that refusal.
        words: Stand in the log beside what went wrong; nothing of people.
    """

    delivery: Delivery
    apply: Callable[[UnitOfWork], TakenT]
    after: Callable[[TakenT], None]
    refuse_for_good: Callable[[UnitOfWork], TakenT]
    publish: Callable[[TakenT], None]
    words: dict[str, str]


def take_turn(writer: Writer[UnitOfWork], turn: Turn[TakenT]) -> None:
    """Queue it; returns at once. Any thread."""
    try:
        future = writer.submit(Priority.COUNTER, turn.apply, turn.after)
    except CheckoutError as error:
        # The sender keeps the message and sends it again; the broker need not keep it too.
        _log.warning("a message has to come again", extra={"code": error.code, **turn.words})
        turn.delivery.acknowledge()
        return

    def settle(done: Future[TakenT]) -> None:
        error = done.exception()
        if error is not None:
            _after_failure(writer, turn, error)

    future.add_done_callback(settle)


def _after_failure(writer: Writer[UnitOfWork], turn: Turn[TakenT], error: BaseException) -> None:
    if isinstance(error, StorageError):
        _log.error("the database failed; the message has to come again", exc_info=error, extra=turn.words)
        turn.delivery.acknowledge()
        return
    _log.error("a message broke its use case", exc_info=error, extra=turn.words)
    try:
        refusing = writer.submit(Priority.COUNTER, turn.refuse_for_good, turn.publish)
    except CheckoutError:
        turn.delivery.acknowledge()
        return
    refusing.add_done_callback(lambda _: turn.delivery.acknowledge())
