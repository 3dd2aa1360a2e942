"""How a filter compares with a number (X2)."""

from enum import StrEnum


class Comparator(StrEnum):
    """What the number must be, as the shop words it."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    EXACTLY = "exactly"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"

    def holds(self, value: int, number: int) -> bool:
        match self:
            case Comparator.AT_LEAST:
                return value >= number
            case Comparator.MORE_THAN:
                return value > number
            case Comparator.EXACTLY:
                return value == number
            case Comparator.AT_MOST:
                return value <= number
            case Comparator.LESS_THAN:
                return value < number
