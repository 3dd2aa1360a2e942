"""Whether a queued message may go out now, later or not at all; what a failed attempt leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import phonenumbers

from loyalty.domain.calendar import day_bounds, local_date
from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.sending_choices import SendingChoices
from loyalty.domain.contact.sms_limits import SmsLimits, SmsUsage, why_not_send
from loyalty.domain.message import MemberMessage, MessageKind
from loyalty.domain.sms_length import sms_length
from loyalty.domain.why import Refusal

EXPIRED, STALE, QUIET = "expired", "stale", "quiet_hours"
HELD_BY_RULES = frozenset(
    {
        QUIET,
        Refusal.SMS_DEVICE_LIMIT.value,
        Refusal.SMS_SHOP_LIMIT.value,
        Refusal.SMS_BUDGET_SPENT.value,
    }
)
"""Why a message waits for its time; other rules may let it go at once."""

WAITED_FOR = frozenset(
    {
        MessageKind.WELCOME,
        MessageKind.FIRST_POINT,
        MessageKind.STATUS_LINK,
        MessageKind.ONE_TIME_CODE,
        MessageKind.REDEMPTION_CONFIRMED,
        MessageKind.OPTED_OUT,
        MessageKind.OPTED_IN,
        MessageKind.HELP,
    }
)
"""What a member waits for, or must know at once: goes out first, and in quiet hours too."""

_ANSWERS_TO_STOP = frozenset({MessageKind.OPTED_OUT, MessageKind.HELP})


class SuppressionReason(StrEnum):
    """Why nothing goes to an address any more."""

    OPTED_OUT = "opted_out"
    NOT_ME = "not_me"
    """Its holder is not the member: not even an answer goes there."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that gets nothing. Only who holds it can lift it: by START from it, or by its own link."""

    address: str
    reason: SuppressionReason
    source: str
    """``sms_reply`` or ``link``."""
    since: datetime


class Decision(StrEnum):
    """What a person decides about a message of which nobody knows whether it went out."""

    SEND_AGAIN = "send_again"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class MessageDecision:
    """Who decided what; never changed."""

    id: UUID
    message_id: UUID
    staff_id: UUID
    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """After a refusal: 1, 4, 16, 64 minutes, then 4 hours; six attempts in all."""

    max_attempts: int = 6
    first: timedelta = timedelta(minutes=1)
    factor: int = 4
    longest: timedelta = timedelta(hours=4)

    def retry_at(self, attempts: int, now: datetime, asked_s: float | None = None) -> datetime | None:
        """When to try again after so many attempts; never sooner than the provider asks; None for never."""
        if attempts >= self.max_attempts:
            return None
        pause = min(self.first * int(self.factor ** (attempts - 1)), self.longest)
        return now + max(pause, timedelta(seconds=asked_s or 0.0))


@dataclass(frozen=True, slots=True)
class SendingRules:
    """What decides about the shop's messages. Days and hours are by ``timezone``."""

    limits: SmsLimits
    timezone: str
    quiet_hours: QuietHours | None = field(default_factory=QuietHours)
    retry: RetryPolicy = RetryPolicy()
    segment_cost_minor: int = 8
    """Price of one part of an SMS, in minor units of the shop's currency."""
    segment_cost_minor_by_country: Mapping[str, int] = field(default_factory=dict)
    stale_after: timedelta = timedelta(days=7)
    ceiling: SmsLimits | None = None
    """What the machine's owner allows at most, whatever the shop chooses (ADR 0013)."""

    def chosen(self, choices: SendingChoices | None, own_country: str) -> "SendingRules":
        """The rules in force: what the shop chose, or these until it chooses; never above the ceiling."""
        limits, quiet_hours = self.limits, self.quiet_hours
        if choices is not None:
            limits = replace(choices.limits, countries=choices.limits.countries | {own_country})
            quiet_hours = choices.quiet_hours
        if self.ceiling is not None:
            limits = limits.within(self.ceiling)
        return replace(self, limits=limits, quiet_hours=quiet_hours)

    def cost_minor(self, message: MemberMessage) -> int:
        """What the message will cost; an e-mail costs nothing."""
        if channel_of(message.to) is not Channel.SMS:
            return 0
        price = self.segment_cost_minor_by_country.get(country_of(message.to) or "", self.segment_cost_minor)
        return price * sms_length(message.body).segments


@dataclass(frozen=True, slots=True)
class SendNow:
    """The message may go."""

    cost_minor: int


@dataclass(frozen=True, slots=True)
class SendLater:
    """Not before ``at``; ``reason`` is a code."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SendNever:
    """The message is dropped; ``reason`` is a code."""

    reason: str


def judge(
    message: MemberMessage,
    *,
    rules: SendingRules,
    suppression: Suppression | None,
    usage: SmsUsage,
    now: datetime,
) -> SendNow | SendLater | SendNever:
    """What becomes of a queued message now.

    A number that had enough gets nothing more, and what goes to a country that is not allowed is dropped.
    What the shop, its budget or one device had enough of waits: its members are not at fault.
    """
    if message.expires_at is not None and now >= message.expires_at:
        return SendNever(EXPIRED)
    if now - message.queued_at > rules.stale_after:
        return SendNever(STALE)
    if suppression is not None and not _is_answer(message.kind, suppression):
        return SendNever(suppression.reason.value)
    if rules.quiet_hours is not None and message.kind not in WAITED_FOR:
        at = rules.quiet_hours.may_go_at(now, rules.timezone)
        if at > now:
            return SendLater(at, QUIET)
    if channel_of(message.to) is not Channel.SMS:
        return SendNow(0)
    return _within_limits(message, rules, usage, now)


def country_of(phone_number: str) -> str | None:
    """ISO 3166 code of the country of an E.164 number; None where it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone_number))
    except phonenumbers.NumberParseException:
        return None


def _is_answer(kind: MessageKind, suppression: Suppression) -> bool:
    return suppression.reason is SuppressionReason.OPTED_OUT and kind in _ANSWERS_TO_STOP


def _within_limits(
    message: MemberMessage, rules: SendingRules, usage: SmsUsage, now: datetime
) -> SendNow | SendLater | SendNever:
    cost = rules.cost_minor(message)
    refused = why_not_send(rules.limits, usage, country_of(message.to), cost)
    if refused is None or (
        message.kind is MessageKind.OPTED_OUT and refused.reason is not Refusal.SMS_COUNTRY_NOT_ALLOWED
    ):
        return SendNow(cost)
    if refused.reason is Refusal.SMS_DEVICE_LIMIT:
        return SendLater(now + timedelta(hours=1), refused.reason.value)
    if refused.reason in (Refusal.SMS_SHOP_LIMIT, Refusal.SMS_BUDGET_SPENT):
        tomorrow = day_bounds(local_date(now, rules.timezone), rules.timezone)[1]
        return SendLater(tomorrow, refused.reason.value)
    return SendNever(refused.reason.value)
