"""One question of a register as one transaction; the same for HTTP and MQTT."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from checkout.registers.deeds import QUESTIONS
from checkout.registers.once import Once, do_once
from checkout.registers.views import register_setup
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.keep_registers import acting_register, note_use
from loyalty.services.register_deeds import At
from messaging.register.asked import Asked

Reading = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True)
class AskedOnce:
    """What a question came to, and at which lane."""

    once: Once | Refused
    lane: Lane | None = None


def ask_once(
    ctx: ServiceContext, register_id: UUID, lane: int, asked: Asked, *, request_key: str | None
) -> Callable[[UnitOfWork], AskedOnce]:
    """The work of one question: the register as it is now, its lane, the deed.

    Refused with ``register_unknown``, ``lane_unknown``, ``lane_not_bound`` before anything is looked at.
    """

    def work(unit: UnitOfWork) -> AskedOnce:
        at = _at(unit, register_id, lane)
        if isinstance(at, Refused):
            return AskedOnce(at)
        once = do_once(unit, ctx, at, asked, request_key=request_key)
        if not isinstance(asked, QUESTIONS):
            note_use(unit, ctx, register_id)
        return AskedOnce(once, at.lane)

    return work


def setup_of(reading: Reading, register_id: UUID) -> bytes | None:
    """What a register has to know first; None once it is shut out. Blocks on the database."""
    with reading() as unit:
        found = acting_register(unit, register_id)
        return register_setup(unit, found[0]).model_dump_json().encode() if found is not None else None


def _at(unit: UnitOfWork, register_id: UUID, number: int) -> At | Refused:
    found = acting_register(unit, register_id)
    if found is None:
        return Refused(Refusal.REGISTER_UNKNOWN)
    register, account = found
    lane = unit.lanes.by_number(number)
    # Lanes that are not its own look alike to it, whether they are there or not.
    if lane is None or not lane.is_active or lane.id not in register.lane_ids:
        return Refused(Refusal.LANE_NOT_BOUND)
    return At(register, lane, account)
