"""Writes down what was said as a sealed event, commits it, and hands it to the uplink.

The body is sealed before it touches the disk; what this device keeps, it cannot read (row 210).
"""

import logging
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from device.errors import OutboxError, OutboxFullError
from device.health import HealthBoard, PartState
from device.outbox import Outbox
from device.station_time import StationTime
from device.uplink import Uplink
from messaging.codec import encode
from messaging.errors import MessagingError
from messaging.events.envelope import seal_event
from messaging.events.registry import EventBody
from messaging.seal import Sealer
from runtime.clock import Clock
from runtime.ids import boot_id

_log = logging.getLogger(__name__)

OUTBOX = "outbox"
"""Its name on the health board."""

Recorded = Literal["stored", "outbox_full", "outbox_error", "unsuitable"]


class Scribe:
    """Any thread.

    Args:
        device: The device's certificate name.
        sealer: For the station's key.
        outbox: Where events are committed.
        uplink: Who delivers them.
        clock: Gives the monotonic time of events.
        station_time: Gives their wall time and whether it is certain.
        board: Where the outbox is reported.
    """

    def __init__(
        self,
        *,
        device: str,
        sealer: Sealer,
        outbox: Outbox,
        uplink: Uplink,
        clock: Clock,
        station_time: StationTime,
        board: HealthBoard,
    ) -> None:
        self._device = device
        self._sealer = sealer
        self._outbox = outbox
        self._uplink = uplink
        self._clock = clock
        self._station_time = station_time
        self._board = board
        report_outbox(outbox, board)

    def record(
        self,
        event_id: UUID,
        body: EventBody,
        session: UUID,
        sale: UUID | None,
        *,
        on_stored: Callable[[], None] | None = None,
    ) -> Recorded:
        """Commit one event; once this returns ``stored``, it will reach the station whatever fails.

        Args:
            event_id: The same id twice is the same event, stored once.
            body: What was said.
            session: Whose time it was.
            sale: The open sale last shown; None where none was.
            on_stored: Called between the commit and the sending, so that what it tells comes before the
                station's answer; must not block.
        """

        def envelope(seq: int) -> bytes:
            wall, is_certain = self._station_time.now()
            return encode(
                seal_event(
                    body,
                    self._sealer,
                    event_id=event_id,
                    device=self._device,
                    seq=seq,
                    boot=boot_id(),
                    mono_ms=int(self._clock.monotonic_s() * 1000),
                    wall=wall,
                    clock_certain=is_certain,
                    session=session,
                    sale=sale,
                )
            )

        try:
            stored = self._outbox.store(event_id, envelope)
        except OutboxFullError as error:
            self._board.report(OUTBOX, PartState.FAILED, error.message)
            self._board.count(OUTBOX, "refused")
            return "outbox_full"
        except OutboxError as error:
            self._board.report(OUTBOX, PartState.FAILED, error.message)
            return "outbox_error"
        except MessagingError as error:
            _log.warning("event unsuitable", extra={"type": body.kind, "code": error.code})
            return "unsuitable"
        if on_stored is not None:
            on_stored()
        if stored is not None:
            self._uplink.send(stored)
        report_outbox(self._outbox, self._board)
        return "stored"


def report_outbox(outbox: Outbox, board: HealthBoard) -> None:
    """Tell the board what a person should know of the outbox."""
    if outbox.was_damaged:
        board.report(OUTBOX, PartState.DEGRADED, "the file was damaged and put aside; it may hold events")
    elif outbox.quarantined:
        board.report(OUTBOX, PartState.DEGRADED, f"{outbox.quarantined} events unanswered for a day")
    else:
        board.report(OUTBOX, PartState.OK)
