"""What every accrual rule is given and gives."""

from dataclasses import dataclass

from loyalty.domain.why import Why


@dataclass(frozen=True, slots=True)
class AccrualBase:
    """What was spent, after all discounts and without the tip, which never earns."""

    before_tax_minor: int
    after_tax_minor: int
    rule_version: int


@dataclass(frozen=True, slots=True)
class Accrued:
    """Points to earn, zero or more, and why."""

    points: int
    why: tuple[Why, ...]
