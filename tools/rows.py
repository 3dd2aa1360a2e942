"""``make rows``: which requirement row is proved by which test.

A test names a row with a comment that starts ``# row 38``, ``# rows 116, 162`` or ``# rows 110-113`` inside
its function, a decision with ``# X14``. A row counts as proved only if a test that names it passed,
unskipped, in the last full run of ``make test`` or of ``make test-system`` (records below ``build/``, written
by ``tests/rows_plugin.py``).
"""

import ast
import io
import json
import re
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "docs" / "requirements.md"
OUTCOMES = ROOT / "build" / "test-outcomes.json"
BOOTED_OUTCOMES = ROOT / "build" / "booted-outcomes.json"

_ROW = re.compile(r"^\| (\d{1,3}|X\d{1,2}) \| (.+?) \|", re.MULTILINE)
_STARTS = re.compile(r"^#\s*(?=rows?\s+\d|X\d)")
_ITEM = re.compile(r"\s*(?:,|and\b|&)?\s*(?:rows?\s+)?(X?)(\d{1,3})(?:\s*[-–]\s*X?(\d{1,3}))?(?![\w.])")


class RowsError(Exception):
    """The record of the tests or a test's comment cannot be used."""


@dataclass(frozen=True)
class Naming:
    """One test function and what its comments name."""

    test: str
    """``path::function`` or ``path::Class::function``, without parameters."""
    names: frozenset[str]


@dataclass(frozen=True)
class Line:
    """One row or decision with the tests that name it."""

    name: str
    text: str
    proved_by: tuple[str, ...]
    named_by: tuple[str, ...]

    @property
    def is_row(self) -> bool:
        return not self.name.startswith("X")


def named_in(comment: str) -> frozenset[str]:
    """The rows and decisions that one comment names; empty if it does not start as such a comment does."""
    start = _STARTS.match(comment)
    if start is None:
        return frozenset()
    names: set[str] = set()
    position = start.end()
    while (item := _ITEM.match(comment, position)) is not None:
        prefix, first, last = item.groups()
        names.update(f"{prefix}{number}" for number in range(int(first), int(last or first) + 1))
        position = item.end()
    return frozenset(names)


def namings(source: str, path: str) -> Iterator[Naming]:
    """What each test function of one file names."""
    comments = [
        (token.start[0], names)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and (names := named_in(token.string))
    ]
    if not comments:
        return
    for first, last, test in _functions(ast.parse(source), path):
        names = frozenset().union(*(names for line, names in comments if first <= line <= last))
        if names:
            yield Naming(test, names)


def _functions(tree: ast.AST, prefix: str) -> Iterator[tuple[int, int, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}::{node.name}")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield first, node.end_lineno or node.lineno, f"{prefix}::{node.name}"


def passed_tests(outcomes: Mapping[str, str]) -> frozenset[str]:
    """Tests, without parameters, of which at least one variant passed and none failed."""
    variants: dict[str, set[str]] = defaultdict(set)
    for node, outcome in outcomes.items():
        variants[node.split("[", 1)[0]].add(outcome)
    return frozenset(test for test, seen in variants.items() if "passed" in seen and "failed" not in seen)


def table(requirements: str, found: list[Naming], passed: frozenset[str]) -> list[Line]:
    """Every row and decision of the requirements, in their order.

    Raises:
        RowsError: A test names a row that does not exist.
    """
    texts = dict(_ROW.findall(requirements))
    tests: dict[str, list[str]] = defaultdict(list)
    for naming in found:
        for name in naming.names:
            if name not in texts:
                raise RowsError(f"{naming.test} names row {name}, which docs/requirements.md does not have")
            tests[name].append(naming.test)
    return [
        Line(name, text, tuple(test for test in tests[name] if test in passed), tuple(tests[name]))
        for name, text in texts.items()
    ]


def render(lines: list[Line]) -> Iterator[str]:
    """The listing; its last line is the JSON summary, which counts rows and not decisions."""
    for line in lines:
        yield f"{'row ' if line.is_row else ''}{line.name}  {line.text}"
        for test in line.named_by:
            yield f"    {'proved' if test in line.proved_by else 'named, not passed'}: {test}"
        if not line.named_by:
            yield "    no test"
    rows = [line for line in lines if line.is_row]
    missing = [int(line.name) for line in rows if not line.proved_by]
    yield json.dumps({"rows": len(rows), "proved": len(rows) - len(missing), "missing": missing})


def read_outcomes(path: Path) -> Mapping[str, str]:
    """The outcomes of the last full run; none if there was no such run.

    Raises:
        RowsError: The record is there but is not one.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise RowsError(f"{path} is not a record of tests: {error}") from error
    if not isinstance(record, dict) or record.get("run", {}).get("what") != "full":
        raise RowsError(f"{path} is not the record of a full run")
    outcomes: dict[str, str] = record["outcomes"]
    return outcomes


def main() -> int:
    found = [
        naming
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for naming in namings(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]
    try:
        outcomes = read_outcomes(OUTCOMES)
        passed = passed_tests({**outcomes, **read_outcomes(BOOTED_OUTCOMES)})
        lines = table(REQUIREMENTS.read_text(encoding="utf-8"), found, passed)
    except RowsError as error:
        print(f"rows: {error}", file=sys.stderr)
        return 1
    if not outcomes:
        print("rows: no full test run is recorded yet; run make test first", file=sys.stderr)
    for text in render(lines):
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
