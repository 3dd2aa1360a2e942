"""Bookkeeping of work that the shop's clock starts: how far it got, and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class JobRun:
    """One piece of work under a name that says when or what for: ``points_expiring:2026-03-02``."""

    name: str
    cursor: UUID | None = None
    """Where to go on."""
    done: int = 0
    """How many it has dealt with."""
    finished_at: datetime | None = None

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class JobRepository(Protocol):
    """Runs by their names."""

    def get(self, name: str) -> JobRun | None: ...

    def save(self, run: JobRun) -> None: ...

    def unfinished(self, prefix: str) -> list[JobRun]:
        """Runs begun whose name starts so, by name."""


class DigestRepository(Protocol):
    """Daily digests, each made once."""

    def add(self, day: date, at: datetime, content: Mapping[str, Any]) -> bool:
        """False, and nothing happens, where the day has one already."""

    def of_day(self, day: date) -> Mapping[str, Any] | None: ...
