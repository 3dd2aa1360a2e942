"""How many members a change of the programme concerns, to be shown before it is published (row 119)."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.domain.programme_changes import ProgrammeChange
from loyalty.ports.unit_of_work import UnitOfWork

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class MembersConcerned:
    """``concerned`` of all ``accounts``; who asked for no messages is among them and gets none."""

    concerned: int
    accounts: int


def count_concerned(uow: UnitOfWork, changes: Sequence[ProgrammeChange]) -> MembersConcerned:
    """Count by the rule that the messages go by."""
    concerned = accounts = 0
    after = None
    while True:
        page = uow.accounts.page(after, _PAGE)
        accounts += len(page)
        concerned += sum(any(change.concerns(account.balance) for change in changes) for account in page)
        if len(page) < _PAGE:
            return MembersConcerned(concerned, accounts)
        after = page[-1].id
