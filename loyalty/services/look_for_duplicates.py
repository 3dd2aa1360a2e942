"""Looks for profiles that may be one person: new and changed ones by and by, or the whole directory."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.duplicate_pair import DuplicatePair, ordered_pair
from loyalty.domain.duplicates.everyday import scores_of_first
from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.finder import Progress, find_duplicates
from loyalty.domain.duplicates.reasons import reasons
from loyalty.domain.duplicates.table import split_street
from loyalty.ports.clock_work import JobRun
from loyalty.ports.duplicates import PersonRow
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext, UnitOfWorkFactory

PROPOSED_FROM = 0.6
"""Chance from which a pair is put before staff, who decide."""
_NEW, _CHANGED = "duplicates:new", "duplicates:changed"
_AT_ONCE = 1
"""A customer at the counter waits until a slice is over: 2 to 17 ms of the processor among a million."""
LIKE_AT_MOST = 40
"""Others that one profile is compared with."""
ROWS_ASSUMED = LIKE_AT_MOST * 100
"""Size of the directory that chances are reckoned for; they shall not sink as a shop grows."""
_READ_AT_ONCE = 5_000
_STORED_AT_ONCE = 20
"""The station writes to the same database, and nobody at a counter is to wait for this."""


def look_at_new_slice(uow: UnitOfWork, ctx: ServiceContext) -> int:
    """Look at the next profiles after those looked at before, by age; how many, 0 at the end."""
    run = uow.jobs.get(_NEW) or JobRun(_NEW)
    people = uow.duplicates.people(run.cursor, _AT_ONCE)
    if not people:
        return 0
    for person in people:
        _look_at(uow, ctx, person)
    uow.jobs.save(JobRun(_NEW, people[-1].customer_id, run.done + len(people)))
    return len(people)


def look_at_changed_slice(uow: UnitOfWork, ctx: ServiceContext) -> int:
    """Look again at profiles that staff changed since the last time."""
    now = ctx.clock.now()
    run = uow.jobs.get(_CHANGED)
    if run is not None and run.finished_at is not None:
        for customer_id in _changed_between(uow, run.finished_at, now):
            person = uow.duplicates.person(customer_id)
            if person is not None:
                _look_at(uow, ctx, person)
    uow.jobs.save(JobRun(_CHANGED, finished_at=now))
    return 0


def search_directory(
    open_reading: UnitOfWorkFactory, at: datetime, progress: Progress = lambda _step, _done: None
) -> Iterator[DuplicatePair]:
    """All pairs of the whole directory that may be one person, likeliest first.

    Takes minutes and a gigabyte of memory for a million profiles: in a process of its own.
    """
    rows: list[PersonRow] = []
    with open_reading() as uow:
        while page := uow.duplicates.people(rows[-1].customer_id if rows else None, _READ_AT_ONCE):
            rows += page
    ids = [row.customer_id for row in rows]
    found = find_duplicates(people_of(rows), progress)
    del rows
    for pair in range(int((found.scores >= PROPOSED_FROM).sum())):
        first, second = ordered_pair(ids[found.left[pair]], ids[found.right[pair]])
        yield DuplicatePair(first, second, float(found.scores[pair]), reasons(found.compared, pair), at)


def propose_all(
    open_unit: UnitOfWorkFactory, pairs: Iterable[DuplicatePair], threshold: float | None = None
) -> int:
    """Store pairs that staff have not decided on, a few in a transaction of their own; how many."""
    wanted = (pair for pair in pairs if threshold is None or pair.score >= threshold)
    count = 0
    while few := list(islice(wanted, _STORED_AT_ONCE)):
        with open_unit() as uow:
            count += sum(uow.duplicates.propose(pair) for pair in few)
            uow.commit()
    return count


def people_of(rows: Sequence[PersonRow]) -> People:
    """The finder's table of these people."""
    streets = [split_street(row.street) for row in rows]
    columns: dict[Field, list[str]] = {
        Field.GIVEN_NAME: [row.given_name for row in rows],
        Field.FAMILY_NAME: [row.family_name for row in rows],
        Field.COMPANY_NAME: [row.company_name for row in rows],
        Field.BIRTHDAY: [row.birthday.isoformat() if row.birthday is not None else "" for row in rows],
        Field.PHONE: [row.phone_number for row in rows],
        Field.SECOND_PHONE: [row.second_phone_number for row in rows],
        Field.EMAIL: [row.email_address for row in rows],
        Field.STREET_NUMBER: [number for number, _ in streets],
        Field.STREET: [street for _, street in streets],
        Field.SUBURB: [row.locality for row in rows],
        Field.POSTCODE: [row.postal_code for row in rows],
        Field.STATE: [row.administrative_area for row in rows],
    }
    return People(len(rows), columns)


def _look_at(uow: UnitOfWork, ctx: ServiceContext, person: PersonRow) -> None:
    like = uow.duplicates.people_like(person, LIKE_AT_MOST)
    if not like:
        return
    scores, agreements = scores_of_first(people_of([person, *like]), ROWS_ASSUMED)
    for other, score, agreement in zip(like, scores.tolist(), agreements, strict=True):
        if score >= PROPOSED_FROM:
            first, second = ordered_pair(person.customer_id, other.customer_id)
            uow.duplicates.propose(DuplicatePair(first, second, score, agreement, ctx.clock.now()))


def _changed_between(uow: UnitOfWork, start: datetime, end: datetime) -> Iterable[UUID]:
    subjects = {
        entry.subject
        for entry in uow.audit.between(start, end)
        if entry.action in (AuditAction.CUSTOMER_CHANGED, AuditAction.PHONE_CHANGED)
    }
    return sorted(UUID(subject.removeprefix("customer:")) for subject in subjects)
