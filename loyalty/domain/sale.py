"""Sales: one basket in one lane, open → completed or voided; a held sale leaves the lane."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.catalogue import MAX_PRICE_MINOR, TaxRate
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.money import Currency
from loyalty.domain.payment_card import CardToken
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.rewards import RewardTerms
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.trust import Trust
from loyalty.errors import InvalidValueError

MAX_QUANTITY = 999


class SaleState(StrEnum):
    """Where a sale is in its life."""

    OPEN = "open"
    HELD = "held"
    COMPLETED = "completed"
    VOIDED = "voided"


class TenderKind(StrEnum):
    """How a sale was paid."""

    CASH = "cash"
    CARD = "card"
    GIFT_CARD = "gift_card"
    CHEQUE = "cheque"
    OTHER = "other"


class SaleChannel(StrEnum):
    """Where a sale comes from. An invoice earns and never redeems; an online order does both."""

    COUNTER = "counter"
    REGISTER = "register"
    """At the counter, sold and paid at another register beside this one (row 195)."""
    INVOICE = "invoice"
    ONLINE = "online"

    @property
    def may_redeem(self) -> bool:
        return self is not SaleChannel.INVOICE


@dataclass(frozen=True, slots=True)
class SaleLine:
    """So many of one item, at the price and taxes it had when it was added."""

    id: UUID
    item_id: UUID
    name: str
    unit_price_minor: int
    quantity: int
    category_id: UUID | None = None
    tax_rates: tuple[TaxRate, ...] = ()
    variation_id: UUID | None = None
    """Which form of the item it is, where the item has several."""
    is_gift_card: bool = False
    """As the item was when it was added (see :class:`loyalty.domain.catalogue.Item`)."""

    def __post_init__(self) -> None:
        if not 0 <= self.unit_price_minor <= MAX_PRICE_MINOR:
            raise InvalidValueError(f"the price of {self.name} is out of range")
        if not 1 <= self.quantity <= MAX_QUANTITY:
            raise InvalidValueError(f"a line holds 1 to {MAX_QUANTITY} units", quantity=self.quantity)

    @property
    def gross_minor(self) -> int:
        return self.unit_price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class SaleMember:
    """The member attached to a sale, and how sure that is."""

    customer_id: UUID
    account_id: UUID | None
    identification_id: UUID
    method: IdentificationMethod
    trust: Trust
    session_id: UUID | None
    discount_confirmed_by: UUID | None = None
    """Staff member who applied the proposed group discount (X15)."""


@dataclass(frozen=True, slots=True)
class SaleReward:
    """A reward attached to a sale, with its terms as they were then. Points are booked on completion."""

    id: UUID
    tier_id: UUID
    name: str
    points: int
    terms: RewardTerms
    confirmed_by: UUID | None = None
    """Staff member who confirmed; None where the member did it at the kiosk."""


@dataclass(frozen=True, slots=True)
class Tender:
    """What was paid: ``amount_minor`` is owed, ``given_minor`` handed over, the difference is change."""

    kind: TenderKind
    amount_minor: int
    given_minor: int
    card: CardToken | None = None
    """Of a payment card: what the terminal tells of it, never its number."""

    @property
    def change_minor(self) -> int:
        return self.given_minor - self.amount_minor


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was booked, complete in itself: it is never calculated again."""

    number: int
    completed_at: datetime
    quote: Quote
    tender: Tender
    balance_before: int | None
    """None for a sale without a loyalty account."""
    balance_after: int | None
    is_training: bool = False
    tenders: tuple[Tender, ...] = ()
    """All of them where the sale was paid in several ways; ``tender`` is the first."""
    tip_minor: int = 0
    cash_rounding_minor: int = 0
    """What rounding to the smallest coin added (or, below zero, took off)."""

    @property
    def all_tenders(self) -> tuple[Tender, ...]:
        return self.tenders or (self.tender,)


@dataclass(frozen=True, slots=True)
class Sale:
    """One basket. Changed by replacing it; ``version`` grows with each change."""

    id: UUID
    lane_id: UUID
    currency: Currency
    opened_at: datetime
    state: SaleState = SaleState.OPEN
    lines: tuple[SaleLine, ...] = ()
    member: SaleMember | None = None
    rewards: tuple[SaleReward, ...] = ()
    is_training: bool = False
    opened_by: UUID | None = None
    closed_at: datetime | None = None
    completion_key: str | None = None
    receipt: Receipt | None = None
    version: int = 1
    discounts: tuple[StaffDiscount, ...] = ()
    """Given by staff; group discounts and rewards come by themselves."""
    channel: SaleChannel = SaleChannel.COUNTER
    exchange_of: UUID | None = None
    """The sale whose goods came back for these; an exchange is no visit of its own."""
    register_reference: str | None = None
    """What the register that owns the sale calls it, behind the register's id: ``<id>:<reference>``."""

    @property
    def is_open(self) -> bool:
        return self.state is SaleState.OPEN

    @property
    def is_settled(self) -> bool:
        """Completed or voided: nothing about it changes any more."""
        return self.state in (SaleState.COMPLETED, SaleState.VOIDED)

    def line(self, line_id: UUID) -> SaleLine | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def with_line(self, changed: SaleLine) -> "Sale":
        """The sale with the line of the same id replaced, or added at the end."""
        if self.line(changed.id) is None:
            return replace(self, lines=(*self.lines, changed))
        return replace(self, lines=tuple(changed if line.id == changed.id else line for line in self.lines))

    def without_line(self, line_id: UUID) -> "Sale":
        return replace(self, lines=tuple(line for line in self.lines if line.id != line_id))

    @property
    def reward_points(self) -> int:
        """Points that the attached rewards will cost."""
        return sum(reward.points for reward in self.rewards)
