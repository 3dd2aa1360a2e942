"""The station as a process, behind a real broker with the committed configuration."""

import os
import queue
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from codes import CardSigner
from loyalty.adapters.sql.database import SqlDatabase
from messaging.codec import decode, encode
from messaging.events import EventBody, seal_event
from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.mqtt import Delivery, MqttLink
from messaging.seal import Sealer
from messaging.station.presence import Presence
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired, Reported
from messaging.topics import device_topic
from runtime.clock import SystemClock
from runtime.config import EX_CONFIG
from runtime.ids import boot_id, new_id
from tests.fakes.broker import MosquittoBroker
from tests.patience import PATIENCE_S

DEVICE = "s0001.k01"
WAIT_S = PATIENCE_S


class Device:
    """The wire of one device: sends payloads, keeps what comes back."""

    def __init__(self, broker: MosquittoBroker, name: str = DEVICE) -> None:
        self.name = name
        self.results: queue.Queue[bytes] = queue.Queue()
        self.sales: queue.Queue[SaleShown] = queue.Queue()
        self.desired: queue.Queue[Desired] = queue.Queue()
        self.online: queue.Queue[bool] = queue.Queue()
        self.sealer = Sealer.from_file(broker.folder(name) / "seal.pub")
        self.seq = 0
        topics = tuple(device_topic(name, branch) for branch in ("result", "sale", "desired"))
        self.link = MqttLink(broker.address(name), topics, self._take, self.online.put)
        self.link.start()
        assert self.online.get(timeout=WAIT_S)

    def payload(self, body: EventBody, *, sale: UUID | None = None, session: UUID | None = None) -> bytes:
        self.seq += 1
        return encode(
            seal_event(
                body,
                self.sealer,
                event_id=new_id(),
                device=self.name,
                seq=self.seq,
                boot=boot_id(),
                mono_ms=self.seq,
                wall=SystemClock().now(),
                clock_certain=True,
                session=session or new_id(),
                sale=sale,
            )
        )

    def publish(self, payload: bytes) -> None:
        assert self.link.publish(device_topic(self.name, "event"), payload)

    def say(self, branch: str, message: Presence | Reported) -> None:
        assert self.link.publish(device_topic(self.name, branch), encode(message), retain=True)  # type: ignore[arg-type]

    def ask(self, payload: bytes) -> bytes:
        self.publish(payload)
        return self.results.get(timeout=WAIT_S)

    def _take(self, delivery: Delivery) -> None:
        branch = delivery.topic.rsplit("/", 1)[1]
        if branch == "result":
            self.results.put(delivery.payload)
        elif branch == "sale":
            self.sales.put(decode(delivery.payload, SaleShown))
        else:
            self.desired.put(decode(delivery.payload, Desired))
        delivery.acknowledge()


class StationProcess:
    """``comptoir checkout`` on a free port, with the demo's shop."""

    def __init__(self, folder: Path, broker: MosquittoBroker) -> None:
        self.folder = folder
        self.port_file = folder / "port"
        self.configuration = folder / "comptoir.toml"
        self.database_url = f"sqlite:///{folder}/comptoir.db"
        (folder / "token").write_text("token-of-this-run\n")
        keys = broker.folder("s0001.station")
        self.configuration.write_text(
            f"""
[checkout]
store = "s0001"
database_url = "{self.database_url}"
port = 0
port_file = "{self.port_file}"
seal_key_file = "{keys}/seal.key"
card_signing_key_file = "{keys}/cards.key"
messages_folder = "{folder}/messages"

[checkout.broker]
host = "127.0.0.1"
port = {broker.port}
ca_file = "{keys}/ca.pem"
certificate_file = "{keys}/certificate.pem"
key_file = "{keys}/key.pem"

[checkout.demo]
token_file = "{folder}/token"
simulation_socket = "{folder}/simulation.sock"
"""
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "StationProcess":
        self.port_file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "comptoir", "checkout", "--config", str(self.configuration)]
        with (self.folder / "station.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + WAIT_S
        while not self.port_file.exists():
            assert self.process.poll() is None, (self.folder / "station.log").read_text()
            assert time.monotonic() < deadline
            os.sched_yield()
            self._pause()
        self.address = f"http://127.0.0.1:{self.port_file.read_text().strip()}"
        return self

    def _pause(self) -> None:
        try:
            assert self.process is not None
            self.process.wait(0.05)
        except subprocess.TimeoutExpired:
            return

    def end(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(WAIT_S)

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        headers = {"origin": self.address}
        with httpx.Client(base_url=self.address, headers=headers, timeout=WAIT_S) as client:
            client.get("/demo?token=token-of-this-run", follow_redirects=True).raise_for_status()
            yield client


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MosquittoBroker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    made = MosquittoBroker(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def station(tmp_path: Path, broker: MosquittoBroker) -> Iterator[StationProcess]:
    folder = tmp_path / "station"
    folder.mkdir()
    made = StationProcess(folder, broker)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGKILL)


@pytest.fixture
def device(broker: MosquittoBroker) -> Iterator[Device]:
    made = Device(broker)
    yield made
    made.link.stop()


def signed_card(broker: MosquittoBroker, station: StationProcess, reference: str) -> str:
    database = SqlDatabase.open(station.database_url)
    with database.reading() as unit:
        member = unit.customers.member_by_reference(reference)
        assert member is not None
        card = unit.cards.of_customer(member.customer.id)[0]
    database.close()
    return CardSigner.from_file(broker.folder("s0001.station") / "cards.key").static(card.id)


def test_a_card_crosses_the_broker_and_is_on_the_till(
    broker: MosquittoBroker, station: StationProcess, device: Device
) -> None:
    # rows 76, 79, 107, 112
    station.start()
    desired = device.desired.get(timeout=WAIT_S)
    assert (desired.lane, desired.kiosk.brand, desired.kiosk.region) == (1, "Maison Lumen", "FR")
    device.say("presence", Presence(state="online", boot=boot_id(), release="1.0.0"))
    device.say("reported", Reported(version=1, release="1.0.0", parts=(), outbox_events=3))
    with station.browser() as browser:
        cups = browser.get("/till/1").text.split('name="item" value="')[1:]
        assert browser.post("/till/1/lines", data={"item": cups[0].split('"')[0]}).status_code == 303
        sale = _sale_with(device, "open")
        card = signed_card(broker, station, "000123456")
        body = CodeRead(text=card, symbology="QRCode", source="camera")
        result = decode(device.ask(device.payload(body, sale=sale.sale)), Result)
        assert result.show.kind == "member"
        state = _state_with_member(browser)
        assert state["sale"]["member"]["name"] == "Camille Moreau"
        assert state["device"]["is_online"] is True
        assert state["device"]["waiting_events"] == 3
        assert state["device"]["is_broker_up"] is True
    assert station.end() == 0


def test_killed_after_the_commit_and_before_the_answer_nothing_is_lost_or_counted_twice(
    station: StationProcess, device: Device
) -> None:
    # row 167
    body = ConsentGiven(
        phone_number="+33611223344",
        programme=True,
        marketing_sms=False,
        given_name="Inès",
        language="fr",
        wording="kiosk-2026-11",
    )
    payload = device.payload(body)
    script = Path(__file__).with_name("dies_before_answering.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    dying = subprocess.Popen([sys.executable, str(script), str(station.configuration)], env=environment)
    device.desired.get(timeout=WAIT_S)  # it hears us now
    device.publish(payload)
    assert dying.wait(WAIT_S) == -signal.SIGKILL
    assert device.results.empty(), "it died before it answered"

    station.start()
    first = device.ask(payload)
    assert device.ask(payload) == first
    assert decode(first, Result).outcome == "accepted"
    database = SqlDatabase.open(station.database_url)
    with database.reading() as unit:
        assert unit.customers.member_by_phone("+33611223344") is not None
        assert len(unit.messages.recent(10)) == 1, "one effect, one welcome"
        assert unit.dead_letters.count() == 0
    database.close()


def test_a_broker_that_dies_between_event_and_result_costs_a_repetition_and_no_more(
    broker: MosquittoBroker, station: StationProcess, device: Device
) -> None:
    # row 167
    station.start()
    device.desired.get(timeout=WAIT_S)
    payload = device.payload(CodeRead(text="000123456", symbology="Code128", source="scanner"))
    first = device.ask(payload)
    broker.kill()
    assert device.online.get(timeout=WAIT_S) is False
    broker.start()
    assert device.online.get(timeout=WAIT_S) is True
    device.desired.get(timeout=WAIT_S)
    again = device.ask(payload)
    assert again == first


def test_over_tls_the_cookie_is_bound_to_tls_and_this_host(
    broker: MosquittoBroker, station: StationProcess
) -> None:
    # row 211
    server = broker.authority.directory / "broker"
    text = station.configuration.read_text()
    tls = f'tls_certificate_file = "{server}/certificate.pem"\ntls_key_file = "{server}/key.pem"\nport = 0'
    station.configuration.write_text(text.replace("port = 0", tls, 1))
    station.start()
    address = station.address.replace("http://", "https://")
    trusted = ssl.create_default_context(cafile=str(server / "ca.pem"))
    with httpx.Client(base_url=address, verify=trusted, timeout=WAIT_S) as browser:
        entered = browser.get("/demo?token=token-of-this-run")
        session = next(
            cookie for cookie in entered.headers.get_list("set-cookie") if "comptoir_session" in cookie
        )
        assert session.startswith("__Host-")
        assert "; Secure" in session
        page = browser.get("/till/1")
        assert page.status_code == 200
        assert "max-age" in page.headers["strict-transport-security"]
    # part of row 197: who does not trust the shop's authority, and who speaks plain HTTP, gets no page
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{address}/alive", timeout=WAIT_S)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{station.address.replace('https://', 'http://')}/alive", timeout=WAIT_S)


def test_a_missing_key_ends_the_process_with_the_status_of_bad_configuration(
    station: StationProcess,
) -> None:
    text = station.configuration.read_text().replace("/seal.key", "/no-such.key")
    station.configuration.write_text(text)
    command = [sys.executable, "-m", "comptoir", "checkout", "--config", str(station.configuration)]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == EX_CONFIG


def _sale_with(device: Device, state: str) -> SaleShown:
    while True:
        sale = device.sales.get(timeout=WAIT_S)
        if sale.state == state and sale.lines:
            return sale


def _state_with_member(browser: httpx.Client) -> dict[str, dict[str, dict[str, object]]]:
    deadline = time.monotonic() + WAIT_S
    while True:
        state = browser.get("/till/1/state").json()
        if state["sale"] and state["sale"]["member"]:
            return state
        assert time.monotonic() < deadline
