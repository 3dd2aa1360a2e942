"""A programme in the making: one for the shop, with who changed what."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.programme_changes import ProgrammeChange

MAX_STEPS = 40
"""So many steps are remembered, the newest ones."""


@dataclass(frozen=True, slots=True)
class DraftStep:
    """What one staff member changed at once; no changes where members would notice none."""

    staff_id: UUID
    at: datetime
    changes: tuple[ProgrammeChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """Nobody is told of it, and nothing of it is in force, before it is published."""

    base: int
    """Number of the version that it was begun from."""
    programme: ProgrammeVersion
    revision: UUID
    """Another one after every change: who changes or publishes says which one they looked at."""
    steps: tuple[DraftStep, ...]
    """Oldest first, at least one."""

    @property
    def last_step(self) -> DraftStep:
        return self.steps[-1]
