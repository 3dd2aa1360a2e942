"""Ways of paying as bits of one number."""

from collections.abc import Iterable

from loyalty.domain.sale import TenderKind

_BITS = {
    TenderKind.CASH: 1,
    TenderKind.CARD: 2,
    TenderKind.GIFT_CARD: 4,
    TenderKind.CHEQUE: 8,
    TenderKind.OTHER: 16,
}


def tender_bits(kinds: Iterable[TenderKind]) -> int:
    """One number for a set of ways."""
    return sum(_BITS[kind] for kind in frozenset(kinds))


def tenders_of(bits: int) -> frozenset[TenderKind]:
    """The set of ways that a number stands for."""
    return frozenset(kind for kind, bit in _BITS.items() if bits & bit)
