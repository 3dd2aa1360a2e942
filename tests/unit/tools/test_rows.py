import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import rows

REQUIREMENTS = """
| # | Capability | F | W |
| 1 | First | 000 | B |
| 2 | Second | 000 | B |
| 3 | Third | 000 | B |
| X14 | A trap | A decision |
"""


@pytest.mark.parametrize(
    ("comment", "names"),
    [
        ("# row 38", {"38"}),
        ("# rows 116, 162: the account is the number", {"116", "162"}),
        ("# rows 110-113, X15", {"110", "111", "112", "113", "X15"}),
        ("# rows 1 and 2", {"1", "2"}),
        ("# X14", {"X14"}),
        ("# X1, row 7", {"X1", "7"}),
        ("# rows of a table", set()),
        ("# the next row 5 is not named", set()),
        ("# row 38.5", set()),
    ],
)
def test_a_comment_names_rows_only_when_it_starts_with_them(comment: str, names: set[str]) -> None:
    assert rows.named_in(comment) == names


def test_only_comments_inside_a_test_function_count() -> None:
    source = """
# row 1
def helper():
    # row 2
    return "# row 3"

class TestLedger:
    def test_inside_a_class(self):
        # X14
        assert True

def test_plain():
    text = "# row 1"
    # row 3
    assert text
"""

    assert [(naming.test, set(naming.names)) for naming in rows.namings(source, "tests/test_a.py")] == [
        ("tests/test_a.py::TestLedger::test_inside_a_class", {"X14"}),
        ("tests/test_a.py::test_plain", {"3"}),
    ]


def test_a_row_counts_only_if_a_test_that_names_it_passed_unskipped() -> None:
    found = [rows.Naming(f"t::{number}", frozenset({number})) for number in ("1", "2", "3", "X14")]
    passed = rows.passed_tests(
        {
            "t::1[a]": "passed",
            "t::1[b]": "skipped",
            "t::2[a]": "passed",
            "t::2[b]": "failed",
            "t::3": "skipped",
        }
    )

    *_, summary = rows.render(rows.table(REQUIREMENTS, found, passed))

    assert json.loads(summary) == {"rows": 3, "proved": 1, "missing": [2, 3]}


def test_a_test_that_names_an_unknown_row_is_an_error() -> None:
    with pytest.raises(rows.RowsError, match="row 999"):
        rows.table(REQUIREMENTS, [rows.Naming("t::a", frozenset({"999"}))], frozenset())


def test_the_record_of_a_narrowed_run_is_refused(tmp_path: Path) -> None:
    record = tmp_path / "outcomes.json"
    record.write_text('{"run": {"what": "part"}, "outcomes": {}}')

    with pytest.raises(rows.RowsError, match="full run"):
        rows.read_outcomes(record)
    assert rows.read_outcomes(tmp_path / "absent.json") == {}


@pytest.mark.parametrize("processes", ["0", "2"])
def test_only_a_full_run_is_recorded(tmp_path: Path, processes: str) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p tests.rows_plugin -p no:randomly\n")
    (tmp_path / "test_a.py").write_text(
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert False\n"
        "@pytest.mark.skip\ndef test_skipped(): pass\n"
        "tries = []\n"
        "@pytest.mark.flaky(reruns=1)\ndef test_second_try(): tries.append(1); assert len(tries) == 2\n"
        "@pytest.mark.flaky(reruns=1)\ndef test_bad_twice(): assert False\n"
    )
    outcomes = tmp_path / "build" / "test-outcomes.json"

    def run(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", processes, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(rows.ROOT)},
            capture_output=True,
            check=False,
        )

    run("-k", "good")
    run("test_a.py")
    assert not outcomes.exists()

    run()
    assert rows.read_outcomes(outcomes) == {
        "test_a.py::test_good": "passed",
        "test_a.py::test_bad": "failed",
        "test_a.py::test_skipped": "skipped",
        "test_a.py::test_second_try": "passed",
        "test_a.py::test_bad_twice": "failed",
    }


def test_a_run_of_all_tests_on_the_booted_machine_is_recorded_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p tests.rows_plugin -p no:randomly\n")
    booted = tmp_path / "tests" / "booted" / "test_a.py"
    booted.parent.mkdir(parents=True)
    booted.write_text("def test_good(): pass\ndef test_next(): pass\n")
    outcomes = tmp_path / "build" / "booted-outcomes.json"

    def run(*arguments: str, booted: str = "1") -> None:
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n0", "-x", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(rows.ROOT), "COMPTOIR_BOOTED": booted},
            capture_output=True,
            check=False,
        )

    run("tests/booted", booted="")
    run("tests/booted/test_a.py")
    run("tests/booted", "-k", "good")
    assert not outcomes.exists()

    run("tests/booted")

    passed = {f"tests/booted/test_a.py::test_{name}": "passed" for name in ("good", "next")}
    assert rows.read_outcomes(outcomes) == passed
    booted.write_text("def test_bad(): assert False\ndef test_next(): pass\n")
    run("tests/booted")
    assert rows.read_outcomes(outcomes) == passed, "a run that ended early is not whole"
