"""Activity and groups in memory: everything follows from the sales, nothing is summed up."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from loyalty.domain.activity import (
    NO_START,
    ActivitySummary,
    Purchase,
    StartFigures,
    purchase_of,
    summary_of,
    together,
)
from loyalty.domain.consent import ConsentPurpose, ConsentState, current_consents
from loyalty.domain.customer import Customer
from loyalty.domain.filters import (
    CustomerFacts,
    EmailReach,
    FilterSet,
    Known,
    MessageSent,
    Moment,
    is_true_of,
)
from loyalty.domain.filters.condition import Condition
from loyalty.domain.filters.period import Span
from loyalty.domain.filters.timelines import Timeline
from loyalty.domain.group import Group
from loyalty.domain.message import CAMPAIGNS, MessageState
from loyalty.domain.search import SearchTerms, entry_of
from loyalty.errors import ConflictError
from loyalty.ports.directory import Member
from loyalty.ports.find_customers import Listed, Place, SavedView
from loyalty.ports.smart_groups import BuildSlice, Change, GroupChange, GroupState, Movement


@dataclass
class GroupTables:
    """Filters of groups and what was taken out of use."""

    filters: dict[UUID, FilterSet] = field(default_factory=dict)
    presets: dict[UUID, str] = field(default_factory=dict)
    archived: dict[UUID, datetime] = field(default_factory=dict)
    states: dict[UUID, GroupState] = field(default_factory=dict)
    members: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)
    changes: list[GroupChange] = field(default_factory=list)
    views: dict[UUID, SavedView] = field(default_factory=dict)
    settled: dict[UUID, str] = field(default_factory=dict)
    """Facts with which a customer was looked at last."""

    def copy(self) -> "GroupTables":
        return GroupTables(**{name: value.copy() for name, value in vars(self).items()})


class InMemoryActivity:
    """See ``loyalty.ports.activity.ActivityRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables

    def add(self, purchase: Purchase) -> None:
        pass

    def change(self, purchase: Purchase) -> None:
        pass

    def put(self, customer_id: UUID, purchases: Sequence[Purchase]) -> None:
        pass

    def summary(self, customer_id: UUID) -> ActivitySummary:
        return summary_of(self.purchases(customer_id), self.start(customer_id))

    def start(self, customer_id: UUID) -> StartFigures:
        starts, customers = self._tables.importing.starts, self._tables.customers
        if customers[customer_id].merged_into is not None:
            return NO_START
        return together(
            start
            for holder, start in starts.items()
            if holder == customer_id or customers[holder].merged_into == customer_id
        )

    def put_starts(self, starts: Mapping[UUID, StartFigures]) -> None:
        self._tables.importing.starts.update(starts)

    def purchases(self, customer_id: UUID) -> tuple[Purchase, ...]:
        if self._tables.customers[customer_id].merged_into is not None:
            return ()
        refunds = self._tables.programme.refunds.values()
        found = [
            purchase_of(self._tables.sales[sale_id], [each for each in refunds if each.sale_id == sale_id])
            for sale_id in self.sales_of(customer_id)
        ]
        return tuple(replace(each, customer_id=customer_id) for each in found if each is not None)

    def facts(self, customer_id: UUID) -> CustomerFacts | None:
        customer = self._tables.customers.get(customer_id)
        if customer is None:
            return None
        account = next(
            (each for each in self._tables.accounts.values() if each.customer_id == customer_id), None
        )
        consents = current_consents(each for each in self._tables.consents if each.customer_id == customer_id)
        number = (account.phone_number if account is not None else None) or customer.phone_number
        born = self._tables.programme.birthdays.get(customer_id)
        is_agreed = consents.get(ConsentPurpose.MARKETING_SMS) is ConsentState.GRANTED
        return CustomerFacts(
            customer_id=customer_id,
            source=customer.source,
            created_at=customer.created_at,
            is_listed=customer.is_listed,
            enrolled_at=account.enrolled_at if account is not None else None,
            balance=account.balance if account is not None else None,
            email=self._email(customer, consents),
            is_reached_by_sms=number is not None and is_agreed and not self._is_suppressed(number),
            birthday=(born.month, born.day) if born is not None else None,
            purchases=self.purchases(customer_id),
            start=self.start(customer_id),
            messages=tuple(sorted(self._messages(customer_id), key=lambda each: each.at)),
            groups=frozenset(group for group, member in self._tables.group_members if member == customer_id),
            fields={
                field_id: value
                for (holder, field_id), value in self._tables.profiles.values.items()
                if holder == customer_id
            },
        )

    def _messages(self, customer_id: UUID) -> Iterator[MessageSent]:
        for each in self._tables.messages.values():
            owner = self._tables.customers.get(each.customer_id)
            is_sent = each.state is MessageState.SENT and each.kind in CAMPAIGNS
            if owner is not None and is_sent and (owner.merged_into or owner.id) == customer_id:
                yield MessageSent(each.kind, each.settled_at or each.queued_at)

    def sales_of(self, customer_id: UUID) -> Sequence[UUID]:
        ids = {each.id for each in self._tables.customers.values() if each.merged_into == customer_id}
        sales = [
            sale
            for sale in self._tables.sales.values()
            if sale.member is not None
            and sale.member.customer_id in ids | {customer_id}
            and sale.receipt is not None
            and not sale.is_training
        ]
        return [sale.id for sale in sorted(sales, key=lambda sale: (sale.closed_at, sale.id))]

    def customers_after(self, customer_id: UUID | None, limit: int) -> Sequence[UUID]:
        ids = sorted(each for each in self._tables.customers if customer_id is None or each > customer_id)
        return ids[:limit]

    def _is_suppressed(self, address: str) -> bool:
        return address in self._tables.delivery.suppressions

    def _email(
        self, customer: Customer, consents: Mapping[ConsentPurpose, ConsentState]
    ) -> EmailReach | None:
        said = consents.get(ConsentPurpose.MARKETING_EMAIL)
        is_out = said is ConsentState.WITHDRAWN
        if not customer.email_address or customer.email_bounced_at is not None or is_out:
            return None
        if self._is_suppressed(customer.email_address):
            return None
        if customer.is_email_private:
            return EmailReach.PRIVATE
        return EmailReach.PUBLIC if said is ConsentState.GRANTED else None


class InMemoryGroups:
    """See ``loyalty.ports.directory.GroupRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables
        self._grouping: GroupTables = tables.grouping

    def add(self, group: Group) -> None:
        if any(other.name == group.name for other in self.all()):
            raise ConflictError("name taken")
        self._tables.groups[group.id] = group

    def save(self, group: Group) -> None:
        self._tables.groups[group.id] = group

    def all(self) -> Sequence[Group]:
        living = (each for each in self._tables.groups.values() if each.id not in self._grouping.archived)
        return tuple(sorted(living, key=lambda group: group.name))

    def archive(self, group_id: UUID, at: datetime) -> None:
        self._grouping.archived.setdefault(group_id, at)

    def put_filters(self, group_id: UUID, filters: FilterSet, preset: str | None = None) -> None:
        self._grouping.filters[group_id] = filters
        self._grouping.presets.pop(group_id, None)
        if preset is not None:
            self._grouping.presets[group_id] = preset

    def smart(self) -> Mapping[UUID, FilterSet]:
        return {
            each.id: self._grouping.filters[each.id]
            for each in self.all()
            if each.id in self._grouping.filters
        }

    def presets(self) -> Mapping[UUID, str]:
        return {
            each.id: self._grouping.presets[each.id]
            for each in self.all()
            if each.id in self._grouping.presets
        }

    def known(self) -> Known:
        tables = self._tables
        return Known.of(
            lanes=tables.lanes.values(),
            items=tables.items.values(),
            variations=tables.programme.variations.values(),
            categories=tables.categories.values(),
            manual_groups=[group for group in self.all() if group.id not in self._grouping.filters],
            fields=tables.profiles.custom_fields.values(),
            programme=tables.programmes[-1] if tables.programmes else None,
        )

    def of_customer(self, customer_id: UUID, moment: Moment | None = None) -> tuple[Group, ...]:
        return tuple(group for group in self.all() if self._is_in(group, customer_id, moment))

    def add_member(self, group_id: UUID, customer_id: UUID, at: datetime) -> None:
        if customer_id not in self._tables.customers:
            raise ConflictError("the database refused a change: a reference")
        self._tables.group_members.add((group_id, customer_id))

    def remove_member(self, group_id: UUID, customer_id: UUID) -> None:
        self._tables.group_members.discard((group_id, customer_id))

    def count_members(self, group_id: UUID) -> int:
        return sum(1 for each, _ in self._tables.group_members if each == group_id)

    def members(self, group_id: UUID, limit: int) -> Sequence[tuple[datetime, UUID]]:
        members = sorted(member for each, member in self._tables.group_members if each == group_id)
        return [(datetime.fromtimestamp(0, UTC), each) for each in members][:limit]

    def _is_in(self, group: Group, customer_id: UUID, moment: Moment | None) -> bool:
        filters = self._grouping.filters.get(group.id)
        if filters is None:
            return (group.id, customer_id) in self._tables.group_members
        facts = InMemoryActivity(self._tables).facts(customer_id) if moment is not None else None
        if facts is None or moment is None or not facts.is_listed:
            return False
        return is_true_of(filters.condition(self.known()), facts, moment)


class InMemoryDirectory:
    """See ``loyalty.ports.find_customers.DirectoryRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables

    def count(self, condition: Condition, moment: Moment) -> int:
        return len(self._found(condition, moment))

    def counted(self, condition: Condition, moment: Moment, limit: int) -> tuple[int, Sequence[Listed]]:
        return self.count(condition, moment), self.page(condition, moment, limit=limit)

    def page(
        self, condition: Condition, moment: Moment, *, limit: int, after: Place | None = None
    ) -> Sequence[Listed]:
        listed = sorted(self.listed(self._found(condition, moment)), key=_rank, reverse=True)
        if after is not None:
            listed = [each for each in listed if _rank(each) < _rank_of(after)]
        return listed[:limit]

    def ids(self, condition: Condition, moment: Moment, after: UUID | None, limit: int) -> Sequence[UUID]:
        return [each for each in self._found(condition, moment) if after is None or each > after][:limit]

    def listed(self, customer_ids: Sequence[UUID]) -> Sequence[Listed]:
        return [self._one(each) for each in customer_ids if self._tables.customers[each].is_listed]

    def search(self, terms: SearchTerms, limit: int) -> Sequence[Listed]:
        found = [each for each in self.listed(sorted(self._tables.customers)) if _is_found(each, terms)]
        found.sort(key=lambda each: (_is_exact(each, terms), _rank(each)), reverse=True)
        return found[:limit]

    def views(self) -> Sequence[SavedView]:
        return sorted(self._tables.grouping.views.values(), key=lambda view: view.name)

    def save_view(self, view: SavedView, at: datetime) -> None:
        views = self._tables.grouping.views
        for other in [each for each in views.values() if each.name == view.name]:
            del views[other.id]
        views[view.id] = view

    def remove_view(self, view_id: UUID) -> None:
        self._tables.grouping.views.pop(view_id, None)

    def _found(self, condition: Condition, moment: Moment) -> list[UUID]:
        activity = InMemoryActivity(self._tables)
        known = ((each, activity.facts(each)) for each in sorted(self._tables.customers))
        return [
            each
            for each, facts in known
            if facts is not None and facts.is_listed and is_true_of(condition, facts, moment)
        ]

    def _one(self, customer_id: UUID) -> Listed:
        accounts = (each for each in self._tables.accounts.values() if each.customer_id == customer_id)
        member = Member(self._tables.customers[customer_id], next(accounts, None))
        summary = InMemoryActivity(self._tables).summary(customer_id)
        return Listed(member, summary.visits, summary.spend_minor, summary.last_visit_at)


class InMemorySmartGroups:
    """See ``loyalty.ports.smart_groups.SmartGroupRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables
        self._grouping: GroupTables = tables.grouping

    def state(self, group_id: UUID) -> GroupState | None:
        state = self._grouping.states.get(group_id)
        members = sum(1 for each, _ in self._grouping.members if each == group_id)
        return replace(state, members=members) if state is not None else None

    def save_state(self, state: GroupState) -> None:
        self._grouping.states[state.group_id] = state

    def slice(self, group_id: UUID, condition: Condition, moment: Moment, limit: int) -> BuildSlice:
        after = self._grouping.states[group_id].built_up_to
        ids = InMemoryActivity(self._tables).customers_after(after, limit)
        last = ids[-1] if ids else None
        return BuildSlice(last, self.belong(condition, moment, ids), self.are_in(group_id, ids))

    def belong(self, condition: Condition, moment: Moment, customer_ids: Collection[UUID]) -> frozenset[UUID]:
        activity = InMemoryActivity(self._tables)
        facts = [activity.facts(each) for each in customer_ids]
        return frozenset(
            each.customer_id
            for each in facts
            if each is not None and each.is_listed and is_true_of(condition, each, moment)
        )

    def are_in(self, group_id: UUID, customer_ids: Collection[UUID]) -> frozenset[UUID]:
        return frozenset(each for each in customer_ids if (group_id, each) in self._grouping.members)

    def change(self, changes: Sequence[GroupChange], *, is_told: bool) -> None:
        for each in changes:
            if each.change is Change.JOINED:
                self._grouping.members[each.group_id, each.customer_id] = each.at
            else:
                self._grouping.members.pop((each.group_id, each.customer_id), None)
        self._grouping.changes += changes if is_told else []

    def crossing(self, timeline: Timeline, span: Span, limit: int) -> Sequence[tuple[datetime, UUID]]:
        activity = InMemoryActivity(self._tables)
        found = []
        for customer_id, customer in self._tables.customers.items():
            if timeline is Timeline.PURCHASES:
                dates = [each.at for each in activity.purchases(customer_id)]
            elif timeline is Timeline.CREATED:
                dates = [customer.created_at]
            elif timeline is Timeline.MESSAGES:
                facts = activity.facts(customer_id)
                dates = [each.at for each in facts.messages] if facts is not None else []
            else:
                accounts = self._tables.accounts.values()
                dates = [each.enrolled_at for each in accounts if each.customer_id == customer_id]
            found += [(at, customer_id) for at in dates if span.holds(at)]
        return sorted(found)

    def with_birthdays(self, days: Collection[tuple[int, int]]) -> Sequence[UUID]:
        born = self._tables.programme.birthdays
        return [each for each, birthday in born.items() if (birthday.month, birthday.day) in days]

    def take_turn(self) -> bool:
        return True

    def take_touched(self, limit: int) -> Sequence[UUID]:
        activity = InMemoryActivity(self._tables)
        now = {each: repr(activity.facts(each)) for each in sorted(self._tables.customers)}
        touched = [each for each, facts in now.items() if self._grouping.settled.get(each) != facts][:limit]
        self._grouping.settled |= {each: now[each] for each in touched}
        return touched

    def members(
        self, group_id: UUID, limit: int, after: tuple[datetime, UUID] | None = None
    ) -> Sequence[tuple[datetime, UUID]]:
        listed = [(at, each) for (of, each), at in self._grouping.members.items() if of == group_id]
        return [each for each in sorted(listed, reverse=True) if after is None or each < after][:limit]

    def changes(self, group_id: UUID, limit: int) -> Sequence[GroupChange]:
        found = [each for each in self._grouping.changes if each.group_id == group_id]
        return sorted(found, key=lambda each: (each.at, each.id), reverse=True)[:limit]

    def movements(self, group_id: UUID, edges: Sequence[datetime]) -> Sequence[Movement]:
        mine = [each for each in self._grouping.changes if each.group_id == group_id]

        def count(change: Change, since: datetime, until: datetime) -> int:
            return sum(each.change is change and since <= each.at < until for each in mine)

        return [
            Movement(since, count(Change.JOINED, since, until), count(Change.LEFT, since, until))
            for since, until in pairwise(edges)
        ]


def _is_exact(listed: Listed, terms: SearchTerms) -> bool:
    account, customer = listed.member.account, listed.member.customer
    numbers = {customer.phone_number, account.phone_number if account is not None else None}
    has_number = terms.number is not None and terms.number in numbers
    return has_number or customer.reference_id == terms.reference


def _is_found(listed: Listed, terms: SearchTerms) -> bool:
    account = listed.member.account
    entry = entry_of(listed.member.customer, account.phone_number if account is not None else None)
    in_name = terms.words and all(
        word in entry.names if len(word) > 2 else f" {word}" in f" {entry.names}" for word in terms.words
    )
    parts = (
        (terms.part_of_reference, entry.reference),
        *((part, entry.digits) for part in terms.parts_of_number),
        (terms.part_of_email, entry.email),
    )
    return bool(in_name or _is_exact(listed, terms) or any(part and part in text for part, text in parts))


def _rank(listed: Listed) -> tuple[bool, Any, UUID]:
    return _rank_of(listed.place)


def _rank_of(place: Place) -> tuple[bool, Any, UUID]:
    at = place.last_visit_at
    return at is not None, at.timestamp() if at is not None else 0.0, place.customer_id
