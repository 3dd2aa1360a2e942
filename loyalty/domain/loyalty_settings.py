"""What the shop decides about its programme besides the programme: notices, gifts, limits."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.domain.booking.birthday import BirthdayGift
from loyalty.domain.checkout_settings import DEFAULT_CHECKOUT_SETTINGS, CheckoutSettings
from loyalty.domain.contact.sending_choices import SendingChoices
from loyalty.domain.kiosk_look import DEFAULT_KIOSK_LOOK, KioskLook
from loyalty.domain.reports.visits import MIN_UNUSUAL, UNUSUAL_VISITS_A_DAY
from loyalty.errors import InvalidValueError

MAX_NOTICE_DAYS = 120
MAX_GIFT_VALID_DAYS = 366


@dataclass(frozen=True, slots=True)
class LoyaltySettings:
    """Good as it is: a shop changes what it wants to."""

    expiring_notice_days: int = 30
    """So long before points expire the member is told; zero tells nobody."""
    unusual_visits_a_day: int = UNUSUAL_VISITS_A_DAY
    """So many earning visits on one day are flagged (row 185)."""
    birthday_gift: BirthdayGift | None = None
    birthday_valid_days: int = 30
    """So long a birthday gift can be spent."""
    confirmed_redemptions_a_day: int = 3
    """So many rewards may staff confirm for one member on one day of the shop (row 206)."""
    sending: SendingChoices | None = None
    """Quiet hours and caps of messages; None until the shop chooses."""
    checkout: CheckoutSettings = DEFAULT_CHECKOUT_SETTINGS
    """Customers at the checkout; counts its own changes."""
    look: KioskLook = DEFAULT_KIOSK_LOOK
    """Of the customers' screens; counts its own changes."""
    scale_labels: tuple[str, ...] = ()
    """How the shop's scales lay out their labels (see ``scale_label``); the first that fits counts."""
    redeeming_held_since: datetime | None = None
    """When a back-up was restored whose balances nobody confirmed yet; no reward is used then (row 205)."""
    revision: int = 0
    """Counts the changes, besides those of ``sending``, ``checkout``, ``look`` and labels."""

    def __post_init__(self) -> None:
        if not 0 <= self.expiring_notice_days <= MAX_NOTICE_DAYS:
            raise InvalidValueError(f"a notice is given 0 to {MAX_NOTICE_DAYS} days before")
        if self.unusual_visits_a_day < MIN_UNUSUAL:
            raise InvalidValueError("a flag needs at least two visits a day")
        if not 1 <= self.birthday_valid_days <= MAX_GIFT_VALID_DAYS:
            raise InvalidValueError(f"a gift can be spent for 1 to {MAX_GIFT_VALID_DAYS} days")
        if self.confirmed_redemptions_a_day < 1:
            raise InvalidValueError("staff may confirm at least one redemption a day")


DEFAULT_LOYALTY_SETTINGS = LoyaltySettings()
