"""One transaction over all repositories."""

from types import TracebackType
from typing import Protocol, Self

from loyalty.ports.delivery import DeadLetters, Inbox, Outbound
from loyalty.ports.directory import CardRepository, ConsentRepository, CustomerRepository, GroupRepository
from loyalty.ports.message_delivery import (
    DeliveryRepository,
    OptOutLinkRepository,
    SuppressionRepository,
)
from loyalty.ports.messages import MessageRepository, StatusLinkRepository
from loyalty.ports.points import AccountRepository, LedgerRepository
from loyalty.ports.sales import IdentificationRepository, SaleRepository, SessionRepository
from loyalty.ports.shop import CatalogueRepository, LaneRepository, ProgrammeRepository, ShopRepository
from loyalty.ports.staff import AttemptRepository, ClaimRepository, StaffRepository, StaffSessionRepository


class UnitOfWork(Protocol):
    """A transaction: entered once, committed once; leaving it without ``commit`` undoes everything.

    Use cases take an entered one and never commit: the caller decides what belongs together. One
    thread at a time.
    """

    @property
    def shop(self) -> ShopRepository: ...
    @property
    def lanes(self) -> LaneRepository: ...
    @property
    def catalogue(self) -> CatalogueRepository: ...
    @property
    def programme(self) -> ProgrammeRepository: ...
    @property
    def customers(self) -> CustomerRepository: ...
    @property
    def cards(self) -> CardRepository: ...
    @property
    def consents(self) -> ConsentRepository: ...
    @property
    def groups(self) -> GroupRepository: ...
    @property
    def accounts(self) -> AccountRepository: ...
    @property
    def ledger(self) -> LedgerRepository: ...
    @property
    def sales(self) -> SaleRepository: ...
    @property
    def identifications(self) -> IdentificationRepository: ...
    @property
    def sessions(self) -> SessionRepository: ...
    @property
    def messages(self) -> MessageRepository: ...
    @property
    def deliveries(self) -> DeliveryRepository: ...
    @property
    def suppressions(self) -> SuppressionRepository: ...
    @property
    def opt_out_links(self) -> OptOutLinkRepository: ...
    @property
    def status_links(self) -> StatusLinkRepository: ...
    @property
    def staff(self) -> StaffRepository: ...
    @property
    def staff_sessions(self) -> StaffSessionRepository: ...
    @property
    def claims(self) -> ClaimRepository: ...
    @property
    def attempts(self) -> AttemptRepository: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def dead_letters(self) -> DeadLetters: ...
    @property
    def outbound(self) -> Outbound: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Make everything durable.

        Raises:
            StorageError: It could not be; nothing of it is stored.
        """

    def rollback(self) -> None: ...
