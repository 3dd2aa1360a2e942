"""Puts the agent together from its configuration and runs it; the only place that names its real parts."""

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleet.agent.agent import Agent, AgentParts, Turn
from fleet.agent.alone import alone_in
from fleet.agent.blobs import BlobStore
from fleet.agent.broker_line import BrokerLine
from fleet.agent.configuration import AgentSettings
from fleet.agent.counter_socket import CounterSocket
from fleet.agent.disk import PosixDisk, disk_errors_told
from fleet.agent.environment import UvEnvironments
from fleet.agent.figures import AgentFigures
from fleet.agent.http import WebServer
from fleet.agent.identity import AgentIdentity
from fleet.agent.layout import Layout
from fleet.agent.machine import Machine, this_machine
from fleet.agent.own_logs import OwnLogs
from fleet.agent.parts import CheckResult, Counter
from fleet.agent.plan import Plan
from fleet.agent.reports import Reports, first_number
from fleet.agent.rot import RotWatch
from fleet.agent.services import CommandServices
from fleet.agent.signed_source import SignedSource
from fleet.agent.updater import Updater, UpdaterParts
from fleet.documents.release import CheckName
from fleet.errors import FleetError, InstallError
from messaging.errors import RenewalError
from messaging.renewal_watch import RenewalWatch
from messaging.renewing import OwnCertificate
from runtime.clock import Clock, SystemClock
from runtime.config import EX_CONFIG
from runtime.errors import ComptoirError, ConfigurationError
from runtime.ids import boot_id
from runtime.lifecycle import Worker, stop_signals
from runtime.logs import set_up_logs
from runtime.notify import ServiceNotifier
from runtime.release import started_from

if TYPE_CHECKING:
    from runtime.figures_door import FiguresDoor

_log = logging.getLogger(__name__)


class NoCounter:
    """A machine without a device process: nobody is served; only what the agent itself sees is checked."""

    def is_quiet(self) -> bool:
        return True

    def check(self, name: CheckName) -> CheckResult:
        return CheckResult(name, "absent")


@dataclass(frozen=True)
class _Bell:
    rung: threading.Event
    ending: threading.Event
    alive: Callable[[], None]

    def wait(self, seconds: float) -> bool:
        """Wait, at most until rung; True when the process shall end.

        Every round of a turn or a trial comes here, so that an agent that hangs feeds no watchdog.
        """
        self.alive()
        self.rung.wait(seconds)
        self.rung.clear()
        return self.ending.is_set()


def make_updater(
    settings: AgentSettings, clock: Clock, running: str | None, alive: Callable[[], None] = lambda: None
) -> Updater:
    """The steps over the machine's own disk, web server and uv.

    Raises:
        ConfigurationError: The first root cannot be read.
    """
    layout, disk = Layout(settings.root), PosixDisk()
    layout.releases.mkdir(parents=True, exist_ok=True)
    layout.blobs.mkdir(exist_ok=True)
    ca_file = str(settings.server_ca_file) if settings.server_ca_file is not None else None
    server = WebServer(settings.server, clock, ca_file=ca_file, alive=alive)
    machine = this_machine()
    if settings.interpreter is not None:
        machine = Machine(machine.arch, machine.python, settings.interpreter)
    try:
        first_root = settings.first_root.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"cannot read {settings.first_root}: {error.strerror}") from error
    parts = UpdaterParts(
        disk=disk,
        layout=layout,
        source=SignedSource(server, layout.trusted, first_root),
        blobs=BlobStore(disk, layout, server),
        environments=UvEnvironments(
            layout, settings.uv, machine.interpreter, is_compiled=settings.compile_bytecode, alive=alive
        ),
        machine=machine,
        clock=clock,
    )
    return Updater(settings.name, settings.channel, running, parts)


def install_first(settings: AgentSettings) -> str:
    """Give a new machine its first release, by the same signed way; its name.

    Raises:
        ComptoirError: There is no release for this machine, it cannot be fetched or installed, the disk
            refuses it, or an agent works here already.
    """
    with alone_in(settings.root), disk_errors_told():
        updater = make_updater(settings, SystemClock(), None)
        if updater.switch.current is not None:
            return updater.switch.current
        found = updater.look()
        if not isinstance(found, Plan):
            raise InstallError(found.reason if found is not None else "no release is meant for this device")
        updater.fetch(found)
        updater.install(found)
        updater.switch.first(found.release.id)
        return found.release.id


def run(settings: AgentSettings) -> int:
    """Serve until told to stop, or until another release shall run.

    Returns:
        0 when told to stop or when the launcher shall start another release, 78 for bad configuration, 1
        where the disk refuses or another agent works here: the machine starts this one again.
    """
    set_up_logs(settings.log_level)
    try:
        with alone_in(settings.root):
            return _serve(settings)
    except FleetError as error:
        _log.critical("the agent ends", extra={"code": error.code, "detail": error.message})
        return 1


def _serve(settings: AgentSettings) -> int:
    clock = SystemClock()
    running = started_from() or None
    notifier = ServiceNotifier()
    bell = _Bell(threading.Event(), threading.Event(), notifier.alive)
    identity = _identity(settings, clock)
    if identity is not None:
        with stop_signals() as asked:
            notifier.ready()
            if not identity.wait(lambda wait_s: _pause(asked, wait_s, notifier)):
                return 0
    agent: Agent | None = None

    def on_ring(_bell: object) -> None:
        if agent is not None:
            agent.ring()
        bell.rung.set()

    try:
        settings = identity.taken_up(settings) if identity is not None else settings
        updater = make_updater(settings, clock, running, notifier.alive)
        services = CommandServices(settings.restart_command, settings.logs_command)
        line = _broker_line(settings, running, on_ring, services)
        layout, counter = Layout(settings.root), _counter(settings)
        publish = line.publish if line is not None else lambda _report: False
        reports = Reports(PosixDisk(), layout, boot_id(), publish, first=first_number(clock.now()))
        parts = AgentParts(
            updater=updater,
            reports=reports,
            counter=counter,
            services=services,
            rot=RotWatch(layout, clock),
            clock=clock,
        )
        agent = Agent(parts, bell.wait, settings.poll_every_s)
        if line is not None:
            line.start()
        beside = (
            _renewal(settings, clock, bell),
            _rejoining(identity, bell),
            _figures(settings, reports, line),
        )
        watches: list[Worker | FiguresDoor] = [each for each in beside if each is not None]
        for each in watches:
            each.start()
    except ComptoirError as error:
        _log.critical("the agent cannot start", extra={"code": error.code, "detail": error.message})
        return EX_CONFIG
    try:
        with stop_signals() as asked, disk_errors_told():
            _turns(agent, bell, asked, settings.turn_s, notifier)
    finally:
        for each in watches:
            each.stop()
        if line is not None:
            line.stop()
    return 0


def _turns(
    agent: Agent, bell: _Bell, asked: threading.Event, turn_s: float, notifier: ServiceNotifier
) -> None:
    watch = threading.Thread(target=_follow, args=(asked, bell), name="stop", daemon=True)
    watch.start()
    notifier.ready()
    if agent.begin() is Turn.RESTART:
        return
    while True:
        if agent.turn() is Turn.RESTART or bell.wait(turn_s):
            return


def _follow(asked: threading.Event, bell: _Bell) -> None:
    asked.wait()
    bell.ending.set()
    bell.rung.set()


def _counter(settings: AgentSettings) -> Counter:
    return CounterSocket(settings.device_socket) if settings.device_socket is not None else NoCounter()


def _figures(settings: AgentSettings, reports: Reports, line: BrokerLine | None) -> "FiguresDoor | None":
    if settings.metrics is None:
        return None
    from runtime.figures_door import FiguresDoor  # noqa: PLC0415 - who shows no figures need not load it

    collect = AgentFigures(lambda: reports.newest, lambda: line is not None and line.is_connected)
    return FiguresDoor(settings.metrics, collect)


def _identity(settings: AgentSettings, clock: Clock) -> AgentIdentity | None:
    """None where certificate and name stand in the configuration."""
    if settings.identity is None or settings.device_socket is None:
        return None
    return AgentIdentity(settings.identity, CounterSocket(settings.device_socket, timeout_s=30.0), clock)


def _pause(asked: threading.Event, wait_s: float, notifier: ServiceNotifier) -> bool:
    notifier.alive()
    return asked.wait(wait_s)


def _rejoining(identity: AgentIdentity | None, bell: _Bell) -> Worker | None:
    if identity is None:
        return None

    def start_anew() -> None:
        bell.ending.set()
        bell.rung.set()

    return Worker("identity", lambda stopping: identity.watch(stopping, start_anew))


def _own_certificate(settings: AgentSettings) -> OwnCertificate | None:
    if settings.broker is None or settings.renewal is None:
        return None
    broker = settings.broker
    return OwnCertificate(broker.certificate_file, broker.key_file, broker.ca_file, settings.renewal.folder)


def _renewal(settings: AgentSettings, clock: Clock, bell: _Bell) -> Worker | None:
    own = _own_certificate(settings)
    if own is None or settings.renewal is None:
        return None

    def tell(is_well: bool, detail: str) -> None:
        if not is_well:
            _log.error("the agent's certificate ends soon", extra={"detail": detail})

    def take_up() -> bool:
        bell.ending.set()
        bell.rung.set()
        return True

    return Worker("renewal", RenewalWatch(own, settings.renewal.door, clock, tell, take_up).run)


def _broker_line(
    settings: AgentSettings,
    running: str | None,
    on_ring: Callable[[object], None],
    services: CommandServices,
) -> BrokerLine | None:
    if settings.broker is None:
        return None
    broker, own = settings.broker, _own_certificate(settings)
    if own is not None:
        with contextlib.suppress(RenewalError):  # the line says what is wrong with the files
            held = own.held()
            files = {"certificate_file": held.certificate_file, "key_file": held.key_file}
            broker = broker.model_copy(update=files)
    logs = OwnLogs(services.last_lines)
    return BrokerLine(
        settings.name,
        settings.channel,
        broker,
        release=running or "0.0.0",
        on_ring=on_ring,
        on_look=logs.asked,
    )
