"""What the ports in memory store, and what their repositories share."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from loyalty.domain.catalogue import Category, Item
from loyalty.domain.consent import ConsentEntry
from loyalty.domain.customer import Customer, MembershipCard
from loyalty.domain.delivery import DeadLetter, OutboundMessage, ProcessedEvent
from loyalty.domain.group import Group
from loyalty.domain.identification import Identification
from loyalty.domain.ledger import LedgerEntry, Lot, LoyaltyAccount
from loyalty.domain.message import MemberMessage
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.staff import Role, StaffMember, StaffSession, StoredPin
from loyalty.errors import ConflictError
from loyalty.ports.directory import Member
from tests.fakes.day_closes import DayCloseTables
from tests.fakes.loyalty_activity import (
    GroupTables,
)
from tests.fakes.loyalty_directory import ProfileTables
from tests.fakes.loyalty_duplicates import MergeTables
from tests.fakes.loyalty_importing import ImportTables
from tests.fakes.loyalty_programme import (
    ProgrammeTables,
)
from tests.fakes.message_delivery import (
    DeliveryTables,
)
from tests.fakes.people import PrivacyTables
from tests.fakes.registers import RegisterTables


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
    training_receipts: int = 900_000_000
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


class Repository:
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
