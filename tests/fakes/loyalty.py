"""The ports of loyalty in memory, for tests of use cases.

A unit of work copies the tables when it is entered and puts its copy in place when it commits; values are
frozen, so a shallow copy is enough. One writer at a time, as with SQLite.
"""

import threading
from types import TracebackType
from typing import Any, Self

from loyalty.errors import StorageError
from tests.fakes.customer_activity import InMemoryCustomerActivity
from tests.fakes.day_closes import InMemoryDayCloses
from tests.fakes.loyalty_activity import (
    InMemoryActivity,
    InMemoryDirectory,
    InMemoryGroups,
    InMemorySmartGroups,
)
from tests.fakes.loyalty_directory import InMemoryPapers, InMemoryProfiles
from tests.fakes.loyalty_duplicates import InMemoryDuplicates, InMemoryMerges
from tests.fakes.loyalty_events import InMemoryDeadLetters, InMemoryInbox, InMemoryMessages, InMemoryOutbound
from tests.fakes.loyalty_importing import InMemoryBulkDirectory, InMemoryImports
from tests.fakes.loyalty_ledger import InMemoryAccounts, InMemoryLedger
from tests.fakes.loyalty_members import (
    InMemoryCards,
    InMemoryConsents,
    InMemoryCustomers,
    InMemoryStatusLinks,
)
from tests.fakes.loyalty_programme import (
    InMemoryAuditLog,
    InMemoryBirthdays,
    InMemoryDigests,
    InMemoryDrafts,
    InMemoryJobs,
    InMemoryLinkedCards,
    InMemoryPromotions,
    InMemoryReceipts,
    InMemoryRefunds,
    InMemoryReports,
)
from tests.fakes.loyalty_sales import InMemoryIdentifications, InMemorySales, InMemorySessions
from tests.fakes.loyalty_shop import InMemoryCatalogue, InMemoryLanes, InMemoryProgramme, InMemoryShop
from tests.fakes.loyalty_staff import InMemoryAttempts, InMemoryClaims, InMemoryStaff, InMemoryStaffSessions
from tests.fakes.loyalty_tables import Tables
from tests.fakes.message_delivery import (
    InMemoryDeliveries,
    InMemoryOneTimeCodes,
    InMemoryOptOutLinks,
    InMemorySuppressions,
)
from tests.fakes.people import InMemoryPeople, InMemoryPrivacy
from tests.fakes.registers import InMemoryRegisters


class InMemoryDatabase:
    """What ``SqlDatabase`` is to a process, in memory."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._writing = threading.RLock()

    def unit_of_work(self) -> "InMemoryUnitOfWork":
        return InMemoryUnitOfWork(self, self._writing)

    def reading(self) -> "InMemoryUnitOfWork":
        return InMemoryUnitOfWork(self, None)

    def close(self) -> None:
        pass


class InMemoryUnitOfWork:
    """See ``loyalty.ports.unit_of_work.UnitOfWork``."""

    def __init__(self, database: InMemoryDatabase, writing: Any) -> None:
        self._database = database
        self._writing = writing
        self._tables = Tables()

    def __enter__(self) -> Self:
        if self._writing is not None:
            self._writing.acquire()
        self._begin()
        return self

    def _begin(self) -> None:
        tables = self._tables = self._database.tables.copied()
        self.shop = InMemoryShop(tables)
        self.lanes = InMemoryLanes(tables)
        self.catalogue = InMemoryCatalogue(tables)
        self.programme = InMemoryProgramme(tables)
        self.customers = InMemoryCustomers(tables)
        self.cards = InMemoryCards(tables)
        self.consents = InMemoryConsents(tables)
        self.day_closes = InMemoryDayCloses(tables)
        self.profiles = InMemoryProfiles(tables.profiles)
        self.papers = InMemoryPapers(tables)
        self.duplicates = InMemoryDuplicates(tables)
        self.merges = InMemoryMerges(tables)
        self.customer_activity = InMemoryCustomerActivity(tables)
        self.imports = InMemoryImports(tables.importing)
        self.bulk = InMemoryBulkDirectory(self, tables, tables.importing)
        self.activity = InMemoryActivity(tables)
        self.directory = InMemoryDirectory(tables)
        self.groups = InMemoryGroups(tables)
        self.people = InMemoryPeople(tables)
        self.privacy = InMemoryPrivacy(tables)
        self.smart_groups = InMemorySmartGroups(tables)
        self.accounts = InMemoryAccounts(tables)
        self.ledger = InMemoryLedger(tables)
        self.sales = InMemorySales(tables)
        self.identifications = InMemoryIdentifications(tables)
        self.sessions = InMemorySessions(tables)
        self.messages = InMemoryMessages(tables)
        self.deliveries = InMemoryDeliveries(tables)
        self.drafts = InMemoryDrafts(tables)
        self.promotions = InMemoryPromotions(tables)
        self.refunds = InMemoryRefunds(tables)
        self.receipts = InMemoryReceipts(tables)
        self.linked_cards = InMemoryLinkedCards(tables)
        self.birthdays = InMemoryBirthdays(tables)
        self.audit = InMemoryAuditLog(tables)
        self.jobs = InMemoryJobs(tables)
        self.digests = InMemoryDigests(tables)
        self.reports = InMemoryReports(tables)
        self.suppressions = InMemorySuppressions(tables)
        self.one_time_codes = InMemoryOneTimeCodes(tables)
        self.opt_out_links = InMemoryOptOutLinks(tables)
        self.status_links = InMemoryStatusLinks(tables)
        self.registers = InMemoryRegisters(tables)
        self.staff = InMemoryStaff(tables)
        self.staff_sessions = InMemoryStaffSessions(tables)
        self.claims = InMemoryClaims(tables)
        self.attempts = InMemoryAttempts(tables)
        self.inbox = InMemoryInbox(tables)
        self.dead_letters = InMemoryDeadLetters(tables)
        self.outbound = InMemoryOutbound(tables)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._writing is not None:
            self._writing.release()

    def commit(self) -> None:
        if self._writing is None:
            raise StorageError("a reading unit of work cannot be committed")
        self._database.tables = self._tables
        self._begin()

    def rollback(self) -> None:
        self._begin()
