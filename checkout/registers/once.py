"""A register's orders, each done once: what was answered is kept with a digest of what was asked.

The keys are the register's own: the id of a message or of a request, and the reference of a sale or refund
that it records. Answers with a member's name are not kept; asked again, the lane is shown as it is.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid5

from checkout.registers.deeds import QUESTIONS, Done, do, read_lane
from loyalty.domain.delivery import ProcessedEvent
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.register_deeds import At
from messaging.register.answered import LaneNow
from messaging.register.asked import Asked, RecordSale, RefundSale, VoidSale


@dataclass(frozen=True)
class Once:
    """An answer, encoded; ``done`` is None where it had been given before."""

    body: bytes
    done: Done | None


def do_once(
    unit: UnitOfWork, ctx: ServiceContext, at: At, asked: Asked, *, request_key: str | None = None
) -> Once | Refused:
    """Do what is asked unless it was done; leaves nothing behind where it is refused.

    Args:
        unit: Entered; rolled back by a refusal, so nothing else may have been written in it.
        ctx: The clock.
        at: Which register, at which of its lanes.
        asked: What it asks for.
        request_key: The register's own name of this request.

    Refused with ``reference_used`` where a key came with something else.
    """
    if isinstance(asked, QUESTIONS):
        done = do(unit, ctx, at, asked)
        return done if isinstance(done, Refused) else Once(_encoded(done), done)
    digest = hashlib.sha256(f"{at.lane.number}|{asked.model_dump_json()}".encode()).digest()
    keys = _keys(at, asked, request_key)
    before = [found for key in keys if (found := unit.inbox.find(source_of(at), key)) is not None]
    if any(each.digest != digest for each in before):
        return Refused(Refusal.REFERENCE_USED)
    if before and before[0].result:
        return Once(before[0].result.encode(), None)
    if before and not isinstance(asked, RecordSale | RefundSale | VoidSale):
        return Once(read_lane(unit, ctx, at).model_dump_json().encode(), None)
    done = do(unit, ctx, at, asked)
    if isinstance(done, Refused):
        unit.rollback()
        return done
    body = _encoded(done)
    kept = "" if isinstance(done.answer, LaneNow) else body.decode()
    known = {each.event_id for each in before}
    for key in (key for key in keys if key not in known):
        unit.inbox.add(ProcessedEvent(source_of(at), key, digest, kept, ctx.clock.now()))
    return Once(body, done)


def source_of(at: At) -> str:
    """What the register is called among what was processed."""
    return f"register:{at.register.id}"


def _keys(at: At, asked: Asked, request_key: str | None) -> list[UUID]:
    names = [f"request:{request_key}"] if request_key is not None else []
    match asked:
        case RecordSale():
            names.append(f"record:{asked.reference}")
        case RefundSale():
            names.append(f"refund:{asked.refund}")
    return [uuid5(at.register.id, name) for name in names]


def _encoded(done: Done) -> bytes:
    return done.answer.model_dump_json().encode()
