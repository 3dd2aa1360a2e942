"""A unit of work on one connection."""

from functools import cached_property
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.repositories.activity import SqlActivityRepository
from loyalty.adapters.sql.repositories.after_sale import (
    SqlAuditLog,
    SqlBirthdayRepository,
    SqlLinkedCardRepository,
    SqlRefundRepository,
)
from loyalty.adapters.sql.repositories.bulk_directory import SqlBulkDirectory
from loyalty.adapters.sql.repositories.clock_work import SqlDigestRepository, SqlJobRepository
from loyalty.adapters.sql.repositories.customer_activity import SqlCustomerActivityRepository
from loyalty.adapters.sql.repositories.day_closes import SqlDayCloseRepository
from loyalty.adapters.sql.repositories.delivery import SqlDeadLetters, SqlInbox, SqlOutbound
from loyalty.adapters.sql.repositories.directory import (
    SqlCardRepository,
    SqlConsentRepository,
    SqlCustomerRepository,
)
from loyalty.adapters.sql.repositories.drafts import SqlDraftRepository
from loyalty.adapters.sql.repositories.duplicates import SqlDuplicateRepository, SqlMergeRepository
from loyalty.adapters.sql.repositories.find_customers import SqlDirectoryRepository
from loyalty.adapters.sql.repositories.groups import SqlGroupRepository
from loyalty.adapters.sql.repositories.identifications import (
    SqlIdentificationRepository,
    SqlSessionRepository,
)
from loyalty.adapters.sql.repositories.imports import SqlImportRepository
from loyalty.adapters.sql.repositories.message_delivery import (
    SqlDeliveryRepository,
    SqlOptOutLinkRepository,
    SqlSuppressionRepository,
)
from loyalty.adapters.sql.repositories.messages import SqlMessageRepository, SqlStatusLinkRepository
from loyalty.adapters.sql.repositories.one_time_codes import SqlOneTimeCodeRepository
from loyalty.adapters.sql.repositories.papers import SqlPaperRepository
from loyalty.adapters.sql.repositories.people import SqlPersonRepository
from loyalty.adapters.sql.repositories.points import SqlAccountRepository, SqlLedgerRepository
from loyalty.adapters.sql.repositories.privacy import SqlPrivacyRepository
from loyalty.adapters.sql.repositories.profiles import SqlProfileRepository
from loyalty.adapters.sql.repositories.promotions import SqlPromotionRepository
from loyalty.adapters.sql.repositories.receipts import SqlReceiptRepository
from loyalty.adapters.sql.repositories.registers import SqlRegisterRepository
from loyalty.adapters.sql.repositories.reports import SqlReportRepository
from loyalty.adapters.sql.repositories.sales import SqlSaleRepository
from loyalty.adapters.sql.repositories.setup import SetupReader
from loyalty.adapters.sql.repositories.shop import (
    SqlCatalogueRepository,
    SqlLaneRepository,
    SqlProgrammeRepository,
    SqlShopRepository,
)
from loyalty.adapters.sql.repositories.smart_groups import SqlSmartGroupRepository
from loyalty.adapters.sql.repositories.staff import (
    SqlAttemptRepository,
    SqlClaimRepository,
    SqlStaffRepository,
    SqlStaffSessionRepository,
)
from loyalty.adapters.sql.setup_cache import SetupCache
from loyalty.errors import StorageError

_LASTING = frozenset({"_engine", "_cache", "_is_reading", "_open"})


class SqlUnitOfWork:
    """See ``loyalty.ports.unit_of_work.UnitOfWork``. Repositories are made when they are first used."""

    def __init__(self, engine: Engine, cache: SetupCache, *, is_reading: bool) -> None:
        self._engine = engine
        self._cache = cache
        self._is_reading = is_reading
        self._open: tuple[Connection, Transaction] | None = None

    def __enter__(self) -> Self:
        try:
            connection = self._engine.connect()
            connection.begin()
        except SQLAlchemyError as error:
            raise StorageError(f"the database cannot be opened: {type(error).__name__}") from error
        self._open = (connection, Transaction(connection))
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._open is not None:
            connection, self._open = self._open[0], None
            connection.close()  # rolls back what was not committed

    def commit(self) -> None:
        if self._is_reading:
            raise StorageError("a reading unit of work cannot be committed")
        try:
            self._connection.commit()
        except SQLAlchemyError as error:
            raise StorageError(f"the transaction was not stored: {type(error).__name__}") from error
        self._forget()

    def rollback(self) -> None:
        self._connection.rollback()
        self._forget()

    def _forget(self) -> None:
        """Drop the repositories: what they remember was true in the transaction that is over."""
        for name in vars(self).keys() - _LASTING:
            del vars(self)[name]

    @property
    def _connection(self) -> Connection:
        if self._open is None:
            raise StorageError("the unit of work is not entered")
        return self._open[0]

    @property
    def _transaction(self) -> Transaction:
        if self._open is None:
            raise StorageError("the unit of work is not entered")
        return self._open[1]

    @cached_property
    def _setup(self) -> SetupReader:
        return SetupReader(self._transaction, self._cache)

    @cached_property
    def shop(self) -> SqlShopRepository:
        return SqlShopRepository(self._transaction, self._setup)

    @cached_property
    def lanes(self) -> SqlLaneRepository:
        return SqlLaneRepository(self._transaction, self._setup)

    @cached_property
    def catalogue(self) -> SqlCatalogueRepository:
        return SqlCatalogueRepository(self._transaction, self._setup)

    @cached_property
    def programme(self) -> SqlProgrammeRepository:
        return SqlProgrammeRepository(self._transaction, self._setup)

    @cached_property
    def drafts(self) -> SqlDraftRepository:
        return SqlDraftRepository(self._transaction)

    @cached_property
    def promotions(self) -> SqlPromotionRepository:
        return SqlPromotionRepository(self._transaction, self._setup)

    @cached_property
    def refunds(self) -> SqlRefundRepository:
        return SqlRefundRepository(self._transaction)

    @cached_property
    def linked_cards(self) -> SqlLinkedCardRepository:
        return SqlLinkedCardRepository(self._transaction)

    @cached_property
    def birthdays(self) -> SqlBirthdayRepository:
        return SqlBirthdayRepository(self._transaction)

    @cached_property
    def audit(self) -> SqlAuditLog:
        return SqlAuditLog(self._transaction)

    @cached_property
    def jobs(self) -> SqlJobRepository:
        return SqlJobRepository(self._transaction)

    @cached_property
    def digests(self) -> SqlDigestRepository:
        return SqlDigestRepository(self._transaction)

    @cached_property
    def receipts(self) -> SqlReceiptRepository:
        return SqlReceiptRepository(self._transaction)

    @cached_property
    def reports(self) -> SqlReportRepository:
        return SqlReportRepository(self._transaction)

    @cached_property
    def customers(self) -> SqlCustomerRepository:
        return SqlCustomerRepository(self._transaction)

    @cached_property
    def cards(self) -> SqlCardRepository:
        return SqlCardRepository(self._transaction)

    @cached_property
    def consents(self) -> SqlConsentRepository:
        return SqlConsentRepository(self._transaction)

    @cached_property
    def day_closes(self) -> SqlDayCloseRepository:
        return SqlDayCloseRepository(self._transaction)

    @cached_property
    def profiles(self) -> SqlProfileRepository:
        return SqlProfileRepository(self._transaction, self._setup)

    @cached_property
    def activity(self) -> SqlActivityRepository:
        return SqlActivityRepository(self._transaction)

    @cached_property
    def directory(self) -> SqlDirectoryRepository:
        return SqlDirectoryRepository(self._transaction)

    @cached_property
    def duplicates(self) -> SqlDuplicateRepository:
        return SqlDuplicateRepository(self._transaction)

    @cached_property
    def merges(self) -> SqlMergeRepository:
        return SqlMergeRepository(self._transaction)

    @cached_property
    def papers(self) -> SqlPaperRepository:
        return SqlPaperRepository(self._transaction)

    @cached_property
    def customer_activity(self) -> SqlCustomerActivityRepository:
        return SqlCustomerActivityRepository(self._transaction)

    @cached_property
    def imports(self) -> SqlImportRepository:
        return SqlImportRepository(self._transaction)

    @cached_property
    def bulk(self) -> SqlBulkDirectory:
        return SqlBulkDirectory(self._transaction)

    @cached_property
    def people(self) -> SqlPersonRepository:
        return SqlPersonRepository(self._transaction)

    @cached_property
    def privacy(self) -> SqlPrivacyRepository:
        return SqlPrivacyRepository(self._transaction)

    @cached_property
    def smart_groups(self) -> SqlSmartGroupRepository:
        return SqlSmartGroupRepository(self._transaction)

    @cached_property
    def groups(self) -> SqlGroupRepository:
        return SqlGroupRepository(self._transaction, self._setup)

    @cached_property
    def accounts(self) -> SqlAccountRepository:
        return SqlAccountRepository(self._transaction)

    @cached_property
    def ledger(self) -> SqlLedgerRepository:
        return SqlLedgerRepository(self._transaction)

    @cached_property
    def sales(self) -> SqlSaleRepository:
        return SqlSaleRepository(self._transaction)

    @cached_property
    def identifications(self) -> SqlIdentificationRepository:
        return SqlIdentificationRepository(self._transaction)

    @cached_property
    def sessions(self) -> SqlSessionRepository:
        return SqlSessionRepository(self._transaction)

    @cached_property
    def messages(self) -> SqlMessageRepository:
        return SqlMessageRepository(self._transaction)

    @cached_property
    def deliveries(self) -> SqlDeliveryRepository:
        return SqlDeliveryRepository(self._transaction)

    @cached_property
    def suppressions(self) -> SqlSuppressionRepository:
        return SqlSuppressionRepository(self._transaction)

    @cached_property
    def one_time_codes(self) -> SqlOneTimeCodeRepository:
        return SqlOneTimeCodeRepository(self._transaction)

    @cached_property
    def opt_out_links(self) -> SqlOptOutLinkRepository:
        return SqlOptOutLinkRepository(self._transaction)

    @cached_property
    def status_links(self) -> SqlStatusLinkRepository:
        return SqlStatusLinkRepository(self._transaction)

    @cached_property
    def registers(self) -> SqlRegisterRepository:
        return SqlRegisterRepository(self._transaction)

    @cached_property
    def staff(self) -> SqlStaffRepository:
        return SqlStaffRepository(self._transaction)

    @cached_property
    def staff_sessions(self) -> SqlStaffSessionRepository:
        return SqlStaffSessionRepository(self._transaction)

    @cached_property
    def claims(self) -> SqlClaimRepository:
        return SqlClaimRepository(self._transaction)

    @cached_property
    def attempts(self) -> SqlAttemptRepository:
        return SqlAttemptRepository(self._transaction)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._transaction)

    @cached_property
    def dead_letters(self) -> SqlDeadLetters:
        return SqlDeadLetters(self._transaction)

    @cached_property
    def outbound(self) -> SqlOutbound:
        return SqlOutbound(self._transaction)
