"""Consents of two profiles that become one: what either took back stays taken back (row 182, X8)."""

from collections.abc import Mapping
from uuid import UUID

from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.domain.merge import Merge
from loyalty.ports.unit_of_work import UnitOfWork
from runtime.ids import new_id


def join_consents(uow: UnitOfWork, merge: Merge) -> Mapping[ConsentPurpose, ConsentState | None]:
    """State for the profile that stays what the other one said; what it had said itself before."""
    ours = current_consents(uow.consents.of_customer(merge.kept_id))
    theirs = current_consents(uow.consents.of_customer(merge.gone_id))
    before: dict[ConsentPurpose, ConsentState | None] = {}
    for purpose, state in theirs.items():
        own = ours.get(purpose)
        if own is ConsentState.WITHDRAWN or own is state:
            continue
        before[purpose] = own
        _state(uow, merge, purpose, state, said_by=merge.gone_id)
    return before


def part_consents(uow: UnitOfWork, merge: Merge) -> None:
    """State again what the profile that stayed had said; what it said since the merge stands.

    What it had never said is taken back: nobody becomes reachable by an undo.
    """
    if merge.record is None:
        return
    for purpose, before in merge.record.consents.items():
        last = [each for each in uow.consents.of_customer(merge.kept_id) if each.purpose is purpose][-1]
        if last.at == merge.at:
            _state(uow, merge, purpose, before or ConsentState.WITHDRAWN, said_by=merge.kept_id)


def _state(
    uow: UnitOfWork, merge: Merge, purpose: ConsentPurpose, state: ConsentState, *, said_by: UUID
) -> None:
    """A new entry of the profile that stays, in the words in which it was last said."""
    said = [each for each in uow.consents.of_customer(said_by) if each.purpose is purpose]
    words = next((each for each in reversed(said) if each.state is state), said[-1])
    uow.consents.add(
        ConsentEntry(
            id=new_id(),
            customer_id=merge.kept_id,
            purpose=purpose,
            state=state,
            at=merge.undone_at or merge.at,
            wording_id=words.wording_id,
            wording_text=words.wording_text,
            channel=ConsentChannel.STAFF,
        )
    )
