"""Checks a condition on one customer."""

from calendar import isleap
from datetime import datetime, timedelta
from typing import assert_never

from loyalty.domain.activity import Purchase, StartFigures
from loyalty.domain.filters.condition import (
    AllOf,
    AnyOf,
    BirthdayInMonth,
    BirthdayWithin,
    Bought,
    Condition,
    FieldIs,
    InGroup,
    MomentFact,
    MomentIn,
    Not,
    NumberFact,
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
from loyalty.domain.filters.facts import CustomerFacts
from loyalty.domain.filters.period import Moment, Period, PeriodKind


def is_true_of(condition: Condition, facts: CustomerFacts, moment: Moment) -> bool:
    """Whether the condition holds for the customer at the moment."""
    match condition:
        case Not():
            return not is_true_of(condition.condition, facts, moment)
        case AllOf():
            return all(is_true_of(each, facts, moment) for each in condition.conditions)
        case AnyOf():
            return any(is_true_of(each, facts, moment) for each in condition.conditions)
        case VisitsAtLeast() | SpendIs() | VisitedPlace() | Bought() | PaidWith() | PaidByCard():
            start = _start_within(facts, condition.period, moment)
            return _of_purchases(condition, _within(facts, condition.period, moment), start)
        case ReceivedMessage():
            return _has_received(condition, facts, moment)
        case _:
            return _of_profile(condition, facts, moment)


def days_kept(moment: Moment, days: int) -> frozenset[tuple[int, int]]:
    """Month and day of birthdays kept today and on so many days more; 29 February on 28 in most years."""
    kept = set()
    for count in range(days + 1):
        day = moment.day + timedelta(days=count)
        kept.add((day.month, day.day))
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            kept.add((2, 29))
    return frozenset(kept)


_OfPurchases = VisitsAtLeast | SpendIs | VisitedPlace | Bought | PaidWith | PaidByCard
_OfProfile = (
    NumberIs
    | MomentIn
    | InGroup
    | SourceIn
    | ReachedByEmail
    | ReachedBySms
    | BirthdayInMonth
    | BirthdayWithin
    | FieldIs
)


def _of_purchases(condition: _OfPurchases, purchases: list[Purchase], start: StartFigures) -> bool:
    match condition:
        case VisitsAtLeast():
            return start.visits + sum(each.is_visit for each in purchases) >= condition.number
        case SpendIs():
            spent = start.spend_minor + sum(each.spend_minor for each in purchases)
            return condition.comparator.holds(spent, condition.amount_minor)
        case VisitedPlace():
            return any(each.is_visit and each.lane_id in condition.lane_ids for each in purchases)
        case Bought():
            return any(_is_bought(condition, each) for each in purchases)
        case PaidWith():
            return any(each.is_settled and each.tenders & condition.kinds for each in purchases)
        case PaidByCard():
            return any(
                condition.brand in (None, card.brand) and condition.last_four in (None, card.last_four)
                for each in purchases
                for card in each.cards
            )
        case _ as never:
            assert_never(never)


def _of_profile(condition: _OfProfile, facts: CustomerFacts, moment: Moment) -> bool:
    match condition:
        case NumberIs():
            value = _number(condition.fact, facts)
            return value is not None and condition.comparator.holds(value, condition.number)
        case MomentIn():
            at = _moment(condition.fact, facts)
            return at is not None and condition.period.span(moment).holds(at)
        case InGroup():
            return bool(condition.group_ids & facts.groups)
        case SourceIn():
            return facts.source in condition.sources
        case ReachedByEmail():
            return facts.email is condition.reach
        case ReachedBySms():
            return facts.is_reached_by_sms
        case BirthdayInMonth() | BirthdayWithin():
            return _has_birthday(condition, facts, moment)
        case FieldIs():
            return facts.fields.get(condition.field_id) in condition.values
        case _ as never:
            assert_never(never)


def _has_received(condition: ReceivedMessage, facts: CustomerFacts, moment: Moment) -> bool:
    span = condition.period.span(moment)
    sent = [each.at for each in facts.messages if each.kind in condition.kinds and span.holds(each.at)]
    if condition.came_within_days is None:
        return bool(sent)
    within = timedelta(days=condition.came_within_days)
    visits = [each.at for each in facts.purchases if each.is_visit]
    return any(at < visit <= at + within for at in sent for visit in visits)


def _has_birthday(condition: BirthdayInMonth | BirthdayWithin, facts: CustomerFacts, moment: Moment) -> bool:
    if facts.birthday is None:
        return False
    if isinstance(condition, BirthdayInMonth):
        return facts.birthday[0] == condition.month
    return facts.birthday in days_kept(moment, condition.days)


def _is_bought(condition: Bought, purchase: Purchase) -> bool:
    return any(
        goods.item_id in condition.item_ids
        or goods.variation_id in condition.variation_ids
        or goods.category_id in condition.category_ids
        for goods in purchase.goods
    )


def _within(facts: CustomerFacts, period: Period, moment: Moment) -> list[Purchase]:
    span = period.span(moment)
    return [purchase for purchase in facts.purchases if span.holds(purchase.at)]


def _start_within(facts: CustomerFacts, period: Period, moment: Moment) -> StartFigures:
    """What counts in the period of what was before the purchases."""
    if period.kind is PeriodKind.ALWAYS:
        return facts.start
    span = period.span(moment)
    return StartFigures(visits=sum(span.holds(at) for at in facts.start.known_visits))


def _number(fact: NumberFact, facts: CustomerFacts) -> int | None:
    match fact:
        case NumberFact.VISITS:
            return facts.summary.visits
        case NumberFact.SPEND_MINOR:
            return facts.summary.spend_minor
        case NumberFact.BALANCE:
            return facts.balance


def _moment(fact: MomentFact, facts: CustomerFacts) -> datetime | None:
    match fact:
        case MomentFact.CREATED:
            return facts.created_at
        case MomentFact.ENROLLED:
            return facts.enrolled_at
        case MomentFact.FIRST_VISIT:
            return facts.summary.first_visit_at
        case MomentFact.LAST_VISIT:
            return facts.summary.last_visit_at
        case MomentFact.LAST_PAYMENT:
            return facts.summary.last_payment_at
