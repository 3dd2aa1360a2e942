"""Columns that a planner shall read in a scan and not look up."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Unindexed(FunctionElement[Any]):
    """A column behind SQLite's unary plus, which makes its planner overlook the indexes of that column.

    Without statistics SQLite takes every range for a narrow one. Half of the customers looked up through an
    index cost ten times as much as a scan of all of them, and a scan costs the same whatever is asked.
    """

    inherit_cache = True
    name = "unindexed"

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(Unindexed)
def _plain(element: Unindexed, compiler: SQLCompiler, **how: Any) -> str:
    (column,) = element.clauses
    return compiler.process(column, **how)


@compiles(Unindexed, "sqlite")
def _with_plus(element: Unindexed, compiler: SQLCompiler, **how: Any) -> str:
    return f"+{_plain(element, compiler, **how)}"
