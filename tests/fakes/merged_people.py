"""Profiles of one person, in memory."""

from typing import Any
from uuid import UUID


def of_person(tables: Any, customer_id: UUID) -> set[UUID]:
    """The profile, and those that were merged into it."""
    return {customer_id, *(each.id for each in tables.customers.values() if each.merged_into == customer_id)}
