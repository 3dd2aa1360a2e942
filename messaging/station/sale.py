"""The live sale of a lane, as its kiosk may show it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from messaging.model import Line, Message, Part, Why, example


class SaleLine(Part):
    """One line of the basket; amounts in minor units, tax included where the shop's prices include it."""

    name: Line
    quantity: Annotated[int, Field(ge=1)]
    amount_minor: int


class DiscountLine(Part):
    """A discount or reward on the sale, with its reason."""

    name: Line
    amount_minor: int
    why: Why


class SaleShown(Message):
    """Sent whenever the sale of the lane changes; not retained, asked for by ``reported``.

    ``state`` none = no sale is open; paid = completed, thank the customer. ``invitation`` asks the
    customer to enrol or sign in now (rows 143, 153-157). What follows from a typed number alone stays out
    until staff confirmed it, so that known and unknown numbers look alike (X15).
    """

    model_config = example(
        v=1,
        sale="0192f3c0-0000-7000-8000-000000000003",
        revision=4,
        state="open",
        invitation=True,
        currency="EUR",
        lines=[{"name": "Café filtre", "quantity": 2, "amount_minor": 500}],
        discounts=[
            {
                "name": "Amis de la maison",
                "amount_minor": -50,
                "why": {"code": "group_discount", "params": {"group": "Amis de la maison", "percent": "10"}},
            }
        ],
        total_minor=450,
        points_to_earn=4,
        points_earned=None,
        points_balance=None,
        points_name="points",
        training=False,
    )

    sale: UUID | None
    revision: Annotated[int, Field(ge=0)]
    """Counts up within the station's life; a lower one than shown is late and is dropped."""
    state: Literal["none", "open", "paid", "voided"]
    invitation: bool = False
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[tuple[SaleLine, ...], Field(max_length=40)] = ()
    more_lines: Annotated[int, Field(ge=0)] = 0
    """How many further lines did not fit."""
    discounts: Annotated[tuple[DiscountLine, ...], Field(max_length=20)] = ()
    total_minor: int = 0
    points_to_earn: int | None = None
    points_earned: int | None = None
    points_balance: int | None = None
    points_name: Line = "points"
    training: bool = False
