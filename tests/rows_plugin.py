"""Pytest plugin: writes the outcomes of whole runs below ``build/`` for ``make rows``.

A run counts as full when nothing narrowed it (no path, ``-k``, ``-m``, ``--lf`` ...) and it reached its end; so does
one of all tests on the booted machine, which ``make test`` leaves out. A narrowed run leaves the last records as
they are.
"""

import json
import os
import platform
import time
from pathlib import Path

import pytest

OUTCOMES = Path("build") / "test-outcomes.json"
BOOTED_OUTCOMES = Path("build") / "booted-outcomes.json"
_BOOTED = "tests/booted"
_NARROWING = (
    "keyword",
    "markexpr",
    "deselect",
    "ignore",
    "ignore_glob",
    "lf",
    "stepwise",
    "collectonly",
    "maxfail",
)
_WORST = {"passed": 0, "skipped": 1, "failed": 2}


class OutcomeRecorder:
    """Keeps the worst outcome of each test's phases and writes them at the end of a full run."""

    def __init__(self, config: pytest.Config) -> None:
        self.outcomes: dict[str, str] = {}
        self._config = config
        self._started = time.time()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome == "rerun":  # type: ignore[comparison-overlap]  # ADR 0028: the second try decides
            self.outcomes.pop(report.nodeid, None)
            return
        before = self.outcomes.get(report.nodeid, "passed")
        # An expected failure that fails is reported as skipped: it proves nothing either.
        self.outcomes[report.nodeid] = max(before, report.outcome, key=_WORST.__getitem__)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        kept = record_of(self._config)
        if kept is None or len(self.outcomes) < session.testscollected or session.shouldstop:
            return
        path = self._config.rootpath / kept
        path.parent.mkdir(exist_ok=True)
        record = {
            "run": {
                "what": "full",
                "tests": len(self.outcomes),
                "started": self._started,
                "seconds": round(time.time() - self._started, 1),
                "python": platform.python_version(),
            },
            "outcomes": self.outcomes,
        }
        fresh = path.with_suffix(".part")
        fresh.write_text(json.dumps(record, indent=1), encoding="utf-8")
        fresh.replace(path)  # a reader never sees half a record


def record_of(config: pytest.Config) -> Path | None:
    """Where the outcomes of such a run are kept; None where something on the command line narrows it."""
    is_given = config.args_source is pytest.Config.ArgsSource.ARGS
    # The booted machine's tests end at the first that fails, and then are no whole run.
    narrowing = [name for name in _NARROWING if not (is_given and name == "maxfail")]
    if any(config.getoption(name, default=None) for name in narrowing):
        return None
    if not is_given:
        return OUTCOMES
    return BOOTED_OUTCOMES if config.args == [_BOOTED] and os.environ.get("COMPTOIR_BOOTED") else None


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # it sees a part of the tests; the process that deals them out sees all
    config.pluginmanager.register(OutcomeRecorder(config), "outcome-recorder")
