"""What a register is answered."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from messaging.model import Line, Message, Part, UtcTime, Why, example
from messaging.register.asked import Reference

MAX_WHY = 12
"""Reasons of one thing, at most."""


class RegisterLane(Part):
    """One lane that the register may speak for."""

    number: int
    training: bool
    """Nothing is booked in it."""
    companion: bool
    """Whether another register sells there; where not, sales are refused with ``lane_sells_itself``."""


class RegisterSetup(Message):
    """What a register has to know before its first sale. By MQTT it is retained."""

    model_config = example(
        v=1,
        kind="setup",
        name="Caisse avant",
        shop="Maison Lumen",
        currency="EUR",
        stated="after_tax",
        points_one="point",
        points_many="points",
        lanes=[{"number": 1, "training": False, "companion": True}],
    )

    kind: Literal["setup"] = "setup"
    name: Line
    """Of the register, as the shop calls it."""
    shop: Line
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    stated: Literal["before_tax", "after_tax"]
    """Which amounts are to be stated: the programme counts them so."""
    points_one: Line
    points_many: Line
    lanes: tuple[RegisterLane, ...]


class RewardOffered(Part):
    """One reward for the member at the lane."""

    tier: UUID
    name: Line
    points: int
    state: Literal["available", "needs_confirmation", "refused"]
    used: int = 0
    """How many of it are on the sale."""
    why_not: Why | None = None


class NearestReward(Part):
    """The nearest reward that the points do not reach yet."""

    name: Line
    points: int
    missing: int


class MemberAtLane(Part):
    """Who is at the lane, as a till may show it: no number, no address."""

    customer: UUID
    name: Line | None
    groups: Annotated[tuple[Line, ...], Field(max_length=20)]
    trust: Annotated[int, Field(ge=0, le=3)]
    """0 a number that was typed, 1 a reference, 2 a signed card, 3 a proof."""
    is_member: bool
    points: int
    """Left to spend."""
    balance: int
    next_reward: NearestReward | None = None
    rewards: Annotated[tuple[RewardOffered, ...], Field(max_length=15)] = ()


class DiscountApplied(Part):
    """A discount or reward on the sale; ``amount_minor`` is what the register takes off."""

    kind: Literal["group", "staff", "reward"]
    name: Line
    amount_minor: int
    why: Annotated[tuple[Why, ...], Field(max_length=MAX_WHY)]


class DiscountProposed(Part):
    """A discount that waits for one tap of staff."""

    name: Line
    amount_minor: int
    why: Why


class SaleAtLane(Part):
    """The lane's sale as it stands: what to take off, what to charge, what it earns."""

    sale: UUID
    version: int
    """Grows with each change of this sale: what arrives late is known by it."""
    reference: Reference | None
    """None where the register has stated nothing yet, or where another register did."""
    state: Literal["open", "paid", "voided"]
    discounts: Annotated[tuple[DiscountApplied, ...], Field(max_length=40)]
    proposed: DiscountProposed | None
    subtotal_minor: int
    total_minor: int
    """What to charge."""
    points_to_earn: int
    points_why: Annotated[tuple[Why, ...], Field(max_length=MAX_WHY)]
    member: MemberAtLane | None


class LaneNow(Message):
    """A lane as it is now."""

    model_config = example(
        v=1,
        kind="lane",
        lane=1,
        training=False,
        companion=True,
        sale={
            "sale": "0192f3c0-0000-7000-8000-000000000003",
            "version": 4,
            "reference": "2026-000123",
            "state": "open",
            "discounts": [],
            "proposed": None,
            "subtotal_minor": 3000,
            "total_minor": 3000,
            "points_to_earn": 0,
            "points_why": [{"code": "no_points_without_account", "params": {}}],
            "member": None,
        },
    )

    kind: Literal["lane"] = "lane"
    lane: int
    training: bool
    companion: bool
    sale: SaleAtLane | None


class Slip(Part):
    """What may be printed for the customer. It is a loyalty statement: no receipt, no fiscal document."""

    title: Line
    lines: Annotated[tuple[Line, ...], Field(max_length=60)]
    closing: Annotated[tuple[Line, ...], Field(max_length=10)]


class SaleRecorded(Message):
    """A sale as it was booked. The same question gets the same answer."""

    model_config = example(
        v=1,
        kind="sale",
        reference="2026-000123",
        sale="0192f3c0-0000-7000-8000-000000000003",
        number=41,
        at="2026-11-24T10:15:30.140Z",
        training=False,
        total_minor=2700,
        discounts=[],
        points_earned=27,
        points_used=0,
        points_why=[],
        balance=40,
        has_member=True,
        returned="nothing",
        slip={"title": "Loyalty statement, not an invoice", "lines": ["Points earned: 27"], "closing": []},
    )

    kind: Literal["sale"] = "sale"
    reference: Reference
    sale: UUID
    number: int
    """Of the statement; never a number of an invoice."""
    at: UtcTime
    training: bool
    total_minor: int
    discounts: Annotated[tuple[DiscountApplied, ...], Field(max_length=40)]
    points_earned: int
    points_used: int
    points_why: Annotated[tuple[Why, ...], Field(max_length=MAX_WHY)]
    balance: int | None
    """After this sale; None without a loyalty account."""
    has_member: bool
    returned: Literal["nothing", "part", "all"] = "nothing"
    slip: Slip


class RefundRecorded(Message):
    """What came back, and what that took."""

    model_config = example(
        v=1,
        kind="refund",
        reference="2026-000123",
        refund="2026-R-7",
        amount_minor=1350,
        is_whole=False,
        points_taken=13,
        rewards_returned=0,
        balance=27,
        why=[],
    )

    kind: Literal["refund"] = "refund"
    reference: Reference
    refund: Reference | None
    """None of a void."""
    amount_minor: int
    """What the register gives back."""
    is_whole: bool
    points_taken: int
    rewards_returned: int
    balance: int | None
    """May be below zero: points that were spent already are owed."""
    why: Annotated[tuple[Why, ...], Field(max_length=MAX_WHY)]


class SaleGivenUp(Message):
    """A sale that was not paid is given up; nothing was booked."""

    model_config = example(v=1, kind="given_up", reference="2026-000123")

    kind: Literal["given_up"] = "given_up"
    reference: Reference


Answer = RegisterSetup | LaneNow | SaleRecorded | RefundRecorded | SaleGivenUp

ANSWERS: tuple[type[Answer], ...] = (RegisterSetup, LaneNow, SaleRecorded, RefundRecorded, SaleGivenUp)
