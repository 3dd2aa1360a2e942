"""After something changed in a lane: reads the lane once and tells its kiosk and its till pages.

Runs on the writer's thread. What an event changed is read inside the event's own transaction, from what
the use case has in hand, and told once that is committed. Every other change queues a refresh: however
many wait, one of a lane is queued at a time and shows the newest state.
"""

import itertools
import logging
import threading
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from checkout.devices import DeviceRegistry
from checkout.errors import CheckoutError
from checkout.lanes import LaneDevices
from checkout.live import Change, LaneFeeds
from checkout.printing.queue import PrintTrouble
from checkout.till.build import LaneView, read_lane_view
from checkout.till.paying import PaymentsBegun
from checkout.till.view import NoticeView
from checkout.wire import sale_shown
from checkout.writer import Priority, Writer
from loyalty.domain.channel import Channel
from loyalty.domain.shop import Lane
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.kiosk_sale import kiosk_sale_view
from messaging.station.sale import SaleShown
from runtime.clock import Clock

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LaneNews:
    """A lane as one transaction left it, for its till pages and its device."""

    lane: Lane
    change: Change[LaneView]
    sale: SaleShown | None
    """None for a lane without a device."""


@dataclass(frozen=True)
class _Standing:
    """Who stands in a lane, and all of it that another lane with the same member would show."""

    customer_id: UUID | None = None
    sale: tuple[UUID, str] | None = None
    reserved: int = 0

    @classmethod
    def of(cls, view: LaneView) -> "_Standing":
        sale = view.full.sale
        if sale is None or sale.member is None:
            return cls()
        reserved = sum(reward.points * reward.used for reward in sale.member.rewards)
        return cls(sale.member.customer_id, (sale.id, sale.state), reserved)


_NOBODY = _Standing()


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
        ways: Channels by which messages leave the shop.
        trouble_of: Why a lane's last receipt was not printed.
        payments: Which sales are being paid.
        away: Channels by which nothing leaves at this moment.
        tell_others: Tells whoever else follows a lane; must not block.
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
        ways: AbstractSet[Channel] = frozenset(),
        trouble_of: Callable[[UUID], PrintTrouble | None] = lambda _lane_id: None,
        payments: PaymentsBegun | None = None,
        away: Callable[[], Collection[Channel]] = tuple,
        tell_others: Callable[[Lane, LaneView], None] = lambda _lane, _view: None,
    ) -> None:
        self._tell_others = tell_others
        self._payments = payments or PaymentsBegun()
        self._away = away
        self._trouble_of = trouble_of
        self._reading = reading
        self._writer = writer
        self._lanes = lanes
        self._devices = devices
        self._feeds = feeds
        self._send_sale = send_sale
        self._clock = clock
        self._ways = ways
        # Starts above whatever an earlier life of the station sent, so that no device drops it as late.
        self._revisions = itertools.count(int(clock.now().timestamp() * 1000))
        self._lock = threading.Lock()
        self._waiting: dict[UUID, NoticeView | None] = {}
        self._standing: dict[UUID, _Standing] = {}  # on the writer's thread

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

    def read(self, unit: UnitOfWork, lane: Lane, notice: NoticeView | None = None) -> LaneNews:
        """The lane as the unit of work sees it, to be told once that is committed; on the writer's thread.

        Till pages draw it meanwhile.
        """
        view = read_lane_view(
            unit,
            lane,
            self._devices.view(lane.device),
            self._clock.now(),
            notice,
            ways=self._ways,
            trouble=self._trouble_of(lane.id),
            paying=self._payments.of_lane(lane.id),
            away=frozenset(self._away()),
        )
        sale = self._shown(unit, lane) if lane.device is not None else None
        return LaneNews(lane, self._feeds.draft(lane.number, view), sale)

    def tell(self, news: LaneNews) -> None:
        """Hand on what was read, once it is committed; on the writer's thread."""
        self.show(news)
        self.send(news)

    def show(self, news: LaneNews) -> None:
        """To the till pages; also of lanes where the same member stands, because their points changed."""
        self._feeds.release(news.lane.number, news.change)
        before = self._standing.get(news.lane.id, _NOBODY)
        now = self._standing[news.lane.id] = _Standing.of(news.change.view)
        if now == before:
            return
        people = {before.customer_id, now.customer_id} - {None}
        for lane_id, standing in tuple(self._standing.items()):
            if lane_id != news.lane.id and standing.customer_id in people:
                self.changed(lane_id)

    def send(self, news: LaneNews) -> None:
        """To the lane's device, then to whoever else follows the lane."""
        if news.lane.device is not None and news.sale is not None:
            self._send_sale(news.lane.device, news.sale)
        self._tell_others(news.lane, news.change.view)

    def _refresh(self, lane_id: UUID) -> None:
        with self._lock:
            notice = self._waiting.pop(lane_id, None)
        lane = self._lanes.with_id(lane_id)
        if lane is None:
            return
        with self._reading() as unit:
            news = self.read(unit, lane, notice)
        self.tell(news)

    def _shown(self, unit: UnitOfWork, lane: Lane) -> SaleShown:
        view = kiosk_sale_view(unit, lane, paying=self._payments.of_lane(lane.id))
        sale = unit.sales.get(view.sale_id) if view.sale_id is not None else None
        closed_at = sale.closed_at if sale is not None else None
        return sale_shown(view, next(self._revisions), closed_at, self._clock.now())
