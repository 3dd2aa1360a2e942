"""The ports of loyalty in memory, for tests of use cases.

A unit of work copies the tables when it is entered and puts its copy in place when it commits; values are
frozen, so a shallow copy is enough. One writer at a time, as with SQLite.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxRate
from loyalty.domain.consent import ConsentEntry
from loyalty.domain.customer import Customer, MembershipCard
from loyalty.domain.delivery import MAX_DEAD_PAYLOAD_BYTES, DeadLetter, OutboundMessage, ProcessedEvent
from loyalty.domain.group import Group
from loyalty.domain.identification import Identification, IdentificationMethod
from loyalty.domain.ledger import LedgerEntry, Lot, LoyaltyAccount
from loyalty.domain.loyalty_settings import DEFAULT_LOYALTY_SETTINGS, LoyaltySettings
from loyalty.domain.message import MemberMessage, MessageState
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.staff import Role, StaffMember, StaffSession, StoredPin
from loyalty.domain.trust import Trust
from loyalty.errors import ConflictError, StorageError, UnknownIdError
from loyalty.ports.directory import Member
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from loyalty.ports.points import LedgerReport
from loyalty.ports.sales import TermsThen, UnfinishedSale
from tests.fakes.customer_activity import InMemoryCustomerActivity
from tests.fakes.day_closes import DayCloseTables, InMemoryDayCloses
from tests.fakes.loyalty_activity import (
    GroupTables,
    InMemoryActivity,
    InMemoryDirectory,
    InMemoryGroups,
    InMemorySmartGroups,
)
from tests.fakes.loyalty_directory import InMemoryPapers, InMemoryProfiles, ProfileTables
from tests.fakes.loyalty_duplicates import InMemoryDuplicates, InMemoryMerges, MergeTables
from tests.fakes.loyalty_importing import ImportTables, InMemoryBulkDirectory, InMemoryImports
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
    ProgrammeTables,
    compare_in_memory,
)
from tests.fakes.merged_people import of_person
from tests.fakes.message_delivery import (
    DeliveryTables,
    InMemoryDeliveries,
    InMemoryOneTimeCodes,
    InMemoryOptOutLinks,
    InMemorySuppressions,
)
from tests.fakes.people import InMemoryPeople, InMemoryPrivacy, PrivacyTables
from tests.fakes.registers import InMemoryRegisters, RegisterTables


@dataclass
class Tables:
    """Everything stored; keys first in the order of insertion."""

    settings: list[ShopSettings] = field(default_factory=list)
    lanes: dict[UUID, Lane] = field(default_factory=dict)
    categories: dict[UUID, Category] = field(default_factory=dict)
    items: dict[UUID, Item] = field(default_factory=dict)
    programmes: list[ProgrammeVersion] = field(default_factory=list)
    customers: dict[UUID, Customer] = field(default_factory=dict)
    cards: dict[UUID, MembershipCard] = field(default_factory=dict)
    steps: set[tuple[UUID, int]] = field(default_factory=set)
    consents: list[ConsentEntry] = field(default_factory=list)
    day_closes: DayCloseTables = field(default_factory=DayCloseTables)
    profiles: ProfileTables = field(default_factory=ProfileTables)
    importing: ImportTables = field(default_factory=ImportTables)
    merging: MergeTables = field(default_factory=MergeTables)
    groups: dict[UUID, Group] = field(default_factory=dict)
    grouping: GroupTables = field(default_factory=GroupTables)
    group_members: set[tuple[UUID, UUID]] = field(default_factory=set)
    accounts: dict[UUID, LoyaltyAccount] = field(default_factory=dict)
    entries: list[LedgerEntry] = field(default_factory=list)
    lots: dict[UUID, tuple[UUID, Lot]] = field(default_factory=dict)
    sales: dict[UUID, Sale] = field(default_factory=dict)
    receipts: int = 0
    identifications: list[Identification] = field(default_factory=list)
    ended: dict[UUID, datetime] = field(default_factory=dict)
    messages: dict[UUID, MemberMessage] = field(default_factory=dict)
    delivery: DeliveryTables = field(default_factory=DeliveryTables)
    programme: ProgrammeTables = field(default_factory=ProgrammeTables)
    links: dict[bytes, tuple[UUID, bool]] = field(default_factory=dict)
    registers: RegisterTables = field(default_factory=RegisterTables)
    roles: dict[UUID, Role] = field(default_factory=dict)
    staff: dict[UUID, tuple[StaffMember, str]] = field(default_factory=dict)
    staff_sessions: dict[bytes, StaffSession] = field(default_factory=dict)
    privacy: PrivacyTables = field(default_factory=PrivacyTables)
    pins: dict[UUID, StoredPin] = field(default_factory=dict)
    claim: list[tuple[bytes, datetime]] = field(default_factory=list)
    attempts: list[tuple[str, datetime]] = field(default_factory=list)
    processed: dict[tuple[str, UUID], ProcessedEvent] = field(default_factory=dict)
    dead: list[DeadLetter] = field(default_factory=list)
    outbound: dict[UUID, OutboundMessage] = field(default_factory=dict)

    def copied(self) -> "Tables":
        return Tables(
            **{name: value if isinstance(value, int) else value.copy() for name, value in vars(self).items()}
        )


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
        self.shop = _Shop(tables)
        self.lanes = _Lanes(tables)
        self.catalogue = _Catalogue(tables)
        self.programme = _Programme(tables)
        self.customers = _Customers(tables)
        self.cards = _Cards(tables)
        self.consents = _Consents(tables)
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
        self.accounts = _Accounts(tables)
        self.ledger = _Ledger(tables)
        self.sales = _Sales(tables)
        self.identifications = _Identifications(tables)
        self.sessions = _Sessions(tables)
        self.messages = _Messages(tables)
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
        self.status_links = _StatusLinks(tables)
        self.registers = InMemoryRegisters(tables)
        self.staff = _Staff(tables)
        self.staff_sessions = _StaffSessions(tables)
        self.claims = _Claims(tables)
        self.attempts = _Attempts(tables)
        self.inbox = _Inbox(tables)
        self.dead_letters = _DeadLetters(tables)
        self.outbound = _Outbound(tables)

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


class _Repository:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def _leads_to(self, customer: Customer) -> Customer:
        return self._tables.customers[customer.merged_into] if customer.merged_into else customer

    def _member(self, customer: Customer) -> Member:
        accounts = self._tables.accounts.values()
        return Member(customer, next((a for a in accounts if a.customer_id == customer.id), None))

    def _known_customer(self, customer_id: UUID) -> None:
        if customer_id not in self._tables.customers:
            raise ConflictError("the database refused a change: a reference")


class _Shop(_Repository):
    def settings(self) -> ShopSettings | None:
        return self._tables.settings[-1] if self._tables.settings else None

    def save(self, settings: ShopSettings) -> None:
        self._tables.settings = [settings]


class _Lanes(_Repository):
    def save(self, lane: Lane) -> None:
        for other in self.all():
            if other.id != lane.id and (
                other.number == lane.number or (lane.device is not None and other.device == lane.device)
            ):
                raise ConflictError("number or device taken")
        self._tables.lanes[lane.id] = lane

    def get(self, lane_id: UUID) -> Lane | None:
        return self._tables.lanes.get(lane_id)

    def by_device(self, device: str) -> Lane | None:
        return next((lane for lane in self.all() if lane.device == device and lane.is_active), None)

    def by_number(self, number: int) -> Lane | None:
        return next((lane for lane in self.all() if lane.number == number), None)

    def all(self) -> Sequence[Lane]:
        return sorted(self._tables.lanes.values(), key=lambda lane: lane.number)


class _Catalogue(_Repository):
    def save_category(self, category: Category) -> None:
        self._tables.categories[category.id] = category

    def save_item(self, item: Item) -> None:
        there = self.item_by_barcode(item.barcode) if item.barcode is not None and item.is_active else None
        if there is not None and there.id != item.id:
            raise ConflictError("barcode taken")
        for rate in item.tax_rates:
            self._tables.programme.tax_rates[rate.id] = rate
        self._tables.items[item.id] = item

    def change_item(self, item: Item) -> None:
        there = self._tables.items.get(item.id)
        if there is None or there.version != item.version - 1:
            raise ConflictError("changed meanwhile")
        self.save_item(item)

    def remove_category(self, category_id: UUID) -> None:
        if any(item.category_id == category_id for item in self._tables.items.values()):
            raise ConflictError("in use")
        self._tables.categories.pop(category_id, None)

    def save_tax_rate(self, rate: TaxRate) -> None:
        self._tables.programme.tax_rates[rate.id] = rate
        for item in list(self._tables.items.values()):
            rates = tuple(rate if each.id == rate.id else each for each in item.tax_rates)
            self._tables.items[item.id] = replace(item, tax_rates=rates)

    def remove_tax_rate(self, rate_id: str) -> None:
        if any(rate.id == rate_id for item in self._tables.items.values() for rate in item.tax_rates):
            raise ConflictError("in use")
        self._tables.programme.tax_rates.pop(rate_id, None)

    def tax_rates(self) -> Sequence[TaxRate]:
        return tuple(sorted(self._tables.programme.tax_rates.values(), key=lambda r: (r.name, r.id)))

    def item(self, item_id: UUID) -> Item | None:
        return self._tables.items.get(item_id)

    def item_by_barcode(self, barcode: str) -> Item | None:
        return next((item for item in self.items() if item.barcode == barcode), None)

    def items(self) -> Sequence[Item]:
        return [item for item in self.all_items() if item.is_active]

    def all_items(self) -> Sequence[Item]:
        return sorted(self._tables.items.values(), key=lambda item: (item.position, item.name, item.id))

    def categories(self) -> Sequence[Category]:
        return tuple(sorted(self._tables.categories.values(), key=lambda c: (c.position, c.name, c.id)))

    def all_variations(self) -> Sequence[ItemVariation]:
        known = self._tables.programme.variations.values()
        return sorted(known, key=lambda each: (each.position, each.name, each.id))

    def save_variation(self, variation: ItemVariation) -> None:
        self._tables.programme.variations[variation.id] = variation

    def variations(self, item_id: UUID) -> Sequence[ItemVariation]:
        known = self._tables.programme.variations.values()
        found = [each for each in known if each.item_id == item_id and each.is_active]
        return sorted(found, key=lambda each: (each.position, each.name, each.id))

    def variation(self, variation_id: UUID) -> ItemVariation | None:
        return self._tables.programme.variations.get(variation_id)

    def variation_by_barcode(self, barcode: str) -> ItemVariation | None:
        known = self._tables.programme.variations.values()
        return next((each for each in known if each.barcode == barcode and each.is_active), None)


class _Programme(_Repository):
    def current(self) -> ProgrammeVersion | None:
        return max(self._tables.programmes, key=lambda version: version.version, default=None)

    def add(self, version: ProgrammeVersion) -> None:
        if any(other.version == version.version for other in self._tables.programmes):
            raise ConflictError("version taken")
        self._tables.programmes.append(version)

    def version(self, number: int) -> ProgrammeVersion | None:
        return next((each for each in self._tables.programmes if each.version == number), None)

    def all(self) -> Sequence[ProgrammeVersion]:
        return sorted(self._tables.programmes, key=lambda version: version.version, reverse=True)

    def settings(self) -> LoyaltySettings:
        saved = self._tables.programme.settings
        return saved[-1] if saved else DEFAULT_LOYALTY_SETTINGS

    def save_settings(self, settings: LoyaltySettings) -> None:
        self._tables.programme.settings = [settings]


class _Customers(_Repository):
    def add(self, customer: Customer) -> None:
        if customer.id in self._tables.customers:
            raise ConflictError("id taken")
        self._tables.customers[customer.id] = customer

    def save(self, customer: Customer) -> None:
        there = self.get(customer.id)
        if there is None or there.version != customer.version - 1:
            raise ConflictError("somebody else changed this customer")
        self._tables.customers[customer.id] = customer

    def get(self, customer_id: UUID) -> Customer | None:
        return self._tables.customers.get(customer_id)

    def as_stored(self, customer_id: UUID) -> Member | None:
        customer = self.get(customer_id)
        return self._member(customer) if customer is not None else None

    def member(self, customer_id: UUID) -> Member | None:
        customer = self.get(customer_id)
        return self._member(self._leads_to(customer)) if customer is not None else None

    def member_by_reference(self, reference_id: str) -> Member | None:
        found = [c for c in self._tables.customers.values() if c.reference_id == reference_id]
        living = [c for c in found if c.merged_into is None] or found
        ids = {self._leads_to(c).id for c in living}
        return self.member(ids.pop()) if len(ids) == 1 else None

    def is_reference(self, text: str) -> bool:
        return any(c.reference_id == text for c in self._tables.customers.values())

    def holders_of_reference(self, reference_id: str) -> Sequence[Customer]:
        return [c for c in self._tables.customers.values() if c.reference_id == reference_id and c.is_listed]

    def member_by_phone(self, phone_number: str) -> Member | None:
        accounts = self._tables.accounts.values()
        account = next((a for a in accounts if a.phone_number == phone_number), None)
        return self.member(account.customer_id) if account is not None else None

    def by_phone_without_account(self, phone_number: str) -> Customer | None:
        found = {
            self._leads_to(customer).id: self._leads_to(customer)
            for customer in self._tables.customers.values()
            if customer.phone_number == phone_number
        }
        free = [customer for customer in found.values() if self._member(customer).account is None]
        return free[0] if len(free) == 1 else None


class _Cards(_Repository):
    def add(self, card: MembershipCard) -> None:
        self._known_customer(card.customer_id)
        self._tables.cards[card.id] = card

    def holder(self, card_id: UUID) -> tuple[MembershipCard, Member] | None:
        card = self._tables.cards.get(card_id)
        if card is None:
            return None
        member = self._member(self._leads_to(self._tables.customers[card.customer_id]))
        return replace(card, customer_id=member.customer.id), member

    def of_customer(self, customer_id: UUID) -> Sequence[MembershipCard]:
        whose = of_person(self._tables, customer_id)
        cards = [card for card in self._tables.cards.values() if card.customer_id in whose]
        return sorted(cards, key=lambda card: (card.issued_at, card.id), reverse=True)

    def revoke(self, card_id: UUID, at: datetime) -> None:
        card = self._tables.cards.get(card_id)
        if card is not None and card.revoked_at is None:
            self._tables.cards[card_id] = replace(card, revoked_at=at)

    def use_step(self, card_id: UUID, step: int, at: datetime) -> bool:
        is_first = (card_id, step) not in self._tables.steps
        self._tables.steps.add((card_id, step))
        return is_first


class _Consents(_Repository):
    def add(self, entry: ConsentEntry) -> None:
        self._known_customer(entry.customer_id)
        self._tables.consents.append(entry)

    def of_customer(self, customer_id: UUID) -> Sequence[ConsentEntry]:
        found = [entry for entry in self._tables.consents if entry.customer_id == customer_id]
        return sorted(found, key=lambda entry: (entry.at, entry.id))


class _Accounts(_Repository):
    def add(self, account: LoyaltyAccount) -> None:
        self._known_customer(account.customer_id)
        for other in self._tables.accounts.values():
            is_taken = account.phone_number is not None and account.phone_number == other.phone_number
            if is_taken or account.customer_id == other.customer_id:
                raise ConflictError("number or customer taken")
        self._tables.accounts[account.id] = account

    def get(self, account_id: UUID) -> LoyaltyAccount | None:
        return self._tables.accounts.get(account_id)

    def lock(self, account_id: UUID) -> LoyaltyAccount | None:
        return self.get(account_id)

    def give_to(self, account_id: UUID, customer_id: UUID) -> None:
        if any(each.customer_id == customer_id for each in self._tables.accounts.values()):
            raise ConflictError("customer taken")
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, customer_id=customer_id)

    def detach_number(self, account_id: UUID) -> None:
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, phone_number=None)

    def change_number(self, account_id: UUID, phone_number: PhoneNumber) -> None:
        for other in self._tables.accounts.values():
            if other.id != account_id and other.phone_number == phone_number:
                raise ConflictError("number taken")
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, phone_number=phone_number)

    def ids(self) -> Iterator[UUID]:
        yield from sorted(self._tables.accounts)

    def page(self, after: UUID | None, limit: int) -> Sequence[LoyaltyAccount]:
        ids = [each for each in sorted(self._tables.accounts) if after is None or each > after]
        return [self._tables.accounts[each] for each in ids[:limit]]

    def lock_all(self, account_ids: Sequence[UUID]) -> None:
        pass


class _Ledger(_Repository):
    def book(self, entry: LedgerEntry) -> bool:
        if self.entry(entry.account_id, entry.idempotency_key) is not None:
            return False
        account = self._tables.accounts.get(entry.account_id)
        if account is None:
            raise UnknownIdError("no such loyalty account")
        _check_signs(entry)
        if entry.points > 0 and entry.earned_at is not None:
            filled = Lot(entry.id, entry.points, entry.earned_at, entry.expires_at)
            self._tables.lots[entry.id] = (entry.account_id, filled)
        for use in entry.uses:
            owner, lot = self._tables.lots.get(use.lot_id, (None, None))
            if lot is None or owner != entry.account_id or lot.remaining < use.points:
                raise ConflictError("a lot would fall below zero")
            self._tables.lots[lot.id] = (entry.account_id, replace(lot, remaining=lot.remaining - use.points))
        self._tables.entries.append(entry)
        self._tables.accounts[account.id] = replace(
            account, balance=account.balance + entry.points, sequence=account.sequence + 1
        )
        return True

    def entry(self, account_id: UUID, idempotency_key: str) -> LedgerEntry | None:
        found = (e for e in self._tables.entries if e.account_id == account_id)
        return next((e for e in found if e.idempotency_key == idempotency_key), None)

    def entries_of(self, account_id: UUID, limit: int | None = None) -> Sequence[LedgerEntry]:
        found = [entry for entry in self._tables.entries if entry.account_id == account_id]
        found.sort(key=lambda entry: (entry.booked_at, entry.id), reverse=limit is not None)
        return found[:limit]

    def open_lots_of(self, account_id: UUID) -> Sequence[Lot]:
        return [lot for lot in self.lots_of(account_id) if lot.remaining > 0]

    def lots_of(self, account_id: UUID) -> Sequence[Lot]:
        return [lot for owner, lot in self._tables.lots.values() if owner == account_id]

    def book_all(self, entries: Sequence[LedgerEntry]) -> None:
        for entry in entries:
            if not self.book(entry):
                raise ConflictError("booked already")

    def of_source(self, source: str) -> Sequence[LedgerEntry]:
        return self._whole(lambda entry: entry.source == source)

    def corrections_of(self, entry_id: UUID) -> Sequence[LedgerEntry]:
        return self._whole(lambda entry: entry.corrects == entry_id)

    def _whole(self, is_meant: Callable[[LedgerEntry], bool]) -> list[LedgerEntry]:
        found = [entry for entry in self._tables.entries if is_meant(entry)]
        return sorted(found, key=lambda entry: (entry.booked_at, entry.id))

    def accounts_with_expired(self, now: datetime, limit: int) -> Sequence[UUID]:
        lots = [item for item in self._tables.lots.values() if item[1].remaining > 0]
        over = [(lot.expires_at, owner) for owner, lot in lots if lot.is_expired(now)]
        return sorted({owner for _, owner in sorted(over)[:limit]})

    def expired_lots(self, account_ids: Sequence[UUID], now: datetime) -> Mapping[UUID, Sequence[Lot]]:
        over = {
            owner: [lot for lot in self.open_lots_of(owner) if lot.is_expired(now)] for owner in account_ids
        }
        return {owner: lots for owner, lots in over.items() if lots}

    def accounts_expiring(
        self, start: datetime, end: datetime, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        owners = {
            owner
            for owner, lot in self._tables.lots.values()
            if lot.remaining > 0 and lot.expires_at is not None and start < lot.expires_at <= end
        }
        return [owner for owner in sorted(owners) if after is None or owner > after][:limit]

    def compare(self) -> LedgerReport:
        return compare_in_memory(self._tables)

    def rewrite_caches(self, account_id: UUID, balance: int, remainders: dict[UUID, int]) -> None:
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, balance=balance)
        for lot_id, remaining in remainders.items():
            owner, lot = self._tables.lots[lot_id]
            self._tables.lots[lot_id] = (owner, replace(lot, remaining=remaining))


def _check_signs(entry: LedgerEntry) -> None:
    kind = entry.kind.value
    is_wrong = (
        entry.points == 0
        or (kind in ("earn", "opening") and entry.points < 0)
        or (kind == "redeem" and entry.points > 0)
        or (kind == "correction" and entry.corrects is None)
        or (entry.points > 0) != (entry.earned_at is not None)
    )
    if is_wrong:
        raise ConflictError("the database refused a change: a sign")


class _Sales(_Repository):
    def add(self, sale: Sale) -> None:
        if sale.is_open and self.open_in_lane(sale.lane_id) is not None:
            raise ConflictError("the lane has an open sale")
        self._tables.sales[sale.id] = sale

    def save(self, sale: Sale) -> None:
        there = self.get(sale.id)
        if there is None or there.version != sale.version - 1:
            raise ConflictError("somebody else changed this sale")
        in_lane = self.open_in_lane(sale.lane_id) if sale.is_open else None
        if in_lane is not None and in_lane.id != sale.id:
            raise ConflictError("the lane has an open sale")
        self._tables.sales[sale.id] = sale

    def get(self, sale_id: UUID) -> Sale | None:
        return self._tables.sales.get(sale_id)

    def open_in_lane(self, lane_id: UUID) -> Sale | None:
        sales = self._tables.sales.values()
        return next((sale for sale in sales if sale.lane_id == lane_id and sale.is_open), None)

    def held(self) -> Sequence[Sale]:
        return [sale for sale in self._tables.sales.values() if sale.state is SaleState.HELD]

    def completed_by_key(self, completion_key: str) -> Sale | None:
        sales = self._tables.sales.values()
        return next((sale for sale in sales if sale.completion_key == completion_key), None)

    def by_receipt_number(self, number: int) -> Sale | None:
        sales = self._tables.sales.values()
        return next((sale for sale in sales if sale.receipt and sale.receipt.number == number), None)

    def reserved_points(self, account_id: UUID, except_sale: UUID | None) -> int:
        return sum(each.points for each in self.unfinished_of(account_id) if each.sale_id != except_sale)

    def unfinished_of(self, account_id: UUID) -> Sequence[UnfinishedSale]:
        came = {each.id: each.at for each in self._tables.identifications}
        found = [
            UnfinishedSale(
                sale.id,
                sale.lane_id,
                sale.state is SaleState.HELD,
                came.get(sale.member.identification_id, sale.opened_at),
                sale.reward_points,
            )
            for sale in self._tables.sales.values()
            if not sale.is_settled
            and not sale.is_training
            and sale.member is not None
            and sale.member.account_id == account_id
        ]
        return sorted(found, key=lambda each: (each.since, each.sale_id))

    def next_receipt_number(self) -> int:
        self._tables.receipts += 1
        return self._tables.receipts

    def last_closed_in_lane(self, lane_id: UUID) -> Sale | None:
        closed = [s for s in self._tables.sales.values() if s.lane_id == lane_id and s.closed_at is not None]
        return max(closed, key=lambda sale: sale.closed_at or sale.opened_at, default=None)

    def keep_terms(self, sale_id: UUID, terms: TermsThen) -> None:
        self._tables.programme.terms[sale_id] = terms

    def terms_of(self, sale_id: UUID) -> TermsThen | None:
        return self._tables.programme.terms.get(sale_id)

    def completed_between(self, start: datetime, end: datetime) -> Sequence[UUID]:
        found = [
            sale
            for sale in self._tables.sales.values()
            if sale.state is SaleState.COMPLETED
            and not sale.is_training
            and sale.closed_at is not None
            and start <= sale.closed_at < end
        ]
        found.sort(key=lambda sale: (sale.closed_at, sale.receipt.number if sale.receipt else 0))
        return [sale.id for sale in found]

    def confirmed_redemptions(self, account_id: UUID, since: datetime) -> int:
        return sum(
            reward.confirmed_by is not None
            for sale in self._tables.sales.values()
            if sale.member is not None
            and sale.member.account_id == account_id
            and not sale.is_training
            and sale.state is not SaleState.VOIDED
            and (sale.closed_at is None or sale.closed_at >= since)
            for reward in sale.rewards
        )


class _Identifications(_Repository):
    def add(self, identification: Identification) -> None:
        self._tables.identifications.append(identification)

    def last_of_session(self, session_id: UUID) -> Identification | None:
        found = [i for i in self._tables.identifications if i.session_id == session_id]
        return max(found, key=lambda identification: (identification.at, identification.id), default=None)

    def trust_in_session(self, session_id: UUID, customer_id: UUID, *, sale_id: UUID | None) -> Trust | None:
        found = [
            i.trust
            for i in self._tables.identifications
            if i.session_id == session_id
            and i.customer_id == customer_id
            and (i.method is not IdentificationMethod.ONE_TIME_CODE or i.sale_id == sale_id)
        ]
        return max(found, default=None)

    def sessions_on(self, sale_id: UUID) -> Sequence[UUID]:
        on_sale = [i.session_id for i in self._tables.identifications if i.sale_id == sale_id]
        return list(dict.fromkeys(session_id for session_id in on_sale if session_id is not None))


class _Sessions(_Repository):
    def end(self, session_id: UUID, device: str, reason: str, at: datetime) -> None:
        self._tables.ended.setdefault(session_id, at)

    def is_ended(self, session_id: UUID) -> bool:
        return session_id in self._tables.ended

    def purge(self, before: datetime) -> int:
        old = [session_id for session_id, at in self._tables.ended.items() if at < before]
        for session_id in old:
            del self._tables.ended[session_id]
        return len(old)


class _Messages(_Repository):
    def queue(self, message: MemberMessage) -> bool:
        if self.knows(message.event_key):
            return False
        self._tables.messages[message.id] = message
        return True

    def knows(self, event_key: str) -> bool:
        return any(message.event_key == event_key for message in self._tables.messages.values())

    def queued(self, limit: int) -> Sequence[MemberMessage]:
        found = [m for m in self._tables.messages.values() if m.state is MessageState.QUEUED]
        return sorted(found, key=lambda message: (message.queued_at, message.id))[:limit]

    def recent(self, limit: int) -> Sequence[MemberMessage]:
        return sorted(self._tables.messages.values(), key=lambda message: message.id, reverse=True)[:limit]

    def forget(self, customer_id: UUID) -> None:
        for message in list(self._tables.messages.values()):
            if message.customer_id == customer_id:
                is_queued = message.state is MessageState.QUEUED
                state, detail = (
                    (MessageState.DROPPED, "erased") if is_queued else (message.state, message.detail)
                )
                self._tables.messages[message.id] = replace(
                    message, to="", body="", html=None, opt_out_link=None, state=state, detail=detail
                )

    def settle(self, message_id: UUID, state: MessageState, attempts: int, at: datetime) -> None:
        message = self._tables.messages[message_id]
        self._tables.messages[message_id] = replace(message, state=state, attempts=attempts, settled_at=at)


class _StatusLinks(_Repository):
    def add(self, token_hash: bytes, customer_id: UUID, at: datetime) -> None:
        self._known_customer(customer_id)
        self._tables.links[token_hash] = (customer_id, True)

    def customer_of(self, token_hash: bytes) -> UUID | None:
        customer_id, is_good = self._tables.links.get(token_hash, (None, False))
        return customer_id if is_good else None

    def revoke_all_of(self, customer_id: UUID, at: datetime) -> None:
        for token_hash, (owner, _) in list(self._tables.links.items()):
            if owner == customer_id:
                self._tables.links[token_hash] = (owner, False)


class _Staff(_Repository):
    def save_role(self, role: Role) -> None:
        self._tables.roles[role.id] = role
        for staff_id, (member, password_hash) in list(self._tables.staff.items()):
            if member.role.id == role.id:
                self._tables.staff[staff_id] = (replace(member, role=role), password_hash)

    def delete_role(self, role_id: UUID) -> None:
        if any(member.role.id == role_id for member, _ in self._tables.staff.values()):
            raise ConflictError("the database refused a change: a reference")
        del self._tables.roles[role_id]

    def roles(self) -> Sequence[Role]:
        return sorted(self._tables.roles.values(), key=lambda role: role.name)

    def add(self, member: StaffMember, password_hash: str) -> None:
        if self.by_login(member.login) is not None:
            raise ConflictError("login taken")
        self._tables.staff[member.id] = (member, password_hash)

    def save(self, member: StaffMember) -> None:
        role = self._tables.roles[member.role.id]
        self._tables.staff[member.id] = (replace(member, role=role), self._tables.staff[member.id][1])

    def set_password_hash(self, staff_id: UUID, password_hash: str) -> None:
        self._tables.staff[staff_id] = (self._tables.staff[staff_id][0], password_hash)

    def get(self, staff_id: UUID) -> StaffMember | None:
        found = self._tables.staff.get(staff_id)
        return found[0] if found is not None else None

    def by_login(self, login: str) -> tuple[StaffMember, str] | None:
        return next((found for found in self._tables.staff.values() if found[0].login == login), None)

    def all(self) -> Sequence[StaffMember]:
        return sorted((found[0] for found in self._tables.staff.values()), key=lambda member: member.login)

    def link_customer(self, staff_id: UUID, customer_id: UUID | None) -> None:
        self._tables.programme.staff_customers[staff_id] = customer_id

    def customer_of(self, staff_id: UUID) -> UUID | None:
        return self._tables.programme.staff_customers.get(staff_id)

    def pin_of(self, staff_id: UUID) -> StoredPin | None:
        return self._tables.pins.get(staff_id)

    def put_pin(self, staff_id: UUID, pin: StoredPin | None) -> None:
        if pin is None:
            self._tables.pins.pop(staff_id, None)
        else:
            self._tables.pins[staff_id] = pin


class _StaffSessions(_Repository):
    def add(self, session: StaffSession, token_hash: bytes) -> None:
        self._tables.staff_sessions[token_hash] = session

    def by_token_hash(self, token_hash: bytes) -> tuple[StaffSession, StaffMember] | None:
        session = self._tables.staff_sessions.get(token_hash)
        return (session, self._tables.staff[session.staff_id][0]) if session is not None else None

    def of_staff(self, staff_id: UUID, limit: int) -> Sequence[StaffSession]:
        own = [each for each in self._tables.staff_sessions.values() if each.staff_id == staff_id]
        return sorted(own, key=lambda each: (each.started_at, each.id), reverse=True)[:limit]

    def last_starts(self) -> dict[UUID, datetime]:
        oldest_first = sorted(self._tables.staff_sessions.values(), key=lambda each: each.started_at)
        return {each.staff_id: each.started_at for each in oldest_first}

    def end(self, session_id: UUID, at: datetime) -> None:
        self._end(lambda session: session.id == session_id, at)

    def end_all_of(self, staff_id: UUID, at: datetime) -> None:
        self._end(lambda session: session.staff_id == staff_id, at)

    def _end(self, is_meant: object, at: datetime) -> None:
        for token_hash, session in list(self._tables.staff_sessions.items()):
            if is_meant(session) and session.ended_at is None:  # type: ignore[operator]
                self._tables.staff_sessions[token_hash] = replace(session, ended_at=at)


class _Claims(_Repository):
    def put(self, token_hash: bytes, at: datetime) -> None:
        self._tables.claim = [(token_hash, at)]

    def take(self, token_hash: bytes, since: datetime) -> bool:
        is_open = any(other == token_hash and at >= since for other, at in self._tables.claim)
        if is_open:
            self._tables.claim = []
        return is_open


class _Attempts(_Repository):
    def count_since(self, key: str, since: datetime) -> int:
        return sum(other == key and at > since for other, at in self._tables.attempts)

    def add(self, key: str, at: datetime) -> None:
        self._tables.attempts.append((key, at))

    def clear(self, key: str) -> None:
        self._tables.attempts = [attempt for attempt in self._tables.attempts if attempt[0] != key]


class _Inbox(_Repository):
    def find(self, source: str, event_id: UUID) -> ProcessedEvent | None:
        return self._tables.processed.get((source, event_id))

    def add(self, event: ProcessedEvent) -> None:
        if self.find(event.source, event.event_id) is not None:
            raise ConflictError("processed already")
        self._tables.processed[(event.source, event.event_id)] = event

    def purge(self, before: datetime) -> int:
        old = [key for key, event in self._tables.processed.items() if event.processed_at < before]
        for key in old:
            del self._tables.processed[key]
        return len(old)


class _DeadLetters(_Repository):
    def add(self, letter: DeadLetter) -> None:
        self._tables.dead.append(replace(letter, payload=letter.payload[:MAX_DEAD_PAYLOAD_BYTES]))

    def recent(self, limit: int) -> Sequence[DeadLetter]:
        return sorted(self._tables.dead, key=lambda letter: letter.id, reverse=True)[:limit]

    def count(self) -> int:
        return len(self._tables.dead)


class _Outbound(_Repository):
    def add(self, message: OutboundMessage) -> None:
        self._tables.outbound[message.id] = message

    def unpublished(self, limit: int) -> Sequence[OutboundMessage]:
        waiting = [m for m in self._tables.outbound.values() if m.published_at is None]
        return sorted(waiting, key=lambda message: (message.created_at, message.id))[:limit]

    def mark_published(self, message_ids: Sequence[UUID], at: datetime) -> None:
        for message_id in message_ids:
            message = self._tables.outbound[message_id]
            self._tables.outbound[message_id] = replace(message, published_at=at)

    def purge_published(self, before: datetime) -> int:
        old = [
            message.id
            for message in self._tables.outbound.values()
            if message.published_at is not None and message.published_at < before
        ]
        for message_id in old:
            del self._tables.outbound[message_id]
        return len(old)


class PlainTextHasher:
    """A password hasher that is quick and hides nothing."""

    def __init__(self) -> None:
        self.verified: list[str | None] = []

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified.append(password_hash)
        return password_hash == f"hash of {password}"


class ScriptedGateway:
    """A message gateway that answers as told and remembers what it was handed.

    Args:
        outcomes: Answers in turn; the last one is repeated.
    """

    def __init__(self, *outcomes: GatewayOutcome, is_final: bool = False) -> None:
        self._is_final = is_final
        self._outcomes = list(outcomes) or [GatewayOutcome.ACCEPTED]
        self.sent: list[MemberMessage] = []

    def send(self, message: MemberMessage) -> GatewayAnswer:
        self.sent.append(message)
        outcome = self._outcomes[0] if len(self._outcomes) == 1 else self._outcomes.pop(0)
        return GatewayAnswer(outcome, is_final=self._is_final)
