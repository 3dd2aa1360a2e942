"""A completed sale as a refund needs to know it."""

from dataclasses import dataclass

from loyalty.domain.accrual import AccrualRule
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.promotions import Promotion
from loyalty.domain.refunds.refund import Refund
from loyalty.domain.sale import Sale


@dataclass(frozen=True, slots=True)
class SaleEarning:
    """How a sale earned: the rule of its programme version, and its promotion as it was then."""

    rule: AccrualRule
    rule_version: int
    promotion: Promotion | None = None


@dataclass(frozen=True, slots=True)
class SaleMemory:
    """A completed sale with everything that came back before.

    ``earning`` is None for a sale that earned nobody anything.
    """

    sale: Sale
    quote: Quote
    past: tuple[Refund, ...] = ()
    earning: SaleEarning | None = None
    tip_minor: int = 0

    @property
    def is_whole_back(self) -> bool:
        return any(each.quote.is_whole for each in self.past)

    @property
    def rule_version(self) -> int:
        return self.earning.rule_version if self.earning is not None else 0
