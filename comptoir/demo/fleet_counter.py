"""``comptoir demo-fleet``: a release desk, a web server and two devices that update themselves here."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from comptoir.demo.counter import listens
from comptoir.demo.fleet_place import DEVICES, FleetPlace
from comptoir.demo.fleet_wheels import library_wheels, product_wheel
from comptoir.demo.supervisor import DemoError, Supervisor
from comptoir.demo.workplace import free_port
from fleet.desk.desk import Desk
from runtime.lifecycle import stop_signals

_START_S = 120.0
_MACHINES_NEED_MB = 50


@dataclass(frozen=True)
class RunningFleet:
    """What acts on the demo once everything is up."""

    place: FleetPlace
    supervisor: Supervisor

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.place.port_file.read_text(encoding='ascii').strip()}"

    @property
    def address(self) -> str:
        return f"{self.origin}/demo?token={self.place.token}"

    def publish(self, release: str, *, is_broken: bool = False) -> None:
        """Build, sign and publish a release, as the release tool does."""
        publish_release(self.place, release, is_broken=is_broken)

    @contextmanager
    def desk(self) -> "Iterator[Desk]":
        """The rollout desk over the station's database, as its commands use it."""
        with desk_of(self.place) as desk:
            yield desk


def run_fleet_demo(
    *, data: Path | None, port: int, act: Callable[[RunningFleet, Callable[[], bool]], int]
) -> int:
    """Run the demo until ``act`` has returned; it is given a way to ask whether it shall end.

    Raises:
        DemoError: A part did not start; everything else was stopped again.
    """
    with ExitStack() as ending:
        root = data or Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="comptoir-fleet-")))
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = FleetPlace(root.resolve(), free_port(), port or free_port(), free_port())
        if place.repository.exists():
            raise DemoError(f"{root} holds an earlier demo; give another folder")
        supervisor = Supervisor(place.root / "logs")
        ending.callback(supervisor.stop)
        asked = ending.enter_context(stop_signals())
        return act(_start(place, supervisor), asked.is_set)


def publish_release(place: FleetPlace, release: str, *, is_broken: bool = False) -> None:
    """One release of two devices' worth of wheels."""
    from fleet.documents.release import Health, Needs
    from fleet.signing.build import Recipe, build_release
    from fleet.signing.keys import KeyRing
    from fleet.signing.publish import add_blobs, publish, sign_release
    from fleet.signing.repository import Repository
    from runtime.clock import SystemClock

    clock, wheels = SystemClock(), place.root / "wheels" / release
    shutil.copytree(place.root / "wheels" / "libraries", wheels)
    product_wheel(wheels, release, is_broken=is_broken)
    recipe = Recipe(
        id=release,
        seq=int(release.replace(".", "")),
        wheels=wheels,
        lock=None,
        machines=[(os.uname().machine, f"{sys.version_info.major}.{sys.version_info.minor}")],
        needs=Needs(free_mb=_MACHINES_NEED_MB),
        health=Health(settle_s=3, timeout_s=45, checks=("process", "broker", "outbox", "scan")),
    )
    built = build_release(recipe, place.root / "built" / release, clock)
    repository = Repository(place.repository, clock)
    offline = place.root / "keys" / "offline"
    ring = KeyRing(place.online_keys, *sorted(offline.iterdir()))
    with repository.locked():
        add_blobs(repository, built, place.root / "built" / release / "blobs")
        sign_release(repository, built, ring)
        publish(repository, ring)


@contextmanager
def desk_of(place: FleetPlace) -> "Iterator[Desk]":
    from checkout.fleet_desk.store import SqlDeskStore
    from fleet.desk.publisher import SigningPublisher
    from fleet.signing.keys import KeyRing
    from fleet.signing.repository import Repository
    from runtime.clock import SystemClock

    clock = SystemClock()
    store = SqlDeskStore.open(f"sqlite:///{place.root}/station/comptoir.db")
    publisher = SigningPublisher(Repository(place.repository, clock), KeyRing(place.online_keys), clock)
    try:
        yield Desk(store, publisher, lambda _channel, _number, _at: None, clock)
    finally:
        store.close()


def _start(place: FleetPlace, supervisor: Supervisor) -> RunningFleet:
    _say("Making keys, a first signed release and two devices; that takes half a minute or more.")
    place.prepare()
    _make_keys(place)
    library_wheels(place.root / "wheels" / "libraries")
    publish_release(place, "1.0.0")
    _fill_shop(place)
    _roll_out_first(place)
    web = [sys.executable, "-m", "http.server", str(place.web_port), "--bind", "127.0.0.1"]
    supervisor.start("web", [*web, "--directory", str(place.repository)])
    supervisor.wait_until("web", lambda: listens(place.web_port), _START_S)
    mosquitto = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if mosquitto is None:
        raise DemoError("mosquitto is not installed; make setup-run installs it")
    supervisor.start("broker", [mosquitto, "-c", str(place.root / "broker" / "mosquitto.conf")])
    supervisor.wait_until("broker", lambda: listens(place.broker_port), _START_S)
    checkout = [sys.executable, "-m", "comptoir", "checkout", "--config", str(place.station_configuration)]
    supervisor.start("checkout", checkout, {**os.environ, "PYTHONUNBUFFERED": "1"})
    supervisor.wait_until("checkout", place.port_file.exists, _START_S)
    for device in DEVICES:
        _say(f"Installing 1.0.0 on {device}.")
        _install_first(place, device)
        for what in ("device", "agent"):
            command, environment = place.run_again(device, what)
            supervisor.start(f"{device}-{what}", command, environment)
    return RunningFleet(place, supervisor)


def _say(line: str) -> None:
    """Beside what the demo prints for programs."""
    print(line, file=sys.stderr, flush=True)


def _make_keys(place: FleetPlace) -> None:
    from fleet.signing.keys import KeyRing, create_all
    from fleet.signing.repository import Repository
    from runtime.clock import SystemClock

    folders = create_all(place.root / "keys" / "offline", place.online_keys)
    repository = Repository(place.repository, SystemClock())
    repository.create(KeyRing(*folders))
    shutil.copyfile(repository.metadata / "1.root.json", place.root / "root.json")


def _fill_shop(place: FleetPlace) -> None:
    from checkout.assembly import open_database, service_context
    from checkout.configuration import CheckoutSettings
    from loyalty.domain.shop import Lane
    from runtime.clock import SystemClock
    from runtime.config import load_section
    from runtime.ids import new_id

    settings = load_section(place.station_configuration, "checkout", CheckoutSettings)
    database = open_database(settings, service_context(settings, SystemClock()))
    with database.unit_of_work() as unit:
        unit.lanes.save(Lane(new_id(), 2, DEVICES[1]))
        unit.commit()
    database.close()


def _roll_out_first(place: FleetPlace) -> None:
    from datetime import timedelta

    from fleet.desk.rules import Pace

    with desk_of(place) as desk:
        desk.start("1.0.0", Pace((100,), timedelta()), urgent=True)
        desk.turn()


def _install_first(place: FleetPlace, device: str) -> None:
    from fleet.agent.bootstrap import install_first
    from fleet.agent.configuration import AgentSettings
    from runtime.config import load_section

    install_first(load_section(place.configuration(device), "fleet", AgentSettings))
