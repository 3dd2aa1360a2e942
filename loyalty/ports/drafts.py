"""The programme in the making."""

from typing import Protocol
from uuid import UUID

from loyalty.domain.programme_draft import ProgrammeDraft


class DraftRepository(Protocol):
    """The shop's one draft."""

    def get(self) -> ProgrammeDraft | None: ...

    def save(self, draft: ProgrammeDraft, replacing: UUID | None) -> bool:
        """Store it in place of the one of this revision, None for where there is none.

        False, and nothing happens, where another one is there.
        """

    def drop(self) -> None:
        """Forget it; nothing happens where there is none."""
