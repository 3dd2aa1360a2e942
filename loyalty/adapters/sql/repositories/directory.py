"""Customers with their accounts, cards and consents."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, delete, func, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.repositories.merged import of_person
from loyalty.adapters.sql.search_index import index_customers
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.customer import Customer, CustomerSource, MembershipCard
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.phone import PhoneNumber
from loyalty.errors import ConflictError
from loyalty.ports.directory import Member

_CUSTOMERS, _ACCOUNTS, _CARDS = schema.customers, schema.loyalty_accounts, schema.membership_cards
_ACCOUNT_COLUMNS = [column.label(f"account_{column.name}") for column in _ACCOUNTS.c]
WITH_ACCOUNT_COLUMNS = [*_CUSTOMERS.c, *_ACCOUNT_COLUMNS]
"""What :func:`member_from_row` reads."""
_WITH_ACCOUNT = _CUSTOMERS.outerjoin(_ACCOUNTS, _ACCOUNTS.c.customer_id == _CUSTOMERS.c.id)
_NAMED = _CUSTOMERS.alias("named")
"""The profile that a card, a number or a reference names; ``customers`` is the one that it leads to."""
_LEADS_TO = _CUSTOMERS.c.id == func.coalesce(_NAMED.c.merged_into, _NAMED.c.id)
_FROM_NAMED = _NAMED.join(_CUSTOMERS, _LEADS_TO).outerjoin(
    _ACCOUNTS, _ACCOUNTS.c.customer_id == _CUSTOMERS.c.id
)
_HOLDING = _ACCOUNTS.alias("holding")

_STEPS_KEPT = timedelta(days=1)
"""Far longer than a step is fresh, however wrong a clock may be for a while."""


def _members(*more: Any) -> Select[Any]:
    return select(*WITH_ACCOUNT_COLUMNS, *more)


_STORED = Prepared(_members().select_from(_WITH_ACCOUNT).where(_CUSTOMERS.c.id == bindparam("customer_id")))
_BY_ID = Prepared(_members().select_from(_FROM_NAMED).where(_NAMED.c.id == bindparam("customer_id")))
_BY_REFERENCE = Prepared(
    _members(_NAMED.c.merged_into.label("named_merged_into"))
    .select_from(_FROM_NAMED)
    .where(_NAMED.c.reference_id == bindparam("reference_id"))
    .order_by(_NAMED.c.merged_into.is_not(None))
    .limit(2)
)
_BY_PHONE = Prepared(
    _members()
    .select_from(_HOLDING.join(_FROM_NAMED, _NAMED.c.id == _HOLDING.c.customer_id))
    .where(_HOLDING.c.phone_number == bindparam("phone_number"))
)
_BY_CARD = Prepared(
    _members(_CARDS.c.issued_at.label("card_issued_at"), _CARDS.c.revoked_at.label("card_revoked_at"))
    .select_from(_CARDS.join(_FROM_NAMED, _NAMED.c.id == _CARDS.c.customer_id))
    .where(_CARDS.c.id == bindparam("card_id"))
)
_WITHOUT_ACCOUNT = Prepared(
    select(_CUSTOMERS)
    .distinct()
    .select_from(_FROM_NAMED)
    .where(and_(_NAMED.c.phone_number == bindparam("phone_number"), _ACCOUNTS.c.id.is_(None)))
    .limit(2)
)
_CARDS_OF = Prepared(
    select(_CARDS)
    .where(of_person(_CARDS.c.customer_id, bindparam("customer_id")))
    .order_by(_CARDS.c.issued_at.desc(), _CARDS.c.id.desc())
)
_CONSENTS_OF = Prepared(
    select(schema.consent_entries)
    .where(schema.consent_entries.c.customer_id == bindparam("customer_id"))
    .order_by(schema.consent_entries.c.at, schema.consent_entries.c.id)
)


class SqlCustomerRepository:
    """Customers, and members in one read."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, customer: Customer) -> None:
        self._transaction.execute(_CUSTOMERS.insert(), asdict(customer))
        index_customers(self._transaction, [customer.id])

    def save(self, customer: Customer) -> None:
        statement = update(_CUSTOMERS).where(
            _CUSTOMERS.c.id == customer.id, _CUSTOMERS.c.version == customer.version - 1
        )
        if self._transaction.execute(statement.values(**asdict(customer))).rowcount != 1:
            raise ConflictError("somebody else changed this customer", customer=str(customer.id))
        index_customers(self._transaction, [customer.id])

    def get(self, customer_id: UUID) -> Customer | None:
        member = self.as_stored(customer_id)
        return member.customer if member is not None else None

    def as_stored(self, customer_id: UUID) -> Member | None:
        row = self._transaction.first(_STORED, {"customer_id": customer_id})
        return member_from_row(row) if row is not None else None

    def member(self, customer_id: UUID) -> Member | None:
        row = self._transaction.first(_BY_ID, {"customer_id": customer_id})
        return member_from_row(row) if row is not None else None

    def member_by_reference(self, reference_id: str) -> Member | None:
        rows = self._transaction.all(_BY_REFERENCE, {"reference_id": reference_id})
        if len(rows) == 2 and rows[0].id != rows[1].id and rows[1].named_merged_into is None:
            return None  # two living profiles bear it
        if len(rows) == 2 and rows[0].id != rows[1].id and rows[0].named_merged_into is not None:
            return None  # it leads to two people
        return member_from_row(rows[0]) if rows else None

    def is_reference(self, text: str) -> bool:
        return bool(self._transaction.all(_BY_REFERENCE, {"reference_id": text}))

    def holders_of_reference(self, reference_id: str) -> Sequence[Customer]:
        rows = self._transaction.all(
            select(_CUSTOMERS)
            .where(
                _CUSTOMERS.c.reference_id == reference_id,
                _CUSTOMERS.c.merged_into.is_(None),
                _CUSTOMERS.c.erased_at.is_(None),
            )
            .order_by(_CUSTOMERS.c.id)
        )
        return [customer_from(row) for row in rows]

    def member_by_phone(self, phone_number: str) -> Member | None:
        row = self._transaction.first(_BY_PHONE, {"phone_number": phone_number})
        return member_from_row(row) if row is not None else None

    def by_phone_without_account(self, phone_number: str) -> Customer | None:
        rows = self._transaction.all(_WITHOUT_ACCOUNT, {"phone_number": phone_number})
        return customer_from(rows[0]) if len(rows) == 1 else None


class SqlCardRepository:
    """Membership cards."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, card: MembershipCard) -> None:
        self._transaction.execute(_CARDS.insert(), asdict(card))

    def holder(self, card_id: UUID) -> tuple[MembershipCard, Member] | None:
        row = self._transaction.first(_BY_CARD, {"card_id": card_id})
        if row is None:
            return None
        return MembershipCard(card_id, row.id, row.card_issued_at, row.card_revoked_at), member_from_row(row)

    def of_customer(self, customer_id: UUID) -> Sequence[MembershipCard]:
        rows = self._transaction.all(_CARDS_OF, {"customer_id": customer_id})
        return [MembershipCard(row.id, row.customer_id, row.issued_at, row.revoked_at) for row in rows]

    def revoke(self, card_id: UUID, at: datetime) -> None:
        self._transaction.execute(
            update(_CARDS).where(_CARDS.c.id == card_id, _CARDS.c.revoked_at.is_(None)).values(revoked_at=at)
        )

    def use_step(self, card_id: UUID, step: int, at: datetime) -> bool:
        steps = schema.card_steps
        self._transaction.execute(
            delete(steps).where(steps.c.card_id == card_id, steps.c.used_at < at - _STEPS_KEPT)
        )
        return self._transaction.insert_new(steps, {"card_id": card_id, "step": step, "used_at": at})


class SqlConsentRepository:
    """The consent ledger."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, entry: ConsentEntry) -> None:
        self._transaction.execute(schema.consent_entries.insert(), asdict(entry))

    def of_customer(self, customer_id: UUID) -> Sequence[ConsentEntry]:
        rows = self._transaction.all(_CONSENTS_OF, {"customer_id": customer_id})
        return [
            ConsentEntry(
                id=row.id,
                customer_id=row.customer_id,
                purpose=ConsentPurpose(row.purpose),
                state=ConsentState(row.state),
                at=row.at,
                wording_id=row.wording_id,
                wording_text=row.wording_text,
                channel=ConsentChannel(row.channel),
                device=row.device,
                staff_id=row.staff_id,
            )
            for row in rows
        ]


def customer_from(row: Row[Any]) -> Customer:
    return Customer(
        id=row.id,
        source=CustomerSource(row.source),
        created_at=row.created_at,
        given_name=row.given_name,
        family_name=row.family_name,
        email_address=row.email_address,
        phone_number=PhoneNumber(row.phone_number) if row.phone_number is not None else None,
        reference_id=row.reference_id,
        company_name=row.company_name,
        note=row.note,
        language=row.language,
        version=row.version,
        nickname=row.nickname,
        preferences=row.preferences,
        is_email_private=row.is_email_private,
        email_bounced_at=row.email_bounced_at,
        merged_into=row.merged_into,
        erased_at=row.erased_at,
    )


def member_from_row(row: Row[Any]) -> Member:
    """A customer with the account from one row."""
    account = None
    if row.account_id is not None:
        account = LoyaltyAccount(
            id=row.account_id,
            customer_id=row.account_customer_id,
            phone_number=(
                PhoneNumber(row.account_phone_number) if row.account_phone_number is not None else None
            ),
            balance=row.account_balance,
            enrolled_at=row.account_enrolled_at,
            sequence=row.account_sequence,
        )
    return Member(customer_from(row), account)
