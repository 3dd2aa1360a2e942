"""Server-sent events of a lane: what a stream begins with, and how one change is written."""

from checkout.live import Change, LaneFeeds
from checkout.till.build import LaneView
from runtime.ids import new_id

HEARTBEAT_S = 15.0
_RUN = new_id().hex[-12:]
"""Names this life of the process, so that an event number of an earlier one is not mistaken for ours."""


def first_changes(
    feeds: LaneFeeds[LaneView], lane: int, last_event_id: str
) -> list[tuple[Change[LaneView], bool]]:
    """What a stream begins with: what was missed since ``last_event_id``, else the newest as a snapshot."""
    run, _, number = last_event_id.partition("-")
    if run == _RUN and number.isdigit() and len(number) < 19:
        return [(change, False) for change in feeds.missed(lane, int(number))]
    newest = feeds.newest(lane)
    return [(newest, True)] if newest is not None else []


def event_bytes(name: str, change: Change[LaneView], data: str) -> bytes:
    """One event; ``data`` holds no line break."""
    return f"id: {_RUN}-{change.number}\nevent: {name}\ndata: {data}\n\n".encode()
