"""Notices, the birthday's gift and flags as form fields, and back."""

from dataclasses import replace

from checkout.programme.typed import FieldReader, Typed
from loyalty.domain.booking.birthday import MAX_GIFT_DAYS_AFTER, BirthdayGift
from loyalty.domain.booking.by_hand import MAX_BY_HAND
from loyalty.domain.loyalty_settings import MAX_GIFT_VALID_DAYS, MAX_NOTICE_DAYS, LoyaltySettings
from loyalty.domain.reports.visits import MIN_UNUSUAL

_FIRST_GIFT = BirthdayGift(10)
_MAX_A_DAY = 100
_MAX_MEMBER_DAYS = 3650


def settings_typed(settings: LoyaltySettings) -> Typed:
    """The fields that show these settings."""
    gift = settings.birthday_gift or _FIRST_GIFT
    return Typed.of(
        [
            ("gift", "on" if settings.birthday_gift is not None else "off"),
            ("gift_points", str(gift.points)),
            ("gift_days_after", str(gift.days_after)),
            ("gift_member_for_days", str(gift.member_for_days)),
            ("gift_valid_days", str(settings.birthday_valid_days)),
            ("notice_days", str(settings.expiring_notice_days)),
            ("unusual", str(settings.unusual_visits_a_day)),
            ("confirmed", str(settings.confirmed_redemptions_a_day)),
            ("revision", str(settings.revision)),
        ]
    )


def read_settings(reader: FieldReader, settings: LoyaltySettings) -> LoyaltySettings | None:
    """The settings with what the fields say; None where the reader has problems."""
    gift, valid_days = None, settings.birthday_valid_days
    if reader.choice("gift", ("on", "off"), "off") == "on":
        gift = BirthdayGift(
            reader.whole("gift_points", 1, MAX_BY_HAND),
            days_after=reader.whole("gift_days_after", 0, MAX_GIFT_DAYS_AFTER),
            member_for_days=reader.whole("gift_member_for_days", 0, _MAX_MEMBER_DAYS),
        )
        valid_days = reader.whole("gift_valid_days", 1, MAX_GIFT_VALID_DAYS)
    notice_days = reader.whole("notice_days", 0, MAX_NOTICE_DAYS)
    unusual = reader.whole("unusual", MIN_UNUSUAL, _MAX_A_DAY)
    confirmed = reader.whole("confirmed", 1, _MAX_A_DAY)
    if reader.problems:
        return None
    return replace(
        settings,
        birthday_gift=gift,
        birthday_valid_days=valid_days,
        expiring_notice_days=notice_days,
        unusual_visits_a_day=unusual,
        confirmed_redemptions_a_day=confirmed,
    )
