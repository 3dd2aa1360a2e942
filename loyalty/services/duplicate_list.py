"""What staff see of profiles that may be one person, and that they are not the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.customer import Customer
from loyalty.domain.duplicate_pair import DuplicatePair, PairState, ordered_pair
from loyalty.domain.merge import Merge
from loyalty.domain.profile import Profile
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import read_profile
from loyalty.services.profile_view import ContactView, contact_view
from loyalty.services.undo_merge import why_not_undone


@dataclass(frozen=True, slots=True)
class ListedProfile:
    """One side of a proposal; contact details as far as this staff member may see them."""

    profile: Profile
    contact: ContactView
    points: int | None
    visits: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair with both profiles."""

    pair: DuplicatePair
    first: ListedProfile
    second: ListedProfile


@dataclass(frozen=True, slots=True)
class PastMerge:
    """A merge, the names of its profiles, and why it cannot be undone, None where it can."""

    merge: Merge
    kept: Customer | None
    gone: Customer | None
    why_not: Refused | None


def proposals(
    uow: UnitOfWork, staff: StaffMember, limit: int, offset: int = 0
) -> tuple[int, Sequence[Proposal]]:
    """How many there are, and some of them, likeliest first.

    Raises:
        PermissionDeniedError: The role does not hold ``merge_customers``.
    """
    staff.require(Permission.MERGE_CUSTOMERS)
    found = []
    for pair in uow.duplicates.open_pairs(limit, offset):
        first, second = (listed_profile(uow, each, staff) for each in (pair.first_id, pair.second_id))
        if first is not None and second is not None:
            found.append(Proposal(pair, first, second))
    return uow.duplicates.count_open(), found


def listed_profile(uow: UnitOfWork, customer_id: UUID, staff: StaffMember) -> ListedProfile | None:
    """One side, None for an unknown id.

    Raises:
        PermissionDeniedError: The role does not hold ``merge_customers``.
    """
    staff.require(Permission.MERGE_CUSTOMERS)
    profile, member = read_profile(uow, customer_id), uow.customers.as_stored(customer_id)
    if profile is None or member is None:
        return None
    points = member.account.balance if member.account is not None else None
    visits = uow.customer_activity.visits(customer_id).visits + uow.activity.start(customer_id).visits
    return ListedProfile(
        profile, contact_view(profile, staff, uow.consents.of_customer(customer_id)), points, visits
    )


def past_merges(uow: UnitOfWork, staff: StaffMember, limit: int) -> Sequence[PastMerge]:
    """Newest first.

    Raises:
        PermissionDeniedError: The role does not hold ``merge_customers``.
    """
    staff.require(Permission.MERGE_CUSTOMERS)
    return [
        PastMerge(
            merge,
            uow.customers.get(merge.kept_id),
            uow.customers.get(merge.gone_id),
            why_not_undone(uow, merge),
        )
        for merge in uow.merges.recent(limit)
    ]


def say_apart(uow: UnitOfWork, ctx: ServiceContext, one: UUID, other: UUID, staff: StaffMember) -> bool:
    """They are not the same person: the pair is never proposed again. False where it was not proposed.

    Raises:
        PermissionDeniedError: The role does not hold ``merge_customers``.
    """
    staff.require(Permission.MERGE_CUSTOMERS)
    pair = uow.duplicates.get(*ordered_pair(one, other))
    if pair is None or pair.state is not PairState.OPEN:
        return False
    uow.duplicates.save(replace(pair, state=PairState.APART, decided_at=ctx.clock.now(), decided_by=staff.id))
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.DUPLICATE_DENIED,
        subject=f"customer:{pair.first_id}",
        params={"other": str(pair.second_id)},
    )
    return True
