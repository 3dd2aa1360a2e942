"""What a register asks for. Each body has a ``kind``, so that one topic carries them all."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from messaging.model import CodeText, Line, Part, example
from messaging.register.card import CardOfPayment, PaymentCard

MAX_MINOR = 10**8
MAX_LINES = 200

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""What the register calls a sale or a refund; unique among its own."""

ShortLine = Annotated[Line, StringConstraints(max_length=100)]
Minor = Annotated[int, Field(ge=0, le=MAX_MINOR)]
PhoneTyped = Annotated[str, StringConstraints(min_length=4, max_length=32, pattern=r"^[0-9+().\- /]+$")]
"""As the customer says it; a national number is one of the shop's country."""


class LineStated(Part):
    """So many of something, at the register's own price."""

    name: ShortLine
    unit_price_minor: Minor
    quantity: Annotated[int, Field(ge=1, le=999)] = 1
    barcode: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """Finds the item in the shop's catalogue, so that rules and rewards by item and category see it."""


class MemberNamed(Part):
    """Who it is, by one of the two."""

    code: CodeText | None = None
    """What the register's scanner read on a card or phone, or a reference number."""
    phone_number: PhoneTyped | None = None
    symbology: Annotated[str, StringConstraints(min_length=1, max_length=20)] = "unknown"

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.code is None) is (self.phone_number is None):
            raise ValueError("either a code or a phone number")
        return self


class _Basket(Part):
    reference: Reference
    lines: Annotated[tuple[LineStated, ...], Field(min_length=1, max_length=MAX_LINES)] | None = None
    total_minor: Annotated[int, Field(ge=1, le=MAX_MINOR)] | None = None
    """The total alone, where the register does not tell its lines."""

    @model_validator(mode="after")
    def _is_basket(self) -> Self:
        if (self.lines is None) is (self.total_minor is None):
            raise ValueError("either lines or a total")
        return self


class AskSetup(Part):
    """Which lanes this register may speak for, and how the shop counts."""

    model_config = example(kind="ask_setup")

    kind: Literal["ask_setup"] = "ask_setup"


class AskLane(Part):
    """Who is at the lane now, and what applies."""

    model_config = example(kind="ask_lane")

    kind: Literal["ask_lane"] = "ask_lane"


class AskSale(Part):
    """A sale that this register recorded."""

    model_config = example(kind="ask_sale", reference="2026-000123")

    kind: Literal["ask_sale"] = "ask_sale"
    reference: Reference


class StateSale(_Basket):
    """The register's basket or total, before any discount of the member: what applies, and why?

    Sent again with every change; it replaces what was stated. The customer's screen shows it. Another
    reference begins the next sale, and never has the last one's member.
    """

    model_config = example(
        kind="state_sale",
        reference="2026-000123",
        lines=[{"name": "Tasse", "unit_price_minor": 1500, "quantity": 2, "barcode": "3700123400055"}],
    )

    kind: Literal["state_sale"] = "state_sale"


class NameMember(Part):
    """Put a member on the lane's sale, or on one recorded just now (``reference``)."""

    model_config = example(kind="name_member", member={"code": "000123456"})

    kind: Literal["name_member"] = "name_member"
    member: MemberNamed
    reference: Reference | None = None
    """Of a recorded sale; without it the sale that is open in the lane, or that is opened by this."""


class ShowCard(Part):
    """The terminal read a payment card before it charges: whose it is goes on the lane's sale, with rewards.

    Before the first total this opens the sale. Somebody else who is on it stays: refused ``another_member``.
    """

    model_config = example(
        kind="show_card",
        card={"brand": "Visa", "last_four": "4242", "fingerprint": "tok_7Jw0aQ", "entry": "contactless"},
    )

    kind: Literal["show_card"] = "show_card"
    card: PaymentCard


class RemoveMember(Part):
    """Take the member off the lane's sale, and their rewards with them."""

    model_config = example(kind="remove_member")

    kind: Literal["remove_member"] = "remove_member"


class UseReward(Part):
    """Put a reward on the lane's sale. The points go when the sale is recorded."""

    model_config = example(kind="use_reward", tier="0192f3c0-0000-7000-8000-000000000050")

    kind: Literal["use_reward"] = "use_reward"
    tier: UUID


class ReturnReward(Part):
    """Take a reward off the lane's sale again."""

    model_config = example(kind="return_reward", tier="0192f3c0-0000-7000-8000-000000000050")

    kind: Literal["return_reward"] = "return_reward"
    tier: UUID


class ConfirmDiscount(Part):
    """Give the proposed discount: the cashier looked at who it is."""

    model_config = example(kind="confirm_discount")

    kind: Literal["confirm_discount"] = "confirm_discount"


class RecordSale(_Basket):
    """The register was paid: book points, rewards and the identification, once for its reference."""

    model_config = example(
        kind="record_sale",
        reference="2026-000123",
        lines=[{"name": "Tasse", "unit_price_minor": 1500, "quantity": 2, "barcode": "3700123400055"}],
        charged_minor=2700,
        late=False,
    )

    kind: Literal["record_sale"] = "record_sale"
    charged_minor: Minor | None = None
    """What was charged; if the sale comes to something else by now, nothing is booked."""
    member: MemberNamed | None = None
    rewards: Annotated[tuple[UUID, ...], Field(max_length=20)] | None = None
    """Tiers of the rewards that are to be on the sale, no others; without it they stay as they are."""
    card: CardOfPayment = None
    """What it was paid with. Where nobody is on the sale, the card's profile remembers it, without points."""
    late: bool = False
    """Made while the station was away: who is at the lane now has nothing to do with it."""


class LineBack(Part):
    """So many units of a line, by its place in the recorded sale, from 1."""

    line: Annotated[int, Field(ge=1, le=MAX_LINES)]
    quantity: Annotated[int, Field(ge=1, le=999)]


class RefundSale(Part):
    """Something came back at the register: all that is left, some lines, or an amount."""

    model_config = example(
        kind="refund_sale", reference="2026-000123", refund="2026-R-7", lines=[{"line": 1, "quantity": 1}]
    )

    kind: Literal["refund_sale"] = "refund_sale"
    reference: Reference
    refund: Reference
    whole: bool = False
    lines: Annotated[tuple[LineBack, ...], Field(min_length=1, max_length=MAX_LINES)] | None = None
    amount_minor: Annotated[int, Field(ge=1, le=MAX_MINOR)] | None = None
    reason: ShortLine | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if [self.whole, self.lines is not None, self.amount_minor is not None].count(True) != 1:
            raise ValueError("one of whole, lines and amount_minor")
        return self


class VoidSale(Part):
    """Give up a sale that was stated, or undo one that was recorded today."""

    model_config = example(kind="void_sale", reference="2026-000123")

    kind: Literal["void_sale"] = "void_sale"
    reference: Reference
    reason: ShortLine | None = None


Asked = (
    AskSetup
    | AskLane
    | AskSale
    | StateSale
    | NameMember
    | ShowCard
    | RemoveMember
    | UseReward
    | ReturnReward
    | ConfirmDiscount
    | RecordSale
    | RefundSale
    | VoidSale
)

ASKED: tuple[type[Asked], ...] = (
    AskSetup,
    AskLane,
    AskSale,
    StateSale,
    NameMember,
    ShowCard,
    RemoveMember,
    UseReward,
    ReturnReward,
    ConfirmDiscount,
    RecordSale,
    RefundSale,
    VoidSale,
)


def kind_of(asked: type[Asked]) -> str:
    """The ``kind`` of a body's class."""
    default: Any = asked.model_fields["kind"].default
    return str(default)
