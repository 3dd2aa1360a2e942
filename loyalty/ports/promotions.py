"""Promotions, and who had them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.promotions import Promotion


class PromotionRepository(Protocol):
    """Promotions; small, read with every quote, kept in memory."""

    def add(self, promotion: Promotion) -> None: ...

    def save(self, promotion: Promotion) -> None:
        """Store a cancelled one."""

    def get(self, promotion_id: UUID) -> Promotion | None: ...

    def all(self) -> Sequence[Promotion]:
        """Newest first, those that are over too."""

    def note_use(self, promotion_id: UUID, account_id: UUID, sale_id: UUID, at: datetime) -> None:
        """A sale of the account had the promotion; a sale has at most one."""

    def forget_use(self, sale_id: UUID) -> None:
        """The sale came back as a whole: it counts towards no limit any more."""

    def history(self, account_id: UUID) -> Mapping[UUID, Sequence[datetime]]:
        """By promotion: when the account had it, or one that was merged into it, oldest first."""
