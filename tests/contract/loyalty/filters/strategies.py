"""Any filter, with parameters that lie at the boundaries of the made-up customers."""

from datetime import date, timedelta

from hypothesis import strategies as st

from loyalty.domain.customer import CustomerSource
from loyalty.domain.filters import FILTERS, Comparator, Filter, Moment, Period, PeriodKind
from loyalty.domain.filters.birthday_month import BirthdayMonth
from loyalty.domain.filters.birthday_soon import BirthdaySoon
from loyalty.domain.filters.card_used import CardPaid
from loyalty.domain.filters.categories_bought import CategoriesBought
from loyalty.domain.filters.customer_since import CustomerSince
from loyalty.domain.filters.email_subscribers import EmailSubscribers
from loyalty.domain.filters.enrolled import Enrolled
from loyalty.domain.filters.first_visit import FirstVisit
from loyalty.domain.filters.items_bought import ItemsBought
from loyalty.domain.filters.last_visit import LastVisit
from loyalty.domain.filters.manual_groups import ManualGroups
from loyalty.domain.filters.message_received import MessageReceived, Since
from loyalty.domain.filters.places import Places
from loyalty.domain.filters.points_balance import PointsBalance
from loyalty.domain.filters.reward_in_sight import RewardInSight
from loyalty.domain.filters.selection_field import SelectionField
from loyalty.domain.filters.sms_subscribers import SmsSubscribers
from loyalty.domain.filters.source import Sources
from loyalty.domain.filters.spend import Spend
from loyalty.domain.filters.tender import Tenders
from loyalty.domain.filters.toggle_field import ToggleField
from loyalty.domain.filters.visits import Visits
from loyalty.domain.message import CAMPAIGNS
from loyalty.domain.sale import TenderKind
from tests.contract.loyalty.filters.population import BACK, NOW, Population

DAYS = st.sampled_from([date(2026, 3, 2), date(2026, 1, 19), date(2025, 3, 2), date(2026, 2, 1)])


def periods() -> st.SearchStrategy[Period]:
    between = st.tuples(DAYS, DAYS).map(lambda days: Period(PeriodKind.DATES, 0, min(days), max(days)))
    return st.one_of(
        st.just(Period()),
        st.builds(Period, st.just(PeriodKind.DAYS), st.sampled_from([1, 30, 365])),
        st.builds(Period, st.just(PeriodKind.WEEKS), st.sampled_from([1, 6, 8])),
        st.builds(Period, st.just(PeriodKind.MONTHS), st.sampled_from([1, 12])),
        DAYS.map(lambda day: Period(PeriodKind.DATES, 0, day, None)),
        DAYS.map(lambda day: Period(PeriodKind.DATES, 0, None, day)),
        between,
    )


def moments() -> st.SearchStrategy[Moment]:
    shift = st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(days=1), -BACK[1]])
    zones = st.sampled_from(["Europe/Paris", "America/Toronto"])
    return st.builds(lambda by, zone: Moment(NOW + by, zone), shift, zones)


def filters(people: Population) -> st.SearchStrategy[Filter]:
    compare, period = st.sampled_from(Comparator), periods()

    def some(ids: tuple[object, ...]) -> st.SearchStrategy[frozenset[object]]:
        return st.frozensets(st.sampled_from(ids), min_size=1, max_size=2)

    by_kind: dict[str, st.SearchStrategy[Filter]] = {
        Visits.kind: st.builds(Visits, compare, st.integers(0, 7), period),
        LastVisit.kind: st.builds(LastVisit, st.booleans(), period),
        FirstVisit.kind: st.builds(FirstVisit, period),
        CustomerSince.kind: st.builds(CustomerSince, period),
        Spend.kind: st.builds(Spend, compare, st.sampled_from([0, 500, 2000, 3500]), period),
        Places.kind: st.builds(Places, some(people.lanes), period, st.booleans()),
        ItemsBought.kind: st.builds(ItemsBought, some(people.items), period, st.booleans()),
        CategoriesBought.kind: st.builds(CategoriesBought, some(people.categories), period, st.booleans()),
        Tenders.kind: st.builds(Tenders, some(tuple(TenderKind)), period),
        CardPaid.kind: st.builds(
            CardPaid, st.sampled_from(["visa", "amex"]), st.sampled_from([None, "4242"]), period
        ),
        Enrolled.kind: st.builds(Enrolled, st.booleans()),
        PointsBalance.kind: st.builds(PointsBalance, compare, st.sampled_from([0, 8, 24])),
        RewardInSight.kind: st.builds(RewardInSight, st.sampled_from([50, 80, 95])),
        EmailSubscribers.kind: st.just(EmailSubscribers()),
        SmsSubscribers.kind: st.just(SmsSubscribers()),
        MessageReceived.kind: st.builds(
            MessageReceived, some(CAMPAIGNS[:3]), period, st.sampled_from(Since), st.sampled_from([1, 7, 30])
        ),
        ManualGroups.kind: st.builds(ManualGroups, some(people.groups), st.booleans()),
        Sources.kind: st.builds(Sources, some(tuple(CustomerSource))),
        BirthdayMonth.kind: st.builds(BirthdayMonth, st.integers(1, 12)),
        BirthdaySoon.kind: st.builds(BirthdaySoon, st.sampled_from([0, 1, 7, 180])),
        ToggleField.kind: st.builds(ToggleField, st.just(people.toggle), st.booleans()),
        SelectionField.kind: st.builds(SelectionField, st.just(people.selection), some(("vache", "avoine"))),
    }
    assert set(by_kind) == set(FILTERS), "a filter without generated data"
    return st.one_of(*by_kind.values())
