"""Builds a station from its configuration; shared by the process and by the machine's commands."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from checkout.configuration import BrokerSettings, CheckoutSettings, FleetDeskSettings
from checkout.erasure_file import ErasureFile
from checkout.even_pace import EvenPace
from checkout.first_shop import ensure_shop
from checkout.fleet_desk.running import FleetDesk
from checkout.fleet_desk.store import SqlDeskStore
from checkout.messages.courier import Courier
from checkout.messages.settings import demo_rules
from checkout.metrics import create_metrics
from checkout.pairing.office import PairingOffice
from checkout.public.listener import PublicListener
from checkout.side_door import SideDoor
from checkout.station import Station
from checkout.trust.hand_out import create_hand_out
from checkout.web.context import CodeReader, DemoDoor, WebContext
from checkout.writer import Writer
from codes import CardSigner, CardVerifier
from loyalty.adapters.argon2_hasher import Argon2PasswordHasher
from loyalty.adapters.attachment_folder import AttachmentFolder
from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.adapters.gateways.build import build_gateway
from loyalty.adapters.gateways.inbound_sms import SignedSmsReader
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.spreadsheets.open_sheet import open_sheet
from loyalty.adapters.spreadsheets.writer import SpreadsheetWriter
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.channel import Channel
from loyalty.domain.shop import ShopSettings
from loyalty.ports.messages import MessageGateway
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.deliver_messages import RulesOf, default_rules
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.erase_person import erase_again
from loyalty.services.setup import shop_settings
from messaging.mqtt import BrokerAddress
from messaging.seal import Opener
from runtime.clock import Clock, SystemClock
from runtime.config import read_secret

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Assembly:
    """A station and its pages, not started yet."""

    database: SqlDatabase
    station: Station
    web: WebContext
    public: PublicListener | None = None
    """The door for phones outside; None where the shop has none."""
    trust: SideDoor | None = None
    """The page that tablets take their trust from; None where there is none."""
    metrics: SideDoor | None = None
    """Figures for this machine's Prometheus; None where nobody reads them."""

    @property
    def side_doors(self) -> list[PublicListener | SideDoor | PairingOffice]:
        """The listeners beside the station's own pages."""
        doors = (self.public, self.trust, self.web.pairing, self.metrics)
        return [door for door in doors if door is not None]


def service_context(settings: CheckoutSettings, clock: Clock) -> ServiceContext:
    """What the use cases share, with the shop's keys.

    Raises:
        CardKeyError: A key file is missing or holds no key.
    """
    signer = CardSigner.from_file(settings.card_signing_key_file)
    keys = settings.card_verification_keys_file
    verifier = CardVerifier.from_file(keys) if keys is not None else CardVerifier([signer.public_key])
    return ServiceContext(
        clock=clock,
        verifier=verifier,
        wording=TemplateWording(),
        public_url=settings.public_url,
        issuer=signer,
        open_channels=_open_channels(settings),
    )


def open_database(settings: CheckoutSettings, ctx: ServiceContext) -> SqlDatabase:
    """The migrated database, with a shop in it.

    Raises:
        StorageError: It cannot be opened or migrated.
        ForeignDataError: The demo is configured and the database holds a real shop.
        UnfinishedRestoreError: A back-up was put back in part only.
    """
    settings.unfinished_restore.require_none()
    migrate(settings.database_url)
    database = SqlDatabase.open(settings.database_url)
    with database.unit_of_work() as unit:
        if settings.demo is not None:
            fill_demo_shop(unit, ctx)
        else:
            ensure_shop(unit, settings.store)
        unit.commit()
    return database


def assemble(
    settings: CheckoutSettings,
    *,
    clock: Clock | None = None,
    on_death: Callable[[str], None] | None = None,
    read_codes: CodeReader | None = None,
) -> Assembly:
    """The whole station.

    Raises:
        ComptoirError: Whatever makes it impossible: keys, database, foreign data.
    """
    ctx = service_context(settings, clock or SystemClock())
    opener = Opener.from_file(settings.seal_key_file)
    database = open_database(settings, ctx)
    erasures = ErasureFile(settings.file_of_erasures, database.reading)
    _erase_again(database, ctx, erasures)
    writer: Writer[UnitOfWork] = Writer(
        database.unit_of_work, open_slice=database.unhurried, on_death=on_death
    )
    courier = Courier(
        database.unit_of_work,
        ctx,
        _gateway(settings, ctx.clock),
        name=settings.station_name,
        rules_of=_rules_of(settings),
        on_death=on_death,
    )
    files = AttachmentFolder(settings.attachments)
    station = Station(
        store=settings.store,
        ctx=ctx,
        writer=writer,
        reading=database.reading,
        opener=opener,
        courier=courier,
        imports_folder=settings.uploads_folder,
        broker=_address(settings.broker, settings.station_name),
        pace=EvenPace(),
        files=files,
        on_death=on_death,
        each_minute=erasures.add_new,
        fold_journal=database.fold_journal,
    )
    if settings.fleet is not None:
        station.take_fleet_desk(_fleet_desk(settings, settings.fleet, ctx.clock, on_death))
    web = WebContext(
        station=station,
        open_unit=database.unit_of_work,
        hasher=Argon2PasswordHasher(),
        is_secure=settings.is_secure,
        messages_folder=settings.messages_folder,
        attachments=files,
        open_sheet=open_sheet,
        sheet_writer=SpreadsheetWriter(),
        demo=_demo_door(settings),
        sending_rules=_rules_of(settings),
        erasures=erasures,
        backup=settings.backup_record,
        trust=settings.trust_files,
        read_codes=read_codes,
        pairing=_pairing(settings, database, ctx.clock, on_death),
        privacy_contact=settings.public.privacy_contact if settings.public is not None else "",
    )
    return Assembly(
        database,
        station,
        web,
        _public_listener(settings, web, on_death),
        _trust_page(settings, web, on_death),
        _metrics(settings, web, on_death),
    )


def _fleet_desk(
    settings: CheckoutSettings,
    fleet: FleetDeskSettings,
    clock: Clock,
    on_death: Callable[[str], None] | None,
) -> FleetDesk:
    # Megabytes of libraries for the one station that rolls releases out.
    from fleet.desk.publisher import SigningPublisher  # noqa: PLC0415
    from fleet.signing.keys import KeyRing  # noqa: PLC0415
    from fleet.signing.repository import Repository  # noqa: PLC0415

    return FleetDesk(
        SqlDeskStore.open(settings.database_url),
        SigningPublisher(Repository(fleet.repository, clock), KeyRing(fleet.keys), clock),
        clock,
        turn_s=fleet.turn_s,
        on_death=on_death,
    )


def _open_channels(settings: CheckoutSettings) -> frozenset[Channel]:
    """Without the section, and in the demo, every message goes to a file."""
    if settings.messages is None or settings.demo is not None:
        return frozenset(Channel)
    ways = {Channel.SMS: settings.messages.sms, Channel.EMAIL: settings.messages.email}
    return frozenset(channel for channel, way in ways.items() if way != "off")


def _erase_again(database: SqlDatabase, ctx: ServiceContext, erasures: ErasureFile) -> None:
    """A copy that was restored from before an erasure must not bring anybody back (row 205)."""
    with database.reading() as unit:
        known = {each.customer_id for each in unit.people.erased()}
    missing = [each for each in erasures.ids() if each not in known]
    if not missing:
        return
    with database.unit_of_work() as unit:
        count = erase_again(unit, ctx, missing)
        unit.commit()
    _log.warning("a restored copy was brought up to date", extra={"erased_again": count})


def _gateway(settings: CheckoutSettings, clock: Clock) -> MessageGateway:
    if settings.messages is None or settings.demo is not None:
        return FileMessageGateway(settings.messages_folder)
    return build_gateway(settings.messages, subject=TemplateWording().subject, clock=clock)


def _rules_of(settings: CheckoutSettings) -> RulesOf:
    if settings.demo is not None:
        return demo_rules
    return settings.messages.rules_for if settings.messages is not None else default_rules


def _public_listener(
    settings: CheckoutSettings, web: WebContext, on_death: Callable[[str], None] | None
) -> PublicListener | None:
    if settings.public is None:
        return None
    inbound = settings.messages.inbound if settings.messages is not None else None
    reader = SignedSmsReader(inbound) if inbound is not None else None
    return PublicListener(settings.public, settings.public_url, web, reader=reader, on_death=on_death)


def _pairing(
    settings: CheckoutSettings,
    database: SqlDatabase,
    clock: Clock,
    on_death: Callable[[str], None] | None,
) -> PairingOffice | None:
    if settings.pairing is None:
        return None

    def shop() -> ShopSettings:
        with database.reading() as unit:
            return shop_settings(unit)

    certificate, key = settings.tls_certificate_file, settings.tls_key_file
    return PairingOffice(
        settings.pairing,
        settings.station_name,
        shop,
        clock,
        pages=settings.pages_in_shop,
        certificate=(certificate, key) if certificate is not None and key is not None else None,
        on_death=on_death,
    )


def _metrics(
    settings: CheckoutSettings, web: WebContext, on_death: Callable[[str], None] | None
) -> SideDoor | None:
    if settings.metrics is None:
        return None
    return SideDoor("address of figures", create_metrics(web), settings.metrics, on_death=on_death)


def _trust_page(
    settings: CheckoutSettings, web: WebContext, on_death: Callable[[str], None] | None
) -> SideDoor | None:
    files = settings.trust_files
    if settings.trust is None or files is None:
        return None
    page = create_hand_out(files, web.settings)
    return SideDoor("page for tablets", page, settings.trust, on_death=on_death)


def _address(broker: BrokerSettings, client_id: str) -> BrokerAddress:
    return BrokerAddress(
        host=broker.host,
        port=broker.port,
        ca_file=broker.ca_file,
        certificate_file=broker.certificate_file,
        key_file=broker.key_file,
        client_id=client_id,
    )


def _demo_door(settings: CheckoutSettings) -> DemoDoor | None:
    if settings.demo is None:
        return None
    return DemoDoor(
        token=read_secret(settings.demo.token_file),
        simulation_socket=settings.demo.simulation_socket,
        messages_folder=settings.messages_folder,
    )
