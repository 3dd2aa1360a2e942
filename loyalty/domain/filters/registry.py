"""Every filter by its kind, in the order in which a page offers them."""

from loyalty.domain.filters.base import Filter
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
from loyalty.domain.filters.message_received import MessageReceived
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

FILTERS: dict[str, type[Filter]] = {
    each.kind: each
    for each in (
        LastVisit,
        Visits,
        FirstVisit,
        Spend,
        Places,
        ItemsBought,
        CategoriesBought,
        Tenders,
        CardPaid,
        Enrolled,
        PointsBalance,
        RewardInSight,
        EmailSubscribers,
        SmsSubscribers,
        MessageReceived,
        ManualGroups,
        Sources,
        CustomerSince,
        BirthdayMonth,
        BirthdaySoon,
        ToggleField,
        SelectionField,
    )
}

TILL_FILTERS: tuple[type[Filter], ...] = (
    LastVisit,
    Visits,
    Enrolled,
    RewardInSight,
    EmailSubscribers,
    SmsSubscribers,
    ManualGroups,
    BirthdaySoon,
)
"""Those that a till offers: what helps while a customer stands there. The directory has them all (row 7)."""
