"""One transaction's connection: runs statements and translates the library's errors at this edge."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Row, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from loyalty.errors import ConflictError, StorageError

Values = Mapping[str, object]


class Transaction:
    """A connection inside a transaction. One thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_postgresql = connection.dialect.name == "postgresql"

    def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        """Run a statement.

        Raises:
            ConflictError: A constraint of uniqueness, of a sign or of a reference does not hold.
            StorageError: The database failed.
        """
        try:
            return self._connection.execute(statement, values)
        except IntegrityError as error:
            raise ConflictError(f"the database refused a change: {_constraint(error)}") from error
        except SQLAlchemyError as error:
            raise StorageError(f"the database failed: {type(error).__name__}") from error

    def first(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        return self.execute(statement, values).first()

    def all(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        return self.execute(statement, values).all()

    def insert_new(self, table: Table, values: Values) -> bool:
        """Insert unless a row of the same unique value is there; whether it was inserted."""
        insert = postgresql_insert(table) if self._is_postgresql else sqlite_insert(table)
        statement = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        return self.execute(statement, values).rowcount == 1

    def upsert(self, table: Table, values: Values) -> None:
        """Insert, or replace the columns of the row with the same primary key."""
        insert = postgresql_insert(table) if self._is_postgresql else sqlite_insert(table)
        keys = [column.name for column in table.primary_key]
        changed = {name: insert.excluded[name] for name in values if name not in keys}
        if changed:
            self.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), values)
        else:
            self.execute(insert.on_conflict_do_nothing(), values)


def _constraint(error: IntegrityError) -> str:
    """The name of what did not hold, without the values of the row."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "unnamed")
    return str(error.orig).split("\n", 1)[0]
