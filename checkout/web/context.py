"""What every page needs, made once per process and kept on the application's state."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from starlette.requests import Request

from checkout.backup_record import BackupRecord
from checkout.erasure_file import ErasureFile
from checkout.pairing.office import PairingOffice
from checkout.station import Station
from checkout.trust.facts import TrustFiles
from checkout.writer import Priority
from loyalty.domain.shop import ShopSettings
from loyalty.ports.papers import AttachmentFiles
from loyalty.ports.password_hasher import PasswordHasher
from loyalty.ports.sheets import SheetOpener, SheetWriter
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.deliver_messages import RulesOf, default_rules
from loyalty.services.setup import shop_settings

_Done = TypeVar("_Done")
CodeReader = Callable[[bytes], Sequence[str]]
"""Texts of the codes on a picture; blocks for seconds."""


@dataclass(frozen=True)
class DemoDoor:
    """What the demo's page works with; present only where it is configured."""

    token: str
    simulation_socket: Path
    messages_folder: Path


@dataclass(frozen=True)
class WebContext:
    """The station behind the pages.

    ``open_unit`` is for the few use cases that commit by themselves because they hash passwords;
    everything else that writes goes through the station's writer.
    """

    station: Station
    open_unit: UnitOfWorkFactory
    hasher: PasswordHasher
    is_secure: bool
    messages_folder: Path
    attachments: AttachmentFiles
    open_sheet: SheetOpener
    sheet_writer: SheetWriter
    demo: DemoDoor | None = None
    sending_rules: RulesOf = default_rules
    """What holds for messages until the shop chooses, and the machine's ceiling."""
    privacy_contact: str = ""
    """Whom members ask about their data, as the status page shows it; empty sends them to the counter."""

    read_codes: CodeReader | None = None
    """Reads photos that are taken at the till; None where nothing can."""
    pairing: PairingOffice | None = None
    """Where new devices join; None where the machine's configuration has no place for it."""
    trust: TrustFiles | None = None
    """What tablets in the shop trust the station by; None where no page hands it out."""
    backup: BackupRecord | None = None
    """Of the last back-up; None where the machine's configuration has no place for them."""
    erasures: ErasureFile | None = None
    """Where erasures are written beside the database."""

    @property
    def ctx(self) -> ServiceContext:
        return self.station.ctx

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return self.station.reading()

    async def write(self, work: Callable[[UnitOfWork], _Done]) -> _Done:
        """What a page of the staff changes: done by the station's writer in a transaction of its own."""
        return await asyncio.wrap_future(self.station.writer.submit(Priority.STAFF, work))

    def note_erasures(self) -> None:
        """Write who was erased just now beside the database; blocks on the disk."""
        if self.erasures is not None:
            self.erasures.add_new()

    def settings(self) -> ShopSettings:
        """The shop's settings as they are now; blocks on the database."""
        with self.reading() as unit:
            return shop_settings(unit)


def web_context(request: Request) -> WebContext:
    """The context of the application that serves the request."""
    return cast(WebContext, request.app.state.context)
