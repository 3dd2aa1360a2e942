"""Plans, contexts and rows for tests."""

from datetime import UTC, date, datetime
from uuid import UUID

from loyalty.domain.custom_field import CustomField
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.importing.cells import CellContext
from loyalty.domain.importing.dates import DateOrder
from loyalty.domain.importing.fields import Target
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.merging import MergeContext
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.rows import ImportRow, RowReader
from runtime.ids import new_id

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
CONTEXT = CellContext("FR", 2, DateOrder.DAY_FIRST, date(2026, 3, 2), "UTC")


def plan(*targets: Target | None, **more: object) -> ImportPlan:
    return ImportPlan(targets, **more)  # type: ignore[arg-type]


def reader(
    *targets: Target | None, fields: dict[UUID, CustomField] | None = None, **more: object
) -> RowReader:
    return RowReader(plan(*targets, **more), CONTEXT, fields or {})


def row(**values: str) -> ImportRow:
    return ImportRow(2, values)


def known(**values: object) -> KnownCustomer:
    return KnownCustomer(Customer(new_id(), CustomerSource.DIRECTORY, AT, **values))  # type: ignore[arg-type]


def context(*targets: Target | None, **more: object) -> MergeContext:
    return MergeContext(plan(*targets), AT, new_id, **more)  # type: ignore[arg-type]
