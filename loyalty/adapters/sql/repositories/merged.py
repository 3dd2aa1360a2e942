"""Rows that name a person by any of their profiles: the one that stays, and those merged into it."""

from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, or_, select

from loyalty.adapters.sql import schema

_CUSTOMERS = schema.customers


def of_person(column: ColumnElement[Any], customer_id: UUID | BindParameter[Any]) -> ColumnElement[bool]:
    """The condition that ``column`` is this customer or one who was merged into them."""
    same = or_(_CUSTOMERS.c.id == customer_id, _CUSTOMERS.c.merged_into == customer_id)
    return column.in_(select(_CUSTOMERS.c.id).where(same))
