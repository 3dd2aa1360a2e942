"""Compiles conditions to SQL over a row of ``customer_summaries``.

For all customers a statement about purchases is a set of customers that an index gives; for one customer it
starts from that customer's few purchases. Both say the same.
"""

from collections.abc import Iterable
from typing import Any, assert_never

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.filters.binds import LateValues
from loyalty.adapters.sql.filters.tenders import tender_bits
from loyalty.adapters.sql.filters.unindexed import Unindexed
from loyalty.domain.activity import RECENT_VISITS
from loyalty.domain.filters.comparator import Comparator
from loyalty.domain.filters.condition import (
    AllOf,
    AnyOf,
    BirthdayInMonth,
    BirthdayWithin,
    Bought,
    Condition,
    FieldIs,
    InGroup,
    MomentIn,
    Not,
    NumberIs,
    PaidByCard,
    PaidWith,
    ReachedByEmail,
    ReachedBySms,
    ReceivedMessage,
    SourceIn,
    SpendIs,
    VisitedPlace,
    VisitsAtLeast,
)
from loyalty.domain.filters.period import Period, PeriodKind

Clause = ColumnElement[bool]
_SUMMARY, _PURCHASES = schema.customer_summaries, schema.customer_purchases
_CARDS, _LINES = schema.purchase_cards, schema.sale_lines
_STARTS, _MESSAGES = schema.customer_start_figures, schema.received_messages
_DAY_US = 86_400_000_000
_RECENT = [_SUMMARY.c[f"visit_{number}_at"] for number in range(1, RECENT_VISITS + 1)]


class Builder:
    """Builds clauses that share late values.

    Args:
        late: Takes the values that depend on the moment.
        is_for_one: The statement is about one customer whose id is given.
    """

    def __init__(self, late: LateValues, *, is_for_one: bool) -> None:
        self._late = late
        self._is_for_one = is_for_one

    def clause(self, condition: Condition) -> Clause:
        match condition:
            case Not():
                return not_(func.coalesce(self.clause(condition.condition), false()))
            case AllOf():
                return and_(true(), *(self.clause(each) for each in condition.conditions))
            case AnyOf():
                return or_(false(), *(self.clause(each) for each in condition.conditions))
            case VisitsAtLeast() | SpendIs() | VisitedPlace() | Bought() | PaidWith() | PaidByCard():
                return self._of_purchases(condition)
            case _:
                return self._of_profile(condition)

    def _of_profile(
        self,
        condition: NumberIs
        | MomentIn
        | InGroup
        | SourceIn
        | ReachedByEmail
        | ReachedBySms
        | ReceivedMessage
        | BirthdayInMonth
        | BirthdayWithin
        | FieldIs,
    ) -> Clause:
        match condition:
            case NumberIs():
                column = _SUMMARY.c[condition.fact.value]
                return and_(column.is_not(None), compare(column, condition.comparator, condition.number))
            case MomentIn():
                name = "visit_1_at" if condition.fact.value == "last_visit_at" else condition.fact.value
                column = self._read(_SUMMARY.c[name])
                return and_(column.is_not(None), *self._in(column, condition.period))
            case InGroup():
                members = schema.group_members
                return self._has(members.c.customer_id, self._one_of(members.c.group_id, condition.group_ids))
            case SourceIn():
                return self._one_of(_SUMMARY.c.source, [source.value for source in condition.sources])
            case ReachedByEmail() | ReachedBySms():
                return _reached(condition)
            case ReceivedMessage():
                return self._has_received(condition)
            case BirthdayInMonth() | BirthdayWithin():
                return self._has_birthday(condition)
            case FieldIs():
                values = schema.custom_values
                is_one = and_(
                    values.c.field_id == condition.field_id, self._one_of(values.c.text, condition.values)
                )
                return self._has(values.c.customer_id, is_one)
            case _ as never:
                assert_never(never)

    def _of_purchases(
        self, condition: VisitsAtLeast | SpendIs | VisitedPlace | Bought | PaidWith | PaidByCard
    ) -> Clause:
        match condition:
            case VisitsAtLeast():
                return self._visits_at_least(condition)
            case SpendIs():
                return self._spend_is(condition)
            case VisitedPlace():
                is_there = and_(
                    self._one_of(_PURCHASES.c.lane_id, condition.lane_ids), _PURCHASES.c.is_visit == true()
                )
                return and_(*self._may_have(condition.period), self._has_purchase(is_there, condition.period))
            case Bought():
                return self._bought(condition)
            case PaidWith():
                return self._paid_with(condition)
            case PaidByCard():
                return self._paid_by_card(condition)
            case _ as never:
                assert_never(never)

    def _visits_at_least(self, condition: VisitsAtLeast) -> Clause:
        number, period = condition.number, condition.period
        enough = _SUMMARY.c.visits >= number
        if period.kind is PeriodKind.ALWAYS:
            return enough
        if period.is_open_ended and number <= RECENT_VISITS:
            column = self._read(_RECENT[number - 1])
            return and_(column.is_not(None), column >= self._late.since(period))
        counted = (
            select(func.count())
            .select_from(_PURCHASES)
            .where(
                _PURCHASES.c.customer_id == _SUMMARY.c.customer_id,
                _PURCHASES.c.is_visit == true(),
                *self._in(_PURCHASES.c.at, period),
            )
            .correlate(_SUMMARY)
            .scalar_subquery()
        )
        before = (
            select(func.count())
            .select_from(_STARTS)
            .where(
                _STARTS.c.customer_id == _SUMMARY.c.customer_id,
                _STARTS.c.visits > 0,
                _STARTS.c.last_visit_at.is_not(None),
                *self._in(_STARTS.c.last_visit_at, period),
            )
            .correlate(_SUMMARY)
            .scalar_subquery()
        )
        return and_(enough, *self._may_have(period), counted + before >= number)

    def _may_have(self, period: Period, *last: Any) -> list[Clause]:
        """Cheap statements that anything in the period implies: a last time that is not before it.

        Args:
            period: See the condition.
            last: The times of which one at least is that late; without any the last visit.
        """
        clauses: list[Clause] = []
        if period.kind is not PeriodKind.ALWAYS and (
            period.kind is not PeriodKind.DATES or period.first_day is not None
        ):
            since = self._late.since(period)
            clauses.append(or_(*(self._read(column) >= since for column in last or (_RECENT[0],))))
        if not period.is_open_ended and not last:
            clauses.append(_SUMMARY.c.first_visit_at < self._late.until(period))
        return clauses

    def _spend_is(self, condition: SpendIs) -> Clause:
        if condition.period.kind is PeriodKind.ALWAYS:
            return compare(_SUMMARY.c.spend_minor, condition.comparator, condition.amount_minor)
        total = (
            select(func.coalesce(func.sum(_PURCHASES.c.spend_minor), 0))
            .where(
                _PURCHASES.c.customer_id == _SUMMARY.c.customer_id,
                *self._in(_PURCHASES.c.at, condition.period),
            )
            .correlate(_SUMMARY)
            .scalar_subquery()
        )
        spent = compare(total, condition.comparator, condition.amount_minor)
        is_more = condition.comparator in (Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.EXACTLY)
        if not is_more or condition.amount_minor <= 0:
            return spent
        ever = _SUMMARY.c.spend_minor >= condition.amount_minor  # no purchase is below zero
        return and_(ever, *self._may_have(condition.period, _SUMMARY.c.last_payment_at), spent)

    def _paid_with(self, condition: PaidWith) -> Clause:
        bits = tender_bits(condition.kinds)
        ever = _SUMMARY.c.tenders.op("&")(bits) != 0
        if condition.period.kind is PeriodKind.ALWAYS:
            return ever
        is_settled = or_(_PURCHASES.c.is_visit == true(), _PURCHASES.c.spend_minor > 0)
        has = self._has_purchase(and_(_PURCHASES.c.tenders.op("&")(bits) != 0, is_settled), condition.period)
        paid_then = self._may_have(condition.period, _RECENT[0], _SUMMARY.c.last_payment_at)
        return and_(ever, *paid_then, has)

    def _paid_by_card(self, condition: PaidByCard) -> Clause:
        """Few have the same four digits, many the same brand."""
        wanted = {"brand": condition.brand, "last_four": condition.last_four}
        is_card = [
            self._found(_CARDS.c[name]) == value for name, value in wanted.items() if value is not None
        ]
        has = and_(true(), *is_card, *self._in(_CARDS.c.at, condition.period))
        if condition.last_four is not None:
            return self._has(_CARDS.c.customer_id, has)
        return self._exists(_CARDS.c.customer_id, has)

    def _bought(self, condition: Bought) -> Clause:
        columns = [
            (_LINES.c.item_id, condition.item_ids),
            (_LINES.c.variation_id, condition.variation_ids),
            (_LINES.c.category_id, condition.category_ids),
        ]
        return or_(
            false(),
            *(self._has_line(column, self._one_of(self._found(column), ids), condition.period)
              for column, ids in columns if ids),
        )  # fmt: skip

    def _has_line(self, column: Any, is_one: Clause, period: Period) -> Clause:
        """An index answers that holds lines where neither ``column`` nor the buyer is NULL."""
        is_bought = and_(column.is_not(None), _LINES.c.bought_by.is_not(None))
        bought = and_(is_bought, is_one, *self._in(self._found(_LINES.c.bought_at), period))
        if not self._is_for_one:
            return self._has(_LINES.c.bought_by, bought)
        of_customer = _PURCHASES.c.customer_id == _SUMMARY.c.customer_id
        return exists(
            select(1)
            .select_from(_PURCHASES.join(_LINES, _LINES.c.sale_id == _PURCHASES.c.sale_id))
            .where(of_customer, *self._in(_PURCHASES.c.at, period), bought)
            .correlate(_SUMMARY)
        )

    def _read(self, column: Any) -> Any:
        """A column of the summaries: of all customers it is read in one scan."""
        return column if self._is_for_one else Unindexed(column)

    def _found(self, column: Any) -> Any:
        """A column of what customers did: of one customer all is at hand, and no index but theirs helps."""
        return Unindexed(column) if self._is_for_one else column

    def _has_purchase(self, is_one: Clause, period: Period) -> Clause:
        """Purchases stand in the order of customers, so those of each are at hand."""
        return self._exists(_PURCHASES.c.customer_id, and_(is_one, *self._in(_PURCHASES.c.at, period)))

    def _has(self, customer_id: Any, is_one: Clause) -> Clause:
        """Whether the table of ``customer_id`` has a row of the customer for which ``is_one`` holds."""
        if self._is_for_one:
            return self._exists(customer_id, is_one)
        return _SUMMARY.c.customer_id.in_(select(customer_id).where(is_one))

    def _exists(self, customer_id: Any, is_one: Clause) -> Clause:
        of_customer = customer_id == _SUMMARY.c.customer_id
        return exists(select(1).select_from(customer_id.table).where(of_customer, is_one).correlate(_SUMMARY))

    def _one_of(self, column: Any, values: Iterable[Any]) -> Clause:
        """``IN``, spelled out for one customer: a prepared statement has a fixed number of values."""
        wanted = sorted(values)
        if self._is_for_one:
            return or_(false(), *(column == value for value in wanted))
        clause: Clause = column.in_(wanted)
        return clause

    def _in(self, column: Any, period: Period) -> list[Clause]:
        clauses: list[Clause] = []
        if period.kind is not PeriodKind.ALWAYS and not (
            period.kind is PeriodKind.DATES and period.first_day is None
        ):
            clauses.append(column >= self._late.since(period))
        if not period.is_open_ended:
            clauses.append(column < self._late.until(period))
        return clauses

    def _has_received(self, condition: ReceivedMessage) -> Clause:
        kinds = [kind.value for kind in condition.kinds]
        sent = and_(self._one_of(_MESSAGES.c.kind, kinds), *self._in(_MESSAGES.c.at, condition.period))
        if condition.came_within_days is None:
            return self._has(_MESSAGES.c.customer_id, sent)
        last = type_coerce(_MESSAGES.c.at, BigInteger) + condition.came_within_days * _DAY_US
        came = exists(
            select(1)
            .select_from(_PURCHASES)
            .where(
                _PURCHASES.c.customer_id == _MESSAGES.c.customer_id,
                _PURCHASES.c.at > _MESSAGES.c.at,
                type_coerce(_PURCHASES.c.at, BigInteger) <= last,
                _PURCHASES.c.is_visit == true(),
            )
            .correlate(_MESSAGES)
        )
        return self._has(_MESSAGES.c.customer_id, and_(sent, came))

    def _has_birthday(self, condition: BirthdayInMonth | BirthdayWithin) -> Clause:
        if isinstance(condition, BirthdayInMonth):
            return func.coalesce(_SUMMARY.c.birth_month, 0) == condition.month
        month_day = _SUMMARY.c.birth_month * 100 + _SUMMARY.c.birth_day
        first, last = self._late.first_month_day(), self._late.last_month_day(condition.days)
        in_one_year = and_(first <= last, month_day.between(first, last))
        over_new_year = and_(first > last, or_(month_day >= first, month_day <= last))
        return and_(_SUMMARY.c.birth_month.is_not(None), or_(in_one_year, over_new_year))


def _reached(condition: ReachedByEmail | ReachedBySms) -> Clause:
    if isinstance(condition, ReachedBySms):
        return _SUMMARY.c.is_reached_by_sms == true()
    return func.coalesce(_SUMMARY.c.email_reach, "") == condition.reach.value


def compare(column: Any, comparator: Comparator, number: int) -> Clause:
    """A comparison in SQL."""
    match comparator:
        case Comparator.AT_LEAST:
            clause: Clause = column >= number
        case Comparator.MORE_THAN:
            clause = column > number
        case Comparator.EXACTLY:
            clause = column == number
        case Comparator.AT_MOST:
            clause = column <= number
        case Comparator.LESS_THAN:
            clause = column < number
    return clause
