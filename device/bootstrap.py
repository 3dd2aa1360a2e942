"""Puts the device process together from its configuration, and runs it until it is told to stop."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from codes.verifying import CardVerifier
from device.agent_answers import AgentAnswers
from device.agent_certificate import certify
from device.agent_door import AgentDoor
from device.camera.preview import Preview
from device.configuration import DeviceSettings
from device.counter import Counter
from device.distant_look import DistantLook
from device.errors import SignalError
from device.figures import DeviceFigures
from device.health import HealthBoard, PartState
from device.kiosk_watch import KioskWatch
from device.mirror import Mirror
from device.outbox import Outbox
from device.readers import make_readers
from device.renewal import certificate_files, renewal_worker
from device.reporting import device_status, reported, status
from device.scribe import Scribe
from device.shown import Shown
from device.signals.gpio_outputs import GpioOutputs
from device.signals.signaller import Signaller
from device.simulated_counter import SimulatedCounter
from device.simulation import SimulationDoor
from device.staff_corner import StaffCorner
from device.station_time import StationTime
from device.trial import TrialListener, TrialScan
from device.uplink import Uplink, subscriptions
from messaging.codec import encode
from messaging.local.to_kiosk import ToKiosk
from messaging.local_socket import LocalServer
from messaging.mqtt import BrokerAddress, MqttLink, Will
from messaging.seal import Sealer
from messaging.station.presence import Presence
from messaging.topics import device_topic
from runtime.clock import Clock, SystemClock
from runtime.errors import LifecycleError
from runtime.ids import boot_id
from runtime.interpreter import answer_fast
from runtime.lifecycle import stop_signals
from runtime.logs import set_up_logs
from runtime.notify import ServiceNotifier, watchdog_interval_s
from runtime.release import installed, started_from

if TYPE_CHECKING:
    from runtime.figures_door import FiguresDoor

_log = logging.getLogger(__name__)


class Device:
    """All parts of one device, wired. ``start`` and ``stop`` on the main thread.

    Args:
        settings: The section ``[device]``.
        clock: The machine's.
        on_death: Told the name of a thread without which the device is of no use, when it died.
        on_restart: Called when staff want the process to start anew.

    Raises:
        ComptoirError: A key file, the outbox or a certificate cannot be used.
    """

    def __init__(
        self,
        settings: DeviceSettings,
        clock: Clock,
        on_death: Callable[[str], None],
        on_restart: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self.board = HealthBoard()
        self._signaller = _signaller(settings, self.board)
        self.outbox = Outbox(settings.outbox, settings.outbox_most_events)
        station_time = StationTime(clock)
        preview = _preview(settings, self._to_kiosk)
        self.readers = make_readers(settings, clock, self.board, preview.frame if preview else None)
        self.shown = Shown(self.outbox, station_time, clock, _kinds(settings), self._to_kiosk)
        online = Presence(state="online", boot=boot_id(), release=installed())
        self.uplink = Uplink(
            device=settings.name,
            outbox=self.outbox,
            clock=clock,
            board=self.board,
            presence=online,
            report=lambda: reported(self.board, self.outbox, self.shown),
            on_death=on_death,
        )
        self.board.on_change = lambda _part, _health: self.uplink.report_soon()
        scribe = Scribe(
            device=settings.name,
            sealer=Sealer.from_file(settings.seal_public_key_file),
            outbox=self.outbox,
            uplink=self.uplink,
            clock=clock,
            station_time=station_time,
            board=self.board,
        )
        mirror = Mirror(settings.mirror.accepted, self._to_kiosk, clock)
        corner = StaffCorner(
            clock=clock,
            outbox=self.outbox,
            verifier=lambda: self.shown.desired.staff_code if self.shown.desired is not None else None,
            status=lambda: device_status(settings, self.board, self.outbox, self.shown, station_time),
            layouts={
                scanner.name: scanner.layout for scanner in settings.scanners if scanner.kind != "serial"
            },
            to_kiosk=self._to_kiosk,
            restart=on_restart,
        )
        self.counter = Counter(
            scribe=scribe,
            shown=self.shown,
            mirror=mirror,
            verifier=_verifier(settings.card_verification_keys_file),
            clock=clock,
            watch=KioskWatch(clock, self.board, is_expected=settings.kiosk_socket is not None),
            to_kiosk=self._to_kiosk,
            corner=corner,
            preview=preview.want if preview is not None else None,
            on_death=on_death,
        )
        self._link = MqttLink(
            _address(settings),
            subscriptions(settings.name),
            self.uplink.on_delivery,
            self.uplink.on_link,
            Will(
                device_topic(settings.name, "presence"),
                encode(online.model_copy(update={"state": "offline"})),
            ),
        )
        self._kiosk = self._local_server(settings.kiosk_socket)
        self._trial = TrialScan(scribe, clock)
        self._agent_door = self._door_for_agent(settings)
        self._door = self._simulation_door(mirror)
        self._look = DistantLook(
            mirror,
            lambda: self.counter.session is None or self.shown.is_training,
            self.uplink.tell_look,
            has_screen=settings.kiosk_socket is not None,
        )
        self.uplink.on_look = self._look.asked
        self.figures = self._figures_door()
        self._renewal = renewal_worker(settings, clock, self.board, self._is_quiet, on_restart)

    def start(self) -> None:
        """Start the parts; what is absent is reported and searched for, not waited for."""
        if self._signaller is not None:
            self._signaller.start()
        self.counter.start()
        if self._kiosk is not None:
            self._kiosk.start()
        self._look.start()
        self.uplink.start(self._link, TrialListener(self.counter, self._trial))
        for reader in self.readers.all:
            reader.start(self.counter.on_reading)
        if self._door is not None:
            self._door.start()
        if self._agent_door is not None:
            self._agent_door.start()
        if self.figures is not None:
            self.figures.start()
        if self._renewal is not None:
            self._renewal.start()

    def stop(self) -> None:
        """Stop the parts in an order in which no reading is lost: readers first, the outbox last."""
        stops = [
            *([self._renewal.stop] if self._renewal is not None else []),
            *([self._door.stop] if self._door is not None else []),
            *([self.figures.stop] if self.figures is not None else []),
            *([self._agent_door.stop] if self._agent_door is not None else []),
            *(reader.stop for reader in self.readers.all),
            self._look.stop,
            self.counter.stop,
            *([self._kiosk.stop] if self._kiosk is not None else []),
            self.uplink.stop,
            *([self._signaller.stop] if self._signaller is not None else []),
            self.outbox.close,
        ]
        for stop in stops:
            try:
                stop()
            except LifecycleError as error:
                _log.error("a part did not stop", extra={"why": error.message})

    def _is_quiet(self) -> bool:
        return self.counter.session is None and self.shown.open_sale is None

    def _to_kiosk(self, message: ToKiosk) -> bool:
        if self._signaller is not None:
            self._signaller.tell(message)
        return self._kiosk is not None and self._kiosk.send(message)

    def _door_for_agent(self, settings: DeviceSettings) -> AgentDoor | None:
        if settings.agent_socket is None:
            return None
        has_screen = settings.kiosk_socket is not None
        answers = AgentAnswers(
            self.board,
            self.shown,
            self.counter,
            self._trial,
            has_screen=has_screen,
            name=settings.name,
            release=started_from(),
        )
        return AgentDoor(settings.agent_socket, answers.answer, lambda wanted: certify(settings, wanted))

    def _figures_door(self) -> "FiguresDoor | None":
        if self._settings.metrics is None:
            return None
        from runtime.figures_door import FiguresDoor  # noqa: PLC0415 - who shows no figures need not load it

        collect = DeviceFigures(self.board, self.outbox, self.shown, self.counter)
        return FiguresDoor(self._settings.metrics, collect)

    def _local_server(self, path: Path | None) -> LocalServer | None:
        if path is None:
            return None
        return LocalServer(
            path,
            self.counter.on_kiosk_frame,
            lambda _connection: self.counter.on_kiosk_connected(),
            self.counter.on_kiosk_gone,
        )

    def _simulation_door(self, mirror: Mirror) -> SimulationDoor | None:
        if self._settings.simulation is None:
            return None
        counter = SimulatedCounter(
            self.readers.simulated_scanners,
            self.readers.simulated_camera,
            mirror,
            lambda: status(self._settings.name, self.board, self.outbox, self.shown),
        )
        return SimulationDoor(self._settings.simulation.socket, counter)


def run(settings: DeviceSettings) -> int:
    """Run the device process until SIGTERM or SIGINT.

    Returns:
        The exit status: 0, or 1 where a part of it died.

    Raises:
        ComptoirError: It cannot start.
    """
    set_up_logs(settings.log_level)
    notifier = ServiceNotifier()
    dead: list[str] = []
    with stop_signals() as asked:

        def died(thread: str) -> None:
            dead.append(thread)
            asked.set()

        device = Device(settings, SystemClock(), died, asked.set)
        answer_fast()
        device.start()
        notifier.ready()
        try:
            interval_s = watchdog_interval_s()
            while not asked.wait(interval_s):
                notifier.alive()
        finally:
            notifier.stopping()
            device.stop()
    return 1 if dead else 0


def _kinds(settings: DeviceSettings) -> tuple[Literal["scanner", "camera"], ...]:
    scanner: tuple[Literal["scanner"], ...] = ("scanner",) if settings.scanners else ()
    camera: tuple[Literal["camera"], ...] = ("camera",) if settings.camera.kind != "none" else ()
    return (*scanner, *camera)


def _preview(settings: DeviceSettings, to_kiosk: Callable[[ToKiosk], bool]) -> Preview | None:
    if settings.kiosk_socket is None or settings.camera.kind == "none":
        return None
    return Preview(settings.kiosk_socket.with_name("preview"), settings.camera.pixels, to_kiosk)


def _signaller(settings: DeviceSettings, board: HealthBoard) -> Signaller | None:
    if settings.signals is None:
        return None
    try:
        return Signaller(settings.signals, GpioOutputs(settings.signals), board)
    except SignalError as error:
        board.report("signals", PartState.ABSENT, error.message)
        return None


def _verifier(path: Path | None) -> CardVerifier | None:
    return None if path is None else CardVerifier.from_file(path)


def _address(settings: DeviceSettings) -> BrokerAddress:
    broker = settings.broker
    certificate_file, key_file = certificate_files(settings)
    return BrokerAddress(
        host=broker.host,
        port=broker.port,
        ca_file=broker.ca_file,
        certificate_file=certificate_file,
        key_file=key_file,
        client_id=settings.name,
    )
