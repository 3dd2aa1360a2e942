"""Section ``[checkout]`` of the machine's configuration. What the shop decides lives in the database."""

import ipaddress
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator

from checkout.backup_record import BackupRecord
from checkout.messages.settings import MemberMessagesSettings
from checkout.pairing.settings import PairingSettings
from checkout.public.settings import PublicSettings
from checkout.trust.facts import TrustFiles
from checkout.trust.settings import TrustSettings
from checkout.unfinished_restore import UnfinishedRestore
from runtime.config import ConfiguredPath, Section

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_NOT_A_PLACE = _LOOPBACK | {"0.0.0.0", "::"}
_HTTPS_PORT = 443


class BrokerSettings(Section):
    """Where the store's Mosquitto is, and the station's certificate."""

    host: str = "localhost"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8883
    ca_file: ConfiguredPath
    certificate_file: ConfiguredPath
    key_file: ConfiguredPath


class FleetDeskSettings(Section):
    """``[checkout.fleet]``: present where this station decides what devices run."""

    repository: ConfiguredPath
    """Folder of signed files that a web server serves to the devices."""
    keys: ConfiguredPath
    """Folder of the online keys: rollout, snapshot, timestamp."""
    turn_s: Annotated[float, Field(gt=0)] = 5.0


class MetricsSettings(Section):
    """``[checkout.metrics]``: where a Prometheus on this machine, or its agent, reads; nowhere without it."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 9464
    """0 takes a free port, which ``port_file`` then names."""
    port_file: ConfiguredPath | None = None

    @field_validator("host")
    @classmethod
    def _only_here(cls, host: str) -> str:
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError("figures are given to this machine alone: an address of loopback")
        return host


class BackupSettings(Section):
    """``[checkout.backup]``: where back-ups go and who can open them; none are made without it."""

    folder: ConfiguredPath
    """Must be there: a USB disk that is away must not fill the machine's own."""
    recipient: Annotated[str, StringConstraints(pattern=r"^age1[0-9a-z]{20,2000}$")]
    """Public half of the key that opens them (``comptoir backup-key``); the other half is never here."""
    keep: Annotated[int, Field(ge=1, le=1_000)] = 14
    """So many archives stay; older ones go after a new one is whole."""


class DemoSettings(Section):
    """Present only in the demo: mounts its page. Refused off loopback and on any other data than its own."""

    token_file: ConfiguredPath
    """Holds the token of this run, which the demo's address carries."""
    simulation_socket: ConfiguredPath
    """The device's simulation socket."""


class CheckoutSettings(Section):
    """The station's process."""

    store: Annotated[str, StringConstraints(pattern=r"^s\d{4}$")]
    """Store part of the device names: ``s0001``."""
    database_url: str = "sqlite:////var/lib/comptoir/comptoir.db"
    host: str = "127.0.0.1"
    """Address to listen on; anything but loopback needs ``tls_certificate_file`` and ``tls_key_file``."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """0 takes a free port, which ``port_file`` then names."""
    port_file: ConfiguredPath | None = None
    tls_certificate_file: ConfiguredPath | None = None
    tls_key_file: ConfiguredPath | None = None
    host_names: tuple[str, ...] = ()
    """Host names, besides ``host`` and loopback, under which browsers know the station."""
    public_url: str = "http://127.0.0.1:8080"
    """Start of the addresses in messages to members: ``https://points.example.org``."""
    broker: BrokerSettings
    seal_key_file: ConfiguredPath
    """Private key (base64, X25519) to which devices seal what they say."""
    card_signing_key_file: ConfiguredPath
    """Private key (base64, Ed25519) that signs membership codes."""
    card_verification_keys_file: ConfiguredPath | None = None
    """Public keys of membership codes, one a line; without it the signing key's own is the only one."""
    messages_folder: ConfiguredPath
    """Where messages to members are written: ``messages.jsonl``, one JSON object a line."""
    attachments_folder: ConfiguredPath | None = None
    """Where files of customers' profiles are kept; without it ``attachments`` beside ``messages_folder``."""
    erasures_file: ConfiguredPath | None = None
    """Where is written who was erased, so that a restored copy erases them again; without it beside the
    SQLite file, or in ``messages_folder``. Belongs to another back-up than the database."""
    imports_folder: ConfiguredPath | None = None
    """Where uploaded sheets of customers wait; ``imports`` beside ``messages_folder`` without it."""
    messages: MemberMessagesSettings | None = None
    """The ways by which messages really leave; without it they are written to ``messages_folder``."""
    public: PublicSettings | None = None
    """The door for phones outside the shop; none without it."""
    pairing: PairingSettings | None = None
    """Where new devices join; none without it."""
    trust: TrustSettings | None = None
    """The page from which tablets in the shop take what they trust; none without it."""
    metrics: MetricsSettings | None = None
    """Where figures for Prometheus are read, on this machine alone; nowhere without it."""
    fleet: FleetDeskSettings | None = None
    """The rollout desk; none without it."""
    backup: BackupSettings | None = None
    """Where back-ups go; none are made without it."""
    demo: DemoSettings | None = None

    @model_validator(mode="after")
    def _plain_http_on_loopback_only(self) -> Self:
        has_certificate, has_key = self.tls_certificate_file is not None, self.tls_key_file is not None
        if has_certificate != has_key:
            raise ValueError("tls_certificate_file and tls_key_file go together")
        if self.host not in _LOOPBACK and not has_certificate:
            raise ValueError(
                f"host {self.host} is not loopback: plain HTTP is refused there, set the tls_… files"
            )
        if self.trust is not None and not has_certificate:
            raise ValueError("[checkout.trust] is for a station over TLS: set the tls_… files")
        if self.demo is not None and self.host not in _LOOPBACK:
            raise ValueError("the demo listens on loopback only")
        outside = urlsplit(self.public_url)
        if outside.scheme not in {"http", "https"} or not outside.hostname:
            raise ValueError("public_url must start with https:// or http://")
        if self.public is not None:
            self._public_door_is_told_from_the_inside(outside.scheme, outside.hostname)
        return self

    def _public_door_is_told_from_the_inside(self, scheme: str, host: str) -> None:
        if self.demo is not None:
            raise ValueError("the demo has no public door")
        if scheme != "https" and host not in _LOOPBACK:
            raise ValueError("with a public door public_url starts with https://")
        if urlsplit(self.public_url).path not in {"", "/"}:
            raise ValueError("with a public door public_url is a name alone, without a path")

    @property
    def file_of_erasures(self) -> Path:
        if self.erasures_file is not None:
            return self.erasures_file
        prefix = "sqlite:///"
        if self.database_url.startswith(prefix):
            return Path(f"{self.database_url.removeprefix(prefix)}.erased")
        return self.messages_folder / "erased.txt"

    @property
    def backup_record(self) -> BackupRecord | None:
        if self.backup is None:
            return None
        path = self.messages_folder.parent / "last-backup.json"
        return BackupRecord(path, self.backup.folder, self.backup.recipient)

    @property
    def unfinished_restore(self) -> UnfinishedRestore:
        return UnfinishedRestore(self.messages_folder.parent / "unfinished-restore")

    @property
    def is_secure(self) -> bool:
        return self.tls_certificate_file is not None

    @property
    def pages_in_shop(self) -> str:
        """Where phones in the shop open the pages; empty where only this machine can."""
        if self.pairing is not None and self.pairing.pages:
            return self.pairing.pages
        names = [name for name in (*self.host_names, self.host) if name not in _NOT_A_PLACE]
        if not names or not self.is_secure:
            return ""
        name = f"[{names[0]}]" if ":" in names[0] else names[0]
        return f"https://{name}" if self.port == _HTTPS_PORT else f"https://{name}:{self.port}"

    @property
    def trust_files(self) -> TrustFiles | None:
        """What tablets trust and where; None where no page hands it out."""
        if self.trust is None or self.tls_certificate_file is None:
            return None
        return TrustFiles(self.trust.ca_file, self.tls_certificate_file, self.port, self.trust.port)

    @property
    def attachments(self) -> Path:
        return self.attachments_folder or self.messages_folder.parent / "attachments"

    @property
    def uploads_folder(self) -> Path:
        """Where uploaded sheets are kept."""
        return self.imports_folder or self.messages_folder.parent / "imports"

    @property
    def station_name(self) -> str:
        """Name in the station's certificate."""
        return f"{self.store}.station"
