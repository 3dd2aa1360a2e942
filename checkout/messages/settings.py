"""Section ``[checkout.messages]``: the ways out, what holds until the shop chooses, and the most it can."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from loyalty.adapters.gateways.settings import MessagesSettings
from loyalty.domain.contact.delivery import SendingRules
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.sms_limits import SmsLimits
from loyalty.domain.shop import ShopSettings
from loyalty.services.deliver_messages import default_rules
from runtime.config import Section

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Cap = Annotated[int, Field(ge=1, le=1_000_000)]
Minor = Annotated[int, Field(ge=0, le=100_000_000)]


class SendingSettings(Section):
    """Quiet hours and the caps of row 207, until the shop chooses its own on a page (ADR 0013); prices."""

    has_quiet_hours: bool = True
    quiet_from: time = time(21)
    """Wall clock of the shop: what nobody waits for goes out after ``quiet_to``."""
    quiet_to: time = time(9)
    countries: tuple[Country, ...] = ()
    """Besides the shop's own: ISO 3166 codes of numbers that may get messages."""
    per_number_an_hour: Cap = 3
    per_number_a_day: Cap = 8
    per_device_an_hour: Cap = 30
    per_shop_a_day: Cap = 500
    cost_a_day_minor: Minor = 50_00
    segment_cost_minor: Minor = 8
    """Price of one part of an SMS, in minor units of the shop's currency."""
    segment_cost_minor_by_country: Mapping[Country, Minor] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hours_end(self) -> Self:
        if self.quiet_from == self.quiet_to or self.quiet_from.tzinfo or self.quiet_to.tzinfo:
            raise ValueError("quiet_from and quiet_to are two times of the shop's clock that differ")
        return self

    def rules_for(self, shop: ShopSettings) -> SendingRules:
        """What the section means in this shop."""
        return SendingRules(
            limits=SmsLimits(
                countries=frozenset({shop.country, *self.countries}),
                per_number_an_hour=self.per_number_an_hour,
                per_number_a_day=self.per_number_a_day,
                per_device_an_hour=self.per_device_an_hour,
                per_shop_a_day=self.per_shop_a_day,
                cost_a_day_minor=self.cost_a_day_minor,
            ),
            timezone=shop.timezone,
            quiet_hours=QuietHours(self.quiet_from, self.quiet_to) if self.has_quiet_hours else None,
            segment_cost_minor=self.segment_cost_minor,
            segment_cost_minor_by_country=self.segment_cost_minor_by_country,
        )


class CeilingSettings(Section):
    """What nobody at a page can go beyond: whoever pays the provider decides it at the machine."""

    countries: tuple[Country, ...] = ()
    """Besides the shop's own; none listed allows any that the shop chooses."""
    per_number_an_hour: Cap = 20
    per_number_a_day: Cap = 50
    per_device_an_hour: Cap = 500
    per_shop_a_day: Cap = 20_000
    cost_a_day_minor: Minor = 500_00

    def limits_for(self, shop: ShopSettings) -> SmsLimits:
        """The ceiling of this shop; without countries it allows any."""
        return SmsLimits(
            countries=frozenset({shop.country, *self.countries}) if self.countries else frozenset(),
            per_number_an_hour=self.per_number_an_hour,
            per_number_a_day=self.per_number_a_day,
            per_device_an_hour=self.per_device_an_hour,
            per_shop_a_day=self.per_shop_a_day,
            cost_a_day_minor=self.cost_a_day_minor,
        )


class MemberMessagesSettings(MessagesSettings):
    """The ways out (see :class:`MessagesSettings`), and the rules they keep."""

    sending: SendingSettings = SendingSettings()
    ceiling: CeilingSettings = CeilingSettings()

    def rules_for(self, shop: ShopSettings) -> SendingRules:
        """What holds in this shop until it chooses, under the ceiling that stays."""
        return replace(self.sending.rules_for(shop), ceiling=self.ceiling.limits_for(shop))


def demo_rules(shop: ShopSettings) -> SendingRules:
    """The demo writes to a file: at any hour, and as often as somebody tries it."""
    countries = frozenset({shop.country, *_TRIED_IN_THE_DEMO})
    return replace(
        default_rules(shop), quiet_hours=None, limits=SmsLimits(countries, None, None, None, None, None)
    )


_TRIED_IN_THE_DEMO = ("BE", "CA", "CH", "DE", "ES", "FR", "GB", "IT", "LU", "US")
