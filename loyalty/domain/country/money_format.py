"""How a country writes an amount of money: ``12,50 $``, ``12,50 €``, ``$12.50``."""

from dataclasses import dataclass

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class MoneyFormat:
    """Symbol and marks. All spaces are such that no line breaks inside an amount."""

    symbol: str
    is_symbol_first: bool
    decimal_mark: str
    group_mark: str
    space: str = ""
    """Between number and symbol."""
    decimals: int = 2
    min_grouped_digits: int = 4
    """From how many digits on thousands are set apart."""

    def text(self, amount_minor: int) -> str:
        """The amount; a negative one with a minus before everything."""
        sign = "-" if amount_minor < 0 else ""
        whole, part = divmod(abs(amount_minor), 10**self.decimals)
        number = self._grouped(str(whole))
        if self.decimals:
            number += f"{self.decimal_mark}{part:0{self.decimals}d}"
        if self.is_symbol_first:
            return f"{sign}{self.symbol}{self.space}{number}"
        return f"{sign}{number}{self.space}{self.symbol}"

    def _grouped(self, digits: str) -> str:
        if len(digits) < self.min_grouped_digits:
            return digits
        first = len(digits) % 3 or 3
        groups = [digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))]
        return self.group_mark.join(groups)
