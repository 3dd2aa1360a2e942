"""What a kiosk may show after an event, at the trust the station gave it.

At trust 0 the answer is :class:`Noted` for known and unknown numbers alike (row 170, X15).
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from messaging.model import GivenName, Language, Line, Part, UtcTime, Why


class Noted(Part):
    """The event was taken; there is nothing to tell."""

    kind: Literal["noted"] = "noted"


class RewardShown(Part):
    """One reward tier as the member sees it."""

    tier_id: UUID
    name: Line
    points: Annotated[int, Field(ge=0)]
    available: bool
    applied: bool = False
    why_not: Why | None = None


class NextReward(Part):
    """The nearest reward that the points do not reach yet."""

    name: Line
    points: Annotated[int, Field(ge=1)]
    missing: Annotated[int, Field(ge=1)]


class MemberShown(Part):
    """Welcome back: for trust 2 and more."""

    kind: Literal["member"] = "member"
    given_name: GivenName | None
    language: Language | None
    points: int
    points_name: Line
    next_reward: NextReward | None
    rewards: Annotated[tuple[RewardShown, ...], Field(max_length=15)]


class Recognised(Part):
    """A bare card was recognised (trust 1): thanks, and nothing of anyone's account."""

    kind: Literal["recognised"] = "recognised"


class NotRecognised(Part):
    """The code names no member: why, and so what to do."""

    kind: Literal["not_recognised"] = "not_recognised"
    why: Why


class ItemAdded(Part):
    """The code was an item's; it stands in the sale now."""

    kind: Literal["item_added"] = "item_added"
    name: Line


class RewardUsed(Part):
    """The chosen reward is on the sale, or was taken off it."""

    kind: Literal["reward_used"] = "reward_used"
    name: Line
    applied: bool
    member: MemberShown


class CodeSent(Part):
    """A one-time code is on its way by SMS; the same answer whether anyone has the number."""

    kind: Literal["code_sent"] = "code_sent"
    challenge_id: UUID
    valid_s: Annotated[int, Field(ge=1, le=600)]


class NumberChanged(Part):
    """The account answers to the new number from now on (row 183)."""

    kind: Literal["number_changed"] = "number_changed"


class HistoryEntry(Part):
    """One line of a member's history."""

    at: UtcTime
    points: int
    why: Why
    entry: str = ""
    """What kind of booking: ``earn``, ``redeem``, ``expire`` …"""


class History(Part):
    """A member's latest entries, newest first: for trust 3."""

    kind: Literal["history"] = "history"
    entries: Annotated[tuple[HistoryEntry, ...], Field(max_length=20)]


class Refusal(Part):
    """It was understood and not done: why."""

    kind: Literal["refusal"] = "refusal"
    why: Why


Show = Annotated[
    Noted
    | MemberShown
    | Recognised
    | NotRecognised
    | ItemAdded
    | RewardUsed
    | CodeSent
    | NumberChanged
    | History
    | Refusal,
    Field(discriminator="kind"),
]
