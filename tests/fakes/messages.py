"""Messages to members, as the queue holds them."""

from datetime import UTC, datetime

from loyalty.domain.message import MemberMessage, MessageKind
from runtime.ids import new_id


def sms(**changes: object) -> MemberMessage:
    """A message to a phone."""
    values: dict[str, object] = {
        "id": new_id(),
        "event_key": f"test:{new_id()}",
        "kind": MessageKind.POINTS_EARNED,
        "customer_id": new_id(),
        "to": "+33612345678",
        "language": "fr",
        "body": "Café Lumière : +2 points.",
        "queued_at": datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
    }
    return MemberMessage(**{**values, **changes})  # type: ignore[arg-type]


def email(**changes: object) -> MemberMessage:
    """A message to a mailbox."""
    return sms(**{"to": "zoe@example.org", **changes})
