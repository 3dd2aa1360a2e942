"""What a row adds to a customer, or the new customer that it makes. A blank cell changes nothing (X8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.domain.activity import StartFigures
from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.booking.by_hand import opening_balance
from loyalty.domain.booking.state import AccountState, NewId
from loyalty.domain.consent import ConsentEntry
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.importing.cells import MAX_NOTE_CHARS
from loyalty.domain.importing.consents import consent_entries
from loyalty.domain.importing.fields import ADDRESS, ImportField, custom_id
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.rows import ImportRow
from loyalty.domain.ledger import LedgerEntry, LoyaltyAccount
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.why import Refused

F = ImportField
_COLUMNS = (
    F.GIVEN_NAME,
    F.FAMILY_NAME,
    F.NICKNAME,
    F.COMPANY_NAME,
    F.REFERENCE_ID,
    F.LANGUAGE,
)
_TEXTS = (F.NOTE, F.PREFERENCES)


@dataclass(frozen=True, slots=True)
class MergeContext:
    """What is the same for all rows of a slice."""

    plan: ImportPlan
    at: datetime
    new_id: NewId
    opening_expires_at: datetime | None = None
    suppressed: frozenset[str] = frozenset()
    own_customer_id: UUID | None = None
    """Whoever imports is this customer: nobody gives themselves points (row 206)."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be stored of one row. ``after`` is the customer once it is."""

    before: KnownCustomer | None
    after: KnownCustomer
    custom_values: Mapping[UUID, str] = field(default_factory=dict)
    """The changed ones."""
    consents: tuple[ConsentEntry, ...] = ()
    opening: LedgerEntry | None = None
    leaves_points: bool = False
    """The row brings points to an account that had its opening balance: they are not added again."""

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_customer_changed(self) -> bool:
        return self.before is None or self.before.customer != self.after.customer

    @property
    def has_new_account(self) -> bool:
        return self.after.account is not None and (self.before is None or self.before.account is None)

    @property
    def changes_anything(self) -> bool:
        return self.before != self.after or bool(self.consents) or self.opening is not None


def merge(row: ImportRow, known: KnownCustomer | None, context: MergeContext) -> Addition | CellFault:
    """Lay a row over a customer, or make one of it."""
    base = known or KnownCustomer(Customer(context.new_id(), CustomerSource.IMPORT, context.at))
    before = base.customer
    texts = _texts(row, before)
    if isinstance(texts, F):
        params = {"max": MAX_NOTE_CHARS}
        return CellFault(CellReason.TOO_LONG, context.plan.column_of(texts), texts, params)
    account = _account(row, base, context)
    if isinstance(account, CellFault):
        return account
    opening = _opening(row, base, account, context)
    if isinstance(opening, CellFault):
        return opening
    consents = consent_entries(
        row,
        before.id,
        base.consents,
        context.plan,
        has_account=account is not None,
        suppressed=context.suppressed,
        at=context.at,
        new_id=context.new_id,
    )
    values = _custom_values(row, base)
    openings = base.openings
    if opening is not None and account is not None:
        account = replace(account, balance=account.balance + opening.points, sequence=account.sequence + 1)
        openings = openings | {context.plan.opening_origin}
    after = KnownCustomer(
        customer=_customer(before, _columns(row, before) | texts, is_new=known is None),
        account=account,
        birthday=_birthday(row, base.birthday),
        addresses=_addresses(row, base.addresses),
        custom_values={**base.custom_values, **values} if values else base.custom_values,
        consents={**base.consents, **{e.purpose: e.state for e in consents}} if consents else base.consents,
        start=_start(row, base.start),
        openings=openings,
    )
    has_points = int(row.get(F.POINTS) or 0) > 0
    leaves_points = has_points and context.plan.opening_origin in base.openings
    return Addition(known, after, values, consents, opening, leaves_points)


def _customer(before: Customer, columns: dict[str, Any], *, is_new: bool) -> Customer:
    """With the columns laid over it; as it was where they say nothing new."""
    if is_new:
        return Customer(before.id, before.source, before.created_at, **columns)
    changes = {name: value for name, value in columns.items() if getattr(before, name) != value}
    return replace(before, version=before.version + 1, **changes) if changes else before


def _columns(row: ImportRow, customer: Customer) -> dict[str, Any]:
    changes: dict[str, Any] = {
        column.value: value for column in _COLUMNS if (value := row.get(column)) is not None
    }
    phone, email = row.get(F.PHONE_NUMBER), row.get(F.EMAIL_ADDRESS)
    if phone is not None:
        changes["phone_number"] = PhoneNumber(phone)
    if email is not None and email.lower() != (customer.email_address or "").lower():
        changes |= {"email_address": email, "email_bounced_at": None}
    return changes


def _texts(row: ImportRow, customer: Customer) -> dict[str, Any] | F:
    """Notes and preferences get what they do not say yet; the field whose text would be too long."""
    changes: dict[str, Any] = {}
    for column in _TEXTS:
        said, there = row.get(column), getattr(customer, column.value)
        if said is None or (there and said in there):
            continue
        text = f"{there}\n{said}" if there else said
        if len(text) > MAX_NOTE_CHARS:
            return column
        changes[column.value] = text
    return changes


def _custom_values(row: ImportRow, base: KnownCustomer) -> dict[UUID, str]:
    values = {}
    for target, value in row.values.items():
        field_id = custom_id(target)
        if field_id is not None and base.custom_values.get(field_id) != value:
            values[field_id] = value
    return values


def _birthday(row: ImportRow, before: Birthday | None) -> Birthday | None:
    """A year that is known stays where a sheet knows the day alone."""
    text = row.get(F.BIRTHDAY)
    if text is None:
        return before
    said = Birthday(int(text[-5:-3]), int(text[-2:]), None if text.startswith("--") else int(text[:4]))
    is_same_day = before is not None and (before.month, before.day) == (said.month, said.day)
    return before if said.year is None and is_same_day else said


def _addresses(row: ImportRow, before: tuple[PostalAddress, ...]) -> tuple[PostalAddress, ...]:
    """The first address gets what it lacks and what is spelled anew; another street is another place."""
    parts = {column.value: value for column in ADDRESS if (value := row.get(column)) is not None}
    if not parts or parts.keys() == {F.COUNTRY.value}:
        return before
    said = PostalAddress(**parts)
    if not before:
        return (said,)
    if any(_holds(address, said) for address in before):
        return before
    first = before[0]
    is_elsewhere = (
        said.line_1 is not None
        and first.line_1 is not None
        and said.line_1.casefold() != first.line_1.casefold()
    )
    changed = replace(said, label=first.label) if is_elsewhere else replace(first, **parts)
    return (changed, *before[1:])


def _holds(address: PostalAddress, said: PostalAddress) -> bool:
    return all(
        getattr(said, part.name) in (None, getattr(address, part.name))
        for part in fields(said)
        if part.name != "label"
    )


def _account(row: ImportRow, base: KnownCustomer, context: MergeContext) -> LoyaltyAccount | CellFault | None:
    """The account as the row leaves it: opened where points or a date of enrolment come along."""
    phone = row.get(F.PHONE_NUMBER)
    account = base.account
    if account is not None:
        is_moved = phone is not None and account.phone_number is not None and phone != account.phone_number
        return replace(account, phone_number=PhoneNumber(phone)) if is_moved and phone else account
    points, enrolled = int(row.get(F.POINTS) or 0), row.get(F.ENROLLED_AT)
    if F.POINTS not in row.values and enrolled is None:
        return None
    number = phone or base.customer.phone_number
    if number is None:
        if points:
            return CellFault(CellReason.POINTS_WITHOUT_PHONE, context.plan.column_of(F.POINTS), F.POINTS)
        return None
    since = min(datetime.fromisoformat(enrolled), context.at) if enrolled is not None else context.at
    return LoyaltyAccount(context.new_id(), base.customer.id, PhoneNumber(number), 0, since)


def _opening(
    row: ImportRow, base: KnownCustomer, account: LoyaltyAccount | None, context: MergeContext
) -> LedgerEntry | CellFault | None:
    points, origin = int(row.get(F.POINTS) or 0), context.plan.opening_origin
    if points == 0 or account is None or origin in base.openings:
        return None
    column = context.plan.column_of(F.POINTS)
    if context.own_customer_id == base.customer.id:
        return CellFault(CellReason.OWN_ACCOUNT, column, F.POINTS)
    entry = opening_balance(
        AccountState(account.id, account.balance),
        points,
        origin,
        at=context.at,
        expires_at=context.opening_expires_at,
        new_id=context.new_id,
    )
    return CellFault(CellReason.NOT_A_WHOLE_NUMBER, column, F.POINTS) if isinstance(entry, Refused) else entry


def _start(row: ImportRow, before: StartFigures | None) -> StartFigures | None:
    visits, spend = row.get(F.VISITS), row.get(F.SPEND)
    first, last = row.get(F.FIRST_VISIT), row.get(F.LAST_VISIT)
    if visits is None and spend is None and first is None and last is None:
        return before
    base = before or StartFigures()
    return StartFigures(
        visits=int(visits) if visits is not None else base.visits,
        spend_minor=int(spend) if spend is not None else base.spend_minor,
        first_visit_at=datetime.fromisoformat(first) if first is not None else base.first_visit_at,
        last_visit_at=datetime.fromisoformat(last) if last is not None else base.last_visit_at,
    )


def combined(first: Addition, second: Addition) -> Addition:
    """Two rows about one customer as what both add: the second was laid over what the first left."""
    return Addition(
        before=first.before,
        after=second.after,
        custom_values={**first.custom_values, **second.custom_values},
        consents=(*first.consents, *second.consents),
        opening=first.opening or second.opening,
    )
