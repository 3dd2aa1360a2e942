"""Points follow a person from the account of a profile that was merged (row 182)."""

from datetime import datetime
from uuid import UUID

from loyalty.domain.booking.carry import Carriage, carry_points
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.close_sale import account_state


def carry_all(uow: UnitOfWork, from_id: UUID, to_id: UUID, carriage: Carriage) -> int:
    """Book everything over; how many points, less than zero for a debt.

    Raises:
        UnknownIdError: One of the accounts is not there.
    """
    uow.accounts.lock_all(sorted((from_id, to_id)))
    account = uow.accounts.get(to_id)
    if account is None:
        raise UnknownIdError("no such loyalty account", account=str(to_id))
    entries = carry_points(from_id, uow.ledger.entries_of(from_id), account_state(uow, account), carriage)
    for entry in entries:
        uow.ledger.book(entry)
    return sum(entry.points for entry in entries if entry.account_id == to_id)


def carry_on(uow: UnitOfWork, account_id: UUID, key: str, at: datetime) -> None:
    """After something was booked on the account of a merged profile, as by a refund of an old sale."""
    account = uow.accounts.get(account_id)
    holder = uow.customers.get(account.customer_id) if account is not None else None
    if holder is None or holder.merged_into is None:
        return
    kept = uow.customers.member(holder.id)
    merges = [each for each in uow.merges.of_customer(holder.id) if each.gone_id == holder.id]
    if kept is not None and kept.account is not None and merges:
        carry_all(uow, account_id, kept.account.id, Carriage.of_merge(merges[0].id, key, None, at))
