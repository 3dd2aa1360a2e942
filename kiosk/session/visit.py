"""What the kiosk keeps of one customer's session beside the view."""

from dataclasses import dataclass, field
from uuid import UUID

from messaging.local.from_kiosk import Said


@dataclass
class Visit:
    """One session's ids.

    Attributes:
        events: Kind of each event of this session by its id: a result for any other id is late (row 171).
        unstored: What was said and is not yet known to be on the device's disk.
        said_number: E.164 number of the last ``NumberTyped``.
        chose_language: The customer chose it; the member's own does not override that.
        sale: The sale that this session began with or met first.
        awaited: Event whose answer the account's screens wait for: any other answer to them is late.
        wants_history: The one-time code is for the history, which is asked for once it is proved.
        wanted_reward: The one-time code is for this reward.
    """

    id: UUID
    events: dict[UUID, str] = field(default_factory=dict)
    unstored: dict[UUID, Said] = field(default_factory=dict)
    said_number: str | None = None
    chose_language: bool = False
    sale: UUID | None = None
    awaited: UUID | None = None
    wants_history: bool = False
    wanted_reward: UUID | None = None
