"""Programmes that are being changed and not published yet: one for each staff member, in memory."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.programme import ProgrammeVersion

MAX_DRAFTS = 64


@dataclass(frozen=True)
class Draft:
    """A programme in the making, with the version that it was begun from."""

    base: ProgrammeVersion
    programme: ProgrammeVersion

    def changed(self, programme: ProgrammeVersion) -> "Draft":
        """The draft with this content; its number stays the one after the base."""
        number, since = self.base.version + 1, self.programme.valid_from
        return Draft(self.base, replace(programme, version=number, valid_from=since))


class Drafts:
    """The drafts of this process. Any thread. A restart forgets them: nothing of them was in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_staff: OrderedDict[UUID, Draft] = OrderedDict()

    def of(self, staff_id: UUID) -> Draft | None:
        with self._lock:
            return self._by_staff.get(staff_id)

    def keep(self, staff_id: UUID, draft: Draft) -> None:
        """Keep a draft; with too many kept, the one that rested longest goes."""
        with self._lock:
            self._by_staff[staff_id] = draft
            self._by_staff.move_to_end(staff_id)
            while len(self._by_staff) > MAX_DRAFTS:
                self._by_staff.popitem(last=False)

    def drop(self, staff_id: UUID) -> None:
        with self._lock:
            self._by_staff.pop(staff_id, None)
