"""People and privacy in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.domain.identification import Identification
from loyalty.domain.message import MemberMessage
from loyalty.domain.privacy import (
    DEFAULT_PRIVACY_SETTINGS,
    ErasedPerson,
    Incident,
    PastSale,
    PrivacySettings,
)
from loyalty.domain.sale import Sale, SaleState
from loyalty.errors import ConflictError
from loyalty.ports.people import InactivePage
from tests.fakes.merged_people import of_person


@dataclass
class PrivacyTables:
    """Notes of erasure, decisions, incidents."""

    erased: dict[UUID, datetime] = field(default_factory=dict)
    told: dict[UUID, datetime] = field(default_factory=dict)
    settings: list[PrivacySettings] = field(default_factory=list)
    incidents: dict[UUID, Incident] = field(default_factory=dict)

    def copy(self) -> "PrivacyTables":
        return PrivacyTables(
            self.erased.copy(), self.told.copy(), self.settings.copy(), self.incidents.copy()
        )


class InMemoryPeople:
    """See ``loyalty.ports.people.PersonRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables
        self._own: PrivacyTables = tables.privacy

    def sales_of(self, customer_id: UUID) -> Sequence[PastSale]:
        found = [sale for sale in self._sales_of(customer_id) if sale.state is SaleState.COMPLETED]
        return [_past(sale) for sale in sorted(found, key=lambda sale: (sale.closed_at, sale.id))]

    def identifications_of(self, customer_id: UUID) -> Sequence[Identification]:
        found = [
            each
            for each in self._tables.identifications
            if each.customer_id in of_person(self._tables, customer_id)
        ]
        return sorted(found, key=lambda each: (each.at, each.id))

    def messages_of(self, customer_id: UUID) -> Sequence[MemberMessage]:
        found = [
            each
            for each in self._tables.messages.values()
            if each.customer_id in of_person(self._tables, customer_id)
        ]
        return sorted(found, key=lambda each: (each.queued_at, each.id))

    def merged_into(self, customer_id: UUID) -> Sequence[UUID]:
        return sorted(each.id for each in self._tables.customers.values() if each.merged_into == customer_id)

    def has_unfinished_sale(self, customer_id: UUID) -> bool:
        return any(not sale.is_settled for sale in self._sales_of(customer_id))

    def forget_traces(self, customer_id: UUID) -> None:
        prints = self._tables.importing.prints
        for printed in [each for each, holder in prints.items() if holder == customer_id]:
            del prints[printed]
        sessions = {
            str(each.session_id)
            for each in self.identifications_of(customer_id)
            if each.session_id is not None
        }
        for key, event in list(self._tables.processed.items()):
            if any(session in event.result for session in sessions):
                self._tables.processed[key] = replace(event, result="")

    def note_erased(self, customer_id: UUID, at: datetime) -> None:
        self._own.erased.setdefault(customer_id, at)

    def erased(self) -> Sequence[ErasedPerson]:
        found = [ErasedPerson(customer_id, at) for customer_id, at in self._own.erased.items()]
        return sorted(found, key=lambda each: (each.at, each.customer_id))

    def inactive(self, since: datetime, after: UUID | None, limit: int) -> InactivePage:
        ids = sorted(each for each in self._tables.customers if after is None or each > after)[:limit]
        found = tuple(each for each in ids if self.is_inactive(each, since))
        return InactivePage(found, ids[-1] if len(ids) == limit else None)

    def is_inactive(self, customer_id: UUID, since: datetime) -> bool:
        customer = self._tables.customers[customer_id]
        moments = [
            customer.created_at,
            *(each.at for each in self.identifications_of(customer_id)),
            *(sale.opened_at for sale in self._sales_of(customer_id)),
            *(each.at for each in self._tables.consents if each.customer_id == customer_id),
            *(each.enrolled_at for each in self._tables.accounts.values() if each.customer_id == customer_id),
        ]
        return customer.is_listed and max(moments) < since

    def note_told(self, customer_id: UUID, at: datetime) -> bool:
        if customer_id not in self._tables.customers:
            raise ConflictError("the database refused a change: a reference")
        is_new = customer_id not in self._own.told
        self._own.told.setdefault(customer_id, at)
        return is_new

    def told_until(self, until: datetime, limit: int) -> Sequence[UUID]:
        due = sorted((at, customer_id) for customer_id, at in self._own.told.items() if at <= until)
        return [customer_id for _, customer_id in due[:limit]]

    def is_told(self, customer_id: UUID) -> bool:
        return customer_id in self._own.told

    def forget_told(self, customer_id: UUID) -> None:
        self._own.told.pop(customer_id, None)

    def _sales_of(self, customer_id: UUID) -> list[Sale]:
        sales = self._tables.sales.values()
        whose = of_person(self._tables, customer_id)
        return [each for each in sales if each.member is not None and each.member.customer_id in whose]


class InMemoryPrivacy:
    """See ``loyalty.ports.people.PrivacyRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables: PrivacyTables = tables.privacy

    def settings(self) -> PrivacySettings:
        return self._tables.settings[-1] if self._tables.settings else DEFAULT_PRIVACY_SETTINGS

    def save_settings(self, settings: PrivacySettings) -> None:
        self._tables.settings = [settings]

    def save_incident(self, incident: Incident) -> None:
        self._tables.incidents[incident.id] = incident

    def incidents(self) -> Sequence[Incident]:
        found = self._tables.incidents.values()
        return sorted(found, key=lambda each: (each.happened_on, each.noted_at), reverse=True)


def _past(sale: Sale) -> PastSale:
    assert sale.receipt is not None
    assert sale.closed_at is not None
    quote = sale.receipt.quote
    return PastSale(
        id=sale.id,
        closed_at=sale.closed_at,
        currency=sale.currency,
        total_minor=quote.total_minor,
        points_earned=quote.points_to_earn,
        points_redeemed=quote.points_to_redeem,
        items=tuple((line.name, line.quantity) for line in sale.lines),
    )
