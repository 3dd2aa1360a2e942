"""Part two profiles that were merged by mistake (row 182).

Everything is as it was before: the other profile has its sales, cards, links, notes, files, numbers and
points again. What happened since stays with the profile that stayed, and so does what somebody changed in it
since.
"""

from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.carry import Carriage
from loyalty.domain.booking.carry_back import carry_back
from loyalty.domain.customer import Customer
from loyalty.domain.duplicate_pair import PairState
from loyalty.domain.merge import Merge, MergeRecord, parted_profile
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.activity import rebuild_activity
from loyalty.services.audit import note_deed
from loyalty.services.close_sale import account_state
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import put_parts, read_profile
from loyalty.services.merge_consents import part_consents
from loyalty.services.merge_customers import bookings_of, decide_pair, lead_on


def undo_merge(uow: UnitOfWork, ctx: ServiceContext, merge_id: UUID, staff: StaffMember) -> Merge | Refused:
    """Undo, as long as nothing was built on the merge.

    Refused: ``merge_unknown``, ``merge_undone``, ``profile_gone`` (the person was erased),
    ``merged_further``, ``sale_unfinished``, ``points_used_since``, ``booked_since``.

    Raises:
        PermissionDeniedError: The role does not hold ``merge_customers``.
    """
    staff.require(Permission.MERGE_CUSTOMERS)
    merge = uow.merges.get(merge_id)
    refused = why_not_undone(uow, merge)
    if refused is not None:
        return refused
    if merge is None or merge.record is None:
        return Refused(Refusal.MERGE_UNKNOWN)
    record = merge.record
    merge = replace(merge, undone_at=ctx.clock.now(), undone_by=staff.id)
    points = _part_accounts(uow, merge, record)
    if isinstance(points, Refused):
        return points
    part_consents(uow, replace(merge, record=record))
    for group_id in record.group_ids:
        uow.groups.remove_member(group_id, merge.kept_id)
    _part_profiles(uow, merge, record)
    for customer_id in (merge.kept_id, merge.gone_id):
        rebuild_activity(uow, customer_id)
    uow.merges.save(merge)
    decide_pair(uow, merge, PairState.APART)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.MERGE_UNDONE,
        subject=f"customer:{merge.kept_id}",
        params={"gone": str(merge.gone_id), "points": points},
    )
    return merge


def why_not_undone(uow: UnitOfWork, merge: Merge | None) -> Refused | None:
    """Why a merge cannot be undone, as far as it shows before trying; None where it can."""
    if merge is None:
        return Refused(Refusal.MERGE_UNKNOWN)
    if merge.undone_at is not None:
        return Refused(Refusal.MERGE_UNDONE)
    kept, gone = uow.customers.get(merge.kept_id), uow.customers.get(merge.gone_id)
    if kept is None or gone is None or merge.record is None or kept.erased_at is not None:
        return Refused(Refusal.PROFILE_GONE)
    if kept.merged_into is not None or gone.merged_into != kept.id:
        return Refused(Refusal.MERGED_FURTHER)
    if any(uow.people.has_unfinished_sale(each) for each in (kept.id, gone.id)):
        return Refused(Refusal.SALE_UNFINISHED)
    changed = (bookings_of(uow, each) != count for each, count in merge.record.last_bookings.items())
    return Refused(Refusal.BOOKED_SINCE) if any(changed) else None


def _part_accounts(uow: UnitOfWork, merge: Merge, record: MergeRecord) -> int | Refused:
    """Points that went back."""
    if record.given_account is not None:
        uow.accounts.give_to(record.given_account, merge.gone_id)
        account = uow.accounts.get(record.given_account)
        return account.balance if account is not None else 0
    kept, gone = uow.customers.as_stored(merge.kept_id), uow.customers.as_stored(merge.gone_id)
    if kept is None or kept.account is None or gone is None or gone.account is None:
        return 0
    uow.accounts.lock_all(sorted((kept.account.id, gone.account.id)))
    entries = carry_back(
        uow.ledger.entries_of(kept.account.id),
        account_state(uow, gone.account),
        Carriage.of_merge(merge.id, "undo", merge.undone_by, merge.undone_at or merge.at),
    )
    if isinstance(entries, Refused):
        return entries
    for entry in entries:
        uow.ledger.book(entry)
    return sum(entry.points for entry in entries if entry.account_id == gone.account.id)


def _part_profiles(uow: UnitOfWork, merge: Merge, record: MergeRecord) -> None:
    now, gone = read_profile(uow, merge.kept_id), uow.customers.get(merge.gone_id)
    if now is None or gone is None:
        return
    before = parted_profile(now, record)
    put_parts(uow, now, before)
    uow.customers.save(replace(before.customer, version=now.customer.version + 1))
    uow.customers.save(_free(gone, record))
    lead_on(uow, record.led_on, gone.id)


def _free(gone: Customer, record: MergeRecord) -> Customer:
    if record.swapped_reference is not None:
        gone = replace(gone, reference_id=record.swapped_reference)
    return replace(gone, merged_into=None, version=gone.version + 1)
