"""When a device may switch: in its part of the night; where nights are without power, when idle by day."""

import hashlib
from datetime import datetime, timedelta

from fleet.documents.rollout import Rollout, Window

QUIET_FOR_S = 600.0
"""How long nobody must have been served before a missed window is made up."""


def slot(rollout: Rollout, device: str, day: datetime) -> tuple[datetime, datetime]:
    """The device's own part of the window that begins on that day: from its jittered start to the end.

    Args:
        rollout: Names window and jitter.
        device: Its place in the jitter is always the same for one rollout.
        day: Local time.
    """
    window = rollout.window
    opens = day.replace(hour=window.start_time.hour, minute=window.start_time.minute, second=0, microsecond=0)
    closes = opens + timedelta(seconds=_length_s(window))
    spread_s = min(rollout.jitter_s, int(_length_s(window) * 0.9))
    digest = hashlib.sha256(f"{rollout.id}:{device}".encode()).digest()
    offset_s = int.from_bytes(digest[:8], "big") % (spread_s + 1)
    return opens + timedelta(seconds=offset_s), closes


def is_open(rollout: Rollout, device: str, now: datetime) -> bool:
    """Whether the device's part of the window is open; ``now`` is local time."""
    for day in (now, now - timedelta(days=1)):
        opens, closes = slot(rollout, device, day)
        if opens <= now < closes:
            return True
    return False


def may_switch(
    rollout: Rollout, device: str, now: datetime, *, quiet_for_s: float, has_missed_window: bool
) -> bool:
    """Whether to switch now.

    Args:
        rollout: The verified one that wants the release.
        device: Our name.
        now: Local time.
        quiet_for_s: How long nobody has been served; below 0 while somebody is.
        has_missed_window: The release was ready before the agent started, so a night went by without power.
    """
    if quiet_for_s < 0:
        return False
    if rollout.urgent or is_open(rollout, device, now):
        return True
    return has_missed_window and quiet_for_s >= QUIET_FOR_S


def _length_s(window: Window) -> int:
    start = window.start_time.hour * 60 + window.start_time.minute
    end = window.end_time.hour * 60 + window.end_time.minute
    return ((end - start) % 1440 or 1440) * 60
