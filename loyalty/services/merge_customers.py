"""Make two profiles of one person one (row 182).

Sales, cards, links, notes and files are not touched: they go on naming the profile that goes, and every
question about the one that stays counts them in. What has to change is written down, for the way back.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.carry import Carriage
from loyalty.domain.duplicate_pair import DuplicatePair, PairState, ordered_pair
from loyalty.domain.ledger import EntryKind
from loyalty.domain.merge import Merge, MergeRecord, Picked, merged_profile, record_of
from loyalty.domain.profile import Profile, ProfileField
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.activity import rebuild_activity
from loyalty.services.audit import note_deed
from loyalty.services.carry_points import carry_all
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import put_parts, read_profile
from loyalty.services.merge_consents import join_consents
from loyalty.services.own_account import why_not_own
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class MergeOrder:
    """What staff want: ``picked`` fields come from the profile that goes; versions are those looked at."""

    kept_id: UUID
    gone_id: UUID
    picked: Picked = frozenset()
    versions: tuple[int, int] | None = None
    """Of the profile that stays and of the one that goes."""


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Both profiles, and what the one that stays would say."""

    kept: Profile
    gone: Profile
    after: Profile
    balances: tuple[int, int]
    why_not: Refused | None


def preview_merge(uow: UnitOfWork, order: MergeOrder, staff: StaffMember) -> MergePreview:
    """What a merge would do; nothing is stored.

    Raises:
        PermissionDeniedError: The role does not hold ``merge_customers``.
        UnknownIdError: One of the two is not there.
    """
    staff.require(Permission.MERGE_CUSTOMERS)
    kept, gone = _profile(uow, order.kept_id), _profile(uow, order.gone_id)
    balances = (_balance(uow, order.kept_id), _balance(uow, order.gone_id))
    after = merged_profile(kept, gone, order.picked)
    return MergePreview(kept, gone, after, balances, _why_not(uow, order, staff, kept, gone))


def merge_customers(
    uow: UnitOfWork, ctx: ServiceContext, order: MergeOrder, staff: StaffMember
) -> Merge | Refused:
    """Merge. A withdrawn consent of either stays withdrawn.

    Refused: ``same_customer``, ``profile_gone`` (one is merged or erased), ``own_account`` (one is whoever
    does it), ``sale_unfinished``, ``profile_changed_meanwhile``.

    Raises:
        PermissionDeniedError: The role does not hold ``merge_customers``.
        UnknownIdError: One of the two is not there.
        ConflictError: Somebody else changed one at this very moment.
    """
    staff.require(Permission.MERGE_CUSTOMERS)
    return merge_profiles(uow, ctx, order, staff)


def merge_profiles(
    uow: UnitOfWork, ctx: ServiceContext, order: MergeOrder, staff: StaffMember
) -> Merge | Refused:
    """The same for who may do what brings it about, as linking the card of a profile that nobody made."""
    kept, gone = _profile(uow, order.kept_id), _profile(uow, order.gone_id)
    refused = _why_not(uow, order, staff, kept, gone)
    if refused is not None:
        return refused
    merge = Merge(new_id(), order.kept_id, order.gone_id, ctx.clock.now(), staff.id, None)
    after = merged_profile(kept, gone, order.picked)
    record = replace(
        record_of(kept, after),
        group_ids=_join_groups(uow, merge),
        consents=join_consents(uow, merge),
        led_on=tuple(uow.people.merged_into(order.gone_id)),
    )
    points, record = _join_accounts(uow, merge, record)
    record = _store_profiles(uow, kept, gone, after, record)
    for customer_id in (order.gone_id, order.kept_id):  # it is let go before it is taken over
        rebuild_activity(uow, customer_id)
    done = replace(merge, record=record)
    uow.merges.add(done)
    decide_pair(uow, merge, PairState.MERGED)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.CUSTOMERS_MERGED,
        subject=f"customer:{order.kept_id}",
        params={"gone": str(order.gone_id), "points": points},
    )
    return done


def bookings_of(uow: UnitOfWork, account_id: UUID) -> int:
    """How many entries an account has, those of the calendar left out."""
    return sum(entry.kind is not EntryKind.EXPIRE for entry in uow.ledger.entries_of(account_id))


def decide_pair(uow: UnitOfWork, merge: Merge, state: PairState) -> None:
    """Note on the proposal, where there was one, what became of it."""
    first, second = ordered_pair(merge.kept_id, merge.gone_id)
    pair = uow.duplicates.get(first, second) or DuplicatePair(first, second, 1.0, {}, merge.at)
    at, by = merge.undone_at or merge.at, merge.undone_by or merge.staff_id
    uow.duplicates.save(replace(pair, state=state, decided_at=at, decided_by=by))


def _profile(uow: UnitOfWork, customer_id: UUID) -> Profile:
    profile = read_profile(uow, customer_id)
    if profile is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    return profile


def _balance(uow: UnitOfWork, customer_id: UUID) -> int:
    member = uow.customers.as_stored(customer_id)
    return member.account.balance if member is not None and member.account is not None else 0


def _why_not(
    uow: UnitOfWork, order: MergeOrder, staff: StaffMember, kept: Profile, gone: Profile
) -> Refused | None:
    if order.kept_id == order.gone_id:
        return Refused(Refusal.SAME_CUSTOMER)
    if not (kept.customer.is_listed and gone.customer.is_listed):
        return Refused(Refusal.PROFILE_GONE)
    if order.versions not in (None, (kept.customer.version, gone.customer.version)):
        return Refused(Refusal.PROFILE_CHANGED_MEANWHILE)
    if any(uow.people.has_unfinished_sale(each) for each in (order.kept_id, order.gone_id)):
        return Refused(Refusal.SALE_UNFINISHED)
    own = (why_not_own(uow, staff, each) for each in (order.kept_id, order.gone_id))
    return next((refused for refused in own if refused is not None), None)


def _join_groups(uow: UnitOfWork, merge: Merge) -> tuple[UUID, ...]:
    """Groups picked by hand; the smart ones follow by themselves."""
    has = {group.id for group in uow.groups.of_customer(merge.kept_id)}
    joined = tuple(group.id for group in uow.groups.of_customer(merge.gone_id) if group.id not in has)
    for group_id in joined:
        uow.groups.add_member(group_id, merge.kept_id, merge.at)
    return joined


def _join_accounts(uow: UnitOfWork, merge: Merge, record: MergeRecord) -> tuple[int, MergeRecord]:
    """Points that came over, and the record with it."""
    kept, gone = uow.customers.as_stored(merge.kept_id), uow.customers.as_stored(merge.gone_id)
    ours = kept.account if kept is not None else None
    theirs = gone.account if gone is not None else None
    if theirs is None:
        return 0, record
    if ours is None:
        uow.accounts.give_to(theirs.id, merge.kept_id)
        bookings = {theirs.id: bookings_of(uow, theirs.id)}
        return theirs.balance, replace(record, given_account=theirs.id, last_bookings=bookings)
    carriage = Carriage.of_merge(merge.id, "merge", merge.staff_id, merge.at)
    points = carry_all(uow, theirs.id, ours.id, carriage)
    return points, replace(record, last_bookings={theirs.id: bookings_of(uow, theirs.id)})


def _store_profiles(
    uow: UnitOfWork, kept: Profile, gone: Profile, after: Profile, record: MergeRecord
) -> MergeRecord:
    put_parts(uow, kept, after)
    left = replace(gone.customer, merged_into=kept.customer.id, version=gone.customer.version + 1)
    before, now = record.texts.get(ProfileField.REFERENCE_ID, ("", ""))
    if before and now:  # both numbers have to be found, so they change over
        left = replace(left, reference_id=before)
        record = replace(record, swapped_reference=now)
    uow.customers.save(left)
    uow.customers.save(replace(after.customer, version=kept.customer.version + 1))
    lead_on(uow, record.led_on, kept.customer.id)
    return record


def lead_on(uow: UnitOfWork, customer_ids: Collection[UUID], into: UUID) -> None:
    """Let profiles that were merged before lead straight to where they belong now."""
    for customer_id in customer_ids:
        customer = uow.customers.get(customer_id)
        if customer is not None:
            uow.customers.save(replace(customer, merged_into=into, version=customer.version + 1))
