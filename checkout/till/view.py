"""The view model of a till page. Data only: reasons stay codes, amounts stay minor units."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class ViewPart(BaseModel):
    """Frozen piece of a view."""

    model_config = ConfigDict(frozen=True)


class WhyView(ViewPart):
    """A reason as data; worded by ``checkout.words.reasons``."""

    code: str
    params: dict[str, int | str] = {}


class LineView(ViewPart):
    """One line of the basket."""

    id: UUID
    name: str
    quantity: int
    unit_price_minor: int
    amount_minor: int


class DiscountView(ViewPart):
    """A discount or a used reward that is on the sale; ``amount_minor`` is what it takes off."""

    kind: Literal["group", "staff", "reward"]
    source_id: UUID
    name: str
    amount_minor: int
    why: tuple[WhyView, ...]


class ProposalView(ViewPart):
    """A group discount that waits for one tap of staff (X15)."""

    group_id: UUID
    name: str
    amount_minor: int
    why: WhyView


class TaxView(ViewPart):
    """The sum of one tax."""

    name: str
    rate_ppm: int
    is_included: bool
    amount_minor: int


class RewardView(ViewPart):
    """One reward tier for the attached member.

    ``used`` tells how often it is on the sale, ``last_used_id`` which one to take off again; ``state``
    whether it could be put on it (once more).
    """

    tier_id: UUID
    name: str
    points: int
    state: Literal["available", "needs_confirmation", "refused"]
    used: int = 0
    last_used_id: UUID | None = None
    why_not: WhyView | None = None


class NextRewardView(ViewPart):
    """The nearest reward that the points do not reach yet."""

    name: str
    points: int
    missing: int


class ElsewhereView(ViewPart):
    """Another sale that the member stands on at the same time (row 168)."""

    lane: int
    since: datetime
    is_held: bool
    points: int
    """What the rewards on it will cost."""


class MemberView(ViewPart):
    """The member in the cart. ``points`` is what is left to spend, ``balance`` what the account holds."""

    customer_id: UUID
    name: str | None
    phone_number: str | None
    """Masked for viewers without the permission to see contact details (row 9)."""
    mailbox: str | None
    """Masked as well."""
    note: str | None
    groups: tuple[str, ...]
    trust: int
    method: str
    is_member: bool
    is_proven: bool
    """As much as redeeming needs."""
    is_bare: bool
    """Nobody: the profile that the payment card made by itself (row 2)."""
    points: int
    balance: int
    next_reward: NextRewardView | None
    rewards: tuple[RewardView, ...]
    elsewhere: tuple[ElsewhereView, ...] = ()
    code: Literal["none", "offered", "awaited"] = "none"
    """Whether staff may send the member a one-time code, or have sent one that can still be typed."""


class TenderView(ViewPart):
    """One way in which a sale was paid; ``kind`` is a ``TenderKind``."""

    kind: str
    amount_minor: int
    given_minor: int
    card: str | None = None
    """Brand and last four digits."""


class CardView(ViewPart):
    """A payment card, as far as anybody may know it."""

    brand: str
    last_four: str


class ReceiptView(ViewPart):
    """What was booked when the sale was paid."""

    number: int
    given_minor: int
    change_minor: int
    tenders: tuple[TenderView, ...]
    tip_minor: int
    points_earned: int
    points_used: int
    balance: int | None


class SaleView(ViewPart):
    """The sale of the lane: the open one, or the one just paid until the next begins."""

    id: UUID
    state: Literal["open", "paid", "voided"]
    version: int
    lines: tuple[LineView, ...]
    discounts: tuple[DiscountView, ...]
    proposal: ProposalView | None
    taxes: tuple[TaxView, ...]
    subtotal_minor: int
    total_minor: int
    cash_due_minor: int
    """The total in coins that exist."""
    points_to_earn: int
    points_why: tuple[WhyView, ...]
    member: MemberView | None
    receipt: ReceiptView | None
    is_registers: bool = False
    """Another register owns it and takes the payment (row 195)."""
    cards_to_link: tuple[CardView, ...] = ()
    """Of payment cards that paid it and stand for nobody yet (row 145)."""
    register_reference: str | None = None
    """What that register calls it, behind its id."""


class DeviceView(ViewPart):
    """The lane's kiosk or scanner as the station sees it."""

    name: str | None
    is_online: bool
    is_broker_up: bool
    waiting_events: int
    quarantined_events: int = 0
    troubled_parts: tuple[str, ...] = ()


class NoticeView(ViewPart):
    """A short message that rises on the till page: who was identified, or why a card was refused."""

    kind: Literal["identified", "no_sale", "refused", "item", "reward"]
    name: str | None
    trust: int | None = None
    why: WhyView | None = None
    event_id: UUID | None = None
    read: str | None = None
    """The code that nobody knows, cleaned, where it could become an item's barcode."""


class PrinterView(ViewPart):
    """A receipt that did not come out of the lane's printer, and why."""

    code: str
    receipt: str
    """Its number; empty for a test print."""


class HeldView(ViewPart):
    """A sale that was set aside and waits for a lane."""

    id: UUID
    opened_at: datetime
    items: int
    member_name: str | None


class AddingView(ViewPart):
    """Which ways to name a customer the shop leaves open (rows 26, 30, 85, 105)."""

    during: bool = True
    after: bool = True
    by_code: bool = True
    """The search has a field for codes."""
    cards_at_lane: bool = True
    """A card read at the lane's kiosk or scanner identifies."""


class TillView(ViewPart):
    """Everything a till page shows that can change while it is open."""

    lane: int
    is_training: bool
    currency: str
    points_one: str
    points_many: str
    sale: SaleView | None
    device: DeviceView
    is_companion: bool = False
    """Another register sells in this lane (row 195)."""
    stated: Literal["before_tax", "after_tax"] = "after_tax"
    """Which total of that register counts."""
    held: tuple[HeldView, ...] = ()
    """Oldest first; offered while the lane has no open sale."""
    sends_mail: bool = False
    """Whether e-mail has a way out of the shop."""
    adds: AddingView = AddingView()
    payment: Literal["open", "to_begin", "begun"] = "open"
    """Whether payment has to be begun first: the customer's screen asks who they are then (row 153)."""
    notice: NoticeView | None = None
    printer: PrinterView | None = None
    """None while the last print came out."""
    ways_away: tuple[str, ...] = ()
    """Channels by which no message leaves at this moment; nothing for a training lane, which sends none."""
