"""Columns that a planner shall read in a scan and not look up."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from loyalty.adapters.sql.schema.base import Microseconds


class Unindexed(FunctionElement[Any]):
    """A column behind a unary plus, which makes the planner overlook the indexes of that column.

    Without statistics SQLite takes every range for a narrow one; PostgreSQL thinks little of the way to a row
    where a subquery follows for each. Half of the customers looked up through an index cost ten times as much
    as a scan of all of them, and a scan costs the same whatever is asked. PostgreSQL has a plus for numbers
    alone; moments are what needs it.
    """

    inherit_cache = True
    name = "unindexed"

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(Unindexed)
def _with_plus(element: Unindexed, compiler: SQLCompiler, **how: Any) -> str:
    (column,) = element.clauses
    has_plus = compiler.dialect.name == "sqlite" or isinstance(element.type, Microseconds)
    return f"{'+' if has_plus else ''}{compiler.process(column, **how)}"
