"""A store for a bench: configuration of station and device, a database with members, a till's session."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checkout.assembly import service_context
from checkout.configuration import CheckoutSettings
from comptoir.demo.workplace import free_port
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.phone import PhoneNumber
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.sign_in import start_session
from runtime.clock import SystemClock
from runtime.config import load_section
from runtime.ids import new_id
from tests.fakes.broker import MosquittoBroker


@dataclass
class Store:
    """Paths and addresses; the files are written on construction."""

    folder: Path
    broker: MosquittoBroker
    session_token: str = ""
    database_url: str = ""
    """A SQLite file in the folder where nothing is said."""

    def __post_init__(self) -> None:
        self.http_port = free_port()
        self.database_url = self.database_url or f"sqlite:///{self.folder}/comptoir.db"
        self.configuration.write_text(self._toml(), encoding="utf-8")

    @property
    def configuration(self) -> Path:
        return self.folder / "comptoir.toml"

    @property
    def kiosk_socket(self) -> Path:
        return self.folder / "kiosk.sock"

    @property
    def simulation_socket(self) -> Path:
        return self.folder / "simulation.sock"

    @property
    def port_file(self) -> Path:
        return self.folder / "port"

    @cached_property
    def port(self) -> int:
        return int(self.port_file.read_text(encoding="ascii"))

    @property
    def settings(self) -> CheckoutSettings:
        return load_section(self.configuration, "checkout", CheckoutSettings)

    def _toml(self) -> str:
        station, device = self.broker.folder("s0001.station"), self.broker.folder("s0001.k01")
        return f"""\
[checkout]
store = "s0001"
database_url = "{self.database_url}"
port = {self.http_port}
port_file = "{self.port_file}"
public_url = "http://127.0.0.1:{self.http_port}"
seal_key_file = "{station}/seal.key"
card_signing_key_file = "{station}/cards.key"
messages_folder = "{self.folder}"
imports_folder = "{self.folder}/imports"

[checkout.broker]
host = "127.0.0.1"
port = {self.broker.port}
ca_file = "{station}/ca.pem"
certificate_file = "{station}/certificate.pem"
key_file = "{station}/key.pem"

[device]
name = "s0001.k01"
outbox = "{self.folder}/outbox.db"
kiosk_socket = "{self.kiosk_socket}"
seal_public_key_file = "{device}/seal.pub"
card_verification_keys_file = "{device}/cards.pub"

[device.broker]
host = "127.0.0.1"
port = {self.broker.port}
ca_file = "{device}/ca.pem"
certificate_file = "{device}/certificate.pem"
key_file = "{device}/key.pem"

[device.simulation]
socket = "{self.simulation_socket}"

[[device.scanners]]
name = "usb"
kind = "simulated"
"""


def fill_store(store: Store, members: int) -> list[str]:
    """Make the demo's shop and so many members in it; their reference numbers."""
    settings = store.settings
    migrate(settings.database_url)
    ctx = service_context(settings, SystemClock())
    database = SqlDatabase.open(settings.database_url)
    references = [f"{number:09d}" for number in range(700_000, 700_000 + members)]
    try:
        with database.unit_of_work() as uow:
            shop = fill_demo_shop(uow, ctx)
            now = ctx.clock.now()
            for number, reference in enumerate(references):
                phone = PhoneNumber(f"+3361300{number:04d}")
                customer = Customer(
                    id=new_id(),
                    given_name=f"Membre{reference}",
                    phone_number=phone,
                    reference_id=reference,
                    source=CustomerSource.IMPORT,
                    created_at=now,
                )
                uow.customers.add(customer)
                uow.accounts.add(LoyaltyAccount(new_id(), customer.id, phone, 0, now))
            store.session_token = start_session(uow, ctx, shop.staff).token
            uow.commit()
    finally:
        database.close()
    return references
