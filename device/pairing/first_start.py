"""A device that has not joined yet: find the station, show the code, wait, keep the identity."""

import ipaddress
import logging
import platform
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from device.errors import PairingError
from device.pairing.client import StationDoor
from device.pairing.identity import DEFAULT_PORT, Identity, new_key
from device.pairing.search import StationSearch
from device.pairing.settings import PairingSettings
from messaging.local.from_kiosk import FROM_KIOSK, PairingConfirmed, PairingGivenUp, StationChosen
from messaging.local.to_kiosk import PairingShown, StationSeen, ToKiosk
from messaging.local_socket import LocalServer
from messaging.station.pairing import PairingAnswered
from runtime.lifecycle import Worker, stop_signals
from runtime.logs import set_up_logs
from runtime.notify import ServiceNotifier, watchdog_interval_s
from runtime.release import installed

_log = logging.getLogger(__name__)

_LOOK_S = 1.0
_MODEL_FILE = Path("/proc/device-tree/model")

Stage = Literal["searching", "asking", "comparing", "accepted", "refused", "expired", "failed", "joined"]


class FirstStart:
    """Any thread; one worker talks to the station.

    Args:
        settings: The section ``[pairing]``.
        to_kiosk: Sends to the screen; never blocks.
        on_joined: Called once the identity is kept.
    """

    def __init__(
        self,
        settings: PairingSettings,
        to_kiosk: Callable[[ToKiosk], bool],
        on_joined: Callable[[], None],
    ) -> None:
        self._identity = Identity(settings.folder)
        self._fixed = settings.station
        self._to_kiosk = to_kiosk
        self._on_joined = on_joined
        self._search = StationSearch(self.tell)
        self._changed = threading.Condition()
        self._stage: Stage = "searching"
        self._wanted: str | None = None
        self._confirmed = False
        self._code = ""
        self._shop = ""
        self._pages: str | None = None
        self._worker = Worker("pairing", self._run)

    def start(self) -> None:
        self._search.start()
        self._worker.start()
        if self._fixed:
            self.choose(self._fixed)

    def stop(self) -> None:
        self._worker.stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._worker.stop()
        self._search.stop()

    def choose(self, address: str) -> None:
        """Join the station at this address: a whole one, or host and port as somebody typed it."""
        whole = whole_address(address)
        with self._changed:
            if whole is None:
                self._stage = "failed"
            else:
                self._wanted, self._confirmed = whole, False
            self._changed.notify_all()
        self.tell()

    def confirm(self) -> None:
        """Somebody says at the screen that the station's page has accepted this device."""
        with self._changed:
            self._confirmed = True
            self._changed.notify_all()

    def give_up(self) -> None:
        """Back to the list of stations."""
        with self._changed:
            self._wanted, self._stage, self._code = None, "searching", ""
            self._changed.notify_all()
        self.tell()

    def tell(self) -> None:
        """Tell the screen how far it is."""
        with self._changed:
            stage, code, shop, pages = self._stage, self._code, self._shop, self._pages
        found = tuple(StationSeen(shop=each.shop, address=each.address) for each in self._search.found)
        self._to_kiosk(PairingShown(stage=stage, code=code, shop=shop, pages=pages, found=found))

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            with self._changed:
                if self._wanted is None:
                    self._changed.wait()
                    continue
                address, self._wanted = self._wanted, None
            self._join(address, stopping)

    def _join(self, address: str, stopping: threading.Event) -> None:
        self._now("asking")
        try:
            key = new_key()
            door = StationDoor(address, key, machine_model(), installed())
            try:
                door.open()
                self._code, self._shop, self._pages = door.code, door.shop, door.pages
                self._now("comparing")
                answer = self._decided(door, stopping)
                if answer is None:
                    return
                if answer.state != "accepted":
                    self._code = ""
                    self._now("refused" if answer.state == "refused" else "expired")
                    return
                self._now("accepted")
                if not self._is_confirmed(stopping):
                    return
                self._identity.join(answer, key, address)
            finally:
                door.close()
        except PairingError as error:
            _log.warning("could not join", extra={"why": error.message})
            self._code = ""
            self._now("failed")
            return
        _log.info("this device has joined", extra={"device": answer.device})
        self._now("joined")
        self._on_joined()

    def _decided(self, door: StationDoor, stopping: threading.Event) -> PairingAnswered | None:
        """What staff decided; None when the screen gave up meanwhile."""
        while not stopping.is_set():
            answer = door.look()
            if answer.state != "waiting":
                return answer
            with self._changed:
                self._changed.wait(_LOOK_S)
                if self._stage != "comparing" or self._wanted is not None:
                    return None
        return None

    def _is_confirmed(self, stopping: threading.Event) -> bool:
        """A station that only pretends cannot make its page accept: a person says that it did."""
        with self._changed:
            while not (self._confirmed or stopping.is_set() or self._stage != "accepted"):
                self._changed.wait()
            return self._confirmed and self._stage == "accepted"

    def _now(self, stage: Stage) -> None:
        with self._changed:
            self._stage = stage
        self.tell()


def whole_address(typed: str) -> str | None:
    """As in ``https://192.168.1.10:8082``, from that or from what a person types; None where it is none.

    A scheme is taken as it is; without one TLS is assumed, but for this machine itself.
    """
    text = typed.strip()
    if "://" not in text:
        text = f"//{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError:
        return None
    if not host or parts.scheme not in {"", "http", "https"} or parts.path not in {"", "/"}:
        return None
    scheme = parts.scheme or ("http" if _is_here(host) else "https")
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def machine_model() -> str:
    """What the machine is, as in ``Raspberry Pi 5 Model B Rev 1.0``."""
    try:
        model = _MODEL_FILE.read_text(encoding="ascii", errors="replace")
    except OSError:
        model = f"{platform.system()} {platform.machine()}"
    return "".join(char for char in model if char.isprintable())[:100].strip() or "?"


def run(settings: PairingSettings) -> int:
    """Show the code until the device has joined, or until SIGTERM or SIGINT.

    Returns:
        0: the unit starts it again, and it finds its identity.
    """
    set_up_logs()
    notifier = ServiceNotifier()
    with stop_signals() as asked:
        first = FirstStart(settings, lambda message: server.send(message), asked.set)  # noqa: PLW0108 - the server is made below

        def frame(raw: bytes) -> None:
            try:
                message = FROM_KIOSK.validate_json(raw)
            except ValidationError as error:
                _log.warning("kiosk message refused", extra={"faults": error.error_count()})
                return
            if isinstance(message, StationChosen):
                first.choose(message.address)
            elif isinstance(message, PairingConfirmed):
                first.confirm()
            elif isinstance(message, PairingGivenUp):
                first.give_up()

        server = LocalServer(settings.kiosk_socket, frame, lambda _: first.tell(), lambda: None)
        server.start()
        first.start()
        notifier.ready()
        try:
            while not asked.wait(watchdog_interval_s()):
                notifier.alive()
        finally:
            notifier.stopping()
            first.stop()
            server.stop()
    return 0
