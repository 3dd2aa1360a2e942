"""Pairing as a whole, for the process and the pages: the door, the desk, the signer and the announcement."""

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from checkout.errors import SignerError
from checkout.pairing.announce import Announcement
from checkout.pairing.desk import Decision, PairingDesk, PairingPlace
from checkout.pairing.door import create_door
from checkout.pairing.settings import PairingSettings
from checkout.pairing.signer_client import SignerClient
from checkout.side_door import SideDoor
from loyalty.domain.shop import ShopSettings
from messaging.signing import (
    AgentCertificateAsked,
    AuthorityAsked,
    DeviceCertificateAsked,
    RenewalAsked,
    RevocationAsked,
    SignerAnswered,
)
from messaging.station.renewal import AgentCertificateRequested, RenewalAnswered, RenewalRequested
from runtime.clock import Clock


class PairingOffice:
    """From :meth:`start` to :meth:`stop`.

    Args:
        settings: The section ``[checkout.pairing]``.
        station: Name in the station's certificate.
        shop: Reads the shop's settings; blocks on the database.
        clock: Ends what waits.
        pages: Where phones in the shop open the station's pages; empty where none can.
        certificate: Certificate and key of the station's own pages; None is plain HTTP.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        settings: PairingSettings,
        station: str,
        shop: Callable[[], ShopSettings],
        clock: Clock,
        *,
        pages: str = "",
        certificate: tuple[Path, Path] | None = None,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self._settings = settings
        self._shop = shop
        self._pages = pages
        self._signer = SignerClient(settings.signer_socket)
        self.desk = PairingDesk(clock, self._place)
        self._door = SideDoor(
            "door for devices",
            create_door(self.desk, self.renew),
            settings,
            certificate=certificate,
            on_death=on_death,
        )
        self._station = station
        self._announcement: Announcement | None = None

    @property
    def port(self) -> int:
        """Where devices knock; 0 before the start."""
        return self._door.port

    def start(self) -> "PairingOffice":
        """Open the door and announce it.

        Raises:
            SideDoorError: The port cannot be had.
        """
        self._door.start()
        if self._settings.announces:
            self._announcement = Announcement(self._shop().name, self._station)
            self._announcement.start(self._door.port, is_secure=self._door.is_secure)
        return self

    def stop(self) -> None:
        if self._announcement is not None:
            self._announcement.stop()
        self._door.stop()

    def accept(self, code: str, lane: int) -> tuple[Decision, str | None]:
        """See :meth:`PairingDesk.accept`.

        Raises:
            SignerError: The signing process is not there.
        """
        return self.desk.accept(code, lane, self._sign)

    def revoke(self, device: str) -> bool:
        """Shut a device out; False where the signing process refuses.

        Raises:
            SignerError: The signing process is not there.
        """
        return self._signer.ask(RevocationAsked(device=device)).refused is None

    def renew(self, asked: RenewalRequested) -> RenewalAnswered:
        """Pass a device's wish, for itself or its update agent, on to who can judge it.

        Raises:
            SignerError: The signing process is not there.
        """
        kind = AgentCertificateAsked if isinstance(asked, AgentCertificateRequested) else RenewalAsked
        answered = self._signer.ask(kind(**asked.model_dump(exclude={"v"})))
        try:
            return RenewalAnswered.model_validate(
                {"certificate_pem": answered.certificate_pem, "refused": answered.refused}
            )
        except ValidationError as error:
            raise SignerError("the signing process answers what is none") from error

    def _sign(self, csr_pem: str, lane: int) -> SignerAnswered:
        return self._signer.ask(DeviceCertificateAsked(csr_pem=csr_pem, lane=lane))

    def _place(self) -> PairingPlace:
        ca_pem = self._signer.ask(AuthorityAsked()).ca_pem or ""
        return PairingPlace(
            shop=self._shop().name,
            ca_pem=ca_pem,
            broker_host=self._settings.broker_host,
            broker_port=self._settings.broker_port,
            pages=self._pages,
        )
