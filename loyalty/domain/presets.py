"""Smart groups that every shop can have ready-made, with the rules of its kind of business (rows 58-66)."""

from dataclasses import dataclass
from enum import StrEnum

from loyalty.domain.filters import Comparator, FilterSet, Period, PeriodKind
from loyalty.domain.filters.email_subscribers import EmailSubscribers
from loyalty.domain.filters.enrolled import Enrolled
from loyalty.domain.filters.last_visit import LastVisit
from loyalty.domain.filters.reward_in_sight import RewardInSight
from loyalty.domain.filters.sms_subscribers import SmsSubscribers
from loyalty.domain.filters.visits import Visits


class Preset(StrEnum):
    """A ready-made smart group."""

    REGULARS = "regulars"
    LAPSED = "lapsed"
    ALL_CUSTOMERS = "all_customers"
    """Whoever came more than once in twelve months; not the number of customers (X4)."""
    LOYALTY = "loyalty"
    REWARD_IN_SIGHT = "reward_in_sight"
    EMAIL_SUBSCRIBERS = "email_subscribers"
    SMS_SUBSCRIBERS = "sms_subscribers"


class BusinessType(StrEnum):
    """Kinds of business whose customers come at different intervals (row 60)."""

    CHARITY_EDUCATION = "charity_education"
    CONTRACTORS_LEISURE = "contractors_leisure"
    FOOD = "food"
    HEALTH_BEAUTY = "health_beauty"
    HEALTH_SERVICES = "health_services"
    INDIVIDUALS = "individuals"
    RETAIL = "retail"
    SERVICES = "services"
    TRANSPORT = "transport"


@dataclass(frozen=True, slots=True)
class VisitsRule:
    """How often somebody must have come in all, and the weeks that part regulars from lapsed ones."""

    comparator: Comparator
    visits: int
    weeks: int

    @property
    def period(self) -> Period:
        return Period(PeriodKind.WEEKS, self.weeks)

    def of_regulars(self) -> FilterSet:
        """Came so often, and within the last weeks."""
        return FilterSet((Visits(self.comparator, self.visits), LastVisit(True, self.period)))

    def of_lapsed(self) -> FilterSet:
        """Came so often, and not for so many weeks: at the boundary one is lapsed, not both (X1)."""
        return FilterSet((Visits(self.comparator, self.visits), LastVisit(False, self.period)))


_THREE_8 = VisitsRule(Comparator.MORE_THAN, 3, 8)
_THREE_6 = VisitsRule(Comparator.MORE_THAN, 3, 6)
_TWO_6 = VisitsRule(Comparator.MORE_THAN, 2, 6)

RULES: dict[BusinessType, tuple[VisitsRule, VisitsRule]] = {
    BusinessType.CHARITY_EDUCATION: (_THREE_8, _THREE_8),
    BusinessType.CONTRACTORS_LEISURE: (_TWO_6, _THREE_6),
    BusinessType.FOOD: (_THREE_8, _THREE_8),
    BusinessType.HEALTH_BEAUTY: (_THREE_6, _THREE_6),
    BusinessType.HEALTH_SERVICES: (_THREE_8, _THREE_8),
    BusinessType.INDIVIDUALS: (_THREE_8, _THREE_8),
    BusinessType.RETAIL: (_THREE_8, _THREE_8),
    BusinessType.SERVICES: (_THREE_8, _THREE_8),
    BusinessType.TRANSPORT: (_TWO_6, _THREE_6),
}
"""Of each business the rule of regulars and the rule of lapsed ones (row 60, X2)."""

GENERAL = (VisitsRule(Comparator.AT_LEAST, 2, 8), VisitsRule(Comparator.AT_LEAST, 3, 8))
"""For a shop that says nothing of its business: twice is regular, three times was (rows 58, 59)."""

_ALL_CUSTOMERS = Visits(Comparator.MORE_THAN, 1, Period(PeriodKind.MONTHS, 12))


def preset_filters(preset: Preset, business: BusinessType | None = None) -> FilterSet:
    """The filters of a ready-made group; what they say can be edited afterwards (row 61)."""
    regulars, lapsed = RULES[business] if business is not None else GENERAL
    match preset:
        case Preset.REGULARS:
            return regulars.of_regulars()
        case Preset.LAPSED:
            return lapsed.of_lapsed()
        case Preset.ALL_CUSTOMERS:
            return FilterSet((_ALL_CUSTOMERS,))
        case Preset.LOYALTY:
            return FilterSet((Enrolled(),))
        case Preset.REWARD_IN_SIGHT:
            return FilterSet((Enrolled(), RewardInSight()))
        case Preset.EMAIL_SUBSCRIBERS:
            return FilterSet((EmailSubscribers(),))
        case Preset.SMS_SUBSCRIBERS:
            return FilterSet((SmsSubscribers(),))
