"""The programme's side of the ports in memory: promotions, refunds, cards, clock work, reports."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.catalogue import ItemVariation, TaxRate
from loyalty.domain.ledger import EntryKind, balance_of, remainders_of
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.payment_card import LinkedCard
from loyalty.domain.programme_draft import ProgrammeDraft
from loyalty.domain.promotions import Promotion
from loyalty.domain.receipt_settings import LanePrinter, ReceiptSettings
from loyalty.domain.refunds import Refund, is_visit
from loyalty.domain.reports.visits import LoyaltyVisit
from loyalty.domain.sale import SaleState
from loyalty.errors import ConflictError
from loyalty.ports.after_sale import AuditWanted
from loyalty.ports.clock_work import JobRun
from loyalty.ports.customer_activity import PastSale
from loyalty.ports.points import LedgerFault, LedgerReport
from loyalty.ports.reports import LaneFigures, LedgerRow, Outstanding
from loyalty.ports.sales import TermsThen
from tests.fakes.merged_people import of_person


@dataclass
class ProgrammeTables:
    """What is stored besides the tables of the counter."""

    settings: list[LoyaltySettings] = field(default_factory=list)
    drafts: list[ProgrammeDraft] = field(default_factory=list)
    variations: dict[UUID, ItemVariation] = field(default_factory=dict)
    receipt_settings: list[ReceiptSettings] = field(default_factory=list)
    printers: dict[UUID, LanePrinter] = field(default_factory=dict)
    tax_rates: dict[str, TaxRate] = field(default_factory=dict)
    promotions: dict[UUID, Promotion] = field(default_factory=dict)
    uses: dict[UUID, tuple[UUID, UUID, datetime]] = field(default_factory=dict)
    terms: dict[UUID, TermsThen] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    linked_cards: dict[UUID, LinkedCard] = field(default_factory=dict)
    birthdays: dict[UUID, Birthday] = field(default_factory=dict)
    staff_customers: dict[UUID, UUID | None] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    runs: dict[str, JobRun] = field(default_factory=dict)
    digests: dict[date, Mapping[str, Any]] = field(default_factory=dict)

    def copy(self) -> "ProgrammeTables":
        return ProgrammeTables(**{name: value.copy() for name, value in vars(self).items()})


class InMemoryDrafts:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme

    def get(self) -> ProgrammeDraft | None:
        return self._tables.drafts[-1] if self._tables.drafts else None

    def save(self, draft: ProgrammeDraft, replacing: UUID | None) -> bool:
        there = self.get()
        if (there.revision if there is not None else None) != replacing:
            return False
        self._tables.drafts = [draft]
        return True

    def drop(self) -> None:
        self._tables.drafts = []


class InMemoryPromotions:
    def __init__(self, tables: Any) -> None:
        self._all = tables
        self._tables: ProgrammeTables = tables.programme

    def add(self, promotion: Promotion) -> None:
        self._tables.promotions[promotion.id] = promotion

    def save(self, promotion: Promotion) -> None:
        self._tables.promotions[promotion.id] = promotion

    def get(self, promotion_id: UUID) -> Promotion | None:
        return self._tables.promotions.get(promotion_id)

    def all(self) -> Sequence[Promotion]:
        known = self._tables.promotions.values()
        return tuple(sorted(known, key=lambda each: (each.created_at, each.id), reverse=True))

    def note_use(self, promotion_id: UUID, account_id: UUID, sale_id: UUID, at: datetime) -> None:
        if sale_id in self._tables.uses:
            raise ConflictError("the sale had a promotion")
        self._tables.uses[sale_id] = (promotion_id, account_id, at)

    def forget_use(self, sale_id: UUID) -> None:
        self._tables.uses.pop(sale_id, None)

    def history(self, account_id: UUID) -> Mapping[UUID, Sequence[datetime]]:
        had: dict[UUID, list[datetime]] = {}
        theirs = self._accounts_of_person(account_id)
        for promotion_id, owner, at in sorted(self._tables.uses.values(), key=lambda use: use[2]):
            if owner in theirs:
                had.setdefault(promotion_id, []).append(at)
        return had

    def _accounts_of_person(self, account_id: UUID) -> set[UUID]:
        accounts, customers = self._all.accounts, self._all.customers
        owner = accounts[account_id].customer_id if account_id in accounts else None
        return {account_id} | {
            each.id
            for each in accounts.values()
            if owner in (each.customer_id, customers[each.customer_id].merged_into)
        }


class InMemoryReceipts:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme

    def settings(self) -> ReceiptSettings:
        saved = self._tables.receipt_settings
        return saved[-1] if saved else ReceiptSettings()

    def save_settings(self, settings: ReceiptSettings) -> None:
        self._tables.receipt_settings = [settings]

    def printer_of(self, lane_id: UUID) -> LanePrinter | None:
        return self._tables.printers.get(lane_id)

    def save_printer(self, printer: LanePrinter) -> None:
        self._tables.printers[printer.lane_id] = printer

    def remove_printer(self, lane_id: UUID) -> None:
        self._tables.printers.pop(lane_id, None)


class InMemoryRefunds:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme

    def add(self, refund: Refund, key: str) -> None:
        if key in self._tables.refunds:
            raise ConflictError("key taken")
        self._tables.refunds[key] = refund

    def by_key(self, key: str) -> Refund | None:
        return self._tables.refunds.get(key)

    def of_sale(self, sale_id: UUID) -> Sequence[Refund]:
        return [each for each in self._sorted() if each.sale_id == sale_id]

    def between(self, start: datetime, end: datetime, staff_id: UUID | None = None) -> Sequence[Refund]:
        within = [each for each in self._sorted() if start <= each.at < end]
        return [each for each in within if staff_id is None or each.given_by == staff_id]

    def _sorted(self) -> list[Refund]:
        return sorted(self._tables.refunds.values(), key=lambda each: (each.at, each.id))


class InMemoryLinkedCards:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme
        self._all = tables

    def add(self, card: LinkedCard) -> None:
        if self.by_fingerprint(card.card.fingerprint) is not None:
            raise ConflictError("card taken")
        self._tables.linked_cards[card.id] = card

    def unlink(self, card_id: UUID, at: datetime) -> None:
        card = self._tables.linked_cards.get(card_id)
        if card is not None and card.unlinked_at is None:
            self._tables.linked_cards[card_id] = replace(card, unlinked_at=at)

    def forget(self, customer_id: UUID) -> None:
        kept = {k: card for k, card in self._tables.linked_cards.items() if card.customer_id != customer_id}
        self._tables.linked_cards = kept

    def by_fingerprint(self, fingerprint: str) -> LinkedCard | None:
        return next((each for each in self._in_force() if each.card.fingerprint == fingerprint), None)

    def of_customer(self, customer_id: UUID) -> Sequence[LinkedCard]:
        return [each for each in self._in_force() if each.customer_id in of_person(self._all, customer_id)]

    def _in_force(self) -> list[LinkedCard]:
        cards = self._tables.linked_cards.values()
        return sorted(
            (card for card in cards if card.unlinked_at is None), key=lambda card: (card.linked_at, card.id)
        )


class InMemoryBirthdays:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme

    def put(self, customer_id: UUID, birthday: Birthday | None) -> None:
        if birthday is None:
            self._tables.birthdays.pop(customer_id, None)
        else:
            self._tables.birthdays[customer_id] = birthday

    def of_customer(self, customer_id: UUID) -> Birthday | None:
        return self._tables.birthdays.get(customer_id)

    def on_days(
        self, days: Collection[tuple[int, int]], after: UUID | None, limit: int
    ) -> Sequence[tuple[UUID, Birthday]]:
        found = [
            (customer_id, day)
            for customer_id, day in sorted(self._tables.birthdays.items())
            if (day.month, day.day) in days and (after is None or customer_id > after)
        ]
        return found[:limit]


class InMemoryAuditLog:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme

    def add(self, entry: AuditEntry) -> None:
        self._tables.audit.append(entry)

    def between(self, start: datetime, end: datetime, staff_id: UUID | None = None) -> Sequence[AuditEntry]:
        within = [each for each in self._tables.audit if start <= each.at < end]
        return [each for each in within if staff_id is None or each.staff_id == staff_id]

    def newest(self, wanted: AuditWanted, after: UUID | None, limit: int) -> Sequence[AuditEntry]:
        found = sorted(self._tables.audit, key=lambda each: (each.at, each.id), reverse=True)
        if after is not None:
            ids = [each.id for each in found]
            found = found[ids.index(after) + 1 :] if after in ids else found
        return [each for each in found if _is_wanted(each, wanted)][:limit]

    def count(self, start: datetime, end: datetime, action: AuditAction) -> int:
        return sum(start <= each.at < end and each.action is action for each in self._tables.audit)

    def of_subject(self, subject: str) -> Sequence[AuditEntry]:
        return [each for each in self._tables.audit if each.subject == subject]


def _is_wanted(entry: AuditEntry, wanted: AuditWanted) -> bool:
    return (
        wanted.start <= entry.at < wanted.end
        and (not wanted.is_nobody or entry.staff_id is None)
        and (wanted.is_nobody or wanted.staff_id in (None, entry.staff_id))
        and wanted.action in (None, entry.action)
        and (wanted.about is None or wanted.about in (entry.subject, entry.subject.partition(":")[2]))
    )


class InMemoryJobs:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme

    def get(self, name: str) -> JobRun | None:
        return self._tables.runs.get(name)

    def save(self, run: JobRun) -> None:
        self._tables.runs[run.name] = run

    def unfinished(self, prefix: str) -> list[JobRun]:
        runs = sorted(self._tables.runs.values(), key=lambda run: run.name)
        return [run for run in runs if run.name.startswith(prefix) and not run.is_finished]


class InMemoryDigests:
    def __init__(self, tables: Any) -> None:
        self._tables: ProgrammeTables = tables.programme

    def add(self, day: date, at: datetime, content: Mapping[str, Any]) -> bool:
        if day in self._tables.digests:
            return False
        self._tables.digests[day] = dict(content)
        return True

    def of_day(self, day: date) -> Mapping[str, Any] | None:
        return self._tables.digests.get(day)


class InMemoryReports:
    def __init__(self, tables: Any) -> None:
        self._tables = tables

    def ledger_rows(
        self,
        start: datetime,
        end: datetime,
        *,
        kinds: Sequence[EntryKind] = (),
        customer_id: UUID | None = None,
        after: tuple[datetime, UUID] | None = None,
        limit: int = 500,
    ) -> Sequence[LedgerRow]:
        rows = []
        for entry in sorted(self._tables.entries, key=lambda each: (each.booked_at, each.id)):
            account = self._tables.accounts[entry.account_id]
            is_meant = (
                start <= entry.booked_at < end
                and (not kinds or entry.kind in kinds)
                and customer_id in (None, account.customer_id)
                and (after is None or (entry.booked_at, entry.id) > after)
            )
            if is_meant:
                customer = self._tables.customers[account.customer_id]
                lane_id = self._lane_of(entry.source)
                bare = replace(entry, uses=())
                rows.append(
                    LedgerRow(bare, customer.id, customer.display_name, account.phone_number, lane_id)
                )
        return rows[:limit]

    def sums_by_kind(self, start: datetime, end: datetime) -> Mapping[EntryKind, int]:
        sums: dict[EntryKind, int] = {}
        for entry in self._tables.entries:
            if start <= entry.booked_at < end:
                sums[entry.kind] = sums.get(entry.kind, 0) + entry.points
        return sums

    def visits(self, start: datetime, end: datetime) -> Sequence[LoyaltyVisit]:
        refunds = list(self._tables.programme.refunds.values())
        found = [sale for sale in self._completed(start, end) if is_visit(sale, refunds)]
        return [
            LoyaltyVisit(
                sale.id,
                sale.member.account_id,
                sale.closed_at,
                sale.receipt.quote.points_to_earn,
                int(sale.receipt.quote.points_to_redeem > 0),
            )
            for sale in found
            if sale.member.account_id is not None
        ]

    def sales(
        self, start: datetime, end: datetime, *, lane_id: UUID | None = None, limit: int = 200
    ) -> Sequence[PastSale]:
        refunds = self._tables.programme.refunds.values()
        found = [
            PastSale(
                sale.id,
                sale.closed_at,
                sale.lane_id,
                sale.receipt.number,
                sale.receipt.quote.total_minor,
                sale.receipt.quote.points_to_earn,
                sale.receipt.quote.points_to_redeem,
                sum(each.quote.amount_minor for each in refunds if each.sale_id == sale.id),
            )
            for sale in self._completed(start, end)
            if lane_id in (None, sale.lane_id)
        ]
        return sorted(found, key=lambda each: (each.closed_at, each.sale_id), reverse=True)[:limit]

    def by_lane(self, start: datetime, end: datetime) -> Sequence[LaneFigures]:
        lanes: dict[UUID, LaneFigures] = {}
        for sale in self._completed(start, end):
            so_far = lanes.get(sale.lane_id, LaneFigures(sale.lane_id, 0, 0, 0, 0))
            lanes[sale.lane_id] = LaneFigures(
                sale.lane_id,
                so_far.sales + 1,
                so_far.with_member + (sale.member is not None),
                so_far.points_earned + sale.receipt.quote.points_to_earn,
                so_far.points_redeemed + sale.receipt.quote.points_to_redeem,
            )
        return list(lanes.values())

    def outstanding(self) -> Outstanding:
        balances = [account.balance for account in self._tables.accounts.values()]
        return Outstanding(
            accounts=sum(balance > 0 for balance in balances),
            points=sum(max(0, balance) for balance in balances),
            debt=sum(max(0, -balance) for balance in balances),
        )

    def expiring(self, start: datetime, end: datetime) -> int:
        lots = [lot for _, lot in self._tables.lots.values()]
        return sum(
            lot.remaining for lot in lots if lot.expires_at is not None and start <= lot.expires_at < end
        )

    def _completed(self, start: datetime, end: datetime) -> list[Any]:
        sales = [
            sale
            for sale in self._tables.sales.values()
            if sale.state is SaleState.COMPLETED and not sale.is_training and start <= sale.closed_at < end
        ]
        return sorted(sales, key=lambda sale: (sale.closed_at, sale.id))

    def _lane_of(self, source: str) -> UUID | None:
        if not source.startswith("sale:"):
            return None
        sale = next((s for s in self._tables.sales.values() if source == f"sale:{s.id}"), None)
        return sale.lane_id if sale is not None else None


def compare_in_memory(tables: Any) -> LedgerReport:
    faults = []
    for account in tables.accounts.values():
        booked = [entry for entry in tables.entries if entry.account_id == account.id]
        if account.balance != balance_of(booked):
            faults.append(LedgerFault(account.id, "balance", account.balance, balance_of(booked)))
        rebuilt = remainders_of(booked)
        cached = {lot.id: lot.remaining for owner, lot in tables.lots.values() if owner == account.id}
        for lot_id in rebuilt.keys() | cached.keys():
            left = rebuilt.get(lot_id, 0)
            if left < 0:
                faults.append(LedgerFault(account.id, "lot_below_zero", cached.get(lot_id, 0), left))
            elif cached.get(lot_id) != left:
                faults.append(LedgerFault(account.id, "lot", cached.get(lot_id, 0), left))
    faults.sort(key=lambda fault: (fault.account_id, fault.what))
    return LedgerReport(len(tables.accounts), len(tables.entries), tuple(faults))
