"""The station put together: one writer, one link, one intake, the lanes' feeds. Knows no web page."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

from checkout.desired import desired_for
from checkout.devices import DeviceRegistry
from checkout.errors import CheckoutError
from checkout.even_pace import Pace
from checkout.fleet_desk.distant_looks import DistantLooks
from checkout.fleet_desk.running import FleetDesk
from checkout.imports.folder import ImportFolder
from checkout.imports.runner import ImportRunner
from checkout.lanes import LaneDevices
from checkout.link import StationLink
from checkout.live import LaneFeeds
from checkout.messages.courier import Courier
from checkout.printing.queue import PrintQueue, Send
from checkout.printing.reach import send_to_printer
from checkout.printing.receipts import ReceiptPrinting
from checkout.refresh import LaneRefresher
from checkout.registers.intake import Answered, RegisterIntake
from checkout.registers.once import Once
from checkout.registers.service import AskedOnce
from checkout.registers.told import RegistersTold
from checkout.subscribers.intake import EventIntake, Taken
from checkout.till.build import LaneView
from checkout.till.paying import PaymentsBegun
from checkout.upkeep import Upkeep
from checkout.writer import Priority, Writer
from loyalty.domain.delivery import OutboundMessage
from loyalty.ports.papers import AttachmentFiles
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from messaging.mqtt import BrokerAddress
from messaging.seal import Opener
from messaging.station.bell import BellRung
from messaging.station.distant_look import LookAsked
from messaging.station.fleet import FleetReported
from messaging.station.sale import SaleShown
from messaging.topics import RegisterBranch

_log = logging.getLogger(__name__)

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
        send_print: Reaches a receipt printer.
        imports_folder: Where uploads of customers are kept.
        broker: Where the broker is; None runs without one (the web pages alone, in tests).
        pace: Holds answers back that could tell something by their time.
        files: Files of profiles, of which unused ones are swept; None where there are none.
        on_death: Called with the name of a thread that died.
        each_minute, fold_journal: See :class:`checkout.upkeep.Upkeep`.
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
        imports_folder: Path,
        broker: BrokerAddress | None,
        pace: Pace,
        files: AttachmentFiles | None = None,
        send_print: Send = send_to_printer,
        on_death: Callable[[str], None] | None = None,
        each_minute: Callable[[], None] | None = None,
        fold_journal: Callable[[], bool] | None = None,
    ) -> None:
        self.fleet: FleetDesk | None = None
        """The rollout desk, where this station runs it; see :meth:`take_fleet_desk`."""
        self.ctx = ctx
        self.pace = pace
        self.writer = writer
        self.reading = reading
        self.courier = courier
        self.devices = DeviceRegistry()
        self.looks = DistantLooks(self._send_look, ctx.clock)
        with reading() as unit:
            self.lanes = LaneDevices(unit.lanes.all())
            self.registers = RegistersTold(unit.registers.all(), self._send_to_register)
        self.feeds: LaneFeeds[LaneView] = LaneFeeds()
        self.payments = PaymentsBegun()
        self.prints = PrintQueue(send_print, self._lane_changed, on_death, clock=ctx.clock)
        self.refresher = LaneRefresher(
            reading=reading,
            writer=writer,
            lanes=self.lanes,
            devices=self.devices,
            feeds=self.feeds,
            send_sale=self._send_sale,
            clock=ctx.clock,
            ways=ctx.open_channels,
            trouble_of=self.prints.trouble_of,
            payments=self.payments,
            away=courier.ways_away,
            tell_others=self.registers.tell_lane,
        )
        self.asked = RegisterIntake(ctx, writer, self._answer_register)
        courier.when_ways_change(self.refresher.all_changed)
        self.receipts = ReceiptPrinting(self.prints, reading, writer, ctx)
        self.intake = EventIntake(
            store=store,
            ctx=ctx,
            opener=opener,
            lanes=self.lanes,
            writer=writer,
            look=self.refresher.read,
            publish=self.publish,
            pace=pace,
        )
        self.upkeep = Upkeep(
            writer,
            ctx,
            files=files,
            on_death=on_death,
            each_minute=each_minute,
            fold_journal=fold_journal,
        )
        self.imports = ImportRunner(ImportFolder(imports_folder), writer, reading, ctx, on_death)
        self.link: StationLink | None = None
        if broker is not None:
            self.link = StationLink(
                address=broker,
                lanes=self.lanes,
                devices=self.devices,
                clock=ctx.clock,
                on_event=self.intake.take,
                registers=self.registers.names(),
                on_ask=self.asked.take,
                on_device=self._device_changed,
                on_link=self._link_changed,
                on_fleet=self._agent_reported,
                on_look=self.looks.answered,
            )

    def take_fleet_desk(self, fleet: FleetDesk) -> None:
        """Run the rollout desk with this station; before :meth:`start`."""
        self.fleet = fleet
        fleet.when_ringing(self._ring)

    def start(self) -> None:
        """Start the threads and connect.

        Raises:
            LinkError: Certificate, key or CA cannot be used.
        """
        self.pace.start()
        self.writer.start()
        self.courier.start()
        self.upkeep.start()
        self.prints.start()
        self.imports.start()
        self.refresher.all_changed()
        if self.fleet is not None:
            self.fleet.start()
        if self.link is not None:
            self.link.start()

    def stop(self) -> None:
        """Take no more events, finish what waits, end all threads."""
        if self.link is not None:
            self.link.stop()
        if self.fleet is not None:
            self.fleet.stop()
        self.courier.stop()
        self.upkeep.stop()
        self.prints.stop()
        self.imports.stop()
        self.writer.stop()
        self.pace.stop()
        self.feeds.close_all()

    def publish(self, taken: Taken) -> None:
        """After the commit of an event: tell till pages and device, then all others. On the writer's thread.

        Sending the result lets go of the interpreter, and the web server draws the till meanwhile.
        """
        if taken.news is not None:
            self.refresher.show(taken.news)
        self._send_result(taken)
        if taken.news is not None:
            self.refresher.send(taken.news)
        for message in taken.outbound:
            self._send_outbound(message)
        lane = self.lanes.of_device(taken.device)
        if lane is not None and taken.news is None and taken.result is not None and not taken.is_repeated:
            self.refresher.changed(lane.id, taken.notice)
        if taken.may_tell_member:
            self.courier.wake()

    def _send_result(self, taken: Taken) -> None:
        link, result = self.link, taken.result
        if result is None or link is None:
            return
        if taken.asked_s is None:
            link.send_result(taken.device, result)
        else:
            self.pace.hold(taken.asked_s, lambda: link.send_result(taken.device, result))

    def _send_to_register(self, name: str, branch: RegisterBranch, payload: bytes) -> None:
        if self.link is not None:
            self.link.send_to_register(name, branch, payload)

    def _answer_register(self, answered: Answered) -> None:
        if answered.payload is not None:
            self._send_to_register(answered.name, "answer", answered.payload)
        if answered.outcome is not None:
            self.follow_register(answered.outcome)

    def follow_register(self, asked: AskedOnce) -> None:
        """After the commit of a register's order: show the lane, print the statement, wake the courier."""
        done = asked.once.done if isinstance(asked.once, Once) else None
        if done is None or not done.has_changed or asked.lane is None:
            return
        if done.paying is not None:
            self.payments.begin(asked.lane.id, done.paying)
        self.refresher.changed(asked.lane.id)
        if done.recorded is not None:
            self.receipts.after_payment(done.recorded)
        self.courier.wake()

    def settings_changed(self) -> None:
        """Read the lanes again, hear new devices, tell all devices and tills what holds now. Any thread."""
        self._later(self._tell_devices)
        self._later(self._tell_registers)
        self._later(self.refresher.all_changed)

    def _send_sale(self, device: str, sale: SaleShown) -> None:
        if self.link is not None:
            self.link.send_sale(device, sale)

    def _lane_changed(self, lane_id: UUID) -> None:
        self.refresher.changed(lane_id)

    def _device_changed(self, device: str) -> None:
        lane = self.lanes.of_device(device)
        if lane is not None:
            self.refresher.changed(lane.id)

    def _link_changed(self, is_up: bool) -> None:
        self.devices.broker_changed(is_up=is_up, at=self.ctx.clock.now())
        if is_up:
            self._later(self._tell_devices)
            self._later(self._tell_registers)
            self._later(self._publish_again)
        self.refresher.all_changed()

    def _agent_reported(self, device: str, report: FleetReported) -> None:
        if self.fleet is not None:
            self.fleet.desk.hear(device, report)

    def _send_look(self, name: str, asked: LookAsked, expires_s: int) -> bool:
        return self.link is not None and self.link.send_look(name, asked, expires_s)

    def _ring(self, channel: str, bell: BellRung) -> bool:
        return self.link is not None and self.link.send_bell(channel, bell)

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
            chosen, privacy = unit.programme.settings(), unit.privacy.settings()
        if self.link is None:
            return
        for lane in self.lanes.all():
            if lane.device is not None:
                self.link.hear(lane.device)
                desired = desired_for(
                    lane,
                    settings,
                    programme,
                    now,
                    checkout=chosen.checkout,
                    privacy=privacy,
                    look=chosen.look,
                )
                self.devices.told(lane.device, desired.version)
                self.link.send_desired(lane.device, desired)

    def _tell_registers(self) -> None:
        with self.reading() as unit:
            gone = self.registers.replace(unit.registers.all())
            if self.link is None:
                return
            for name in self.registers.names():
                self.link.hear_register(name)
            self.registers.tell_setup(unit)
        self.registers.forget(gone)

    def _publish_again(self) -> None:
        """What an earlier life of the station, or a time without broker, left unpublished."""
        with self.reading() as unit:
            waiting = unit.outbound.unpublished(_REPUBLISHED)
        for message in waiting:
            self._send_outbound(message)

    def _send_outbound(self, message: OutboundMessage) -> None:
        if self.link is not None and self.link.send(message.topic, message.payload):
            self.upkeep.published(message.id)
