"""A whole station in the test's process: real database file, real writer, the demo's shop, no broker."""

import asyncio
import atexit
import functools
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from checkout.messages.courier import Courier
from checkout.station import Station
from checkout.till.actions import Action, TillActions, perform
from checkout.till.offers import Offered
from checkout.till.view import TillView
from checkout.web.context import DemoDoor, WebContext
from checkout.writer import Writer
from codes import CardSigner, CardVerifier
from loyalty.adapters.argon2_hasher import Argon2PasswordHasher
from loyalty.adapters.attachment_folder import AttachmentFolder
from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.spreadsheets.open_sheet import open_sheet
from loyalty.adapters.spreadsheets.writer import SpreadsheetWriter
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import DEMO_DEVICE, DemoShop, fill_demo_shop
from messaging.codec import decode, encode
from messaging.events import EventBody, EventEnvelope, seal_event
from messaging.mqtt import Delivery
from messaging.seal import Opener, Sealer
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired
from messaging.topics import RegisterBranch, device_topic
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.pace import AtOnce
from tests.patience import PATIENCE_S

CARD_KEY = bytes(range(32))
SEAL_KEY = bytes(range(32, 64))
DEMO_TOKEN = "demo-token-of-this-run"
PASSWORD = "une phrase assez longue"


class RecordingLink:
    """Stands in for the link to the broker: keeps what was published."""

    def __init__(self) -> None:
        self.results: list[tuple[str, bytes]] = []
        self.sales: list[tuple[str, SaleShown]] = []
        self.others: list[tuple[str, bytes]] = []
        self.heard_by_device: list[tuple[str, bytes]] = []
        """Branch and payload, in the order in which the device hears them."""
        self.desired: list[tuple[str, Desired]] = []
        self.to_registers: list[tuple[str, str, bytes]] = []
        self.is_connected = True

    def send_result(self, device: str, result: bytes) -> bool:
        self.results.append((device, result))
        self.heard_by_device.append(("result", result))
        return self.is_connected

    def send_sale(self, device: str, sale: SaleShown) -> None:
        self.sales.append((device, sale))
        self.heard_by_device.append(("sale", encode(sale)))

    def send_desired(self, device: str, desired: Desired) -> None:
        self.desired.append((device, desired))
        self.others.append((device, b""))

    def send(self, topic: str, payload: bytes) -> bool:
        self.others.append((topic, payload))
        return self.is_connected

    def send_to_register(self, name: str, branch: RegisterBranch, payload: bytes) -> bool:
        self.to_registers.append((name, branch, payload))
        return self.is_connected

    def hear_register(self, name: str) -> None: ...
    def hear(self, device: str) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


def cash(minor: int) -> Offered:
    """So much cash, without a tip."""
    return Offered((Offer(TenderKind.CASH, minor),), 0)


@dataclass
class Counter:
    """Hands on the station: events as a device sends them, and what came back."""

    station: Station
    database: SqlDatabase
    web: WebContext
    shop: DemoShop
    clock: FakeClock
    link: RecordingLink
    sealer: Sealer
    signer: CardSigner
    boot: uuid.UUID = field(default_factory=uuid.uuid4)
    seq: int = 0

    def envelope(
        self,
        body: EventBody,
        *,
        event_id: uuid.UUID | None = None,
        device: str = DEMO_DEVICE,
        session: uuid.UUID | None = None,
        sale: uuid.UUID | None = None,
        wall: datetime | None = None,
    ) -> EventEnvelope:
        self.seq += 1
        return seal_event(
            body,
            self.sealer,
            event_id=event_id or new_id(),
            device=device,
            seq=self.seq,
            boot=self.boot,
            mono_ms=self.seq * 10,
            wall=wall or self.clock.now(),
            clock_certain=True,
            session=session or new_id(),
            sale=sale,
        )

    def deliver(self, payload: bytes, device: str = DEMO_DEVICE) -> threading.Event:
        """Hand a payload in as the link does; the event is set by the MQTT acknowledgement."""
        acknowledged = threading.Event()
        topic = device_topic(device, "event")
        self.station.intake.take(Delivery(topic, payload, False, False, acknowledged.set))
        return acknowledged

    def send_raw(self, payload: bytes, device: str = DEMO_DEVICE) -> bytes | None:
        """The result's bytes for a payload, once it is acknowledged; None where none was published."""
        before = len(self.link.results)
        assert self.deliver(payload, device).wait(PATIENCE_S), "never acknowledged"
        self.settle()
        return self.link.results[-1][1] if len(self.link.results) > before else None

    def send(self, envelope: EventEnvelope) -> Result:
        raw = self.send_raw(encode(envelope), envelope.device)
        assert raw is not None
        return decode(raw, Result)

    def settle(self) -> None:
        """Wait until everything queued so far, and what it caused, is done."""
        for _ in range(2):
            done = threading.Event()
            self.station.writer.run(_LAST, done.set)
            assert done.wait(PATIENCE_S)

    def till(self) -> TillView:
        """What the till page of lane 1 shows now."""
        self.settle()
        change = self.station.feeds.newest(1)
        assert change is not None
        return change.view.full

    def open_sale_id(self) -> uuid.UUID:
        sale = self.till().sale
        assert sale is not None
        assert sale.state == "open"
        return sale.id

    def do(self, make: Callable[[TillActions], Action]) -> Refused | None:
        """Something that the demo's owner does at the till of lane 1."""
        actions = TillActions(self.station, self.shop.lane, self.shop.staff)
        with ThreadPoolExecutor(1) as elsewhere:  # a browser test has a loop on this thread already
            return elsewhere.submit(lambda: asyncio.run(perform(actions, make(actions)))).result(20)

    def item(self, name: str) -> uuid.UUID:
        with self.database.reading() as unit:
            return next(item.id for item in unit.catalogue.items() if item.name == name)

    def sell(self, *names: str) -> uuid.UUID:
        """Put items into the lane's sale, opening it if need be; the sale's id."""
        for name in names:
            assert self.do(lambda till, name=name: till.add(self.item(name))) is None
        return self.open_sale_id()

    def pay(self) -> None:
        sale = self.till().sale
        assert sale is not None
        assert self.do(lambda till: till.pay(sale.id, cash(sale.total_minor), sale.total_minor)) is None

    def card_of(self, given_name: str, *, rotating: bool = False) -> str:
        """The signed code of one of the demo's members."""
        customer_id = self.customer_id(given_name)
        with self.database.reading() as unit:
            card = unit.cards.of_customer(customer_id)[0]
        step = int(self.clock.now().timestamp()) // 60
        return self.signer.rotating(card.id, step) if rotating else self.signer.static(card.id)

    def customer_id(self, given_name: str) -> uuid.UUID:
        for reference in ("000123456", "000123457", "000123458"):
            with self.database.reading() as unit:
                member = unit.customers.member_by_reference(reference)
            if member is not None and member.customer.given_name == given_name:
                return member.customer.id
        raise AssertionError(f"the demo's shop has no {given_name}")

    def balance(self, given_name: str) -> int:
        with self.database.reading() as unit:
            member = unit.customers.member(self.customer_id(given_name))
        assert member is not None
        assert member.account is not None
        return member.account.balance

    def dead_reasons(self) -> list[str]:
        with self.database.reading() as unit:
            return [letter.reason for letter in unit.dead_letters.recent(100)]


_LAST = 3
"""After everything that staff, counter and background work have queued."""


@functools.cache
def _filled_database() -> Path:
    """A database with the demo's shop, made once per run and copied for each counter."""
    folder = tempfile.mkdtemp(prefix="comptoir-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "comptoir.db"
    url = f"sqlite:///{path}"
    migrate(url)
    database = SqlDatabase.open(url)
    clock = FakeClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    ctx = ServiceContext(clock, CardVerifier([]), TemplateWording(), "http://127.0.0.1:8080")
    with database.unit_of_work() as unit:
        fill_demo_shop(unit, ctx)
        unit.commit()
    database.close()
    return path


def make_counter(folder: Path, clock: FakeClock | None = None, *, is_demo_page: bool = False) -> Counter:
    """A started station on a database file in ``folder``; a second call on the same folder is a restart."""
    clock = clock or FakeClock(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    signer = CardSigner(CARD_KEY)
    ctx = ServiceContext(
        clock=clock,
        verifier=CardVerifier([signer.public_key]),
        wording=TemplateWording(),
        public_url="http://127.0.0.1:8080",
        issuer=signer,
    )
    path = folder / "comptoir.db"
    if not path.exists():
        shutil.copyfile(_filled_database(), path)
    database = SqlDatabase.open(f"sqlite:///{path}")
    with database.unit_of_work() as unit:
        shop = fill_demo_shop(unit, ctx)
        unit.commit()
    writer: Writer[UnitOfWork] = Writer(database.unit_of_work, open_slice=database.unhurried)
    messages = folder / "messages"
    courier = Courier(database.unit_of_work, ctx, FileMessageGateway(messages))
    station = Station(
        store="s0001",
        ctx=ctx,
        writer=writer,
        reading=database.reading,
        opener=Opener(SEAL_KEY),
        courier=courier,
        imports_folder=folder / "imports",
        broker=None,
        pace=AtOnce(),
        fold_journal=database.fold_journal,
    )
    link = RecordingLink()
    station.link = link  # type: ignore[assignment]
    station.devices.broker_changed(is_up=True)
    station.start()
    web = WebContext(
        station=station,
        open_unit=database.unit_of_work,
        hasher=Argon2PasswordHasher(),
        is_secure=False,
        messages_folder=messages,
        attachments=AttachmentFolder(folder / "attachments"),
        open_sheet=open_sheet,
        sheet_writer=SpreadsheetWriter(),
        demo=DemoDoor(DEMO_TOKEN, folder / "simulation.sock", messages) if is_demo_page else None,
    )
    public = X25519PrivateKey.from_private_bytes(SEAL_KEY).public_key().public_bytes_raw()
    counter = Counter(station, database, web, shop, clock, link, Sealer(public), signer)
    counter.settle()
    return counter
