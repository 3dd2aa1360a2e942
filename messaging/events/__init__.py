"""What a device tells the station: one module per event, wrapped in an envelope, the body sealed.

A body says what happened and carries no claim of trust: only the station sets trust, from the evidence.
"""

from messaging.events.envelope import EventEnvelope, open_body, seal_event
from messaging.events.registry import EVENTS, EventBody

__all__ = ["EVENTS", "EventBody", "EventEnvelope", "open_body", "seal_event"]
