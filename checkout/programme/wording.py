"""The programme's parts as sentences for staff: rule, rewards, expiry, promotions."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from checkout.programme.goods import Goods
from checkout.words.catalogue import Words
from checkout.words.figures import decimal_text, percent
from loyalty.domain.accrual import AccrualRule, AmountRule, Boundary, CategoryRule, Grant, TaxMode, VisitRule
from loyalty.domain.expiry import DaysAfter, ExpiryPolicy, MonthsToEnd
from loyalty.domain.programme import PointsName
from loyalty.domain.promotions import PointsMultiplier, Promotion, TriggerPeriod
from loyalty.domain.promotions.schedule import WEEK, WeeklyWindow
from loyalty.domain.rewards import (
    AmountOffItems,
    AmountOffSale,
    FreeItem,
    PercentageOffItems,
    PercentageOffSale,
    RewardTerms,
)

_NAMES_SHOWN = 6


@dataclass(frozen=True)
class RuleText:
    """A rule in words: the sentence, what to know besides, and the points of each thing it names."""

    headline: str
    details: tuple[str, ...] = ()
    grants: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ProgrammeWording:
    """Words of one language for one shop's programme.

    Args:
        words: The language.
        currency: Of the shop.
        goods: Names of what is sold.
        points_name: What the shop calls its points.
    """

    words: Words
    currency: str
    goods: Goods
    points_name: PointsName

    def money(self, minor: int) -> str:
        return self.words.money(minor, self.currency)

    def points(self, count: int) -> str:
        unit = self.points_name.one if self.words.is_singular(count) else self.points_name.many
        return f"{self.words.number(count)}\u00a0{unit}"

    def rule(self, rule: AccrualRule) -> RuleText:
        if isinstance(rule, AmountRule):
            return self._amount_rule(rule)
        if isinstance(rule, VisitRule):
            return self._visit_rule(rule)
        if isinstance(rule, CategoryRule):
            return RuleText(
                self.words.text("Points for each item of certain categories"),
                tuple(self._excluded(rule.excluded_item_ids, ())),
                self._grants(rule.grants),
            )
        return RuleText(self.words.text("Points for certain items"), (), self._grants(rule.grants))

    def terms(self, terms: RewardTerms) -> str:
        """What a reward gives, with its ceiling."""
        return self._terms(terms) + self._ceiling(terms.ceiling_minor)

    def expiry(self, policy: ExpiryPolicy) -> str:
        if isinstance(policy, MonthsToEnd):
            return self.words.plural(
                "They last {count} month, to the end of that month",
                "They last {count} months, to the end of that month",
                policy.months,
            )
        if isinstance(policy, DaysAfter):
            return self.words.plural("They last {count} day", "They last {count} days", policy.days)
        return self.words.text("They never expire")

    def incentive(self, promotion: Promotion) -> str:
        if isinstance(promotion.incentive, PointsMultiplier):
            return self.words.text(
                "Points × {multiplier}",
                multiplier=decimal_text(self.words, promotion.incentive.multiplier_milli, 3),
            )
        return f"+ {self.points(promotion.incentive.points)}"

    def conditions(self, promotion: Promotion) -> list[str]:
        """What a purchase must be for the promotion, and when."""
        lines = [self._days(promotion), *(self.window(each) for each in promotion.schedule.windows)]
        if promotion.minimum_spend_minor:
            lines.append(
                self.words.text("From {amount} on", amount=self.money(promotion.minimum_spend_minor))
            )
        if promotion.is_for_certain_items:
            lines.append(self.words.text("With: {items}", items=self._names(
                (*promotion.item_ids, *promotion.category_ids))))  # fmt: skip
        limit = promotion.trigger_limit
        if limit is not None and limit.per is TriggerPeriod.DAY:
            lines.append(
                self.words.plural(
                    "{count} time a day for each member", "{count} times a day for each member", limit.times
                )
            )
        elif limit is not None:
            times = limit.times
            lines.append(
                self.words.plural("{count} time for each member", "{count} times for each member", times)
            )
        return lines

    def window(self, window: WeeklyWindow) -> str:
        days = sorted(window.days)
        named = (
            self.words.text("every day")
            if window.days == WEEK
            else ", ".join(self.words.weekday(day) for day in days)
        )
        if window.start == window.end:
            return named
        return f"{named}, {window.start:%H:%M}\u2009–\u2009{window.end:%H:%M}"

    def _days(self, promotion: Promotion) -> str:
        first = self.words.day(promotion.schedule.first_day)
        if promotion.schedule.last_day is None:
            return self.words.text("From {first} on, without an end", first=first)
        return self.words.text(
            "From {first} to {last}", first=first, last=self.words.day(promotion.schedule.last_day)
        )

    def _amount_rule(self, rule: AmountRule) -> RuleText:
        headline = self.words.text(
            "{points} for each {amount} spent",
            points=self.points(rule.points_per_tranche),
            amount=self.money(rule.tranche_minor),
        )
        return RuleText(
            headline,
            (
                self._tax(rule.tax_mode),
                *self._excluded(rule.excluded_item_ids, rule.excluded_category_ids),
            ),
        )

    def _visit_rule(self, rule: VisitRule) -> RuleText:
        points, minimum = self.points(rule.points), self.money(rule.minimum_minor)
        if not rule.minimum_minor:
            headline = self.words.text("{points} for each visit", points=points)
        elif rule.boundary is Boundary.AT_LEAST:
            headline = self.words.text(
                "{points} for each visit of {amount} or more", points=points, amount=minimum
            )
        else:
            headline = self.words.text(
                "{points} for each visit of more than {amount}", points=points, amount=minimum
            )
        return RuleText(
            headline,
            (
                self._tax(rule.tax_mode),
                *self._excluded(rule.excluded_item_ids, rule.excluded_category_ids),
            ),
        )

    def _tax(self, mode: TaxMode) -> str:
        if mode is TaxMode.BEFORE_TAX:
            return self.words.text("Tax does not count, nor does a tip")
        return self.words.text("Tax counts, a tip never does")

    def _excluded(self, items: Iterable[UUID], categories: Iterable[UUID]) -> list[str]:
        ids = (*categories, *items)
        return [self.words.text("Earns nothing: {items}", items=self._names(ids))] if ids else []

    def _grants(self, grants: tuple[Grant, ...]) -> tuple[tuple[str, int], ...]:
        gone = self.words.text("no longer sold")
        return tuple((self.goods.names((grant.id,), gone)[0], grant.points) for grant in grants)

    def _terms(self, terms: RewardTerms) -> str:
        if isinstance(terms, PercentageOffSale):
            return self.words.text("{rate} off the whole sale", rate=percent(self.words, terms.rate_ppm))
        if isinstance(terms, AmountOffSale):
            return self.words.text("{amount} off the whole sale", amount=self.money(terms.amount_minor))
        items = self._names(terms.scope.ids)
        if isinstance(terms, FreeItem):
            return self.words.plural(
                "Free: {count} of {items}", "Free: up to {count} of {items}", terms.units, items=items
            )
        off = (
            percent(self.words, terms.rate_ppm)
            if isinstance(terms, PercentageOffItems)
            else self.money(terms.amount_minor)
        )
        return self._off_items(off, terms, items)

    def _off_items(self, off: str, terms: PercentageOffItems | AmountOffItems, items: str) -> str:
        if terms.units is None:
            return self.words.text("{off} off everything of {items}", off=off, items=items)
        return self.words.plural(
            "{off} off {count} of {items}", "{off} off up to {count} of {items}", terms.units,
            off=off, items=items)  # fmt: skip

    def _ceiling(self, ceiling_minor: int | None) -> str:
        if ceiling_minor is None:
            return ""
        return self.words.text(", at most {amount}", amount=self.money(ceiling_minor))

    def _names(self, ids: Iterable[UUID]) -> str:
        names = self.goods.names(ids, self.words.text("no longer sold"))
        shown = ", ".join(names[:_NAMES_SHOWN])
        more = len(names) - _NAMES_SHOWN
        return shown if more <= 0 else f"{shown} + {self.words.number(more)}"
