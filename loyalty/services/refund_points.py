"""The points of a refund: rewards come back, what was earned is taken back, wherever it moved to."""

from loyalty.domain.booking.refund import gain_of_sale, return_reward, reverse_gain
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.refunds import Refund, SaleMemory
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.carry_points import carry_on


def book_points_back(uow: UnitOfWork, memory: SaleMemory, refund: Refund) -> int | None:
    """Book the entries of a refund that ``memory`` does not know yet; the balance afterwards.

    None where the sale is nobody's. Rewards come back first, so that no debt is made needlessly.
    """
    account_id = memory.sale.member.account_id if memory.sale.member is not None else None
    if account_id is None or memory.sale.is_training:
        return None
    uow.accounts.lock(account_id)
    for reward_id in refund.quote.returned_reward_ids:
        entries = uow.ledger.entries_of(account_id)
        for entry in return_reward(
            account_id, entries, reward_id, refund_id=refund.id, at=refund.at, why=refund.quote.why
        ):
            uow.ledger.book(entry)
    so_far = [*memory.past, refund]
    in_all = {
        EntryKind.PROMOTION: sum(each.quote.promotion_points for each in so_far),
        EntryKind.EARN: sum(each.quote.base_points for each in so_far),
    }
    entries = uow.ledger.entries_of(account_id)
    for kind, points in in_all.items():
        gain = gain_of_sale(memory.sale.id, entries, kind)
        if gain is not None:
            _reverse(uow, gain, points, refund)
    carry_on(uow, account_id, f"refund:{refund.id}", refund.at)
    account = uow.accounts.get(account_id)
    return account.balance if account is not None else None


def _reverse(uow: UnitOfWork, gain: LedgerEntry, in_all: int, refund: Refund) -> None:
    """Take points of an entry back: first where staff moved them to (row 199), then here."""
    left = in_all
    for moved in uow.ledger.corrections_of(gain.id):
        if moved.kind is EntryKind.CORRECTION and moved.points > 0:
            part = min(left, moved.points)
            left -= part
            _reverse(uow, moved, part, refund)
    uow.accounts.lock(gain.account_id)
    entries = uow.ledger.entries_of(gain.account_id)
    entry = reverse_gain(
        gain.account_id, entries, gain, left, refund_id=refund.id, at=refund.at, why=refund.quote.why
    )
    if entry is not None:
        uow.ledger.book(entry)
