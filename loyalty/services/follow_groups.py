"""Keeps the lists of smart groups: built in slices, then moved by events and by the clock (rows 55, 177)."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.filters import FilterSet, Known, Moment, filters_to_json
from loyalty.domain.filters.condition import Condition
from loyalty.domain.filters.period import Span
from loyalty.domain.filters.reward_in_sight import RewardInSight
from loyalty.domain.filters.timelines import birthday_turns, windows_of
from loyalty.ports.smart_groups import Cause, Change, GroupChange, GroupState
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

_BUILT_AT_ONCE = 2_000
_SWEPT_AT_ONCE = 200
_TOUCHED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Followed:
    """A smart group with what it asks, compiled for the shop as it is."""

    state: GroupState
    condition: Condition


def follow_slice(uow: UnitOfWork, ctx: ServiceContext) -> int:
    """One slice of work; zero once every list is as it should be, or while another station does the work.

    Two stations that moved a list at once would each tell that the same customer joined.
    """
    if uow.shop.settings() is None or not uow.smart_groups.take_turn():
        return 0
    moment = Moment(ctx.clock.now(), shop_settings(uow).timezone)
    followed = [_followed(uow, each, filters, moment) for each, filters in uow.groups.smart().items()]
    for each in followed:
        if not each.state.is_built:
            return _build(uow, each, moment)
    for each in followed:
        done = _sweep(uow, each, moment)
        if done:
            return done
    return _settle_touched(uow, followed, moment)


def definition_of(filters: FilterSet, known: Known) -> str:
    """Names what a list was built with: what the filters say, and what the shop has for it."""
    needs_tiers = any(isinstance(each, RewardInSight) for each in filters.filters)
    parts = [
        filters_to_json(filters),
        [f"{each.noun}:{each.name}" for each in filters.missing(known)],
        list(known.tiers) if needs_tiers else [],
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _followed(uow: UnitOfWork, group_id: UUID, filters: FilterSet, moment: Moment) -> _Followed:
    known = uow.groups.known()
    definition = definition_of(filters, known)
    state = uow.smart_groups.state(group_id)
    if state is None:
        state = GroupState(group_id, definition, moment.at)
        uow.smart_groups.save_state(state)
    elif state.definition != definition:
        state = replace(
            state,
            definition=definition,
            swept_until=moment.at,
            built_up_to=None,
            is_built=False,
            is_first_build=state.is_first_build and not state.is_built,
        )
        uow.smart_groups.save_state(state)
    return _Followed(state, filters.condition(known))


def _build(uow: UnitOfWork, followed: _Followed, moment: Moment) -> int:
    state = followed.state
    found = uow.smart_groups.slice(state.group_id, followed.condition, moment, _BUILT_AT_ONCE)
    changes = _changes(state.group_id, found.belong, found.are_in, cause=Cause.DEFINITION, at=moment.at)
    uow.smart_groups.change(changes, is_told=not state.is_first_build)
    is_over = found.last_id is None
    first = state.is_first_build and not is_over
    uow.smart_groups.save_state(
        replace(state, built_up_to=found.last_id, is_built=is_over, is_first_build=first)
    )
    return _BUILT_AT_ONCE


def _sweep(uow: UnitOfWork, followed: _Followed, moment: Moment) -> int:
    """Look at whoever had a date that left a window since the last time, each at that very instant."""
    state = followed.state
    before = Moment(state.swept_until, moment.timezone)
    if before.at >= moment.at:
        return 0
    turns: set[tuple[datetime, UUID]] = set()
    until = moment.at
    for window in windows_of(followed.condition):
        span = Span(window.period.span(before).since, window.period.span(moment).since)
        dates = uow.smart_groups.crossing(window.timeline, span, _SWEPT_AT_ONCE)
        leaving = [(window.period.leaves_at(at, moment.timezone), each) for at, each in dates]
        turns |= {(at, each) for at, each in leaving if at is not None}
        if len(dates) >= _SWEPT_AT_ONCE:
            until = min(until, *(at for at, _ in leaving[-1:] if at is not None))
    for turn, days in birthday_turns(followed.condition, before, moment):
        turns |= {(turn.at, each) for each in uow.smart_groups.with_birthdays(days)}
    due = sorted(each for each in turns if each[0] <= until)
    for at, customer_id in due:
        _settle(uow, followed, Moment(at, moment.timezone), customer_id, Cause.CLOCK)
    uow.smart_groups.save_state(replace(state, swept_until=until))
    return len(due)


def _settle_touched(uow: UnitOfWork, followed: list[_Followed], moment: Moment) -> int:
    touched = uow.smart_groups.take_touched(_TOUCHED_AT_ONCE)
    for each in followed:
        belong = uow.smart_groups.belong(each.condition, moment, touched)
        are_in = uow.smart_groups.are_in(each.state.group_id, touched)
        changes = _changes(each.state.group_id, belong, are_in, cause=Cause.ACTIVITY, at=moment.at)
        uow.smart_groups.change(changes, is_told=True)
    return len(touched)


def _settle(uow: UnitOfWork, followed: _Followed, moment: Moment, customer_id: UUID, cause: Cause) -> None:
    belong = uow.smart_groups.belong(followed.condition, moment, [customer_id])
    are_in = uow.smart_groups.are_in(followed.state.group_id, [customer_id])
    changes = _changes(followed.state.group_id, belong, are_in, cause=cause, at=moment.at)
    uow.smart_groups.change(changes, is_told=True)


def _changes(
    group_id: UUID, belong: frozenset[UUID], are_in: frozenset[UUID], *, cause: Cause, at: datetime
) -> list[GroupChange]:
    joined = [(each, Change.JOINED) for each in sorted(belong - are_in)]
    left = [(each, Change.LEFT) for each in sorted(are_in - belong)]
    return [GroupChange(new_id(), group_id, each, change, cause, at) for each, change in (*joined, *left)]
