"""The station put together: one writer, one link, one intake, the lanes' feeds. Knows no web page."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from checkout.desired import desired_for
from checkout.devices import DeviceRegistry
from checkout.errors import CheckoutError
from checkout.lanes import LaneDevices
from checkout.link import StationLink
from checkout.live import LaneFeeds
from checkout.messages.courier import Courier
from checkout.refresh import LaneRefresher
from checkout.subscribers.intake import EventIntake, Taken
from checkout.till.build import LaneView
from checkout.writer import Priority, Writer
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from messaging.mqtt import BrokerAddress
from messaging.seal import Opener
from messaging.station.sale import SaleShown
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

_TIDY_EVERY_S = 1.0
_FORGET_EVERY_S = 3600.0
_EVENTS_KEPT = timedelta(days=60)
"""Results of events are given again for so long; a device gives an event up long before."""
_OUTBOUND_KEPT = timedelta(days=2)
_REPUBLISHED = 200

Reading = Callable[[], AbstractContextManager[UnitOfWork]]


class Station:
    """All of the station but its pages.

    Args:
        store: Store part of the topics.
        ctx: What the use cases share.
        writer: The one writer, not started yet.
        reading: Opens a unit of work for reading.
        opener: Opens what devices sealed.
        courier: Sends messages to members; not started yet.
        broker: Where the broker is; None runs without one (the web pages alone, in tests).
        on_death: Called with the name of a thread that died.
    """

    def __init__(
        self,
        *,
        store: str,
        ctx: ServiceContext,
        writer: Writer[UnitOfWork],
        reading: Reading,
        opener: Opener,
        courier: Courier,
        broker: BrokerAddress | None,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self.ctx = ctx
        self.writer = writer
        self.reading = reading
        self.courier = courier
        self.devices = DeviceRegistry()
        with reading() as unit:
            self.lanes = LaneDevices(unit.lanes.all())
        self.feeds: LaneFeeds[LaneView] = LaneFeeds()
        self.refresher = LaneRefresher(
            reading=reading,
            writer=writer,
            lanes=self.lanes,
            devices=self.devices,
            feeds=self.feeds,
            send_sale=self._send_sale,
            clock=ctx.clock,
        )
        self.intake = EventIntake(
            store=store, ctx=ctx, opener=opener, lanes=self.lanes, writer=writer, publish=self.publish
        )
        self.link: StationLink | None = None
        if broker is not None:
            self.link = StationLink(
                address=broker,
                lanes=self.lanes,
                devices=self.devices,
                clock=ctx.clock,
                on_event=self.intake.take,
                on_device=self._device_changed,
                on_link=self._link_changed,
            )
        self._published: list[UUID] = []
        self._lock = threading.Lock()
        self._tidier = Worker("tidier", self._tidy, on_death)

    def start(self) -> None:
        """Start the threads and connect.

        Raises:
            LinkError: Certificate, key or CA cannot be used.
        """
        self.writer.start()
        self.courier.start()
        self._tidier.start()
        self.refresher.all_changed()
        if self.link is not None:
            self.link.start()

    def stop(self) -> None:
        """Take no more events, finish what waits, end all threads."""
        if self.link is not None:
            self.link.stop()
        self.courier.stop()
        self._tidier.stop()
        self._mark_published()
        self.writer.stop()
        self.feeds.close_all()

    def publish(self, taken: Taken) -> None:
        """After the commit of an event: its result first, then all the rest. On the writer's thread."""
        if taken.result is not None and self.link is not None:
            self.link.send_result(taken.device, taken.result)
        for message in taken.outbound:
            if self.link is not None and self.link.send(message.topic, message.payload):
                with self._lock:
                    self._published.append(message.id)
        lane = self.lanes.of_device(taken.device)
        if lane is not None and taken.result is not None and not taken.is_repeated:
            self.refresher.changed(lane.id, taken.notice)
        if taken.may_tell_member:
            self.courier.wake()

    def lanes_changed(self) -> None:
        """Read the lanes again, hear new devices, tell all devices what they should run. Any thread."""
        self._later(self._tell_devices)

    def _send_sale(self, device: str, sale: SaleShown) -> None:
        if self.link is not None:
            self.link.send_sale(device, sale)

    def _device_changed(self, device: str) -> None:
        lane = self.lanes.of_device(device)
        if lane is not None:
            self.refresher.changed(lane.id)

    def _link_changed(self, is_up: bool) -> None:
        self.devices.broker_changed(is_up=is_up)
        if is_up:
            self._later(self._tell_devices)
            self._later(self._publish_again)
        self.refresher.all_changed()

    def _later(self, work: Callable[[], None]) -> None:
        try:
            self.writer.run(Priority.COUNTER, work)
        except CheckoutError as error:
            _log.warning("the station is busy", extra={"code": error.code})

    def _tell_devices(self) -> None:
        now = self.ctx.clock.now()
        with self.reading() as unit:
            self.lanes.replace(unit.lanes.all())
            settings, programme = shop_settings(unit), unit.programme.current()
        if self.link is None:
            return
        for lane in self.lanes.all():
            if lane.device is not None:
                self.link.hear(lane.device)
                self.link.send_desired(lane.device, desired_for(lane, settings, programme, now))

    def _publish_again(self) -> None:
        """What an earlier life of the station, or a time without broker, left unpublished."""
        with self.reading() as unit:
            waiting = unit.outbound.unpublished(_REPUBLISHED)
        for message in waiting:
            if self.link is not None and self.link.send(message.topic, message.payload):
                with self._lock:
                    self._published.append(message.id)

    def _tidy(self, stopping: threading.Event) -> None:
        forgot_at = -_FORGET_EVERY_S
        while not stopping.wait(_TIDY_EVERY_S):
            self._mark_published()
            if self.ctx.clock.monotonic_s() - forgot_at >= _FORGET_EVERY_S:
                forgot_at = self.ctx.clock.monotonic_s()
                self._forget_old()

    def _forget_old(self) -> None:
        """Drop records of delivery that nobody can ask for any more."""
        now = self.ctx.clock.now()

        def forget(unit: UnitOfWork) -> None:
            unit.inbox.purge(now - _EVENTS_KEPT)
            unit.outbound.purge_published(now - _OUTBOUND_KEPT)

        try:
            self.writer.submit(Priority.BACKGROUND, forget)
        except CheckoutError as error:
            _log.info("old records stay for now", extra={"code": error.code})

    def _mark_published(self) -> None:
        with self._lock:
            done, self._published = self._published, []
        if not done:
            return
        now = self.ctx.clock.now()
        try:
            self.writer.submit(Priority.BACKGROUND, lambda unit: unit.outbound.mark_published(done, now))
        except CheckoutError:
            with self._lock:
                self._published.extend(done)
