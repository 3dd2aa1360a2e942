"""Checks that every reward for certain items shares."""

from loyalty.domain.group import DiscountScope, ScopeKind
from loyalty.errors import InvalidValueError


def check_scope(scope: DiscountScope, units: int | None, ceiling_minor: int | None) -> None:
    """A reward for certain items names some, and gives at least one of them.

    Raises:
        InvalidValueError: It covers the whole sale or nothing, or a number is not more than zero.
    """
    if scope.kind is ScopeKind.WHOLE_SALE or not scope.ids:
        raise InvalidValueError("this reward names the items or categories that it is for")
    if units is not None and units <= 0:
        raise InvalidValueError("a reward is for at least one unit", units=units)
    if ceiling_minor is not None and ceiling_minor <= 0:
        raise InvalidValueError("a reward's ceiling is more than zero")
