"""Customers, their cards, consents and status links in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.consent import ConsentEntry
from loyalty.domain.customer import Customer, MembershipCard
from loyalty.errors import ConflictError
from loyalty.ports.directory import Member
from tests.fakes.loyalty_tables import Repository
from tests.fakes.merged_people import of_person


class InMemoryCustomers(Repository):
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


class InMemoryCards(Repository):
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


class InMemoryConsents(Repository):
    def add(self, entry: ConsentEntry) -> None:
        self._known_customer(entry.customer_id)
        self._tables.consents.append(entry)

    def of_customer(self, customer_id: UUID) -> Sequence[ConsentEntry]:
        found = [entry for entry in self._tables.consents if entry.customer_id == customer_id]
        return sorted(found, key=lambda entry: (entry.at, entry.id))


class InMemoryStatusLinks(Repository):
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
