"""What is left of a sale's lines while parts of it come back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from loyalty.domain.money import split_in_proportion
from loyalty.domain.pricing.quote import LineTax, QuotedLine
from loyalty.domain.refunds.memory import SaleMemory
from loyalty.domain.refunds.refund import RefundedLine
from loyalty.domain.sale import SaleLine


@dataclass(frozen=True, slots=True)
class LineLeft:
    """One line: units and money that have not come back."""

    line: SaleLine
    quoted: QuotedLine
    units: int
    before_tax_minor: int
    taxes: tuple[LineTax, ...]

    @property
    def left_minor(self) -> int:
        """What is left of what was paid for the line, taxes with it."""
        return self.before_tax_minor + sum(tax.amount_minor for tax in self.taxes)

    def whole(self) -> RefundedLine:
        """All that is left."""
        return RefundedLine(self.line.id, self.units, self.before_tax_minor, self.taxes)

    def units_back(self, units: int) -> RefundedLine:
        """So many of the units left, each at the same share of what is left."""
        if units == self.units:
            return self.whole()
        amount_minor = split_in_proportion(self.left_minor, (units, self.units - units))[0]
        return self.money_back(units, amount_minor)

    def money_back(self, units: int, amount_minor: int) -> RefundedLine:
        """An amount of what is left, in the proportion of price and taxes."""
        weights = [self.before_tax_minor, *(tax.amount_minor for tax in self.taxes)]
        before_minor, *taxes_minor = split_in_proportion(amount_minor, weights)
        taxes = tuple(LineTax(tax.id, share) for tax, share in zip(self.taxes, taxes_minor, strict=True))
        return RefundedLine(self.line.id, units, before_minor, taxes)

    def without(self, back: RefundedLine) -> "LineLeft":
        gone = {tax.id: tax.amount_minor for tax in back.taxes}
        return replace(
            self,
            units=self.units - back.quantity,
            before_tax_minor=self.before_tax_minor - back.before_tax_minor,
            taxes=tuple(LineTax(tax.id, tax.amount_minor - gone.get(tax.id, 0)) for tax in self.taxes),
        )


def lines_left(memory: SaleMemory) -> list[LineLeft]:
    """Every line of the sale after all refunds so far, in the order of the receipt."""
    left = []
    for quoted in memory.quote.lines:
        line = memory.sale.line(quoted.line_id)
        if line is not None:
            left.append(LineLeft(line, quoted, quoted.quantity, quoted.before_tax_minor, quoted.taxes))
    for refund in memory.past:
        left = without(left, refund.quote.lines)
    return left


def without(left: Sequence[LineLeft], back: Sequence[RefundedLine]) -> list[LineLeft]:
    """The lines once these parts came back."""
    gone = {each.line_id: each for each in back}
    return [each.without(gone[each.line.id]) if each.line.id in gone else each for each in left]
