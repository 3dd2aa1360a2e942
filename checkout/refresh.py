"""After something changed in a lane: reads the lane once and tells its kiosk and its till pages.

Runs on the writer's thread, after the results of the events that caused it went out. However many changes
wait in the queue, one refresh of a lane is queued at a time and shows the newest state.
"""

import itertools
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from checkout.devices import DeviceRegistry
from checkout.errors import CheckoutError
from checkout.lanes import LaneDevices
from checkout.live import LaneFeeds
from checkout.till.build import LaneView, read_lane_view
from checkout.till.view import NoticeView
from checkout.wire import sale_shown
from checkout.writer import Priority, Writer
from loyalty.domain.shop import Lane
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.kiosk_sale import kiosk_sale_view
from messaging.station.sale import SaleShown
from runtime.clock import Clock

_log = logging.getLogger(__name__)


class LaneRefresher:
    """Turns "something changed" into a new view on the feed and a sale message for the device.

    Args:
        reading: Opens a unit of work for reading.
        writer: On whose thread lanes are read, after the work that changed them.
        lanes: All lanes of the station.
        devices: For the state line.
        feeds: Where till pages listen.
        send_sale: Publishes the sale of a lane to its device; must not block.
        clock: Station time.
    """

    def __init__(
        self,
        *,
        reading: Callable[[], AbstractContextManager[UnitOfWork]],
        writer: Writer[UnitOfWork],
        lanes: LaneDevices,
        devices: DeviceRegistry,
        feeds: LaneFeeds[LaneView],
        send_sale: Callable[[str, SaleShown], None],
        clock: Clock,
    ) -> None:
        self._reading = reading
        self._writer = writer
        self._lanes = lanes
        self._devices = devices
        self._feeds = feeds
        self._send_sale = send_sale
        self._clock = clock
        # Starts above whatever an earlier life of the station sent, so that no device drops it as late.
        self._revisions = itertools.count(int(clock.now().timestamp() * 1000))
        self._lock = threading.Lock()
        self._waiting: dict[UUID, NoticeView | None] = {}

    def changed(self, lane_id: UUID, notice: NoticeView | None = None) -> None:
        """Have the lane shown anew. Any thread. A notice rises once on the till page."""
        with self._lock:
            is_queued = lane_id in self._waiting
            self._waiting[lane_id] = notice or self._waiting.get(lane_id)
        if is_queued:
            return
        try:
            self._writer.run(Priority.COUNTER, lambda: self._refresh(lane_id))
        except CheckoutError as error:
            with self._lock:
                self._waiting.pop(lane_id, None)
            _log.warning("a lane is not refreshed", extra={"code": error.code})

    def all_changed(self) -> None:
        for lane in self._lanes.all():
            self.changed(lane.id)

    def _refresh(self, lane_id: UUID) -> None:
        with self._lock:
            notice = self._waiting.pop(lane_id, None)
        lane = self._lanes.with_id(lane_id)
        if lane is None:
            return
        now = self._clock.now()
        with self._reading() as unit:
            view = read_lane_view(unit, lane, self._devices.view(lane.device), now, notice)
            shown = self._shown(unit, lane) if lane.device is not None else None
        self._feeds.publish(lane.number, view)
        if lane.device is not None and shown is not None:
            self._send_sale(lane.device, shown)

    def _shown(self, unit: UnitOfWork, lane: Lane) -> SaleShown:
        view = kiosk_sale_view(unit, lane)
        sale = unit.sales.get(view.sale_id) if view.sale_id is not None else None
        closed_at = sale.closed_at if sale is not None else None
        return sale_shown(view, next(self._revisions), closed_at, self._clock.now())
