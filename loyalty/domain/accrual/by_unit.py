"""Adding up points unit by unit, with a reason for each line that earns."""

from collections.abc import Callable

from loyalty.domain.accrual.base import AccrualBase, Accrued, EarningLine
from loyalty.domain.why import Why, WhyCode


def accrue_by_unit(base: AccrualBase, code: WhyCode, points_each: Callable[[EarningLine], int]) -> Accrued:
    """The points of all lines; ``points_each`` gives those of one unit, zero for what earns nothing."""
    total = 0
    why: list[Why] = []
    for line in base.lines:
        each = points_each(line)
        points = each * line.quantity
        if points == 0:
            continue
        total += points
        params: dict[str, int | str] = {
            "points": points,
            "item": line.name,
            "quantity": line.quantity,
            "points_each": each,
            "rule_version": base.rule_version,
        }
        why.append(Why(code, params))
    if not why:
        why.append(Why(WhyCode.NO_POINTS_WITHOUT_ITEM, {"rule_version": base.rule_version}))
    return Accrued(total, tuple(why))
