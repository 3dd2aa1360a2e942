"""Forgets bookkeeping that has done its work, so that the database grows with the shop and not with time."""

from dataclasses import dataclass
from datetime import timedelta

from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext

EVENTS_KEPT = timedelta(days=180)
"""A device that was in a drawer for a season still gets its stored results."""
CODES_KEPT = timedelta(days=1)
"""How many one member was sent in an hour is counted by them."""
PUBLISHED_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows were forgotten."""

    events: int
    sessions: int
    published: int
    codes: int = 0


def tidy(uow: UnitOfWork, ctx: ServiceContext) -> Tidied:
    """Run once a day or so, in the background. Sales, ledger, consents and identifications stay."""
    now = ctx.clock.now()
    return Tidied(
        events=uow.inbox.purge(now - EVENTS_KEPT),
        sessions=uow.sessions.purge(now - EVENTS_KEPT),
        codes=uow.one_time_codes.purge(now - CODES_KEPT),
        published=uow.outbound.purge_published(now - PUBLISHED_KEPT),
    )
