"""Promotions: read from the cached set-up; who had them is always asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, or_, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import incentive_to_json, schedule_to_json
from loyalty.adapters.sql.repositories.setup import SetupReader
from loyalty.domain.promotions import Promotion

_USES = schema.promotion_uses
_ACCOUNTS, _CUSTOMERS = schema.loyalty_accounts, schema.customers
_OWNER = select(_ACCOUNTS.c.customer_id).where(_ACCOUNTS.c.id == bindparam("account_id")).scalar_subquery()
_ACCOUNTS_OF_PERSON = (
    select(_ACCOUNTS.c.id)
    .join(_CUSTOMERS, _CUSTOMERS.c.id == _ACCOUNTS.c.customer_id)
    .where(or_(_CUSTOMERS.c.id == _OWNER, _CUSTOMERS.c.merged_into == _OWNER))
)
_HISTORY = (
    select(_USES.c.promotion_id, _USES.c.at)
    .where(_USES.c.account_id.in_(_ACCOUNTS_OF_PERSON))
    .order_by(_USES.c.at)
)


class SqlPromotionRepository:
    """Promotions and their uses."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup

    def add(self, promotion: Promotion) -> None:
        self._transaction.execute(schema.promotions.insert(), _values(promotion))
        self._setup.changed()

    def save(self, promotion: Promotion) -> None:
        self._transaction.upsert(schema.promotions, _values(promotion))
        self._setup.changed()

    def get(self, promotion_id: UUID) -> Promotion | None:
        return next((each for each in self.all() if each.id == promotion_id), None)

    def all(self) -> Sequence[Promotion]:
        return self._setup.current.promotions

    def note_use(self, promotion_id: UUID, account_id: UUID, sale_id: UUID, at: datetime) -> None:
        self._transaction.execute(
            _USES.insert(),
            {"sale_id": sale_id, "promotion_id": promotion_id, "account_id": account_id, "at": at},
        )

    def forget_use(self, sale_id: UUID) -> None:
        self._transaction.execute(delete(_USES).where(_USES.c.sale_id == sale_id))

    def history(self, account_id: UUID) -> Mapping[UUID, Sequence[datetime]]:
        had: dict[UUID, list[datetime]] = {}
        for row in self._transaction.all(_HISTORY, {"account_id": account_id}):
            had.setdefault(row.promotion_id, []).append(row.at)
        return had


def _values(promotion: Promotion) -> dict[str, object]:
    limit = promotion.trigger_limit
    return {
        "id": promotion.id,
        "name": promotion.name,
        "incentive": incentive_to_json(promotion.incentive),
        "schedule": schedule_to_json(promotion.schedule),
        "created_at": promotion.created_at,
        "minimum_spend_minor": promotion.minimum_spend_minor,
        "item_ids": [str(each) for each in promotion.item_ids],
        "category_ids": [str(each) for each in promotion.category_ids],
        "limit_times": limit.times if limit is not None else None,
        "limit_per": limit.per.value if limit is not None else None,
        "cancelled_at": promotion.cancelled_at,
    }
